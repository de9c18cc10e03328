"""The order pad of a device without a connection: what it keeps for then, and the door for what was entered meanwhile.

The pad as last seen is kept for one seat, with the prices it showed; signing out, and another seat, wipe it.
"""

import orjson
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel.actor import Side
from core.kernel.errors import DomainError, Kind
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import why
from frontend.storefront.pad import telling
from frontend.storefront.pad.lines import PadLine
from frontend.storefront.pad.reading import read_pad
from frontend.storefront.quantities import NotAQuantity, quantity_of, unit_of
from frontend.storefront.views.pad import pasted_once
from frontend.storefront.wishes import wishes_of
from frontend.ui import format as words
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import MOST_LINES
from ordering.orders.selectors import pad_of
from ordering.orders.selectors.offline import goods_for_device
from ordering.orders.services import Late, LateChange, change_late


@page(permission=Permission.PLACE, side=Side.DEALER)
def goods(request: SignedInRequest) -> HttpResponse:
    """Codes and names of the shelf for this device, without prices."""
    return JsonResponse({"seat": str(request.actor.seat_id), "goods": goods_for_device(request.actor)})


@gzip_page
@page(permission=Permission.PLACE, side=Side.DEALER)
def kept(request: SignedInRequest) -> HttpResponse:
    """The pad as the device keeps it: names, quantities, and the prices as they are now, in words."""
    read = read_pad(request.actor, pad_of(request.actor), wishes_of(request), is_plain=True)
    total = "" if read.total is None or not read.good else words.money(read.total, read.currency)
    rows = [_row(line, read.currency) for line in read.lines]
    response = JsonResponse({"seat": str(request.actor.seat_id), "lines": rows, "total": total})
    response["Cache-Control"] = "private, no-store"  # the device keeps it where signing out wipes it, and nowhere else
    return response


def _row(line: PadLine, currency: str) -> dict[str, str | int]:
    """One line; one that is set aside has no code: it cannot be changed without a connection."""
    return {
        "sku": "" if line.aside_id else line.sku_code,
        "unit": line.unit,
        "quantity": line.quantity or 0,
        "counted": line.counted if line.quantity else "",
        "name": line.title,
        "spec": line.note,
        "price": "" if line.unit_price is None else words.money(line.unit_price, currency),
        "amount": "" if line.amount is None else words.money(line.amount, currency),
    }


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def sent(request: SignedInRequest) -> HttpResponse:
    """A list entered, or lines changed, without a connection; the same key again does nothing."""
    if request.POST.get("seat") != str(request.actor.seat_id):
        told = gettext("This list was entered in another seat. Sign in there to send it.")
        return JsonResponse({"told": told}, status=409)
    try:
        told, is_repeated = _changed(request) if "lines" in request.POST else _added(request)
    except DomainError as fault:
        status = {Kind.CONFLICT: 409, Kind.BUSY: 503}.get(fault.kind, 422)
        return JsonResponse({"told": why(fault)}, status=status)
    return JsonResponse({"told": told, "is_repeated": is_repeated})


def _added(request: SignedInRequest) -> tuple[str, bool]:
    counts, is_repeated = pasted_once(request, request.POST.get("text", ""), request.POST.get("key", ""))
    return telling.pasted(*counts), is_repeated


def _changed(request: SignedInRequest) -> tuple[str, bool]:
    """The quantities a device set, once for its key."""
    text = request.POST["lines"]
    changes = _changes(text)
    key = request.POST.get("key", "")
    claim = Claim.of(
        actor=request.actor, method="POST", route=reverse("storefront:pad_sent"), key=key, body=text.encode()
    )
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            done, stay = asked.given.body
            return telling.arrived(Late(int(done), int(stay))), True
        late = change_late(actor=request.actor, changes=changes)
        asked.answer(status=200, body=[late.done, late.stay])
    return telling.arrived(late), False


def _changes(text: str) -> list[LateChange]:
    """``[[code, unit, was, quantity], …]`` as the device kept it. Raises ``NotAQuantity`` for anything else."""
    try:
        rows = orjson.loads(text)
        changes = [
            LateChange(str(code)[:48], unit, quantity_of(str(was)), quantity_of(str(quantity)))
            for code, unit_code, was, quantity in rows
            if (unit := unit_of(str(unit_code)))
        ]
    except (orjson.JSONDecodeError, TypeError, ValueError):
        raise NotAQuantity(field="quantity", value=text[:40]) from None
    if len(changes) > MOST_LINES:
        raise NotAQuantity(field="quantity", value=str(len(changes)))
    return changes

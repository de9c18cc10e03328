"""Scanning 扫码: by camera, by a scanner that types, by hand; one barcode is one case or one bottle more."""

import orjson
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import why
from frontend.storefront.goods import Look, look_of
from frontend.storefront.pad.lines import counted
from frontend.storefront.shell import shown
from ordering.orders.permissions import Permission
from ordering.orders.selectors import cart_of
from ordering.orders.services import Scanned, scan_into_pad

CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
"""The only page that asks for one."""
MOST_RECENT = 8
CASE_CODE = 14
"""Digits of a code printed on a case."""


@page(permission=Permission.PLACE, side=Side.DEALER)
def scan(request: SignedInRequest) -> HttpResponse:
    """The camera's page, with a field for whoever has none."""
    response = shown(request, "storefront/scan.html", _cart_context(request), at="pad")
    response["Permissions-Policy"] = CAMERA
    return response


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:scan")
def scan_code(request: SignedInRequest) -> HttpResponse:
    """Add what the barcode names, and say what lies in the cart of it now.

    The same ``key`` again is the same scan: a phone that heard no answer may ask once more.
    """
    code, choice = request.POST.get("code", "")[:64], request.POST.get("sku", "")[:48]
    try:
        scanned = scanned_once(request, code, choice)
    except DomainError as fault:
        return _said(request, tone="bad", words=why(fault), code=code)
    if scanned is None:
        return _said(request, tone="good", words=_("This scan was counted already."), code=code)
    if scanned.sku is not None:
        look = look_of(scanned.sku)
        words = _added(scanned) % {"quantity": counted(scanned.quantity, scanned.unit)}
        return _said(request, tone="good", words=words, code=code, look=look)
    if scanned.candidates:
        choices = [(one.code, look_of(one)) for one in scanned.candidates]
        return _said(request, tone="warn", words=_("Which one is it?"), code=code, choices=choices)
    return _said(request, tone="bad", words=unknown_words(code), code=code)


def _added(scanned: Scanned) -> str:
    """What one scan added: a bottle's code stands for the whole case where bottles are not sold."""
    if scanned.unit is Unit.CASE and len(scanned.code) < CASE_CODE:
        return _("Sold by the case only: a whole case was added · %(quantity)s in the cart now")
    return _("+1 · %(quantity)s in the cart now")


def scanned_once(request: SignedInRequest, code: str, choice: str = "", *, keeps: bool = False) -> Scanned | None:
    """What the scan came to; None where it was answered before under its key. Raises as ``scan_into_pad`` does."""
    key = request.POST.get("key", "")
    if not key:
        return scan_into_pad(actor=request.actor, code=code, sku_code=choice, keeps_unclear=keeps)
    claim = Claim.of(actor=request.actor, method="POST", route=request.path, key=key, body=f"{code} {choice}".encode())
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            return None
        scanned = scan_into_pad(actor=request.actor, code=code, sku_code=choice, keeps_unclear=keeps)
        asked.answer(status=200, body=scanned.sku.code if scanned.sku else "")
    return scanned


def unknown_words(code: str) -> str:
    """A code nothing is called by."""
    return _("No product has the barcode %(code)s.") % {"code": code[:32]}


def tell_tone(response: HttpResponse, tone: str) -> HttpResponse:
    """Let the page's script hear how it went, so that it can be heard and felt."""
    response["HX-Trigger"] = orjson.dumps({"scanned": {"tone": tone}}).decode()
    return response


def _said(
    request: SignedInRequest,
    *,
    tone: str,
    words: str,
    code: str,
    look: Look | None = None,
    choices: list[tuple[str, Look]] | None = None,
) -> HttpResponse:
    if not request.htmx and tone == "good":
        return redirect("storefront:scan")
    said = {"tone": tone, "words": words, "code": code, "look": look, "choices": choices or ()}
    context = {"said": said, **_cart_context(request)}
    if request.htmx:
        return tell_tone(render(request, "storefront/parts/scan_reply.html", context), tone)
    response = shown(request, "storefront/scan.html", context, at="pad")
    response["Permissions-Policy"] = CAMERA
    return response


def _cart_context(request: SignedInRequest) -> dict[str, object]:
    """The cart beside the camera: the lines added last."""
    cart = cart_of(request.actor)
    recent = [
        {"sku_name": item.sku_name, "sku_code": item.sku_code, "words": counted(item.quantity, item.unit)}
        for item in reversed(cart.items[-MOST_RECENT:])
    ]
    return {"cart": cart, "recent": recent, "more": len(cart.items) - len(recent), "cart_count": len(cart.items)}

"""What the desk does to one order: each act reads its form, calls one verb, and says what happened."""

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import BaseForm, Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.errors import DomainError, Kind
from core.web.requests import SignedInRequest
from frontend.console.forms.orders import (
    CANCELLING,
    AllocateForm,
    CarrierForm,
    CloseForm,
    NoteForm,
    ReasonForm,
)
from frontend.console.forms.shipping import TOGETHER, ShipForm, ShipTogetherForm
from frontend.console.orderpanel import allocate_form
from frontend.ui.refusals import put_on
from ordering.fulfilment import services as fulfilment
from ordering.fulfilment.selectors import own_warehouses, ready_lines
from ordering.fulfilment.services import Allocate, ChangeCarrier, CloseShort, Ship, ShipTogether
from ordering.orders import services
from ordering.orders.services import AddNote, Approve, Cancel, Reject

OVERTAKEN = frozenset({"order.state", "conflict.version", "shipment.state", "shipment.nothing_to_ship"})
"""Refusals that mean: somebody else was there first."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: ``said`` in words when it happened, else the form with what stands in its way."""

    form: BaseForm
    said: str = ""
    is_overtaken: bool = False


def _attempt(form: BaseForm, call: Callable[[], str]) -> Done:
    """Call one verb; its refusal lands on the form. ``Missing`` goes on: there is no such page."""
    try:
        return Done(form, call())
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        faults = refusal.problems()
        if isinstance(form, AllocateForm | ShipForm | ShipTogetherForm):
            for fault in faults:
                form.refuse(fault)
        else:
            put_on(form, refusal)
        return Done(form, is_overtaken=any(fault.code in OVERTAKEN for fault in faults))


def _approve(request: SignedInRequest, number: str, version: int | None) -> Done:
    form = Form(request.POST)
    form.is_valid()

    def act() -> str:
        services.approve(actor=request.actor, command=Approve(number=number, version=version))
        return _("Order %(number)s is approved.") % {"number": number}

    return _attempt(form, act)


def _reject(request: SignedInRequest, number: str, version: int | None) -> Done:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        services.reject(actor=request.actor, command=Reject(number, form.words(), version))
        return _("Order %(number)s is rejected; stock and money are free again.") % {"number": number}

    return _attempt(form, act)


def _cancel(request: SignedInRequest, number: str, version: int | None) -> Done:
    form = ReasonForm(request.POST, reasons=CANCELLING, is_needed=False)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        services.cancel(actor=request.actor, command=Cancel(number, form.words(), version))
        return _("Order %(number)s is cancelled; stock and money are free again.") % {"number": number}

    return _attempt(form, act)


def _close(request: SignedInRequest, number: str, version: int | None) -> Done:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return Done(form)
    said = form.cleaned_data

    def act() -> str:
        command = CloseShort(number, said["consent"], said["reason"], version)
        fulfilment.close_short(actor=request.actor, command=command)
        return _("The rest of %(number)s is closed; its stock and money are free again.") % {"number": number}

    return _attempt(form, act)


def _allocate(request: SignedInRequest, number: str, version: int | None) -> Done:
    form = allocate_form(request.actor, number, request.POST)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        command = Allocate(number, form.warehouse_code, form.places(), version)
        fulfilment.allocate(actor=request.actor, command=command)
        return _("The goods of %(number)s are allocated.") % {"number": number}

    return _attempt(form, act)


def _ship(request: SignedInRequest, number: str, version: int | None) -> Done:
    warehouse = request.POST.get("warehouse", "")
    if warehouse == TOGETHER:
        return _ship_together(request, number, version)
    form = ShipForm(request.POST, lines=ready_lines(request.actor, number), warehouse=warehouse)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        command = Ship(
            order_number=number,
            warehouse_code=warehouse,
            lines=form.wishes(),
            carrier=form.cleaned_data["carrier"],
            tracking_number=form.cleaned_data["tracking"],
            version=version,
        )
        made = fulfilment.ship(actor=request.actor, command=command)
        return _("Shipment %(number)s is under way.") % {"number": made.number}

    return _attempt(form, act)


def _ship_together(request: SignedInRequest, number: str, version: int | None) -> Done:
    lines, places = ready_lines(request.actor, number), list(own_warehouses(request.actor))
    form = ShipTogetherForm(request.POST, lines=lines, warehouses=places)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        made = fulfilment.ship_together(actor=request.actor, command=ShipTogether(number, form.loads(), version))
        words = ngettext(
            "%(n)s shipment is under way: %(numbers)s", "%(n)s shipments are under way: %(numbers)s", len(made)
        )
        return words % {"n": len(made), "numbers": ", ".join(one.number for one in made)}

    return _attempt(form, act)


def _carrier(request: SignedInRequest, _number: str, _version: int | None) -> Done:
    form = CarrierForm(request.POST)
    if not form.is_valid():
        return Done(form)
    said = form.cleaned_data

    def act() -> str:
        command = ChangeCarrier(said["shipment"], said["carrier"], said["tracking"])
        fulfilment.change_carrier(actor=request.actor, command=command)
        return _("Carrier of %(number)s changed.") % {"number": said["shipment"]}

    return _attempt(form, act)


def _note(request: SignedInRequest, number: str, _version: int | None) -> Done:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return Done(form)

    def act() -> str:
        services.add_note(actor=request.actor, command=AddNote(number, form.cleaned_data["text"]))
        return _("Note kept.")

    return _attempt(form, act)


ACTS: dict[str, Callable[[SignedInRequest, str, int | None], Done]] = {
    "approve": _approve,
    "reject": _reject,
    "cancel": _cancel,
    "close": _close,
    "allocate": _allocate,
    "ship": _ship,
    "carrier": _carrier,
    "note": _note,
}

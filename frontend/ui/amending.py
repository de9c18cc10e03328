"""Changing an order that waits for its approval: one form for both sides of the counter, old beside new, then agreed.

The faces give it their frame; docs/algorithms/amending.md says what the change means.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.catalogue.selectors import named_skus
from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, OutOfScope
from core.kernel.ids import uuid7
from core.kernel.quantity import Unit
from core.kernel.text import normalised, whole_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import ShipTo, addresses_of
from frontend.ui import format as words
from frontend.ui.inputs import text_field
from frontend.ui.wishing import (
    Given,
    first_values,
    gifts_short_words,
    given_by,
    wish_fields,
    wished,
    wishes_standing,
)
from ordering.orders.errors import NotAmendable
from ordering.orders.paste import parse_paste
from ordering.orders.rules.amending import LineChange
from ordering.orders.rules.checks import AskedLine
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import CheckedAmendment, OrderDetail, check_amendment
from ordering.orders.services import AmendOrder, OrderedLine, amend_order

Fields = Mapping[str, forms.Field]
_UNITS = {unit.value: unit for unit in Unit}


class AmendForm(forms.Form):
    """What is said about the order besides its lines; the reason is the clerk's."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    more = text_field(
        gettext_lazy("Add products"),
        limit=4_000,
        rows=2,
        help_text=gettext_lazy("A line each: code, barcode or name, then how many, such as “XH-QH-530 5 cases”."),
    )
    address = forms.ChoiceField(label=gettext_lazy("Ship to"), required=False)
    wished_on = forms.DateField(
        label=gettext_lazy("Wished day of delivery"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    buyer_reference = text_field(gettext_lazy("The buyer's own reference"), limit=60)
    note = text_field(gettext_lazy("Note to the seller"), limit=500, rows=2)
    reason = text_field(gettext_lazy("Why it is changed"), limit=200, help_text=gettext_lazy("The buyer reads it."))

    def __init__(
        self,
        *args: Any,
        addresses: Sequence[ShipTo],
        is_seller: bool,
        wishes: Fields,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(wishes)
        field = self.fields["address"]
        if isinstance(field, forms.ChoiceField):
            stays = ("", _("As it stands on the order"))
            field.choices = [stays, *((str(one.id), _address_words(one)) for one in addresses)]
        if is_seller:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


def _address_words(address: ShipTo) -> str:
    return " · ".join(part for part in (address.label, address.recipient, address.line) if part)


@dataclass(frozen=True, slots=True)
class AmendRow:
    """One line of the form: what was typed for a SKU in one unit, what it was and would cost, what is wrong with it."""

    number: int
    sku_code: str
    sku_name: str
    unit: Unit
    typed: str
    sku_name_en: str = ""
    change: LineChange | None = None
    faults: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a screen reader says of its quantity."""
        unit = _("cases") if self.unit is Unit.CASE else _("bottles")
        return f"{self.sku_name}: {unit}"


@dataclass(frozen=True, slots=True)
class AmendPage:
    """Everything the page shows. ``found`` is set once somebody asked what the change would cost."""

    form: AmendForm
    rows: tuple[AmendRow, ...]
    was_total: int | None
    currency: str
    found: CheckedAmendment | None = None
    faults: tuple[str, ...] = ()
    removed: tuple[AmendRow, ...] = ()
    given: Given | None = None

    @property
    def is_priced(self) -> bool:
        """Whether the seat may see what it costs."""
        return self.was_total is not None

    @property
    def can_send(self) -> bool:
        """Whether the change may be agreed to as it stands."""
        return self.found is not None and self.found.checked.is_good and not self.faults and not self.form.errors


@dataclass(frozen=True, slots=True)
class Answer:
    """What a face has to do: go back when it is done or the order moved on (no page, ``words`` why); else show."""

    page: AmendPage | None = None
    words: str = ""
    is_done: bool = False
    is_refused: bool = False
    is_new_total: bool = False

    @property
    def context(self) -> dict[str, Any]:
        """For ``ui/parts/amending.html``; the face adds ``back_url``."""
        return {"page": self.page, "is_new_total": self.is_new_total}


MOVED_ON = frozenset({"order.not_amendable", "order.deadline_passed", "conflict.version"})
"""Refusals after which what was typed means another order than the one that stands."""


def answer(request: SignedInRequest, detail: OrderDetail, *, tell: Callable[[DomainError], str] = words_of) -> Answer:
    """The form, what a change would cost, or the change itself; ``tell`` puts refusals in the face's words."""
    if detail.order.status not in WAITING:
        return Answer(words=tell(NotAmendable(status=detail.order.status)))
    if detail.hidden_lines:
        return Answer(words=tell(OutOfScope()))
    if request.method != "POST":
        return Answer(opened(detail))
    if request.POST.get("act") != "send":
        return Answer(looked_at(request.actor, detail, request.POST, tell=tell))
    try:
        is_done = send(request, detail)
    except DomainError as refusal:
        codes = {fault.code for fault in refusal.problems()}
        if codes & MOVED_ON:
            return Answer(words=tell(refusal))
        shown = looked_at(request.actor, detail, request.POST, refusal=refusal, tell=tell)
        return Answer(shown, is_refused=True, is_new_total="order.total_changed" in codes)
    if is_done:
        return Answer(is_done=True)
    return Answer(looked_at(request.actor, detail, request.POST, tell=tell), is_refused=True)


def opened(detail: OrderDetail) -> AmendPage:
    """The form as the order stands."""
    order = detail.order
    first = {
        "key": uuid7().hex,
        "version": order.version,
        "wished_on": order.wished_on,
        "buyer_reference": order.buyer_reference,
        "note": order.note,
        **first_values(wishes_standing(detail)),
    }
    form = _form(detail, None, first)
    rows = tuple(
        AmendRow(line.line_no, line.sku_code, line.sku_name, _UNITS[line.unit], str(line.quantity), line.sku_name_en)
        for line in detail.bought
    )
    return AmendPage(form, rows, order.total, order.currency)


def _form(detail: OrderDetail, data: Mapping[str, Any] | None, first: Mapping[str, Any] | None = None) -> AmendForm:
    addresses, order = addresses_of(detail.order.buyer_id), detail.order
    wishes = wish_fields(currency=order.currency, is_priced=order.total is not None)
    return AmendForm(data, initial=dict(first or {}), addresses=addresses, is_seller=detail.is_seller, wishes=wishes)


def looked_at(
    actor: Actor,
    detail: OrderDetail,
    data: QueryDict,
    *,
    refusal: DomainError | None = None,
    tell: Callable[[DomainError], str] = words_of,
) -> AmendPage:
    """What was typed, priced as of now beside what stands; ``refusal``: why it could not be sent, told by ``tell``."""
    typed, unread = _typed(actor, detail, data)
    faults = [words for _line, words in unread]
    quantities = [(row, whole_of(row.typed)) for row in typed]
    asked = [
        AskedLine(row.number, row.sku_code, 0 if quantity is None else quantity, row.unit)
        for row, quantity in quantities
        if quantity != 0
    ]
    form = _form(detail, _to_be_sent_again(data, unread))
    found = check_amendment(
        actor=actor,
        number=detail.order.number or "",
        lines=asked,
        address_id=whole_of(data.get("address", "")),
        wishes=wished(form, wishes_standing(detail)),
    )
    told = partial(_gifts_by_name, found, tell)
    own = [*faults, *_told_by(form, found.checked.faults, told, of_lines=True)]
    own += _told_by(form, refusal.problems() if refusal else (), told, of_lines=False)
    rows = tuple(_row(row, found, tell) for row, quantity in quantities if quantity != 0)
    order = detail.order
    return AmendPage(
        form,
        rows,
        order.total,
        order.currency,
        found,
        tuple(dict.fromkeys(own)),
        _removed(detail, found),
        given_by(actor, detail, found),
    )


def _gifts_by_name(found: CheckedAmendment, tell: Callable[[DomainError], str], fault: DomainError) -> str:
    offer = found.checked.evaluated.offers.get(str(fault.fields.get("sku") or ""))
    if fault.code == "order.gifts_short" and offer is not None:
        return gifts_short_words(fault, name=offer.sku_name, per_case=offer.bottles_per_case)
    return tell(fault)


def _told_by(
    form: AmendForm, faults: Iterable[DomainError], tell: Callable[[DomainError], str], *, of_lines: bool
) -> list[str]:
    """Faults told at their fields of ``form``, each once; what is left to be told of the whole."""
    left = []
    for fault in faults:
        words = tell(fault)
        if fault.field in form.fields:
            if words not in form.errors.get(fault.field, ()):
                form.add_error(fault.field, words)
        elif (of_lines or fault.line is None) and fault.code != "order.total_changed":
            left.append(words)
    return left


def _to_be_sent_again(data: QueryDict, unread: Sequence[tuple[str, str]]) -> QueryDict:
    """What was read of the text became rows, the rest stays; a key answers one page that was looked at."""
    copy = data.copy()
    copy["more"] = "\n".join(line for line, _words in unread)
    copy["key"] = uuid7().hex
    return copy


def _removed(detail: OrderDetail, found: CheckedAmendment) -> tuple[AmendRow, ...]:
    """Lines the order would lose."""
    english = {line.sku_code: line.sku_name_en for line in detail.bought}
    gone = [one for one in found.changes if one.after == 0]
    return tuple(
        AmendRow(0, one.sku_code, one.sku_name, one.unit, "0", english.get(one.sku_code, ""), one) for one in gone
    )


def _row(row: AmendRow, found: CheckedAmendment, tell: Callable[[DomainError], str]) -> AmendRow:
    line = next((one for one in found.checked.lines if one.line_no == row.number), None)
    change = next((one for one in found.changes if (one.sku_code, one.unit) == (row.sku_code, row.unit)), None)
    name = line.offer.sku_name if line and line.offer else row.sku_name
    faults = tuple(map(tell, line.faults if line else ()))
    return replace(row, sku_name=name, change=change, faults=faults)


def _typed(actor: Actor, detail: OrderDetail, data: QueryDict) -> tuple[list[AmendRow], list[tuple[str, str]]]:
    """The rows that came back, then those added as text; and the lines that could not be read, with why."""
    names = {line.sku_code: (line.sku_name, line.sku_name_en) for line in detail.bought}
    sent = zip(data.getlist("sku"), data.getlist("unit"), data.getlist("quantity"), strict=False)
    rows = []
    for number, (code, unit, typed) in enumerate(sent, start=1):
        name, english = names.get(code, (code[:48], ""))
        rows.append(AmendRow(number, code[:48], name, _UNITS.get(unit, Unit.CASE), normalised(typed[:12]), english))
    unread: list[tuple[str, str]] = []
    text = data.get("more", "")[:4_000]
    try:
        pasted = parse_paste(text)
    except DomainError as refusal:
        return rows, [(text, words_of(refusal))]
    found = named_skus(actor, [line.term for line in pasted if line.term])
    for line in pasted:
        match = found.get(line.term)
        if line.problem is not None or match is None or match.sku is None:
            said = _("“%(text)s” could not be read as one product and a quantity.") % {"text": line.raw[:60]}
            unread.append((line.raw, said))
            continue
        unit = line.unit or (Unit.BOTTLE if match.sku.sells_in == "BOTTLE" else Unit.CASE)
        rows.append(
            AmendRow(len(rows) + 1, match.sku.code, match.sku.name, unit, str(line.quantity or 0), match.sku.name_en)
        )
    return rows, unread


def send(request: SignedInRequest, detail: OrderDetail) -> bool:
    """Change the order as the page that was looked at says; whether anything changed. Raises what the verb refuses.

    Nothing changes while something that was typed could not be read: it would be lost without a word.

    The same page sent twice is one change.
    """
    data, number = request.POST, detail.order.number or ""
    form = _form(detail, data)
    if not form.is_valid():
        return False
    rows, unread = _typed(request.actor, detail, data)
    if unread:
        return False
    said = form.cleaned_data
    command = AmendOrder(
        number=number,
        version=said["version"],
        lines=tuple(_ordered(row) for row in rows if whole_of(row.typed) != 0),
        reason=said.get("reason", ""),
        address_id=whole_of(said["address"]),
        wished_on=said["wished_on"],
        note=said["note"] or "",
        buyer_reference=said["buyer_reference"] or "",
        expected_total=whole_of(data.get("expected_total", "")),
        wishes=wished(form, wishes_standing(detail)),
    )
    key = str(said["key"])
    claim = Claim.of(actor=request.actor, method="POST", route=request.path, key=key, body=key.encode())
    with idempotency.answering(claim) as asked:
        if asked.given is None:
            amend_order(actor=request.actor, command=command)
            asked.answer(status=200, body={"number": number})
    return True


def _ordered(row: AmendRow) -> OrderedLine:
    quantity = whole_of(row.typed)
    return OrderedLine(row.sku_code, -1 if quantity is None else quantity, row.unit)


def amendment_words(payload: Mapping[str, Any], *, is_priced: bool = True) -> str:
    """What an amendment changed, for a timeline: old → new; amounts only where they are the reader's to see."""
    told = [_change_words(one) for one in payload.get("changes", ()) if one["before"] != one["after"]]
    if not told and payload.get("changes"):
        told.append(_("prices of today"))
    named = {
        "changes_address": _("address"),
        "changes_wished_on": _("wished day"),
        "changes_note": _("note"),
        "changes_reference": _("reference"),
        "changes_wishes": _("coupons, rebate or gifts"),
    }
    told += [word for name, word in named.items() if payload.get(name)]
    given = [_("gift %(change)s") % {"change": _change_words(one)} for one in payload.get("gift_changes", ())]
    told += given or ([_("gifts")] if payload.get("changes_gifts") else [])
    if is_priced and payload.get("was_total") != payload.get("total"):
        currency = str(payload.get("currency") or "CNY")
        before, after = (words.money(int(payload.get(name) or 0), currency) for name in ("was_total", "total"))
        told.append(f"{before} → {after}")
    if payload.get("reason"):
        told.append(str(payload["reason"]))
    return " · ".join(told)


def _change_words(change: Mapping[str, Any]) -> str:
    counted = words.cases_text if change["unit"] == Unit.CASE.value else words.bottles_text
    before = counted(int(change["before"])) if change["before"] else words.DASH
    after = counted(int(change["after"])) if change["after"] else words.DASH
    return f"{change['name']} {before} → {after}"

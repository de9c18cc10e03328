"""A price round as forms: its head, lines typed or pasted, a percentage on many prices, the decision."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.quantity import Unit
from core.kernel.text import normalised, whole_of
from core.web.refusals import words_of
from frontend.ui.inputs import DayField, text_field
from ordering.pricing.models import PriceList
from ordering.rounds.models import PriceRound
from ordering.rounds.services import DecideRound, FillRound, Head, Put

_COMMA = re.compile(r",(?!\d{3}(?:\D|$))|(?<!\d),")
ENDS = ("end", "停", "停用", "-")
_UNITS = {"箱": Unit.CASE, "件": Unit.CASE, "case": Unit.CASE, "cases": Unit.CASE, "cs": Unit.CASE}
_UNITS |= {"瓶": Unit.BOTTLE, "支": Unit.BOTTLE, "bottle": Unit.BOTTLE, "bottles": Unit.BOTTLE, "bt": Unit.BOTTLE}


class HeadForm(forms.Form):
    """What it is about and when it begins."""

    title = text_field(_("What it is about"), limit=80, required=True)
    takes_effect_on = DayField(label=_("New prices from"), help_text=_("From the first minute of that day."))
    funded_until = DayField(
        label=_("Old price if funded by"),
        required=False,
        help_text=_(
            "An order placed before the prices begin keeps the old ones if it is approved by the end of this day."
            " Empty: always."
        ),
    )
    reason = text_field(_("Reason"), limit=500, rows=2)

    @staticmethod
    def of(row: PriceRound, zone: str) -> dict[str, Any]:
        """A round as the form's first values."""
        cut_off = row.funded_until
        return {
            "title": row.title,
            "reason": row.reason,
            "takes_effect_on": clock.business_day(row.takes_effect_at, zone),
            "funded_until": clock.business_day(cut_off - timedelta(microseconds=1), zone) if cut_off else None,
        }

    def head(self, zone: str) -> Head:
        """What is asked of the room."""
        said = self.cleaned_data
        starts: date = said["takes_effect_on"]
        until: date | None = said["funded_until"]
        return Head(
            said["title"],
            clock.start_of_day(starts, zone),
            said["reason"],
            clock.end_of_day(until, zone) if until else None,
        )


class PasteForm(forms.Form):
    """Lines of one list, typed or pasted: product, perhaps a unit and a quantity step, and the price."""

    price_list = forms.ChoiceField(label=_("Price list"))
    lines = forms.CharField(
        label=_("Products and prices"),
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line, also straight from a spreadsheet: code, price; or code, unit, quantity from, price."),
    )

    def __init__(self, *args: Any, lists: Sequence[PriceList], **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self, "price_list", lists)
        self._currencies = {one.code: one.currency for one in lists}

    def puts(self, sold: dict[str, str]) -> tuple[Put, ...]:
        """The lines read; ``sold`` says in which unit each product is sold. Faults stand on the form."""
        code, found = self.cleaned_data["price_list"], []
        for number, text in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            cells = _cells(text)
            if not cells:
                continue
            try:
                found.append(_put(code, cells, self._currencies[code], sold))
            except ValueError as fault:
                self.add_error("lines", gettext("Line %(line)s: %(fault)s") % {"line": number, "fault": fault})
        return tuple(found)

    def refuse(self, refusal: DomainError) -> None:
        """Every fault by its line."""
        for fault in refusal.problems():
            words = words_of(fault)
            at = gettext("Line %(line)s: %(fault)s") % {"line": fault.line, "fault": words} if fault.line else words
            self.add_error("lines", at)


class FillForm(forms.Form):
    """A percentage on all prices of some lists."""

    lists = forms.MultipleChoiceField(label=_("Price lists"), widget=forms.CheckboxSelectMultiple)
    product_line = forms.ChoiceField(label=_("Product line"), required=False)
    change = forms.DecimalField(
        label=_("Change in %"), max_digits=6, decimal_places=2, help_text=_("5 makes dearer, -5 makes cheaper.")
    )
    round_to = forms.TypedChoiceField(
        label=_("Rounded to"),
        coerce=int,
        choices=[(1, "0.01"), (10, "0.10"), (100, "1.00"), (1000, "10.00")],
        initial=100,
    )

    def __init__(
        self, *args: Any, lists: Sequence[PriceList], lines: Iterable[tuple[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        _offer(self, "lists", lists)
        field = self.fields["product_line"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("All product lines")), *lines]

    def command(self, number: str, version: int) -> FillRound:
        """What is asked of the room."""
        said = self.cleaned_data
        return FillRound(
            number, version, tuple(said["lists"]), int(said["change"] * 100), said["round_to"], said["product_line"]
        )


class DecideForm(forms.Form):
    """Approve, or send back with a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = text_field(_("Word to the writers"), limit=200, help_text=_("Needed to send it back."))
    allows_floor = forms.BooleanField(label=_("Prices under the floor are meant"), required=False)

    def command(self, number: str, *, approves: bool) -> DecideRound:
        """What is asked of the room."""
        said = self.cleaned_data
        return DecideRound(number, said["version"], approves, said["reason"], said["allows_floor"])


class RevertForm(forms.Form):
    """From when the earlier prices shall rule again."""

    on = DayField(label=_("Earlier prices from"))

    def starts_at(self, zone: str) -> datetime:
        """The first instant of that day."""
        day: date = self.cleaned_data["on"]
        return clock.start_of_day(day, zone)


def _offer(form: forms.Form, name: str, lists: Sequence[PriceList]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(one.code, f"{one.name} ({one.code})") for one in lists]


def _cells(text: str) -> list[str]:
    """The cells of a row: apart by tabs, else by blanks and commas; one before three digits belongs to its figure."""
    parts = text.split("\t") if "\t" in text else _COMMA.sub(" ", text.replace("，", ",")).split()
    return [normalised(part) for part in parts if normalised(part)]


def _put(list_code: str, cells: list[str], currency: str, sold: dict[str, str]) -> Put:
    if len(cells) < 2:
        raise ValueError(gettext("Write a product code and a price."))
    code, *middle, price = cells
    unit = Unit.BOTTLE if sold.get(code) == "BOTTLE" else Unit.CASE
    step = 1
    for cell in middle:
        number = whole_of(cell)
        if cell.lower() in _UNITS:
            unit = _UNITS[cell.lower()]
        elif number is not None and number >= 1:
            step = number
        else:
            raise ValueError(gettext("“%(value)s” is neither a unit nor a quantity.") % {"value": cell[:40]})
    return Put(list_code, code, unit, _amount(price, currency), step)


def _amount(text: str, currency: str) -> int | None:
    if text.lower() in ENDS:
        return None
    plain = text.strip().removesuffix("元") if currency == "CNY" else text
    try:
        amount = Money.parse(plain, currency).amount
    except DomainError as refusal:
        raise ValueError(words_of(refusal)) from None
    if amount <= 0:
        raise ValueError(gettext("A price must be more than zero. To end it, write “end”."))
    return amount

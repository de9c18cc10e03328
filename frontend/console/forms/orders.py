"""What is done to an order at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import DomainError
from core.kernel.quantity import in_cases
from core.web.refusals import words_of
from dms.stock.models import Warehouse
from frontend.ui.format import quantity
from frontend.ui.inputs import WholeField, text_field
from ordering.fulfilment.errors import NotThere
from ordering.fulfilment.selectors import ReadyLine
from ordering.fulfilment.services import Wish


def _counter(label: str) -> forms.TextInput:
    """A small number; the label is for screen readers, the unit stands beside it."""
    words = {"class": "input input--num input--sm", "inputmode": "numeric", "autocomplete": "off", "aria-label": label}
    return forms.TextInput(attrs=words)


class ReasonForm(forms.Form):
    """Why an order is rejected or cancelled."""

    reason = text_field(_("Reason"), limit=200, rows=2, help_text=_("The buyer reads it."))


class AllocateForm(forms.Form):
    """Where an order's goods shall leave from; the first choice keeps what the order reserved by itself."""

    warehouse = forms.ChoiceField(label=_("Ship from"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, warehouses: Iterable[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["warehouse"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", gettext("As it is reserved now")),
                *((one.code, f"{one.name} · {one.code}") for one in warehouses),
            ]


@dataclass(frozen=True, slots=True)
class ShippingRow:
    """A line of the shipping form: its two inputs, what is still to leave and what is kept in the warehouse."""

    line: ReadyLine
    cases: BoundField
    bottles: BoundField
    open_bottles: int
    kept_here: int

    @property
    def errors(self) -> list[str]:
        """What is wrong with either input."""
        return [str(error) for field in (self.cases, self.bottles) for error in field.errors]


class ShipForm(forms.Form):
    """One truck: cases and bottles a line out of one warehouse, carrier and tracking number."""

    carrier = text_field(_("Carrier"), limit=60)
    tracking = text_field(_("Tracking number"), limit=60)

    def __init__(self, *args: Any, lines: Sequence[ReadyLine], warehouse: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.warehouse = lines, warehouse
        for line in lines:
            count = in_cases(line.kept.get(warehouse, 0), line.bottles_per_case)
            said = {"name": line.sku_name}
            self.fields[f"c-{line.line_no}"] = WholeField(
                label=gettext("%(name)s: cases") % said,
                required=False,
                initial=count.cases or None,
                high=10_000_000,
                widget=_counter(gettext("%(name)s: cases") % said),
            )
            self.fields[f"b-{line.line_no}"] = WholeField(
                label=gettext("%(name)s: bottles") % said,
                required=False,
                initial=count.bottles or None,
                high=100_000_000,
                widget=_counter(gettext("%(name)s: bottles") % said),
            )

    def clean(self) -> dict[str, Any]:
        """At least one bottle leaves."""
        said = super().clean() or {}
        if not self.errors and not self.wishes():
            self.add_error(None, gettext("Enter what leaves: at least one bottle of one line."))
        return said

    def wishes(self) -> tuple[Wish, ...]:
        """What leaves, by line; lines left empty stay."""
        found = []
        for line in self.lines:
            cases = self.cleaned_data.get(f"c-{line.line_no}") or 0
            bottles = self.cleaned_data.get(f"b-{line.line_no}") or 0
            if total := cases * line.bottles_per_case + bottles:
                found.append(Wish(line.line_no, total))
        return tuple(found)

    @property
    def shipping_rows(self) -> list[ShippingRow]:
        """Lines of which something is still to leave."""
        return [
            ShippingRow(
                line,
                self[f"c-{line.line_no}"],
                self[f"b-{line.line_no}"],
                line.bottles - line.shipped_bottles,
                line.kept.get(self.warehouse, 0),
            )
            for line in self.lines
            if line.bottles > line.shipped_bottles
        ]

    def refuse(self, fault: DomainError) -> None:
        """A refusal of one line stands beside its cases, in the cases and bottles of the form."""
        line = next((one for one in self.lines if one.line_no == fault.line), None)
        name = f"c-{fault.line}"
        said = _too_much(line, self.warehouse) if line is not None and fault.code == NotThere.code else words_of(fault)
        self.add_error(name if name in self.fields else None, said)


def _too_much(line: ReadyLine, warehouse: str) -> str:
    kept = line.kept.get(warehouse, 0)
    if not kept:
        return gettext("Nothing of it is kept for this order in this warehouse. Allocate it first.")
    return gettext(
        "%(kept)s of it are kept for this order in this warehouse. Ship no more, or allocate the rest to it first."
    ) % {"kept": quantity(kept, line.bottles_per_case)}

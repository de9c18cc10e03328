"""What is done to an order at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import DomainError
from core.kernel.quantity import in_cases
from core.web.refusals import words_of
from dms.stock.models import Warehouse
from frontend.ui.format import quantity
from frontend.ui.inputs import WholeField, text_field
from ordering.fulfilment.selectors import ReadyLine, ShelfRow
from ordering.fulfilment.services import Place


def counter(label: str) -> forms.TextInput:
    """A small number; the label is for screen readers, the unit stands beside it."""
    words = {"class": "input input--num input--sm", "inputmode": "numeric", "autocomplete": "off", "aria-label": label}
    return forms.TextInput(attrs=words)


REJECTING = (
    _("Out of stock; please order again later"),
    _("Your account does not cover this order"),
    _("A licence is missing or has ended"),
    _("Outside the territory or channel you are granted"),
    _("The same order twice"),
    _("Quantity or price was a mistake; please order anew"),
)
CANCELLING = (
    _("The buyer asked for it"),
    _("The same order twice"),
    _("We cannot deliver in time"),
)


class ReasonForm(forms.Form):
    """Why an order is rejected or cancelled: one of the usual reasons, words of one's own, or both."""

    usual = forms.ChoiceField(label=_("Usual reasons"), required=False, widget=forms.RadioSelect)
    reason = text_field(_("In your own words"), limit=200, rows=2, help_text=_("The buyer reads it."))

    def __init__(
        self, *args: Any, reasons: Sequence[object] = REJECTING, is_needed: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_needed = is_needed
        field = self.fields["usual"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(number), str(words)) for number, words in enumerate(reasons, start=1)]

    def clean(self) -> dict[str, Any]:
        """A refusal without a reason helps nobody."""
        said = super().clean() or {}
        if self.is_needed and not self.errors and not self.words():
            self.add_error("reason", gettext("Choose a reason, or write one."))
        return said

    def words(self) -> str:
        """The reason as the buyer reads it."""
        field = self.fields["usual"]
        known = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]  # pairs
        parts = (str(known.get(self.cleaned_data.get("usual", ""), "")), str(self.cleaned_data.get("reason") or ""))
        return " · ".join(part for part in parts if part)[:200]


class CloseForm(forms.Form):
    """No more of the order will be delivered; the buyer agreed."""

    consent = text_field(
        _("Who of the buyer agreed, and how"), limit=200, required=True, help_text=_("Such as: Ms Wang, by phone.")
    )
    reason = text_field(_("Reason"), limit=200, rows=2, help_text=_("The buyer reads it."))


class CarrierForm(forms.Form):
    """Another carrier or tracking number of a shipment under way."""

    shipment = forms.CharField(widget=forms.HiddenInput)
    carrier = text_field(_("Carrier"), limit=60)
    tracking = text_field(_("Tracking number"), limit=60)


class NoteForm(forms.Form):
    """A word among colleagues."""

    text = text_field(_("Note among colleagues"), limit=500, rows=2, help_text=_("The buyer never sees it."))


BY_ROW = "*"
"""The choice to say for each line and batch where it shall leave from."""


@dataclass(frozen=True, slots=True)
class AllocatedRow:
    """One row of stock in the form of allocation, with its two inputs."""

    shelf: ShelfRow
    cases: BoundField
    bottles: BoundField

    @property
    def errors(self) -> list[str]:
        """What is wrong with either input."""
        return [str(error) for field in (self.cases, self.bottles) for error in field.errors]


class AllocateForm(forms.Form):
    """Where an order's goods shall leave from: as reserved, all from one warehouse, or row by row.

    ``lines`` are what is still to leave, ``rows`` the stock that keeps or could keep it.
    """

    warehouse = forms.ChoiceField(label=_("Ship from"), required=False, widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        warehouses: Iterable[Warehouse],
        lines: Sequence[ReadyLine] = (),
        rows: Sequence[ShelfRow] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.line_no: line for line in lines}
        self.rows = [row for row in rows if row.line_no in self.lines]
        field = self.fields["warehouse"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", gettext("As it is reserved now")),
                *((one.code, f"{one.name} · {one.code} · {self._covers(one.code)}") for one in warehouses),
                *([(BY_ROW, gettext("Line by line and batch by batch, as below"))] if self.rows else []),
            ]
        for row in self.rows:
            self._add(row)

    def _covers(self, code: str) -> str:
        """Whether one warehouse could serve all of it."""
        there: dict[int, int] = {}
        for row in self.rows:
            if row.warehouse_code == code:
                there[row.line_no] = there.get(row.line_no, 0) + row.free + row.kept
        short = sum(there.get(no, 0) < line.bottles - line.shipped_bottles for no, line in self.lines.items())
        if not short:
            return gettext("everything there")
        return ngettext("%(n)s line short", "%(n)s lines short", short) % {"n": short}

    def _add(self, row: ShelfRow) -> None:
        line = self.lines[row.line_no]
        count = in_cases(row.kept, line.bottles_per_case)
        said = {"name": line.sku_name, "place": f"{row.warehouse_name} {row.batch}".strip()}
        labels = {
            "c": gettext("%(name)s, %(place)s: cases") % said,
            "b": gettext("%(name)s, %(place)s: bottles") % said,
        }
        for letter, initial in (("c", count.cases), ("b", count.bottles)):
            self.fields[f"{letter}-{row.line_no}-{row.stock_id}"] = WholeField(
                label=labels[letter],
                required=False,
                initial=initial or None,
                high=10_000_000,
                widget=counter(labels[letter]),
            )

    @property
    def allocated_lines(self) -> list[tuple[ReadyLine, list[AllocatedRow]]]:
        """Every line with the rows of stock that can serve it."""
        return [(line, [self._bound(row) for row in self.rows if row.line_no == no]) for no, line in self.lines.items()]

    def _bound(self, row: ShelfRow) -> AllocatedRow:
        return AllocatedRow(row, self[f"c-{row.line_no}-{row.stock_id}"], self[f"b-{row.line_no}-{row.stock_id}"])

    def clean(self) -> dict[str, Any]:
        """Row by row something has to be said; whoever fills rows in means them, even where no choice was made."""
        said = super().clean() or {}
        if not self.errors and not said.get("warehouse") and self._is_changed():
            said["warehouse"] = BY_ROW
        if not self.errors and said.get("warehouse") == BY_ROW and not self.places():
            self.add_error(None, gettext("Enter for at least one row how much shall leave from there."))
        return said

    def _is_changed(self) -> bool:
        """Whether a row says another quantity than is kept there now."""
        names = [name for name in self.fields if name != "warehouse" and name in self.data]
        return any((self.cleaned_data.get(name) or 0) != (self.fields[name].initial or 0) for name in names)

    def places(self) -> tuple[Place, ...]:
        """What shall lie where, when it is said row by row; what no row names stays where it is reserved."""
        if self.cleaned_data.get("warehouse") != BY_ROW:
            return ()
        found = []
        for row in self.rows:
            cases = self.cleaned_data.get(f"c-{row.line_no}-{row.stock_id}") or 0
            bottles = self.cleaned_data.get(f"b-{row.line_no}-{row.stock_id}") or 0
            if total := cases * self.lines[row.line_no].bottles_per_case + bottles:
                found.append(Place(row.line_no, row.warehouse_code, total, row.batch))
        return tuple(found)

    @property
    def warehouse_code(self) -> str:
        """The one warehouse that was chosen, empty for none."""
        chosen = str(self.cleaned_data.get("warehouse") or "")
        return "" if chosen == BY_ROW else chosen

    def refuse(self, fault: DomainError) -> None:
        """A refusal of one line stands beside its first row."""
        row = next((one for one in self.rows if one.line_no == fault.line), None)
        line = self.lines.get(fault.line or 0)
        name = f"c-{row.line_no}-{row.stock_id}" if row else None
        said = words_of(fault)
        if line is not None and fault.code == "stock.insufficient":
            free = quantity(int(fault.fields.get("free") or 0), line.bottles_per_case)
            said = gettext("%(name)s: only %(free)s are free there.") % {"name": line.sku_name, "free": free}
        self.add_error(name, said)

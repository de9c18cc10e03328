"""What leaves, out of one warehouse or out of several in one go."""

from collections.abc import Sequence
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
from frontend.console.forms.orders import counter
from frontend.ui.format import quantity
from frontend.ui.inputs import WholeField, text_field
from ordering.fulfilment.errors import NotThere
from ordering.fulfilment.selectors import ReadyLine
from ordering.fulfilment.services import Load, Wish

TOGETHER = "*"
"""The choice to send goods off from every warehouse that keeps some, in one act."""


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
            _add_counters(self, str(line.line_no), line, line.kept.get(warehouse, 0), line.sku_name)

    def clean(self) -> dict[str, Any]:
        """At least one bottle leaves."""
        said = super().clean() or {}
        if not self.errors and not self.wishes():
            self.add_error(None, gettext("Enter what leaves: at least one bottle of one line."))
        return said

    def wishes(self) -> tuple[Wish, ...]:
        """What leaves, by line; lines left empty stay."""
        counted = ((line, _counted(self, str(line.line_no), line)) for line in self.lines)
        return tuple(Wish(line.line_no, bottles) for line, bottles in counted if bottles)

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


def _add_counters(form: forms.Form, name: str, line: ReadyLine, kept: int, label: str) -> None:
    """Cases and bottles of a line, filled in with what is kept."""
    count = in_cases(kept, line.bottles_per_case)
    words = {"c": gettext("%(name)s: cases"), "b": gettext("%(name)s: bottles")}
    for letter, initial in (("c", count.cases), ("b", count.bottles)):
        said = words[letter] % {"name": label}
        form.fields[f"{letter}-{name}"] = WholeField(
            label=said, required=False, initial=initial or None, high=100_000_000, widget=counter(said)
        )


def _counted(form: forms.Form, name: str, line: ReadyLine) -> int:
    """Bottles of a line as cases and bottles say."""
    cases, bottles = (form.cleaned_data.get(f"{letter}-{name}") or 0 for letter in "cb")
    return int(cases) * line.bottles_per_case + int(bottles)


@dataclass(frozen=True, slots=True)
class LoadGroup:
    """One warehouse of the form for several: its lines, its own carrier and tracking number."""

    warehouse: Warehouse
    rows: tuple[ShippingRow, ...]
    carrier: BoundField
    tracking: BoundField


class ShipTogetherForm(forms.Form):
    """A truck from each warehouse that keeps goods of the order, all of them in one act."""

    def __init__(self, *args: Any, lines: Sequence[ReadyLine], warehouses: Sequence[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warehouses = [one for one in warehouses if any(line.kept.get(one.code) for line in lines)]
        self.kept = {one.code: [line for line in lines if line.kept.get(one.code)] for one in self.warehouses}
        for one in self.warehouses:
            for line in self.kept[one.code]:
                label = f"{line.sku_name}, {one.name}"
                _add_counters(self, f"{line.line_no}-{one.code}", line, line.kept[one.code], label)
            self.fields[f"carrier-{one.code}"] = text_field(_("Carrier"), limit=60)
            self.fields[f"tracking-{one.code}"] = text_field(_("Tracking number"), limit=60)

    def clean(self) -> dict[str, Any]:
        """At least one bottle leaves."""
        said = super().clean() or {}
        if not self.errors and not self.loads():
            self.add_error(None, gettext("Enter what leaves: at least one bottle of one line."))
        return said

    def loads(self) -> tuple[Load, ...]:
        """What each warehouse sends off; one left empty sends nothing."""
        found = []
        for one in self.warehouses:
            counted = ((line, _counted(self, f"{line.line_no}-{one.code}", line)) for line in self.kept[one.code])
            wishes = tuple(Wish(line.line_no, bottles) for line, bottles in counted if bottles)
            if wishes:
                said = (self.cleaned_data.get(f"{name}-{one.code}") or "" for name in ("carrier", "tracking"))
                found.append(Load(one.code, wishes, *said))
        return tuple(found)

    @property
    def groups(self) -> list[LoadGroup]:
        """The warehouses with their lines."""
        return [
            LoadGroup(
                one,
                tuple(self._row(line, one.code) for line in self.kept[one.code]),
                self[f"carrier-{one.code}"],
                self[f"tracking-{one.code}"],
            )
            for one in self.warehouses
        ]

    def _row(self, line: ReadyLine, code: str) -> ShippingRow:
        name = f"{line.line_no}-{code}"
        return ShippingRow(
            line, self[f"c-{name}"], self[f"b-{name}"], line.bottles - line.shipped_bottles, line.kept[code]
        )

    def refuse(self, fault: DomainError) -> None:
        """A refusal of one line stands beside it in its warehouse; nothing has left from the others either."""
        code = str(fault.fields.get("warehouse") or "")
        line = next((one for one in self.kept.get(code, ()) if one.line_no == fault.line), None)
        name = f"c-{fault.line}-{code}"
        said = _too_much(line, code) if line is not None and fault.code == NotThere.code else words_of(fault)
        self.add_error(name if name in self.fields else None, said)

"""The rows of a transfer's form: typed or pasted, read into lines, and given back with what is wrong with each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.text import normalised, whole_of
from core.web.refusals import words_of
from dms.stock import errors
from dms.stock.models import TransferLine
from dms.stock.selectors import skus_by_term
from dms.stock.services import Counted
from frontend.console.countwords import pasted_lines
from frontend.ui.format import quantity

EMPTY_ROWS = 5
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row as it was typed; ``problem`` in words."""

    code: str = ""
    cases: str = ""
    bottles: str = ""
    batch: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        """Nobody has typed here."""
        return not (self.code or self.cases or self.bottles)


def posted_rows(posted: Mapping[str, str]) -> list[DraftRow]:
    """The rows of the form, then those pasted below them; empty ones left out."""
    count = min(whole_of(posted.get("rows", "")) or 0, MOST_ROWS)
    names = ("sku", "cases", "bottles", "batch")
    rows = [DraftRow(*(normalised(posted.get(f"{name}-{place}", ""))[:48] for name in names)) for place in range(count)]
    pasted = [
        DraftRow(one.term[:48], _text(one.cases), _text(one.bottles), one.batch[:30])
        for one in pasted_lines(posted.get("text", ""), in_cases=posted.get("unit") != "BOTTLE")
    ]
    return [row for row in (*rows, *pasted) if not row.is_empty][:MOST_ROWS]


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def rows_of(lines: Iterable[TransferLine]) -> list[DraftRow]:
    """The rows of a draft that stands."""
    made = []
    for line in lines:
        cases, bottles = divmod(line.bottles, line.sku.bottles_per_case)
        made.append(DraftRow(line.sku.code, str(cases or ""), str(bottles or ""), line.batch))
    return made


def read_rows(actor: Actor, rows: Sequence[DraftRow]) -> tuple[list[DraftRow], tuple[Counted, ...]]:
    """The rows with what is wrong with each, and the lines they mean; barcodes are read as codes. One query."""
    found = skus_by_term(actor, [row.code for row in rows])
    judged, lines = [], []
    for row in rows:
        figures = [figure for figure in (row.cases, row.bottles) if figure]
        if row.code not in found:
            row = replace(row, problem=words_of(errors.SkuMissing(sku=row.code)))
        elif not figures or not all(figure.isascii() and figure.isdigit() and len(figure) < 9 for figure in figures):
            row = replace(row, problem=words_of(errors.QuantityMissing()))
        else:
            code, per_case = found[row.code]
            lines.append(Counted(code, int(row.cases or 0) * per_case + int(row.bottles or 0), row.batch[:30]))
        judged.append(row)
    return judged, tuple(lines)


def with_problems(actor: Actor, rows: Sequence[DraftRow], refusal: DomainError) -> tuple[list[DraftRow], list[str]]:
    """The rows with the faults of ``refusal`` beside them, and the faults that belong to no row."""
    judged, others = list(rows), []
    packs = dict(skus_by_term(actor, [row.code for row in rows]).values())
    for fault in refusal.problems():
        if fault.line is not None and 0 < fault.line <= len(judged):
            judged[fault.line - 1] = replace(judged[fault.line - 1], problem=_words(fault, packs))
        else:
            others.append(_words(fault, packs))
    return judged, others


def _words(fault: DomainError, packs: Mapping[str, int]) -> str:
    """A lack of stock in cases, as it was typed; every other fault in its own words."""
    per_case = packs.get(str(fault.fields.get("sku")))
    if not isinstance(fault, errors.InsufficientStock) or per_case is None:
        return words_of(fault)
    wanted, free = (quantity(int(str(fault.fields[name])), per_case) for name in ("wanted", "free"))
    return _("Not enough of %(sku)s: %(wanted)s wanted, %(free)s free.") % {
        "sku": fault.fields["sku"],
        "wanted": wanted,
        "free": free,
    }

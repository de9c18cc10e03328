"""An import before it is written: every row's fate, and what a person is asked to confirm."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext

from core.catalogue.errors import GuessUnconfirmed
from core.catalogue.resources.parsing import ParsedRow, RowGuess, shown_value
from core.catalogue.resources.products import LABELS
from core.catalogue.resources.widgets import CHOICE_WORDS
from core.catalogue.rules import AROMA_NAMES, Aroma
from core.catalogue.services import BulkPlan, PlannedRow
from core.catalogue.services.known import Known
from core.jobs.errors import CORRECT
from core.jobs.failures import RowFailure
from core.jobs.models import JobRow
from core.jobs.running import ShownRow
from core.kernel.errors import DomainError, Field
from core.kernel.text import N_

CONFIRM = "confirm"
NO_AGE = "NV"
_FATES = ("failed", CONFIRM, "changed", "new", "same")
_NOT_NEW = ("code", "rank", "status")
"""Said beside the changes of a new product, or nothing to look at."""
_WORDED = ("sells_in", "packaging")
"""Fields whose codes read as the table writes them."""
_NEW_LINE = N_("There is no such product line yet; it would be made.")
REMEDIES: dict[str, str] = {
    "catalogue.guess_unconfirmed": N_("Confirm it in the preview, or write it into a column of its own."),
    "catalogue.row_repeated": N_("Keep one of the two rows."),
    "catalogue.needs_new_code": N_("Give the product a new code, or restore what it was."),
    "catalogue.barcode_taken": N_("Scan the case again, or take the barcode from the other product first."),
    "catalogue.value_missing": N_("Fill the cell and import the row again."),
    "catalogue.code_prefix": N_("Correct the code, or add its letters to the catalogue settings."),
    "catalogue.family_disagrees": N_("Write the same on both rows, or give the rows different products."),
    "identifier.gtin_check_digit": N_("Scan the barcode again; keep the column as text, so that no zero is lost."),
    "identifier.gtin_format": N_("Scan the barcode again; keep the column as text, so that no zero is lost."),
}
"""By code of a fault, what the reader can do about it."""


class Note(TypedDict):
    """A fault, guess or advice of one row as the preview keeps it."""

    field: str
    code: str
    value: Field
    text: str
    fields: dict[str, Field]
    remedy: str


class StoredLine(TypedDict):
    """What the preview keeps of a row."""

    name: str
    changes: dict[str, list[Field]]
    problems: list[Note]
    guesses: list[Note]
    guess: str
    """What was guessed, as a label writes it: 53%vol · 500ml · 6."""
    advice: list[Note]


@dataclass(slots=True)
class Line:
    """One row read, planned and judged. ``guesses`` are those still open."""

    parsed: ParsedRow
    planned: PlannedRow
    guesses: list[RowGuess]
    faults: list[DomainError]
    line_names: Mapping[str, str]
    """Name by code of product lines, those to be made among them."""

    @property
    def fate(self) -> str:
        """What becomes of the row: failed, confirm, changed, new or same."""
        if self.faults:
            return "failed"
        return CONFIRM if self.guesses else self.planned.fate.value


def judged(parsed: Sequence[ParsedRow], plan: BulkPlan) -> list[Line]:
    """Each row with its faults of reading and of planning, and with the guesses that say something new."""
    return [_line(one, row, plan.known) for one, row in zip(parsed, plan.rows, strict=True)]


def _line(parsed: ParsedRow, planned: PlannedRow, known: Known) -> Line:
    guesses = [guess for guess in parsed.guesses if not _is_known(guess, planned)]
    if planned.family is not None and parsed.row.line and planned.family.line in known.new_lines:
        guesses.append(RowGuess("line", parsed.row.line, _NEW_LINE))
    unread = {fault.field for fault in parsed.faults} | {guess.field for guess in guesses if guess.value is None}
    faults = [*parsed.faults, *(fault for fault in planned.faults if fault.field not in unread)]
    for fault in faults:
        fault.line = parsed.row.row
    return Line(parsed, planned, guesses, faults, known.lines)


def _is_known(guess: RowGuess, planned: PlannedRow) -> bool:
    """Whether the guess only says what is stored already."""
    return planned.stored is not None and getattr(planned.stored.facts, guess.field, None) == guess.value


def failures_of(line: Line) -> list[RowFailure]:
    """Why the row cannot be written as it stands, each reason with its remedy."""
    faults: list[DomainError] = [
        *line.faults,
        *(
            GuessUnconfirmed(line=line.parsed.row.row, field=guess.field, guess=shown_value(guess.field, guess.value))
            for guess in line.guesses
        ),
    ]
    return [
        failure
        for fault in faults
        for failure in RowFailure.of(
            fault, row=line.parsed.row.row, remedy=REMEDIES.get(fault.code, CORRECT), labels=LABELS
        )
    ]


def counted(lines: Sequence[Line]) -> dict[str, int]:
    """A count for each fate."""
    counts = Counter(line.fate for line in lines)
    return {fate: counts[fate] for fate in _FATES}


def shown(line: Line) -> ShownRow:
    """The row as the preview keeps it."""
    plan, row = line.planned, line.parsed.row
    said: StoredLine = {
        "name": plan.facts.name if plan.facts else row.name or "",
        "changes": changes_of(plan, line.line_names),
        "problems": [
            _note(fault.field or "", fault.code, None, fault.text, fault.fields, REMEDIES.get(fault.code, CORRECT))
            for fault in line.faults
        ],
        "guesses": [
            _note(guess.field, "catalogue.guess_unconfirmed", guess.value, guess.text, guess.fields)
            for guess in line.guesses
        ],
        "guess": " · ".join(shown_value(guess.field, guess.value) for guess in line.guesses),
        "advice": [_note("", advice.code, None, advice.text, advice.fields) for advice in plan.advice],
    }
    return ShownRow(row.row, line.fate, plan.facts.code if plan.facts else row.code, said)


def changes_of(plan: PlannedRow, lines: Mapping[str, str]) -> dict[str, list[Field]]:
    """Old and new by field, product lines by name; a new product has no old ones."""
    if plan.stored is not None:
        return {
            name: [lines.get(str(one), one) for one in pair] if name == "line" else list(pair)
            for name, pair in plan.changes.items()
        }
    if plan.facts is None:
        return {}
    facts = {name: getattr(plan.facts, name) for name in LABELS if name not in _NOT_NEW and hasattr(plan.facts, name)}
    family = (
        {"line": lines.get(plan.family.line, plan.family.line), "producer_name": plan.family.producer_name}
        if plan.family
        else {}
    )
    return {name: [None, value] for name, value in {**facts, **family}.items() if value not in ("", None, NO_AGE)}


def _note(field: str, code: str, value: Field, text: str, fields: Mapping[str, Field], remedy: str = "") -> Note:
    return {"field": field, "code": code, "value": value, "text": text, "fields": dict(fields), "remedy": remedy}


@dataclass(frozen=True, slots=True)
class PreviewNote:
    """A remark on a row in the present language. ``column`` is its heading, ``value`` what was guessed."""

    field: str
    column: str
    value: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A row of the preview for a page; ``fate`` is new, changed, same, confirm or failed."""

    row: int
    fate: str
    code: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    """Column, old, new."""
    problems: tuple[PreviewNote, ...]
    guesses: tuple[PreviewNote, ...]
    advice: tuple[PreviewNote, ...]


def preview_lines(rows: Iterable[JobRow]) -> tuple[PreviewLine, ...]:
    """The rows an import left to look at, in the present language."""
    return tuple(map(_worded, rows))


def _worded(row: JobRow) -> PreviewLine:
    line: Any = row.said
    return PreviewLine(
        row=row.row,
        fate=row.fate,
        code=row.code,
        name=line.get("name", ""),
        changes=tuple(
            (_column(field), _value(field, before), _value(field, after))
            for field, (before, after) in line.get("changes", {}).items()
        ),
        problems=tuple(map(_worded_note, line.get("problems", ()))),
        guesses=tuple(map(_worded_note, line.get("guesses", ()))),
        advice=tuple(map(_worded_note, line.get("advice", ()))),
    )


def _worded_note(note: Note) -> PreviewNote:
    text, remedy = note["text"], note["remedy"]
    return PreviewNote(
        field=note["field"],
        column=_column(note["field"]),
        value=_value(note["field"], note["value"]),
        text=gettext(text) % note["fields"],
        remedy=gettext(remedy) if remedy else "",
    )


def _column(field: str) -> str:
    return gettext(LABELS[field]) if field in LABELS else field


def _value(field: str, value: Field) -> str:
    """As people write it: tenths of %vol as a strength, codes as their words."""
    if field == "aroma" and value in AROMA_NAMES:
        return gettext(AROMA_NAMES[Aroma(str(value))])
    if field in _WORDED and value in CHOICE_WORDS:
        return gettext(CHOICE_WORDS[str(value)])
    if field == "age_code" and value == NO_AGE:
        return ""
    if field == "abv_tenths" and isinstance(value, int):
        return f"{value // 10}.{value % 10}" if value % 10 else str(value // 10)
    return "" if value is None else str(value)

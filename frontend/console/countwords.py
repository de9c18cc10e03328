"""What somebody types, pastes or scans onto a sheet, read into figures."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.kernel.text import normalised
from dms.stock.selectors.counts import SheetLine

MOST_PASTED = 2_000
_QUANTITY = re.compile(
    r"(?:(?P<cases>\d{1,7})(?:箱|件|cs|cases?|ctn))?\+?(?:(?P<bottles>\d{1,8})(?:瓶|btl|bottles?))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A line somebody pasted: a code or barcode, how much, which batch. None of either: it could not be read."""

    place: int
    term: str
    cases: int | None
    bottles: int | None
    batch: str = ""

    @property
    def is_read(self) -> bool:
        """A product and a quantity were found."""
        return bool(self.term) and (self.cases is not None or self.bottles is not None)

    def total(self, per_case: int) -> int:
        """Bottles in all."""
        return (self.cases or 0) * per_case + (self.bottles or 0)


def pasted_lines(text: str, *, in_cases: bool) -> Iterator[Pasted]:
    """Lines of ``code, quantity[, batch]`` parted by tabs, commas or blanks; bare numbers are cases or bottles."""
    for place, line in enumerate(text.splitlines()[:MOST_PASTED], start=1):
        parts = [normalised(part) for part in re.split(r"[\t,;，；]", line)]
        if len(parts) == 1:
            parts = normalised(line).split(None, 2)
        if not any(parts):
            continue
        cases, bottles = quantity_of(parts[1] if len(parts) > 1 else "", in_cases=in_cases)
        yield Pasted(place, parts[0], cases, bottles, parts[2] if len(parts) > 2 else "")


def quantity_of(text: str, *, in_cases: bool) -> tuple[int | None, int | None]:
    """Cases and bottles of ``12``, ``12箱``, ``3瓶``, ``12箱+3瓶``; both None when it is no quantity."""
    words = text.replace(" ", "")
    if words.isascii() and words.isdigit() and len(words) <= 8:
        return (int(words), None) if in_cases else (None, int(words))
    found = _QUANTITY.fullmatch(words)
    if not words or found is None:
        return None, None
    cases, bottles = found["cases"], found["bottles"]
    return int(cases) if cases else None, int(bottles) if bottles else None


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of the sheet's form that somebody changed. ``bottles`` None: the figure was taken back."""

    line_id: int
    bottles: int | None
    seen: int | None
    reason: str
    unread: str = ""

    @property
    def is_number(self) -> bool:
        """Both figures could be read."""
        return not self.unread


def typed_lines(posted: Mapping[str, str], lines: Iterable[tuple[int, int]]) -> list[Typed]:
    """Of the lines (id, bottles a case) shown, those whose figure or reason differs from what was shown."""
    found = []
    for line_id, per_case in lines:
        if f"was-{line_id}" not in posted:
            continue
        seen = _whole(posted[f"was-{line_id}"])
        said = [normalised(posted.get(f"{name}-{line_id}", "")) for name in ("cases", "bottles")]
        figures = [_whole(word) for word in said]
        unread = next((word for word, figure in zip(said, figures, strict=True) if word and figure is None), "")
        bottles = (figures[0] or 0) * per_case + (figures[1] or 0) if any(said) else None
        reason = posted.get(f"reason-{line_id}", "")
        if unread or bottles != seen or reason != posted.get(f"said-{line_id}", ""):
            found.append(Typed(line_id, bottles, seen, reason, unread))
    return found


def _whole(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 9 else None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the sheet with what its inputs hold: what was typed and refused, else what stands there."""

    line: SheetLine
    cases: str
    bottles: str
    reason: str


def sheet_row(line: SheetLine, posted: Mapping[str, str]) -> SheetRow:
    """The row of ``line``; ``posted`` is empty unless the form came back."""
    if f"was-{line.line_id}" in posted:
        said = [posted.get(f"{name}-{line.line_id}", "") for name in ("cases", "bottles", "reason")]
        return SheetRow(line, *said)
    if line.counted is None:
        return SheetRow(line, "", "", line.reason)
    cases, bottles = divmod(line.counted, line.bottles_per_case)
    return SheetRow(line, str(cases) if cases else "", str(bottles) if bottles or not cases else "", line.reason)

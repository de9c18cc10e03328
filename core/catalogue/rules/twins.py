"""Which products may be one product entered twice, or entered wrongly (handbook of the trade, §13). Pure.

Every product is compared with those that share a key with it and with its neighbours by name, never with all: twenty
thousand products take less than a second.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from core.catalogue.rules.titles import ParsedTitle, parse_title

NEAR = 0.84
"""Likeness of two names from which somebody should look."""
_NEIGHBOURS = 3
_MOST_OF_ONE_KEY = 40
"""Products of one key that are compared with each other; more is a habit of the house, no slip."""


class Reason(StrEnum):
    """Why somebody should look."""

    BARCODE = "barcode"
    SAME_FACTS = "same_facts"
    NEAR_NAME = "near_name"
    AROMA = "aroma"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class TwinFacts:
    """What is compared of a SKU. ``abv_tenths`` tenths of %vol."""

    id: int
    code: str
    name: str
    spu_id: int
    aroma: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    age_code: str
    edition: str
    gtin13: str

    @property
    def pack(self) -> tuple[object, ...]:
        """What makes two SKUs of one name two products."""
        return (self.abv_tenths, self.volume_ml, self.bottles_per_case, self.age_code, self.edition)


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two products that may be one (or one alone, whose name says otherwise than its columns), and why."""

    first: int
    second: int | None
    reasons: tuple[Reason, ...]


def suspects(rows: Sequence[TwinFacts], apart: frozenset[tuple[int, int]] = frozenset()) -> list[Suspect]:
    """The surest first: by number of reasons, then in the order of ``rows``. ``apart``: pairs (small id, large id)."""
    titles = {row.id: parse_title(row.name) for row in rows}
    cores = {row.id: _core(titles[row.id].name) for row in rows}
    found: dict[tuple[int, int], set[Reason]] = defaultdict(set)
    for reason, one, other in _pairs(rows, cores):
        pair = (min(one.id, other.id), max(one.id, other.id))
        if one.id != other.id and pair not in apart:
            found[pair].add(reason)
    told = [Suspect(first, second, tuple(sorted(reasons))) for (first, second), reasons in found.items()]
    told += [Suspect(row.id, None, (Reason.TITLE,)) for row in rows if _says_otherwise(row, titles[row.id])]
    places = {row.id: place for place, row in enumerate(rows)}
    return sorted(told, key=lambda one: (-len(one.reasons), places[one.first]))


def _pairs(rows: Sequence[TwinFacts], cores: dict[int, str]) -> Iterator[tuple[Reason, TwinFacts, TwinFacts]]:
    """One bottle in two cases is no slip: the same barcode counts where the pack is the same, or the bottle is not."""
    for one, other in _within(rows, lambda row: row.gtin13):
        same_bottle = (one.abv_tenths, one.volume_ml) == (other.abv_tenths, other.volume_ml)
        if not same_bottle or one.pack == other.pack:
            yield Reason.BARCODE, one, other
    for one, other in _within(rows, lambda row: (row.spu_id, row.pack)):
        yield Reason.SAME_FACTS, one, other
    for one, other in _within(rows, lambda row: (cores[row.id], row.pack) if cores[row.id] else ""):
        yield Reason.SAME_FACTS, one, other
        if one.aroma != other.aroma:
            yield Reason.AROMA, one, other
    for one, other in _neighbours(rows, cores):
        if cores[one.id] == cores[other.id]:
            if one.aroma != other.aroma:
                yield Reason.AROMA, one, other
        elif one.pack == other.pack and SequenceMatcher(None, cores[one.id], cores[other.id]).ratio() >= NEAR:
            yield Reason.NEAR_NAME, one, other


def _within(rows: Sequence[TwinFacts], key: Callable[[TwinFacts], object]) -> Iterator[tuple[TwinFacts, TwinFacts]]:
    """Every two rows of one key that is not empty."""
    groups: dict[object, list[TwinFacts]] = defaultdict(list)
    for row in rows:
        if name := key(row):
            groups[name].append(row)
    for group in groups.values():
        few = group[:_MOST_OF_ONE_KEY]
        for place, one in enumerate(few):
            for other in few[place + 1 :]:
                yield one, other


def _neighbours(rows: Iterable[TwinFacts], cores: dict[int, str]) -> Iterator[tuple[TwinFacts, TwinFacts]]:
    """Rows that stand beside each other by name, read from the front and from the back."""
    named = [row for row in rows if cores[row.id]]
    for backwards in (False, True):
        step = -1 if backwards else 1
        ordered = sorted(named, key=lambda row: (cores[row.id][::step], row.pack, row.id))
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + _NEIGHBOURS]:
                yield one, other


def _core(name: str) -> str:
    """The name a title leaves, without what people write differently."""
    return "".join(filter(str.isalnum, name.casefold()))


def _says_otherwise(row: TwinFacts, said: ParsedTitle) -> bool:
    """Whether the name states another strength, volume or pack than the columns do."""
    unsure = {guess.field for guess in said.guesses}
    return any(
        (value := getattr(said, name)) is not None and name not in unsure and value != getattr(row, name)
        for name in ("abv_tenths", "volume_ml", "bottles_per_case")
    )

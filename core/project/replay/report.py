"""What a replay has to say about rows: held back, repaired, replaced."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What happened to a row."""

    HELD_BACK = "held back"
    UPC_RESTORED = "UPC restored"
    BARCODE_LEFT_OUT = "barcode left out"
    PRODUCT_REFUSED = "product refused"
    PLACEHOLDER_ITEM = "placeholder item"
    PLACEHOLDER_STORE = "placeholder store"
    MANUAL_PRICE = "manual price"


@dataclass(frozen=True, slots=True)
class RowNote:
    """A note on one row of a file; ``row`` 0: on a thing no row describes."""

    kind: Kind
    file: str
    row: int
    what: str
    why: str


@dataclass(slots=True)
class Report:
    """Everything noted, in the order it was found."""

    notes: list[RowNote] = field(default_factory=list)

    def note(self, kind: Kind, file: str, row: int, what: str, why: str) -> None:
        """One more note."""
        self.notes.append(RowNote(kind, file, row, what, why))

    def counts(self) -> Counter[str]:
        """How many notes of each kind."""
        return Counter(note.kind.value for note in self.notes)

    def of(self, *kinds: Kind) -> list[RowNote]:
        """The notes of these kinds."""
        return [note for note in self.notes if note.kind in kinds]

    def held_back_rows(self) -> frozenset[int]:
        """Rows of the orders file that were not replayed."""
        return frozenset(note.row for note in self.of(Kind.HELD_BACK))


def as_csv(notes: Iterable[RowNote]) -> Iterable[tuple[str, ...]]:
    """Headings and one row a note."""
    yield ("kind", "file", "row", "what", "why")
    for note in notes:
        yield (note.kind.value, note.file, str(note.row), note.what, note.why)

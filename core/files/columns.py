"""Columns of an imported table: import-export's resources and widgets with types, reading cells and writing nothing."""

from collections.abc import Mapping

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from core.files.tables import without_guard
from core.kernel.errors import DomainError

Cells = Mapping[str, str]


class Reading(Widget):
    """How one column's cells are read; ``clean`` raises a ``DomainError`` for what it cannot read."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # import-export ships no types


class Text(Reading):
    """A cell as it stands, without the apostrophe that keeps a spreadsheet from calculating."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The text."""
        return without_guard(value)


class Word(Reading):
    """A cell that is one of a few words, in whatever case; empty stays empty.

    ``words`` gives for each code, itself understood, what people write for it, parted by blanks; blanks inside a cell
    do not matter.
    """

    def __init__(self, words: Mapping[str, str], refusal: type[DomainError]) -> None:
        super().__init__()
        self.codes = {word: code for code, many in words.items() for word in (code.casefold(), *many.split())}
        self.refusal = refusal

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The code. Raises the refusal with the ``value``."""
        word = value.casefold().replace(" ", "")
        if word and word not in self.codes:
            raise self.refusal(value=value[:40])
        return str(self.codes.get(word, ""))


class Columns(Resource):
    """The columns of one kind of table."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self._readings = [(name, one.column_name, one.widget.clean) for name, one in self.fields.items()]

    def read(self, cells: Cells) -> tuple[dict[str, object], list[DomainError]]:
        """What the row says by the resource's field, and what could not be read of it, each with its field."""
        said: dict[str, object] = {}
        faults: list[DomainError] = []
        for name, heading, clean in self._readings:  # a field's own ``clean`` asks much that no column of ours has
            try:
                said[name] = clean(cells[heading], cells)
            except DomainError as fault:
                fault.field = name
                faults.append(fault)
        return said, faults


def column(name: str, reading: Reading) -> Field:
    """The field of a resource that reads the column found under ``name``."""
    return Field(column_name=name, widget=reading)

"""Rows a job could not take over, each with its reason and its remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from core.jobs.errors import CORRECT
from core.kernel.errors import DomainError, Field


class StoredFailure(TypedDict):
    """A failure as it stands in ``Job.failures``."""

    row: int
    code: str
    text: str
    fields: dict[str, Field]
    remedy: str


@dataclass(frozen=True, slots=True)
class RowFailure:
    """One row that failed. ``row`` is the line of the source file as a spreadsheet counts it; 0: the job as a whole.

    ``text`` and ``remedy`` are msgids with named places for ``fields``.
    """

    row: int
    code: str
    text: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    remedy: str = CORRECT

    @classmethod
    def of(cls, refusal: DomainError, *, row: int | None = None, remedy: str = CORRECT) -> "tuple[RowFailure, ...]":
        """Failures of a refusal: each fault on ``row``, or on its own line when none is given."""
        return tuple(
            cls(
                row=row if row is not None else fault.line or 0,
                code=fault.code,
                text=fault.text,
                fields=fault.fields,
                remedy=remedy,
            )
            for fault in refusal.problems()
        )


def stored(failures: Iterable[RowFailure]) -> list[StoredFailure]:
    """The failures as JSON."""
    return [
        {"row": one.row, "code": one.code, "text": one.text, "fields": dict(one.fields), "remedy": one.remedy}
        for one in failures
    ]

"""Rows a job could not take over, each with its reason and its remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from core.jobs.errors import CORRECT, CORRECT_AMOUNT
from core.kernel.errors import DomainError, Field
from core.kernel.money import NotMoney

NO_LABELS: Mapping[str, str] = {}
REMEDIES: Mapping[str, str] = {NotMoney.code: CORRECT_AMOUNT}
"""By code what mends a row, where more is known than that it is wrong."""


class StoredFailure(TypedDict):
    """A failure as it stands in ``Job.failures``."""

    row: int
    code: str
    text: str
    fields: dict[str, Field]
    remedy: str
    column: NotRequired[str]
    """Left out by jobs of an earlier day."""


@dataclass(frozen=True, slots=True)
class RowFailure:
    """One row that failed. ``row`` is the line of the source file as a spreadsheet counts it; 0: the job as a whole.

    ``text`` and ``remedy`` are msgids with named places for ``fields``; ``column`` is the msgid of the column at fault.
    """

    row: int
    code: str
    text: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    remedy: str = CORRECT
    column: str = ""

    @classmethod
    def of(
        cls,
        refusal: DomainError,
        *,
        row: int | None = None,
        remedy: str = CORRECT,
        labels: Mapping[str, str] = NO_LABELS,
    ) -> "tuple[RowFailure, ...]":
        """Failures of a refusal: each fault on ``row``, or on its own line when none is given.

        ``labels`` names the columns by field, so that the reader sees which cell is meant. Where nothing else is given,
        the remedy is the one for the fault.
        """
        return tuple(
            cls(
                row=row if row is not None else fault.line or 0,
                code=fault.code,
                text=fault.text,
                fields=fault.fields,
                remedy=REMEDIES.get(fault.code, remedy) if remedy == CORRECT else remedy,
                column=labels.get(fault.field or "", ""),
            )
            for fault in refusal.problems()
        )


def stored(failures: Iterable[RowFailure]) -> list[StoredFailure]:
    """The failures as JSON."""
    return [
        {
            "row": one.row,
            "code": one.code,
            "text": one.text,
            "fields": dict(one.fields),
            "remedy": one.remedy,
            "column": one.column,
        }
        for one in failures
    ]

"""A confirmed import held against what its preview showed: what changed since, nobody has looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.jobs.errors import ChangedSincePreview, RefusedInPreview
from core.jobs.mending import FAILED
from core.jobs.models import JobRow
from core.jobs.running import RunningJob
from core.kernel.errors import DomainError

_SAME = "same"


@dataclass(frozen=True, slots=True)
class Previewed:
    """What the preview said of one row: its fate, and old and new of each field it would change."""

    fate: str = _SAME
    changes: Mapping[str, Any] = field(default_factory=dict)

    def fault(self, changes: Mapping[str, Sequence[object]]) -> DomainError | None:
        """Why the row has to be looked at again; None where its ``changes``, old and new, begin where those shown did.

        That is ``RefusedInPreview`` or ``ChangedSincePreview``.
        """
        if self.fate == FAILED:
            return RefusedInPreview()
        for name, (old, _new) in changes.items():
            if name not in self.changes or self.changes[name][0] != old:
                return ChangedSincePreview(field=name)
        return None


def previewed(job: RunningJob, rows: Iterable[int]) -> Mapping[int, Previewed] | None:
    """What the preview of a confirmed run said of ``rows`` (numbers of the file); None for a run without a preview.

    A row the preview did not keep would have changed nothing.
    """
    if "dry_run" not in job.parameters:
        return None
    numbers = list(rows)
    kept = JobRow.objects.filter(job_id=job.parameters["dry_run"], row__in=numbers).values_list("row", "fate", "said")
    found = {row: Previewed(fate, said.get("changes", {})) for row, fate, said in kept}
    return {number: found.get(number, Previewed()) for number in numbers}

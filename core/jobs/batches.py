"""Imports by batch number: what was imported under a number is not imported again, whoever uploads it how often."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.files.models import StoredFile
from core.files.selectors import file_visible_to
from core.jobs import registry
from core.jobs.errors import BatchElsewhere, BatchInvalid, BatchTaken
from core.jobs.models import Job
from core.jobs.selectors import jobs_visible_to
from core.jobs.services import start
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.ids import uuid7
from core.kernel.text import normalised

MOST_SIGNS = 40
_NUMBER = re.compile(rf"[0-9A-Za-z.\-]{{1,{MOST_SIGNS}}}", re.ASCII)
_ABOUT = ("warehouse", "on")
"""Parameters that make another import of the same file."""
_UNDONE = (Job.Status.FAILED, Job.Status.CANCELLED)


def new_batch(now: datetime) -> str:
    """A number nobody has: the business day and six signs."""
    return f"{clock.business_day(now):%Y%m%d}-{uuid7().hex[-6:].upper()}"


def batch_number(given: str) -> str:
    """The number as it is kept, in capitals; a new one for nothing. Raises ``BatchInvalid``."""
    said = normalised(given).upper()
    if not said:
        return new_batch(clock.now())
    if not _NUMBER.fullmatch(said):
        raise BatchInvalid(field="batch", most=MOST_SIGNS)
    return said


def start_batch(
    *, actor: Actor, kind: str, batch: str, parameters: Mapping[str, Any], source_file_id: UUID
) -> tuple[Job, bool]:
    """The dry run of a file under a batch number; or what was done with this very file before, and then true.

    A run that failed or was stopped may be begun again; rows that a run refused (its ``failed``) come in under a new
    number. Raises ``NotPermitted``, ``BatchInvalid``, ``BatchTaken`` where another file, or the same for another
    warehouse or day, was imported under the number, ``BatchElsewhere`` where somebody did so whose runs the actor may
    not look at, and what ``start`` raises.
    """
    number = batch_number(batch)
    actor.require(registry.kind(kind).permission)
    given = file_visible_to(actor, source_file_id)
    earlier = _earlier(actor, kind, number)
    if earlier is None:
        named = {**parameters, "batch": number}
        job = start(actor=actor, kind=kind, parameters=named, source_file_id=source_file_id, is_dry_run=True)
        return job, False
    if not jobs_visible_to(actor).filter(pk=earlier.pk).exists():
        raise BatchElsewhere(field="batch", batch=number)
    source = (
        StoredFile.objects.filter(pk=earlier.source_file_id) if earlier.source_file_id else StoredFile.objects.none()
    )
    before = source.values_list("sha256", flat=True).first()
    if before != given.sha256 or any(earlier.parameters.get(name) != parameters.get(name) for name in _ABOUT):
        raise BatchTaken(field="batch", batch=number, file=str(earlier.parameters.get("file_name", ""))[:80])
    return earlier, True


def _earlier(actor: Actor, kind: str, number: str) -> Job | None:
    """The first run for real under this number in the actor's house, whoever began it."""
    real = Job.objects.filter(dealer_id=actor.dealer_id, kind=kind, is_dry_run=False, parameters__batch=number)
    return real.exclude(status__in=_UNDONE).order_by("created_at", "id").first()

"""Questions about jobs: those of one's own dealer or brand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from core.jobs.failures import StoredFailure
from core.jobs.models import Job
from core.jobs.permissions import Permission
from core.kernel.actor import Actor
from core.kernel.errors import Field, Missing

QUEUED_TOO_LONG = timedelta(minutes=1)
SILENT_TOO_LONG = timedelta(minutes=3)
MOST_RUNS = 10


@dataclass(frozen=True, slots=True)
class FailureLine:
    """A failed row in the present language; ``text`` names the column at fault first."""

    row: int
    code: str
    text: str
    remedy: str


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """The newest first: one's own, and with the right to read jobs all of one's dealer (or brand).

    A limited seat sees its own alone: what others import and export may hold rows from anywhere.
    """
    own = Job.objects.filter(dealer_id=actor.dealer_id).order_by("-created_at", "-id")
    return own if actor.can(Permission.READ) and not actor.scope.is_limited else own.filter(seat_id=actor.seat_id)


def job(actor: Actor, job_id: UUID) -> Job:
    """One job. Raises ``Missing`` for a stranger's and for none alike."""
    found = jobs_visible_to(actor).filter(pk=job_id).first()
    if found is None:
        raise Missing
    return found


def failure_lines(found: Job, limit: int | None = None) -> list[FailureLine]:
    """The rows that failed, in the present language, by row."""
    failures: list[StoredFailure] = sorted(found.failures, key=lambda failure: failure["row"])
    return [
        FailureLine(
            row=failure["row"],
            code=failure["code"],
            text=in_column(failure.get("column", ""), _said(failure["text"], failure["fields"])),
            remedy=_said(failure["remedy"], failure["fields"]),
        )
        for failure in failures[:limit]
    ]


def in_column(column: str, text: str) -> str:
    """``text`` with the column it speaks of in front; ``column`` is its msgid, empty: the row as a whole."""
    return gettext("%(column)s: %(text)s") % {"column": gettext(column), "text": text} if column else text


def orphans(now: datetime) -> QuerySet[Job]:
    """Jobs nobody works on: the broker was away when they were started, or their worker died."""
    forgotten = Q(status=Job.Status.QUEUED, created_at__lt=now - QUEUED_TOO_LONG)
    left = Q(status=Job.Status.RUNNING, heartbeat_at__lt=now - SILENT_TOO_LONG)
    return Job.objects.filter(forgotten | left)


def _said(msgid: str, fields: Mapping[str, Field]) -> str:
    words = gettext(msgid) if msgid else ""  # the empty msgid is a catalogue's own header
    return words % fields if fields else words


def counts_by_status(*, failed_since: datetime) -> dict[str, int]:
    """How many jobs of the present schema are queued, run, and have failed since; for the figures. One query."""
    going = Q(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    failed = Q(status=Job.Status.FAILED, finished_at__gte=failed_since)
    return dict(Job.objects.filter(going | failed).values_list("status").annotate(Count("pk")).order_by())

"""Questions about jobs: those of one's own dealer or brand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from core.jobs import registry
from core.jobs.failures import StoredFailure
from core.jobs.models import Job, JobRow
from core.jobs.permissions import Permission
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Field, Missing
from core.tasks.workers import SILENCE, is_silent, last_seen

QUEUED_TOO_LONG = timedelta(minutes=1)
SILENT_TOO_LONG = timedelta(minutes=3)
MOST_RUNS = 10
EXPORTS = "lists."
"""Kinds of the lists that are taken out begin so."""
PATIENCE = timedelta(seconds=30)
"""How long a job may wait before its page asks whether anybody is at work."""


@dataclass(frozen=True, slots=True)
class FailureLine:
    """A failed row in the present language; ``text`` names the column at fault first."""

    row: int
    code: str
    text: str
    remedy: str


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """The newest first: one's own, and with the right to read jobs those of one's house one could have started.

    What a job read and made is as secret as the right to start it; a program's token has no more than its codes, also
    of its seat's own. A limited seat sees its own alone: what others import and export may hold rows from anywhere.
    """
    open_kinds = Q(kind__in=registry.kinds_open_to(actor))
    own = Q(seat_id=actor.seat_id) if actor.token_id is None else Q(seat_id=actor.seat_id) & open_kinds
    house = Job.objects.filter(dealer_id=actor.dealer_id).order_by("-created_at", "-id")
    if actor.can(Permission.READ) and not actor.scope.is_limited:
        return house.filter(own | open_kinds)
    return house.filter(own)


def job(actor: Actor, job_id: UUID) -> Job:
    """One job. Raises ``Missing`` for a stranger's and for none alike."""
    found = jobs_visible_to(actor).filter(pk=job_id).first()
    if found is None:
        raise Missing
    return found


def runs_of(previews: Iterable[Job]) -> dict[UUID, UUID]:
    """The run that was started for each preview somebody has confirmed, by the preview. One query, or none."""
    asked = [str(one.pk) for one in previews if one.is_preview]
    if not asked:
        return {}
    found = Job.objects.filter(parameters__dry_run__in=asked).values_list("parameters__dry_run", "pk")
    return {UUID(preview): run for preview, run in found}


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


def unanswered_since(found: Job) -> datetime | None:
    """Since when no worker has answered while this job waits for one; None while all is well, or it is over."""
    now = clock.now()
    is_queued = found.status == Job.Status.QUEUED and now - found.created_at > PATIENCE
    heard = found.heartbeat_at or found.created_at
    is_left = found.status == Job.Status.RUNNING and now - heard > 2 * SILENCE
    if not (is_queued or is_left):
        return None
    seen = last_seen()
    return (seen or heard) if is_silent(seen) else None


def _said(msgid: str, fields: Mapping[str, Field]) -> str:
    words = gettext(msgid) if msgid else ""  # the empty msgid is a catalogue's own header
    return words % fields if fields else words


def counts_by_status(*, failed_since: datetime) -> dict[str, int]:
    """How many jobs of the present schema are queued, run, and have failed since; for the figures. One query."""
    going = Q(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    failed = Q(status=Job.Status.FAILED, finished_at__gte=failed_since)
    return dict(Job.objects.filter(going | failed).values_list("status").annotate(Count("pk")).order_by())


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a list of jobs is narrowed to; empty is not at all. ``sort``: ``import`` or ``export``."""

    status: str = ""
    sort: str = ""
    only_mine: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "JobFilter":
        """Read ``?status= &what= &mine=``; what is unknown is left aside."""
        status, sort = params.get("status", ""), params.get("what", "")
        return cls(
            status=status if status in Job.Status.values else "",
            sort=sort if sort in ("import", "export") else "",
            only_mine=params.get("mine", "") == "1",
        )


def job_rows(actor: Actor, asked: JobFilter) -> QuerySet[Job]:
    """The jobs a list shows, the newest first."""
    rows = jobs_visible_to(actor)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.sort:
        exports = Q(kind__startswith=EXPORTS)
        rows = rows.filter(exports if asked.sort == "export" else ~exports)
    return rows.filter(seat_id=actor.seat_id) if asked.only_mine else rows


def own_going(actor: Actor, limit: int = 5) -> list[Job]:
    """What the actor's own seat has under way, the newest first: to be found again from any page. One query."""
    going = Job.objects.filter(seat_id=actor.seat_id, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    return list(going.order_by("-created_at")[:limit])


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What the rows of a preview are narrowed to; empty is not at all."""

    fate: str = ""
    text: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "RowFilter":
        """Read ``?fate= &q=``."""
        return cls(params.get("fate", "")[:10], params.get("q", "").strip()[:80])


def shown_rows(found: Job, asked: RowFilter) -> QuerySet[JobRow]:
    """The rows a job left to be looked at, in the file's order; the caller has checked that the actor may see it."""
    rows = JobRow.objects.filter(job=found).order_by("row", "pk")
    if asked.fate:
        rows = rows.filter(fate=asked.fate)
    return rows.filter(code__icontains=asked.text) if asked.text else rows

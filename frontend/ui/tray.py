"""The tray in the head of a page: the seat's own long acts that run, or have ended a moment ago."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from core.jobs.models import Job
from core.jobs.selectors import jobs_visible_to
from core.kernel import clock
from core.kernel.actor import Actor

LATELY = timedelta(minutes=10)
MOST = 5
GOING = (Job.Status.QUEUED, Job.Status.RUNNING)
NO_MORE_ASKING = 286
"""What htmx takes as: stop polling."""


@dataclass(frozen=True, slots=True)
class TrayJob:
    """A long act as the tray shows it."""

    title: str
    url: str
    status: str
    done: int
    total: int
    failed: int
    is_going: bool


def tray_jobs(actor: Actor, title: Callable[[str], str], url: Callable[[UUID], str]) -> Sequence[TrayJob]:
    """One's own long acts that run or ended within ten minutes, the newest first. One statement.

    ``title`` words a kind of job, ``url`` is the page of one.
    """
    lately = Q(status__in=GOING) | Q(finished_at__gte=clock.now() - LATELY)
    own = jobs_visible_to(actor).filter(lately, seat_id=actor.seat_id)
    return [
        TrayJob(title(job.kind), url(job.pk), _status(job), job.done, job.total, job.failed, job.status in GOING)
        for job in own.defer("failures", "parameters")[:MOST]
    ]


def _status(job: Job) -> str:
    return "PREVIEW" if job.is_preview else job.status


def asking_again(tray: Sequence[TrayJob]) -> int:
    """The status under which the tray alone answers: once nothing runs, nobody asks any more."""
    return 200 if any(job.is_going for job in tray) else NO_MORE_ASKING

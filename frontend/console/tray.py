"""The tray in the head of every page: the seat's own long acts that run, or have ended a moment ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from core.jobs.models import Job
from core.jobs.selectors import jobs_visible_to
from core.kernel import clock
from core.kernel.actor import Actor
from frontend.console.longacts import kind_words

LATELY = timedelta(minutes=10)
MOST = 5
GOING = (Job.Status.QUEUED, Job.Status.RUNNING)


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


def tray_of(actor: Actor) -> Sequence[TrayJob]:
    """One's own long acts that run or ended within ten minutes, the newest first. One statement."""
    lately = Q(status__in=GOING) | Q(finished_at__gte=clock.now() - LATELY)
    own = jobs_visible_to(actor).filter(lately, seat_id=actor.seat_id)
    return [
        TrayJob(
            kind_words(job.kind),
            reverse("console:job", args=[job.pk]),
            job.status,
            job.done,
            job.total,
            job.failed,
            job.status in GOING,
        )
        for job in own.defer("failures", "result", "parameters")[:MOST]
    ]

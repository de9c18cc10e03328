"""Starting, running, finding again and cancelling long acts."""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from core.db import sql
from core.db.acts import act
from core.events import broker
from core.files.selectors import file_visible_to
from core.jobs import registry
from core.jobs.errors import ASK_ADMIN, TELL_SUPPORT, AlreadyOver, Broken, GivenUp, PreviewGone, SeatClosed, TooManyJobs
from core.jobs.failures import RowFailure, stored
from core.jobs.mending import failure_file
from core.jobs.models import Job, JobRow
from core.jobs.running import HandedBack, NoLongerOurs, RunningJob
from core.jobs.selectors import MOST_RUNS, SILENT_TOO_LONG, jobs_visible_to, orphans
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Busy, DomainError, Missing, NotPermitted, ReadOnlyPortal
from core.tasks.actors import actor_of_seat
from core.web import logs
from core.web.throttling import Throttle

log = logging.getLogger(__name__)

RUN_TASK = "core.jobs.tasks.run"
STARTS = Throttle("jobs.start", limit=30, window_s=600)
"""By seat."""
STARTS_OF_ALL = Throttle("jobs.start-brand", limit=120, window_s=600)
"""By schema: one brand's people together."""
PREVIEW_KEPT = timedelta(days=30)
_GOING = [Job.Status.QUEUED, Job.Status.RUNNING]

_TAKE_UP = """
UPDATE jobs_job SET status = 'RUNNING', runs = runs + 1, started_at = coalesce(started_at, %(now)s),
                    heartbeat_at = %(now)s
WHERE id = %(id)s AND runs < %(most)s
  AND (status = 'QUEUED' OR (status = 'RUNNING' AND heartbeat_at < %(silent_since)s))
"""


def start(
    *,
    actor: Actor,
    kind: str,
    parameters: Mapping[str, Any],
    source_file_id: UUID | None = None,
    is_dry_run: bool = False,
) -> Job:
    """Start a long act; it is queued after the commit, and found by the sweep when the broker is away.

    Raises ``NotPermitted`` without the kind's permission, ``Missing`` when the source file is not the actor's, and
    ``TooManyJobs``.
    """
    _require(actor, kind)
    count_start(actor)
    with act():
        if source_file_id is not None:
            file_visible_to(actor, source_file_id)
        return _queued(actor, kind, parameters, source_file_id, is_dry_run=is_dry_run)


def _require(actor: Actor, kind: str) -> None:
    known = registry.kind(kind)
    actor.require(known.permission, writes=known.writes)


def count_start(actor: Actor) -> None:
    """Count a job the actor is about to start; before any act. Raises ``TooManyJobs``: workers are everybody's."""
    for throttle, key in ((STARTS, f"{actor.brand_schema} {actor.seat_id}"), (STARTS_OF_ALL, actor.brand_schema)):
        if wait_s := throttle.try_once(key):
            raise TooManyJobs(minutes=-(-wait_s // 60))


def begin(
    *,
    actor: Actor,
    kind: str,
    parameters: Mapping[str, Any],
    source_file_id: UUID | None = None,
    is_dry_run: bool = False,
) -> Job:
    """``start`` inside the caller's act: what the job is about and the job stand together, or not at all.

    ``source_file_id`` is a file of the same act. Raises ``NotPermitted``.
    """
    _require(actor, kind)
    return _queued(actor, kind, parameters, source_file_id, is_dry_run=is_dry_run)


def begin_once(*, actor: Actor, kind: str, parameters: Mapping[str, Any]) -> Job:
    """``begin``, or the job that does just this already: asked again, nothing is done twice.

    The caller's act holds a lock on what the job is about. Raises ``NotPermitted``.
    """
    _require(actor, kind)
    going = Job.objects.filter(kind=kind, parameters=dict(parameters), status__in=_GOING).order_by("created_at")
    return going.first() or begin(actor=actor, kind=kind, parameters=parameters)


def going_like(*, actor: Actor, kind: str, parameters: Mapping[str, Any]) -> Job | None:
    """The actor's own job under way that does just this: a second click asks for nothing new."""
    own = Job.objects.filter(seat_id=actor.seat_id, kind=kind, status__in=_GOING)
    return own.filter(parameters=dict(parameters)).order_by("created_at").first()


def confirm(*, actor: Actor, job_id: UUID, agreed: Iterable[int] = (), agrees_to_all: bool = False) -> Job:
    """Do for real, once, what a finished dry run showed, with the same file; the run that was started for it before.

    Rows it was in doubt about (fate ``confirm``) are left out but for ``agreed``, row numbers of the file, or
    all of them where the person ``agrees_to_all``.

    Raises ``NotPermitted``, ``TooManyJobs``, ``PreviewGone``, and ``Missing`` for what is no finished dry run of the
    actor's.
    """
    count_start(actor)
    with act():
        over = jobs_visible_to(actor).filter(is_dry_run=True, status__in=[Job.Status.DONE, Job.Status.DONE_WITH_ERRORS])
        tried = over.select_for_update().filter(pk=job_id).first()
        if tried is None:
            raise Missing
        _require(actor, tried.kind)
        earlier = Job.objects.filter(dealer_id=tried.dealer_id, parameters__dry_run=str(job_id)).first()
        if earlier is None and (tried.finished_at or tried.created_at) < clock.now() - PREVIEW_KEPT:
            raise PreviewGone(days=PREVIEW_KEPT.days)
        said: dict[str, Any] = {"accept_guesses": True} if agrees_to_all else _answers(agreed)
        parameters = {**tried.parameters, "confirmed": True, **said, "dry_run": str(job_id)}
        return earlier or _queued(actor, tried.kind, parameters, tried.source_file_id, is_dry_run=False)


def _answers(agreed: Iterable[int]) -> dict[str, Any]:
    answers = {str(row): True for row in agreed}
    return {"answers": answers} if answers else {}


def _queued(
    actor: Actor, kind: str, parameters: Mapping[str, Any], source_file_id: UUID | None, *, is_dry_run: bool
) -> Job:
    started = Job.objects.create(
        kind=kind,
        seat_id=actor.seat_id,
        person_id=actor.person_id,
        dealer_id=actor.dealer_id,
        parameters=dict(parameters),
        source_file_id=source_file_id,
        is_dry_run=is_dry_run,
        created_at=clock.now(),
    )
    transaction.on_commit(partial(broker.send, RUN_TASK, str(started.pk)), robust=True)
    return started


def cancel(*, actor: Actor, job_id: UUID) -> None:
    """Stop a job after its present batch; what is done stays done. Raises ``Missing``, ``AlreadyOver``."""
    with act():
        found = jobs_visible_to(actor).select_for_update().filter(pk=job_id).first()
        if found is None:
            raise Missing
        _require(actor, found.kind)
        if found.status not in _GOING:
            raise AlreadyOver
        found.status, found.finished_at = Job.Status.CANCELLED, clock.now()
        found.save(update_fields=["status", "finished_at"])


def run(job_id: UUID) -> None:
    """Take a job up and do it for whoever started it; nothing when another worker is at it or it is over."""
    if not _taken_up(job_id):
        return
    job = RunningJob.of(Job.objects.get(pk=job_id))
    try:
        _do(job)
        _finish(job)
    except NoLongerOurs:
        log.info("job %s is no longer ours", job_id)
    except HandedBack:
        _hand_back(job)
    except Busy:
        Job.objects.filter(pk=job_id, runs=job.run, status=Job.Status.RUNNING).update(status=Job.Status.QUEUED)
    except (NotPermitted, ReadOnlyPortal, SeatClosed) as refusal:
        _fail(job, refusal, remedy=ASK_ADMIN)
    except DomainError as refusal:
        _fail(job, refusal, remedy="")
    except Exception:
        log.exception("job %s of kind %s broke", job_id, job.kind)
        _fail(job, Broken(), remedy=TELL_SUPPORT)


def adopt_orphans() -> int:
    """Queue the present schema's jobs that nobody works on; how many. Those that killed every worker are given up."""
    now = clock.now()
    found = list(orphans(now).values_list("pk", "runs"))
    for job_id, runs in found:
        if runs >= MOST_RUNS:
            _give_up(job_id)
        else:
            broker.send(RUN_TASK, str(job_id), expires_s=60)
    return len(found)


def forget_previews() -> int:
    """Drop the rows that imports of more than a month ago left to be looked at; how many."""
    long_ago = clock.now() - PREVIEW_KEPT
    return JobRow.objects.filter(job__finished_at__lt=long_ago).delete()[0]


def _taken_up(job_id: UUID) -> bool:
    now = clock.now()
    facts = {"id": job_id, "now": now, "silent_since": now - SILENT_TOO_LONG, "most": MOST_RUNS}
    return sql.execute(_TAKE_UP, facts) > 0


def _do(job: RunningJob) -> None:
    doer = registry.kind(job.kind)
    seat_id = Job.objects.values_list("seat_id", flat=True).get(pk=job.id)
    actor = actor_of_seat(seat_id) if seat_id else None
    if actor is None:
        raise SeatClosed
    actor.require(doer.permission, writes=doer.writes)
    token = logs.seat.set(str(actor.seat_id))
    try:
        doer.call(job, actor)
    finally:
        logs.seat.reset(token)


def _finish(job: RunningJob) -> None:
    row = Job.objects.get(pk=job.id)
    result_file_id = job.result_file_id or (failure_file(row, job.head_row) if row.failures else None)
    with act():
        ours = Job.objects.filter(pk=job.id, runs=job.run, status=Job.Status.RUNNING)
        ended = ours.update(
            status=Job.Status.DONE_WITH_ERRORS if row.failed else Job.Status.DONE,
            result={**row.result, **job.outcome},
            result_file_id=result_file_id,
            finished_at=clock.now(),
        )
    if not ended:
        raise NoLongerOurs


def _hand_back(job: RunningJob) -> None:
    """Queue the job for another worker, which goes on at its cursor."""
    log.info("job %s is handed back at row %d", job.id, job.cursor)
    if Job.objects.filter(pk=job.id, runs=job.run, status=Job.Status.RUNNING).update(status=Job.Status.QUEUED):
        broker.send(RUN_TASK, str(job.id))


def _fail(job: RunningJob, refusal: DomainError, *, remedy: str) -> None:
    failures = stored(RowFailure.of(refusal, remedy=remedy))
    with act():
        row = Job.objects.select_for_update().filter(pk=job.id, runs=job.run, status=Job.Status.RUNNING).first()
        if row is not None:
            row.status, row.finished_at = Job.Status.FAILED, clock.now()
            row.failures = [*row.failures, *failures]
            row.save(update_fields=["status", "finished_at", "failures"])


def _give_up(job_id: UUID) -> None:
    with act():
        row = Job.objects.select_for_update().filter(pk=job_id, status__in=_GOING).first()
        if row is not None:
            row.status, row.finished_at = Job.Status.FAILED, clock.now()
            row.failures = [*row.failures, *stored(RowFailure.of(GivenUp(), remedy=TELL_SUPPORT))]
            row.save(update_fields=["status", "finished_at", "failures"])

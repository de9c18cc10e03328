"""A long act from start to end, and through the death of its worker."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.events import broker
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.selectors import open_file
from core.files.services import store
from core.jobs import registry, running, services
from core.jobs.errors import CORRECT, AlreadyOver
from core.jobs.models import Job
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.jobs.selectors import MOST_RUNS, failure_lines, job, jobs_visible_to
from core.jobs.services import adopt_orphans, cancel, confirm, run, start
from core.jobs.tasks import adopt_orphans as adopt_everywhere
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Busy, DomainError, Missing, NotPermitted, Refusal
from core.web import logs
from tests.core.actors import an_actor
from tests.core.files import samples
from tests.portals import TestPortal

KIND = "testing.count"
ADMIN = an_actor("周海棠", "testing.count", "files.upload", "jobs.read")
CLERK = an_actor("李敏", "testing.count")
BUYER = an_actor("王强", "testing.count", dealer_id=7)
Does = Callable[[RunningJob, Actor], None]


@contextmanager
def _doing(does: Does) -> Iterator[None]:
    job_kind(KIND, permission="testing.count")(does)
    try:
        yield
    finally:
        del registry._kinds[KIND]


@pytest.fixture(autouse=True)
def seats(monkeypatch: pytest.MonkeyPatch) -> dict[object, Actor]:
    """The seats a worker finds; a test may close one."""
    known: dict[object, Actor] = {actor.seat_id: actor for actor in (ADMIN, CLERK, BUYER)}
    monkeypatch.setattr(services, "actor_of_seat", known.get)
    return known


def _started(actor: Actor = ADMIN, **choice: object) -> Job:
    return start(actor=actor, kind=KIND, parameters={"rows": 5}, **choice)  # type: ignore[arg-type]  # start's own names


def test_a_job_runs_after_the_commit_and_is_done(
    xinghe: TestPortal, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def count(job: RunningJob, actor: Actor) -> None:
        assert logs.seat.get() == str(actor.seat_id)
        job.expect(job.parameters["rows"])
        job.report(done=3)
        job.report(done=2)
        job.finish({"created": 5})

    with _doing(count):
        with django_capture_on_commit_callbacks(execute=True):
            started = _started()
            assert Job.objects.get().status == Job.Status.QUEUED
        done = Job.objects.get(pk=started.pk)
    assert (done.status, done.total, done.done, done.failed, done.cursor) == ("DONE", 5, 5, 0, 5)
    assert (done.result, done.failures, done.result_file_id) == ({"created": 5}, [], None)
    assert done.started_at and done.heartbeat_at and done.finished_at
    assert logs.seat.get() == "-"


def test_with_the_broker_away_the_job_waits_and_the_sweep_starts_it(
    xinghe: TestPortal,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with _doing(lambda job, _actor: job.report(done=1)):
        with monkeypatch.context() as away, django_capture_on_commit_callbacks(execute=True):
            away.setattr(broker, "send", lambda *_arguments, **_options: False)
            started = _started()
        assert adopt_orphans() == 0, "it may still be on its way"
        Job.objects.update(created_at=clock.now() - timedelta(minutes=2))
        adopt_everywhere()
        assert job(ADMIN, started.pk).status == Job.Status.DONE


def test_a_killed_worker_s_job_goes_on_at_its_cursor(xinghe: TestPortal) -> None:
    skipped: list[int] = []

    class Killed(BaseException):
        """What a kill looks like from inside: nothing is caught, nothing is tidied."""

    def count(job: RunningJob, _actor: Actor) -> None:
        skipped.append(job.cursor)
        job.report(done=1000)
        if len(skipped) == 1:
            raise Killed
        job.report(done=500)

    with _doing(count):
        started = _started()
        with pytest.raises(Killed):
            run(started.pk)
        left = Job.objects.get()
        assert (left.status, left.done, left.cursor) == ("RUNNING", 1000, 1000)
        run(started.pk)
        assert skipped == [0], "its heartbeat is young: nobody else takes it up"
        assert adopt_orphans() == 0
        Job.objects.update(heartbeat_at=clock.now() - timedelta(minutes=4))
        assert adopt_orphans() == 1
    done = Job.objects.get()
    assert skipped == [0, 1000]
    assert (done.status, done.done, done.cursor, done.runs) == ("DONE", 2500, 2500, 2)


def test_a_worker_thought_dead_may_not_report_any_more(xinghe: TestPortal) -> None:
    def count(job: RunningJob, _actor: Actor) -> None:
        Job.objects.update(runs=9)
        job.report(done=1)
        raise AssertionError("the report must have stopped this worker")

    with _doing(count):
        run(_started().pk)
    left = Job.objects.get()
    assert (left.status, left.done) == ("RUNNING", 0)


def test_a_job_that_kills_every_worker_is_given_up(xinghe: TestPortal) -> None:
    with _doing(lambda _job, _actor: None):
        started = _started()
        Job.objects.update(status="RUNNING", runs=MOST_RUNS, heartbeat_at=clock.now() - timedelta(hours=1))
        run(started.pk)
        assert Job.objects.get().status == "RUNNING", "nobody takes it up any more"
        adopt_orphans()
    assert Job.objects.get().status == Job.Status.FAILED
    assert [line.code for line in failure_lines(Job.objects.get())] == ["jobs.given_up"]


def test_rows_that_fail_are_kept_with_reason_and_remedy_and_as_a_table(xinghe: TestPortal) -> None:
    def count(job: RunningJob, _actor: Actor) -> None:
        unknown = RowFailure(row=4, code="row.unknown", text="No product %(code)s.", fields={"code": "=1+1"})
        twice = Refusal([DomainError(code="a", line=2), DomainError(code="b", line=2)])
        job.report(done=3, failures=[unknown])
        job.report(done=1, failures=RowFailure.of(twice))

    with _doing(count):
        run(_started().pk)
    done = Job.objects.get()
    assert (done.status, done.done, done.failed, done.cursor) == ("DONE_WITH_ERRORS", 4, 2, 6)
    assert [(line.row, line.code) for line in failure_lines(done)] == [(2, "a"), (2, "b"), (4, "row.unknown")]
    with override("en"):
        assert failure_lines(done)[2].text == "No product =1+1."
        assert failure_lines(done)[2].remedy == CORRECT
    assert done.result_file_id
    stored = StoredFile.objects.get(pk=done.result_file_id)
    assert (stored.dealer_id, stored.visibility, stored.content_type) == (ADMIN.dealer_id, "PRIVATE", "text/csv")
    with open_file(stored) as content:
        table = list(csv.reader(io.StringIO(content.read().decode("utf-8-sig"))))
    assert table[0] == ["行号", "原因", "处理办法", "错误代码"]
    assert [line[0] for line in table[1:]] == ["2", "2", "4"]


def test_more_failures_than_are_kept_are_still_counted(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_FAILURES", 3)

    def count(job: RunningJob, _actor: Actor) -> None:
        for batch in range(4):
            job.report(failures=[RowFailure(row=batch * 2 + place, code="x", text="x") for place in (0, 1)])

    with _doing(count):
        run(_started().pk)
    done = Job.objects.get()
    assert (done.failed, len(done.failures)) == (8, 4)


def test_a_report_is_one_statement(xinghe: TestPortal) -> None:
    asked: list[int] = []

    def count(job: RunningJob, _actor: Actor) -> None:
        with CaptureQueriesContext(connection) as queries:
            job.report(done=1, failures=[RowFailure(row=1, code="x", text="x")])
        asked.append(len(queries))

    with _doing(count):
        run(_started().pk)
    assert asked == [1]


def test_rights_are_those_of_the_moment_it_runs(xinghe: TestPortal, seats: dict[object, Actor]) -> None:
    with _doing(lambda _job, _actor: pytest.fail("must not run")):
        without, closed = _started(CLERK), _started(BUYER)
        seats[CLERK.seat_id] = an_actor("李敏")
        del seats[BUYER.seat_id]
        run(without.pk)
        run(closed.pk)
    codes = {row.pk: [line.code for line in failure_lines(row)] for row in Job.objects.all()}
    assert codes == {without.pk: ["actor.not_permitted"], closed.pk: ["jobs.seat_closed"]}
    assert set(Job.objects.values_list("status", flat=True)) == {"FAILED"}


def test_a_refusal_of_the_whole_job_is_its_failure(xinghe: TestPortal) -> None:
    def refuse(_job: RunningJob, _actor: Actor) -> None:
        raise DomainError("The column %(name)s is missing.", code="import.column_missing", name="编码")

    with _doing(refuse):
        run(_started().pk)
    failed = Job.objects.get()
    assert failed.status == Job.Status.FAILED
    with override("en"):
        line = failure_lines(failed)[0]
    assert (line.row, line.text, line.remedy) == (0, "The column 编码 is missing.", "")


def test_a_bug_fails_the_job_and_keeps_what_was_done(xinghe: TestPortal) -> None:
    def breaks(job: RunningJob, _actor: Actor) -> None:
        job.report(done=2)
        raise ZeroDivisionError

    with _doing(breaks):
        run(_started().pk)
    failed = Job.objects.get()
    assert (failed.status, failed.done) == ("FAILED", 2)
    assert [line.code for line in failure_lines(failed)] == ["jobs.broken"]


def test_a_busy_database_puts_the_job_back(xinghe: TestPortal) -> None:
    def busy(_job: RunningJob, _actor: Actor) -> None:
        raise Busy

    with _doing(busy):
        run(_started().pk)
    assert Job.objects.get().status == Job.Status.QUEUED


def test_refuses_to_start_without_the_permission_or_with_a_stranger_s_file(xinghe: TestPortal) -> None:
    upload = store(actor=ADMIN, upload=io.BytesIO(samples.table()), name="a.csv", purpose=Purpose.IMPORT)
    with _doing(lambda _job, _actor: None):
        with pytest.raises(NotPermitted):
            _started(an_actor("林"))
        with pytest.raises(Missing):
            _started(BUYER, source_file_id=upload.pk)
    assert not Job.objects.exists()


def test_the_source_is_read_and_a_dry_run_knows_it_is_one(xinghe: TestPortal) -> None:
    read: list[object] = []

    def look(job: RunningJob, _actor: Actor) -> None:
        with job.source() as source:
            read.append((source.read(), job.is_dry_run))

    upload = store(actor=ADMIN, upload=io.BytesIO(samples.table()), name="a.csv", purpose=Purpose.IMPORT)
    with _doing(look):
        run(_started(source_file_id=upload.pk, is_dry_run=True).pk)
    assert read == [(samples.table(), True)]


def test_a_cancelled_job_stops_after_its_batch(xinghe: TestPortal) -> None:
    def count(job: RunningJob, actor: Actor) -> None:
        job.report(done=10)
        cancel(actor=actor, job_id=job.id)
        job.report(done=10)
        raise AssertionError("the report must have stopped this worker")

    with _doing(count):
        started = _started()
        run(started.pk)
        left = Job.objects.get()
        assert (left.status, left.done) == ("CANCELLED", 10)
        with pytest.raises(AlreadyOver):
            cancel(actor=ADMIN, job_id=started.pk)


def test_a_finished_dry_run_is_confirmed_once_and_nothing_else_is(xinghe: TestPortal) -> None:
    with _doing(lambda _job, _actor: None):
        tried, real = _started(is_dry_run=True), _started()
        for started in (tried, real):
            with pytest.raises(Missing):
                confirm(actor=ADMIN, job_id=started.pk)
            run(started.pk)
        with pytest.raises(Missing):
            confirm(actor=ADMIN, job_id=real.pk)
        with pytest.raises(Missing):
            confirm(actor=BUYER, job_id=tried.pk)
        done = confirm(actor=ADMIN, job_id=tried.pk)
        assert (done.is_dry_run, done.parameters) == (False, {"rows": 5, "confirmed": True, "dry_run": str(tried.pk)})
        assert confirm(actor=ADMIN, job_id=tried.pk).pk == done.pk
        assert Job.objects.count() == 3


def test_jobs_are_seen_by_their_dealer_alone(xinghe: TestPortal) -> None:
    with _doing(lambda _job, _actor: None):
        by_admin, by_clerk, by_buyer = _started(ADMIN), _started(CLERK), _started(BUYER)
        assert set(jobs_visible_to(ADMIN)) == {by_admin, by_clerk}, "may read the brand's"
        assert set(jobs_visible_to(CLERK)) == {by_clerk}, "may read his own"
        assert job(BUYER, by_buyer.pk) == by_buyer
        for stranger in (by_admin, by_clerk):
            with pytest.raises(Missing):
                job(BUYER, stranger.pk)
            with pytest.raises(Missing):
                cancel(actor=BUYER, job_id=stranger.pk)

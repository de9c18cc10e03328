"""Starting too much is refused in words; what waits for a worker that does not answer is told so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import caches

from core.jobs import registry, services
from core.jobs.errors import TooManyJobs
from core.jobs.models import Job
from core.jobs.registry import RunningJob, job_kind
from core.jobs.selectors import unanswered_since
from core.jobs.services import run, start
from core.jobs.tasks import adopt_orphans
from core.kernel import clock
from core.kernel.actor import Actor
from core.tasks.workers import is_silent, last_seen, note_alive
from core.web.throttling import Throttle
from tests.conftest import TODAY
from tests.core.actors import an_actor
from tests.portals import TestPortal

KIND = "testing.wait"
ADMIN = an_actor("周海棠", KIND)
CLERK = an_actor("李敏", KIND)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind of job that reports one row."""
    monkeypatch.setattr(services, "actor_of_seat", {actor.seat_id: actor for actor in (ADMIN, CLERK)}.get)

    def count(job: RunningJob, _actor: Actor) -> None:
        job.report(done=1)

    job_kind(KIND, permission=KIND)(count)
    yield
    del registry._kinds[KIND]


def started(actor: Actor = ADMIN) -> Job:
    return start(actor=actor, kind=KIND, parameters={})


def test_a_seat_starts_so_many_and_the_others_go_on(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STARTS", Throttle("testing.start", limit=2, window_s=600))
    started()
    started()
    with pytest.raises(TooManyJobs) as refused:
        started()
    assert refused.value.fields["minutes"] in range(1, 11)
    assert Job.objects.count() == 2, "nothing was begun"
    started(CLERK)


def test_a_brand_starts_so_many_and_the_other_goes_on(
    xinghe: TestPortal, chishui: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "STARTS_OF_ALL", Throttle("testing.start-brand", limit=2, window_s=600))
    started()
    started(CLERK)
    with pytest.raises(TooManyJobs):
        started()
    neighbour = an_actor("邻居", KIND, schema=chishui.schema)
    with chishui.inside():
        assert started(neighbour).status == "QUEUED"


def test_every_task_and_every_batch_is_a_sign_of_life(xinghe: TestPortal) -> None:
    with clock.at(TODAY):
        assert (last_seen(), is_silent(last_seen())) == (None, True)
        adopt_orphans()
        assert last_seen() == TODAY
        job = started()
    with clock.at(TODAY + timedelta(minutes=9)):
        run(job.pk)
        assert last_seen() == clock.now()
    with clock.at(TODAY + timedelta(minutes=10, seconds=1)):
        assert is_silent(last_seen())


def test_a_job_that_nobody_takes_up_says_since_when(xinghe: TestPortal) -> None:
    with clock.at(TODAY):
        note_alive()
        job = started()
        assert unanswered_since(job) is None
    with clock.at(TODAY + timedelta(seconds=50)):
        assert unanswered_since(job) is None, "a worker was heard of a moment ago"
    with clock.at(TODAY + timedelta(seconds=61)):
        assert unanswered_since(job) == TODAY
        caches["shared"].clear()
        assert unanswered_since(job) == job.created_at, "none was ever heard of"
        note_alive()
        assert unanswered_since(job) is None, "workers are busy with others"
    job.status = Job.Status.DONE
    with clock.at(TODAY + timedelta(days=1)):
        assert unanswered_since(job) is None


def test_a_job_whose_worker_fell_silent_says_so(xinghe: TestPortal) -> None:
    job = started()
    job.status, job.heartbeat_at = Job.Status.RUNNING, TODAY
    with clock.at(TODAY + timedelta(seconds=119)):
        assert unanswered_since(job) is None
    with clock.at(TODAY + timedelta(seconds=121)):
        assert unanswered_since(job) == TODAY

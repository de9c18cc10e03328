"""A job that takes minutes in one step is not taken for dead."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError, connection
from pytest_django import DjangoDbBlocker

from core.jobs.models import Job
from core.jobs.running import RunningJob
from core.kernel import clock
from tenants.brands import resources
from tests.database import test_database


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), test_database(f"{connection.settings_dict['TEST']['NAME']}_beat"):
        yield


def test_a_long_step_says_that_it_lives(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "BEAT_S", 0.05)
    long_ago = clock.now() - timedelta(hours=1)
    row = Job.objects.create(
        kind="brands.export", status=Job.Status.RUNNING, runs=1, created_at=long_ago, heartbeat_at=long_ago
    )
    said = RunningJob.heartbeat
    away = [True]

    def first_away(job: RunningJob) -> None:
        if away.pop() if away else False:
            raise OperationalError
        said(job)

    monkeypatch.setattr(RunningJob, "heartbeat", first_away)
    with resources._alive(RunningJob.of(row)):
        for _ in range(100):
            row.refresh_from_db()
            if row.heartbeat_at != long_ago:
                break
            Event().wait(0.05)
    assert row.heartbeat_at is not None
    assert row.heartbeat_at > long_ago

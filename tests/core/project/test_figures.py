"""What /metrics says of all brands together."""

import re
from datetime import timedelta

import pytest
from pytest_django import Settings

from core.events.models import Delivery, Event
from core.jobs.models import Job
from core.kernel import clock
from core.project import checks
from core.project.tasks import gather_figures
from core.web import figures
from tests.clients import platform_client
from tests.portals import TestPortal


def _figures() -> dict[str, float]:
    text = platform_client().get("/metrics").content.decode()
    return {name: float(value) for name, value in re.findall(r"^(jiumai_\S+) (\S+)$", text, re.MULTILINE)}


def test_without_anything_gathered_nothing_is_claimed(db: None) -> None:
    assert not {name for name in _figures() if name.startswith(("jiumai_jobs", "jiumai_figures"))}


def test_backlogs_jobs_and_states_are_summed_over_all_schemas(
    xinghe: TestPortal, chishui: TestPortal, db: None
) -> None:
    now = clock.now()
    for portal, waited in ((xinghe, 30), (chishui, 90)):
        with portal.inside():
            event = Event.objects.create(kind="a.b.v1", aggregate_type="thing", aggregate_id="1", at=now)
            due = now - timedelta(seconds=waited)
            Delivery.objects.create(event=event, handler="x", due_at=due, attempts=waited // 90)
            Job.objects.create(kind="x", status=Job.Status.QUEUED, created_at=now)
    with chishui.inside():
        for age in (timedelta(hours=1), timedelta(days=2)):
            Job.objects.create(kind="x", status=Job.Status.FAILED, created_at=now, finished_at=now - age)
    gather_figures()
    told = _figures()
    assert told["jiumai_relay_lag_seconds"] == pytest.approx(90, abs=5)
    assert told['jiumai_deliveries{kind="waiting"}'] == 2
    assert told['jiumai_deliveries{kind="stuck"}'] == 1
    assert told['jiumai_jobs{kind="QUEUED"}'] == 2
    assert told['jiumai_jobs{kind="FAILED"}'] == 1
    assert told['jiumai_jobs{kind="RUNNING"}'] == 0
    assert told['jiumai_brands{kind="ACTIVE"}'] >= 2
    assert told['jiumai_schemas{kind="FAILED"}'] == 0
    assert told["jiumai_figures_age_seconds"] < 60


def test_requests_and_statements_are_counted_by_route(xinghe: TestPortal) -> None:
    before = _figures()
    platform_client().get("/sign-in/")
    after = _figures()
    for name in (
        'jiumai_request_seconds_count{method="GET",route="sign_in",status="200"}',
        'jiumai_request_statements_count{route="sign_in"}',
    ):
        assert after[name] == before.get(name, 0) + 1


def test_what_was_gathered_survives_the_way_through_the_cache(db: None) -> None:
    one = figures.Figure("jiumai_x", "Words.", {"a": 1.0})
    figures.tell([one], at=clock.now())
    told = figures.told()
    assert told is not None
    assert told.figures == (one,)


def test_too_few_connections_are_said(db: None, settings: Settings) -> None:
    assert checks.connections_fit(databases=["default"]) == []
    settings.WEB_WORKERS = 100
    [found] = checks.connections_fit(databases=["default"])
    assert found.id == "project.W001"
    assert checks.connections_fit(databases=None) == []

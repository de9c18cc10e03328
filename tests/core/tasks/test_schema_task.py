"""A task runs in the schema that queued it, alone on the search path."""

from collections.abc import Iterator

import pytest
from celery import current_app, shared_task
from django.db import ProgrammingError, connection, transaction

from core.db.acts import PUBLIC, current_schema
from core.events import broker
from core.web import logs
from tenants.people.models import User
from tests.core.second_connection import second_connection
from tests.portals import TestPortal

seen: list[dict[str, object]] = []


@shared_task(name="tests.look_around")
def look_around(*_arguments: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        path = cursor.fetchone()[0]
    seen.append({"schema": current_schema(), "path": path, "log": logs.schema.get(), "request": logs.request_id.get()})


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    seen.clear()
    yield
    seen.clear()


def test_a_task_runs_in_the_present_schema(xinghe: TestPortal) -> None:
    token = logs.request_id.set("request-7")
    look_around.delay()
    logs.request_id.reset(token)
    assert seen == [{"schema": "t_xinghe", "path": "t_xinghe", "log": "t_xinghe", "request": "request-7"}]


def test_a_task_may_be_queued_for_another_schema_and_leaves_the_path_as_it_was(
    xinghe: TestPortal, chishui: TestPortal
) -> None:
    assert broker.send("tests.look_around", schema=chishui.schema)
    assert seen[0]["path"] == "t_chishui"
    assert current_schema() == "t_xinghe"
    assert not connection.include_public_schema  # type: ignore[attr-defined]  # django-tenants adds it
    assert broker.send("tests.look_around", schema=PUBLIC)
    assert seen[1]["path"] == PUBLIC


def test_no_public_table_can_be_reached_from_a_brand_s_task(xinghe: TestPortal) -> None:
    @shared_task(name="tests.reach_over")
    def reach_over() -> None:
        with pytest.raises(ProgrammingError), transaction.atomic():
            User.objects.count()

    reach_over.delay()


@pytest.mark.parametrize("schema", ["pg_catalog", "t_x, public", 't_x"', "T_X"])
def test_refuses_a_schema_that_is_none_of_ours(xinghe: TestPortal, schema: str) -> None:
    with pytest.raises(ValueError, match="none of ours"):
        broker.send("tests.look_around", schema=schema)
    assert seen == []


def test_every_scheduled_task_exists() -> None:
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert scheduled <= set(current_app.tasks)


def test_the_second_connection_of_these_tests_is_another_session(xinghe: TestPortal) -> None:
    with connection.cursor() as cursor, second_connection() as other:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != other.execute("SELECT pg_backend_pid()").fetchone()

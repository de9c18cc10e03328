"""From the outbox to the hearers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import PUBLIC, WallError, act, current_schema, public
from core.events import broker, rules
from core.events.models import Delivery, Event, Handled
from core.events.registry import HeardEvent, Runs, handlers_over_brands
from core.events.relay import Relayed, has_work, relay, relay_dirty, sweep
from core.events.selectors import stuck_deliveries
from core.events.services import advance, drop_deliveries_over_brands
from core.idempotency.models import Answer
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.errors import Busy
from tests.conftest import TODAY
from tests.core.events.hearing import HAPPENED, happen, hearing
from tests.core.second_connection import second_connection
from tests.portals import TestPortal

XINGHE, CHISHUI = "t_xinghe", "t_chishui"


def _noting(heard: list[str]) -> Callable[[HeardEvent], None]:
    return lambda event: heard.append(event.aggregate_id)


def _leave_a_row(event: HeardEvent) -> None:
    Answer.objects.create(scope=event.aggregate_id, body_digest="", status=200, body={}, at=event.at)


def test_each_event_is_delivered_once_and_in_order(xinghe: TestPortal) -> None:
    heard: list[str] = []
    with hearing(_noting(heard)):
        for number in range(20):
            happen(f"T-{number}")
        assert relay(XINGHE) == Relayed(stamped=20, delivered=20, failed=0)
        assert relay(XINGHE) == Relayed(stamped=0, delivered=0, failed=0)
    assert heard == [f"T-{number}" for number in range(20)]
    assert list(Event.objects.order_by("id").values_list("position", flat=True)) == list(range(1, 21))
    assert not Delivery.objects.exists()
    assert Handled.objects.count() == 20


def test_a_delivery_made_again_is_not_handled_again(xinghe: TestPortal) -> None:
    heard: list[str] = []
    with hearing(_noting(heard)) as name:
        event = happen()
        relay(XINGHE)
        Delivery.objects.create(event=event, handler=name, due_at=clock.now())
        assert relay(XINGHE) == Relayed(stamped=0, delivered=1, failed=0)
    assert heard == ["T-1"]


def test_a_poisoned_delivery_does_not_stop_the_others(xinghe: TestPortal) -> None:
    heard: list[str] = []

    def poisoned(event: HeardEvent) -> None:
        _leave_a_row(event)
        raise ValueError("call 13800138000 at once")

    with hearing(poisoned, name="poisoned"), hearing(_noting(heard), name="well"):
        happen("T-1")
        happen("T-2")
        before = clock.now()
        assert relay(XINGHE) == Relayed(stamped=2, delivered=2, failed=2)
        assert relay(XINGHE) == Relayed(stamped=0, delivered=0, failed=0), "not due yet"
    assert heard == ["T-1", "T-2"]
    assert not Answer.objects.exists(), "what a failed handler wrote is rolled back"
    for stuck in stuck_deliveries():
        assert stuck.attempts == 1
        assert timedelta(seconds=5) <= stuck.due_at - before < timedelta(seconds=15)
        assert stuck.last_error.startswith("builtins.ValueError at test_relay.py:")
        assert "13800138000" not in stuck.last_error


def test_a_delivery_put_off_succeeds_when_its_time_comes(xinghe: TestPortal) -> None:
    calls: list[str] = []

    def busy_at_first(event: HeardEvent) -> None:
        calls.append(event.aggregate_id)
        if len(calls) == 1:
            raise Busy

    with hearing(busy_at_first):
        happen()
        assert relay(XINGHE) == Relayed(stamped=1, delivered=0, failed=1)
        assert Delivery.objects.get().last_error == "busy"
        with clock.at(clock.now() + timedelta(seconds=6)):
            assert relay(XINGHE) == Relayed(stamped=0, delivered=1, failed=0)
    assert len(calls) == 2


def test_a_handler_that_is_gone_is_put_off(xinghe: TestPortal) -> None:
    with hearing(print, name="leaving"):
        happen()
    assert relay(XINGHE) == Relayed(stamped=1, delivered=0, failed=1)
    assert Delivery.objects.get().last_error.startswith("core.events.registry.UnknownHandler")


def test_the_pause_doubles_from_five_seconds_to_an_hour() -> None:
    assert [rules.pause(attempts).total_seconds() for attempts in (1, 2, 3, 10, 11, 99)] == [
        5,
        10,
        20,
        2560,
        3600,
        3600,
    ]


def test_a_handler_acts_in_the_schema_it_declares(xinghe: TestPortal, chishui: TestPortal) -> None:
    where: list[tuple[str, str]] = []

    def note(event: HeardEvent) -> None:
        where.append((current_schema(), event.schema))
        with pytest.raises(WallError), public():
            pass

    def note_in_public(event: HeardEvent) -> None:
        where.append((current_schema(), event.schema))

    with hearing(note, name="here"), hearing(note_in_public, name="in_public", runs=Runs.PUBLIC) as in_public:
        happen()
        relay(XINGHE)
        assert current_schema() == XINGHE
        with public():
            assert Handled.objects.filter(handler=in_public).count() == 1
        assert not Handled.objects.filter(handler=in_public).exists()
    assert sorted(where) == [(PUBLIC, XINGHE), (XINGHE, XINGHE)]


def test_a_public_event_reaches_the_brands_it_names(db: None, xinghe: TestPortal, chishui: TestPortal) -> None:
    where: list[str] = []
    with public(), hearing(lambda _event: where.append(current_schema()), runs=Runs.BRANDS):
        with transaction.atomic():
            happen(payload={"brand_schemas": [XINGHE, CHISHUI]})
        assert relay(PUBLIC) == Relayed(stamped=1, delivered=1, failed=0)
    assert where == [XINGHE, CHISHUI]
    for portal in (xinghe, chishui):
        with portal.inside():
            assert Handled.objects.count() == 1


def test_a_brand_that_fails_or_is_gone_keeps_no_other_from_hearing(
    db: None, xinghe: TestPortal, chishui: TestPortal
) -> None:
    where: list[str] = []
    broken = {CHISHUI}

    def hear(_event: HeardEvent) -> None:
        where.append(current_schema())
        if current_schema() in broken:
            raise RuntimeError("its tables are of yesterday")

    with public(), hearing(hear, runs=Runs.BRANDS):
        with transaction.atomic():
            happen(payload={"brand_schemas": [CHISHUI, "t_deleted_since", XINGHE]})
        assert relay(PUBLIC) == Relayed(stamped=1, delivered=0, failed=1)
        assert where == [CHISHUI, XINGHE]
        assert stuck_deliveries()[0].last_error.startswith("builtins.RuntimeError at ")
        broken.clear()
        with clock.at(clock.now() + timedelta(hours=2)):
            assert relay(PUBLIC) == Relayed(stamped=0, delivered=1, failed=0)
    assert where == [CHISHUI, XINGHE, CHISHUI], "who heard does not hear again"


def test_a_brand_s_event_reaches_no_other_brand(xinghe: TestPortal, chishui: TestPortal) -> None:
    """An archive from elsewhere may hold what no verb of ours writes."""
    heard: list[str] = []
    with hearing(_noting(heard), runs=Runs.BRANDS) as name:
        happen(payload={"brand_schemas": [CHISHUI]})
        assert relay(XINGHE) == Relayed(stamped=1, delivered=0, failed=1)
        assert stuck_deliveries()[0].last_error.startswith("core.db.acts.WallError")
        assert name in handlers_over_brands()
        assert drop_deliveries_over_brands() == 1
    assert heard == []
    assert not Delivery.objects.exists()


def test_one_brand_s_relay_does_not_see_the_other_s_events(xinghe: TestPortal, chishui: TestPortal) -> None:
    heard: list[str] = []
    with hearing(_noting(heard)):
        happen("XINGHE")
        with chishui.inside():
            happen("CHISHUI")
        relay(CHISHUI)
    assert heard == ["CHISHUI"]


def test_handlers_of_past_events_stand_in_the_past(xinghe: TestPortal) -> None:
    seen: list[object] = []
    with hearing(lambda _event: seen.append((clock.now(), clock.is_fixed()))):
        with clock.at(TODAY):
            happen()
        happen()
        relay(XINGHE)
    assert seen[0] == (TODAY, True)
    assert seen[1][1] is False  # type: ignore[index]  # a pair, as above


def test_a_handler_that_needs_order_skips_what_is_older(xinghe: TestPortal) -> None:
    job = Job.objects.create(kind="read model", total=2, created_at=clock.now())
    mine = Job.objects.filter(pk=job.pk)
    assert [advance(mine, to=version, field="total") for version in (3, 2, 3, 4)] == [True, False, False, True]
    job.refresh_from_db()
    assert job.total == 4


def test_only_one_relay_is_at_work_in_a_schema(xinghe: TestPortal) -> None:
    with second_connection() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('relay:t_xinghe', 0))")
        with hearing(print):
            happen()
            assert relay(XINGHE) is None
            assert broker.take_dirty() == XINGHE, "noted again for whoever comes next"
            other.execute("SELECT pg_advisory_unlock(hashtextextended('relay:t_xinghe', 0))")
            assert relay(XINGHE) == Relayed(stamped=1, delivered=1, failed=0)


def test_a_poke_after_the_commit_is_enough(
    xinghe: TestPortal, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    heard: list[str] = []
    with hearing(_noting(heard)):
        with django_capture_on_commit_callbacks(execute=True), act():
            happen()
            assert heard == [], "nothing leaves before the commit"
        assert heard == ["T-1"]
    assert broker.take_dirty() is None


def test_the_sweep_finds_what_no_poke_told_of_with_one_statement_a_schema(
    xinghe: TestPortal, chishui: TestPortal
) -> None:
    heard: list[str] = []
    with hearing(_noting(heard)):
        with chishui.inside():
            happen("CHISHUI")
        assert sweep() == 1
    assert heard == ["CHISHUI"]
    with CaptureQueriesContext(connection) as queries:
        assert sweep() == 0
    asked = [query["sql"] for query in queries if not query["sql"].startswith("SET search_path")]
    assert len(asked) == 4, "the list of brands, then one for public and each brand"
    assert not has_work(CHISHUI)


def test_one_brand_s_fault_does_not_stop_the_others(
    xinghe: TestPortal, chishui: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.events import relay as relays

    visited: list[str] = []

    def broken(schema: str) -> None:
        visited.append(schema)
        raise ConnectionError

    monkeypatch.setattr(relays, "relay", broken)
    broker.mark_dirty(XINGHE)
    broker.mark_dirty(CHISHUI)
    assert relay_dirty() == 2
    assert sorted(visited) == [CHISHUI, XINGHE]


def test_a_long_backlog_is_taken_in_turns(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.events import relay as relays

    monkeypatch.setattr(relays, "BATCH", 3)
    monkeypatch.setattr(relays, "MOST_BATCHES", 2)
    with hearing(lambda _event: None):
        for number in range(7):
            happen(f"T-{number}")
        assert relay(XINGHE) == Relayed(stamped=7, delivered=6, failed=0)
        assert relay_dirty() == 1
    assert not Delivery.objects.filter(event__kind=HAPPENED).exists()

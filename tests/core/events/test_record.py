"""Writing down what happened."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.events import broker
from core.events.models import Delivery, Event
from core.events.selectors import timeline
from core.events.services import record, relayed_at_the_end
from core.kernel import clock
from tests.conftest import TODAY
from tests.core.actors import an_actor
from tests.core.events.hearing import HAPPENED, happen, hearing
from tests.portals import TestPortal


def test_event_and_its_deliveries_are_one_statement(xinghe: TestPortal) -> None:
    with hearing(print, name="first") as first, hearing(print, name="second") as second:
        Event.objects.count()  # so that the search path is set
        with CaptureQueriesContext(connection) as queries:
            event = happen(payload={"lines": [{"sku": "XH-1", "bottles": 12}], "note": "杏禾"})
        assert len(queries) == 1
    stored = Event.objects.get(pk=event.pk)
    assert (stored.kind, stored.aggregate_id, stored.seller_id, stored.buyer_id) == (HAPPENED, "T-1", 1, 7)
    assert stored.payload == {"lines": [{"sku": "XH-1", "bottles": 12}], "note": "杏禾"}
    assert (stored.person_id, stored.seat_id) == (an_actor().person_id, an_actor().seat_id)
    assert (stored.request_id, stored.position, stored.is_past) == ("request-1", None, False)
    assert set(Delivery.objects.values_list("handler", flat=True)) == {first, second}


def test_an_event_nobody_hears_is_still_written(xinghe: TestPortal) -> None:
    happen()
    assert Event.objects.count() == 1
    assert not Delivery.objects.exists()


def test_refuses_to_record_outside_an_act(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="inside the act"):
        patch.setattr(transaction, "get_connection", lambda: SimpleNamespace(in_atomic_block=False))
        happen()


def test_what_is_rolled_back_never_happened(xinghe: TestPortal) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happen()
        raise ZeroDivisionError
    assert not Event.objects.exists()


def test_an_event_under_a_set_clock_is_of_the_past(xinghe: TestPortal) -> None:
    with clock.at(TODAY):
        event = happen()
    assert event.is_past
    assert event.at == TODAY


def test_an_event_cannot_be_changed_or_deleted(xinghe: TestPortal) -> None:
    event = happen()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(aggregate_id="T-2")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    Event.objects.filter(pk=event.pk).update(position=1)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(position=2)


def test_a_document_s_timeline_is_in_the_order_of_its_happenings(xinghe: TestPortal) -> None:
    for version in range(1, 6):
        with clock.at(TODAY):
            happen("T-1", version=version)
    happen("T-2")
    assert [item.version for item in timeline("thing", "T-1")] == [1, 2, 3, 4, 5]


def test_with_the_broker_away_the_act_is_accepted_and_the_event_waits(
    xinghe: TestPortal,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    from redis import Redis

    nobody = Redis.from_url("redis://127.0.0.1:1/0", socket_timeout=1, socket_connect_timeout=1)
    monkeypatch.setattr(broker, "_redis", lambda: nobody)
    with hearing(print), django_capture_on_commit_callbacks(execute=True) as callbacks:
        happen()
    assert len(callbacks) == 1
    assert Delivery.objects.count() == 1


def test_the_actor_may_be_the_platform_itself(xinghe: TestPortal) -> None:
    event = record(kind=HAPPENED, aggregate_type="thing", aggregate_id="T", version=1, actor=None, payload={})
    stored = Event.objects.get(pk=event.pk)
    assert (stored.person_id, stored.seat_id, stored.request_id) == (None, None, "")


def test_many_acts_in_a_row_ask_for_one_relay_when_all_is_over(
    xinghe: TestPortal,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    asked: list[str] = []

    def note(schema: str) -> bool:
        asked.append(schema)
        return False

    monkeypatch.setattr(broker, "mark_dirty", note)
    with relayed_at_the_end():
        for number in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                happen(f"T-{number}")
        assert asked == []
    assert asked == [xinghe.schema]
    with django_capture_on_commit_callbacks(execute=True):
        happen("T-9")
    assert len(asked) == 2

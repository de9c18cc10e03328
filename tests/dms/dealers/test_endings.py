"""Warnings before a paper ends: sixty, thirty, seven days and the end, each once, by the brand's own calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from core.catalogue import services as catalogue
from core.catalogue.models import Producer
from core.events.models import Event
from core.events.relay import relay
from core.kernel import clock
from core.kernel.errors import DomainError
from core.messages.models import Message
from core.messages.selectors import words_of
from dms.dealers import services
from dms.dealers.models import Credential, Dealer
from ordering.fulfilment.services import Receive, Ship, receive, ship
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from tests.cast import Cast
from tests.factories.papers import JY
from tests.portals import XINGHE

END = date(2026, 4, 1)


@pytest.fixture
def permit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Credential:
    """C1's food permit ends on 2026-04-01; everything counts as happening now although the clock is moved."""
    monkeypatch.setattr(clock, "is_fixed", lambda: False)
    Credential.objects.exclude(type="BUSINESS").filter(dealer=cast.c1).delete()
    return Credential.objects.create(
        dealer=cast.c1, type="JY", number=JY, valid_from=date(2021, 4, 2), valid_to=END, is_accepted=True
    )


def warned_on(day: date, hour: int = 12) -> list[int]:
    """The thresholds told when the task runs on that day at that hour, Shanghai time."""
    before = set(Event.objects.filter(kind="dms.credential_ending.v1").values_list("pk", flat=True))
    with clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)):
        services.warn_of_endings()
    found = Event.objects.filter(kind="dms.credential_ending.v1").exclude(pk__in=before)
    return [event.payload["days"] for event in found]


def days_before(days: int) -> date:
    return END - timedelta(days=days)


def test_each_threshold_is_told_once(cast: Cast, permit: Credential) -> None:
    told = {days: warned_on(days_before(days)) for days in (61, 60, 59, 31, 30, 29, 8, 7, 6, 0, -1, -2)}
    assert told == {
        61: [],
        60: [60],
        59: [],
        31: [],
        30: [30],
        29: [],
        8: [],
        7: [7],
        6: [],
        0: [],
        -1: [-1],
        -2: [],
    }


def test_a_worker_that_was_away_tells_the_nearest_threshold(cast: Cast, permit: Credential) -> None:
    assert warned_on(days_before(20)) == [30]
    assert warned_on(days_before(3)) == [7]
    assert warned_on(days_before(-3)) == [-1]


@pytest.mark.parametrize(("minutes", "told"), [(-1, []), (0, [60])])
def test_the_day_changes_at_midnight_in_shanghai(cast: Cast, permit: Credential, minutes: int, told: list[int]) -> None:
    midnight = clock.start_of_day(days_before(60))
    assert midnight.hour == 16
    with clock.at(midnight + timedelta(minutes=minutes)):
        services.warn_of_endings()
    events = Event.objects.filter(kind="dms.credential_ending.v1")
    assert [event.payload["days"] for event in events] == told


@pytest.mark.parametrize(("minutes", "code"), [(-1, None), (0, "order.licence")])
def test_the_gate_shuts_at_midnight_in_shanghai(cast: Cast, permit: Credential, minutes: int, code: str | None) -> None:
    with clock.at(clock.end_of_day(END) + timedelta(minutes=minutes)):
        if code is None:
            assert place_order(actor=cast.buyer_c1, command=_order(cast)).number
        else:
            with pytest.raises(DomainError) as refusal:
                place_order(actor=cast.buyer_c1, command=_order(cast))
            assert refusal.value.problems()[0].code == code


def _order(cast: Cast) -> PlaceOrder:
    return PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),))


def test_an_order_placed_before_the_end_is_approved_shipped_and_received_after_it(
    cast: Cast, permit: Credential
) -> None:
    """Handbook §14.5, 16: the licence expires between order and shipment; shipment allowed, next order blocked."""
    with clock.at(clock.end_of_day(END) - timedelta(hours=2)):
        number = place_order(actor=cast.buyer_c1, command=_order(cast)).number
    with clock.at(clock.end_of_day(END) + timedelta(hours=9)):
        approve(actor=cast.sales_admin, command=Approve(number))
        sent = ship(actor=cast.warehouse, command=Ship(number, "W1"))
        receive(actor=cast.buyer_c1, command=Receive(sent.number))
        with pytest.raises(DomainError) as refusal:
            place_order(actor=cast.buyer_c1, command=_order(cast))
    fault = refusal.value.problems()[0]
    assert (fault.code, fault.fields) == ("order.licence", {"day": "2026-04-01"})


def test_new_days_begin_anew_and_a_renewal_silences(cast: Cast, permit: Credential) -> None:
    assert warned_on(days_before(60)) == [60]
    renewed = Credential.objects.create(
        dealer=cast.c1, type="PREPACK", number="YB15308250014109", valid_from=date(2026, 3, 1), valid_to=None
    )
    assert warned_on(days_before(30)) == []
    renewed.delete()
    assert warned_on(days_before(29)) == [30]
    licence = services.Licence("JY", JY, permit.valid_from, END + timedelta(days=20))
    with clock.at(clock.start_of_day(days_before(29))):
        services.record_credential(actor=cast.admin, command=services.RecordCredential("C1", licence))
    assert warned_on(days_before(29)) == [60]


def _one(permit: Credential) -> None:
    Credential.objects.filter(pk=permit.pk).update(is_accepted=False)


def _closed(permit: Credential) -> None:
    Dealer.objects.filter(pk=permit.dealer_id).update(status="CLOSED")


def _long_ago(permit: Credential) -> None:
    Credential.objects.filter(pk=permit.pk).update(valid_to=END - timedelta(days=200))


@pytest.mark.parametrize("change", [_one, _closed, _long_ago])
def test_nobody_is_warned_of_what_is_no_news(
    cast: Cast, permit: Credential, change: Callable[[Credential], None]
) -> None:
    change(permit)
    assert warned_on(days_before(30)) == []


def test_the_house_and_the_brands_people_are_told_in_their_words(cast: Cast, permit: Credential) -> None:
    warned_on(days_before(7))
    with clock.at(clock.end_of_day(END) + timedelta(days=9)):
        relay(XINGHE.schema)
    names = {seat.pk: name for name, seat in cast.seats.items()}
    messages = list(Message.objects.filter(way=Message.Way.IN_APP))
    told: dict[str, set[str]] = {}
    for message in messages:
        told.setdefault(message.template, set()).add(names[message.seat_id])  # type: ignore[index]
    assert {"admin_c1", "buyer_c1"} <= told["dealers.licence_ending"]
    assert not told["dealers.licence_ending"] & {"buyer_c2", "buyer_t1", "admin", "finance_c1"}
    assert "admin" in told["dealers.licences_ending"]
    mine = next(one for one in messages if one.template == "dealers.licence_ending")
    assert JY in words_of(mine, "zh-hans").subject
    assert "2026-04-01" in words_of(mine, "en").body
    assert mine.link == "/licences/"


def test_a_producers_licence_is_warned_of_too(cast: Cast, permit: Credential) -> None:
    Producer.objects.update(sc_no="SC11552038220099", sc_valid_to=END)
    told = []
    for days in (61, 60, 59, 7, -1, -2):
        with clock.at(clock.start_of_day(days_before(days))):
            told.append(catalogue.warn_of_endings())
    assert told == [0, 1, 0, 1, 1, 0]
    event = Event.objects.filter(kind="catalogue.producer_licence_ending.v1").order_by("id").last()
    assert event is not None
    assert (event.payload["days"], event.payload["on_shelf"]) == (-1, 5)
    with clock.at(clock.end_of_day(END) + timedelta(days=9)):
        relay(XINGHE.schema)
    assert Message.objects.filter(template="dealers.producer_licence_ended").exists()

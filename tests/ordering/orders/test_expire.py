"""expire_due: what nobody approved in time falls, with all its holds together."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from billing.ledger.models import Hold, TradingAccount
from billing.ledger.services import release
from core.events.models import Event
from core.kernel import clock
from dms.stock.models import Stock
from ordering.orders import tasks
from ordering.orders.models import Order, OrderingSettings
from ordering.orders.services import Approve, Cancel, approve, cancel, deciding, expire_due
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number


def test_only_waiting_orders_past_their_deadline_expire(cast: Cast) -> None:
    old, decided, withdrawn = (placed_number(cast) for _ in range(3))
    approve(actor=cast.sales_admin, command=Approve(decided))
    cancel(actor=cast.buyer_c1, command=Cancel(withdrawn))
    with clock.at(clock.now() + timedelta(hours=1)):
        young = placed_number(cast)
    with clock.at(clock.now() + timedelta(hours=72)):
        assert expire_due() == 1
        assert expire_due() == 0
    statuses = dict(Order.objects.values_list("number", "status"))
    assert statuses == {old: "EXPIRED", decided: "CONFIRMED", withdrawn: "CANCELLED", young: "SUBMITTED"}


def test_stock_and_money_fall_together(cast: Cast) -> None:
    number = placed_number(cast, (1, 50), (2, 1))
    with clock.at(clock.now() + timedelta(hours=72)):
        expire_due()
    assert not Stock.objects.filter(reserved__gt=0).exists()
    assert Hold.objects.get().status == Hold.Status.VOIDED
    assert TradingAccount.objects.get(buyer=cast.c1.party).credit_held == 0
    event = Event.objects.get(kind="ordering.order_expired.v1")
    assert (event.aggregate_id, event.person_id, event.payload["status"]) == (number, None, "EXPIRED")


def test_the_deadline_is_the_sellers_setting(cast: Cast) -> None:
    OrderingSettings.objects.update(approval_hours=24)
    placed_number(cast)
    with clock.at(clock.now() + timedelta(hours=24, seconds=-1)):
        assert expire_due() == 0
    with clock.at(clock.now() + timedelta(hours=24)):
        assert expire_due() == 1


def test_a_batch_is_bounded_and_the_oldest_go_first(cast: Cast) -> None:
    numbers = []
    for minute in range(3):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            numbers.append(placed_number(cast, (3, 1)))
    with clock.at(clock.now() + timedelta(days=9)):
        assert expire_due(limit=2) == 2
    assert Order.objects.get(status="SUBMITTED").number == numbers[2]


def test_an_order_that_cannot_expire_keeps_no_other_from_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = placed_number(cast, (3, 1)), placed_number(cast, (3, 1))
    kept = Stock.objects.get(reserved__gt=0).reserved // 2

    def money_breaks(*, document_type: str, document_number: str) -> None:
        if document_number == bad:
            raise IntegrityError("a check refuses")
        release(document_type=document_type, document_number=document_number)

    monkeypatch.setattr(deciding, "release_money", money_breaks)
    with clock.at(clock.now() + timedelta(hours=72)):
        assert expire_due() == 1
    assert dict(Order.objects.values_list("number", "status")) == {bad: "SUBMITTED", good: "EXPIRED"}
    assert Stock.objects.get(reserved__gt=0).reserved == kept, "nothing of it is free: its act is rolled back"
    assert [one.levelname for one in caplog.records if "cannot expire" in one.message] == ["ERROR"]


def test_the_clock_asks_every_brand(cast: Cast, chishui_cast: Cast) -> None:
    here = placed_number(cast)
    with chishui_cast.portal.inside():
        there = placed_number(chishui_cast)
    with clock.at(clock.now() + timedelta(hours=72)):
        tasks.expire_due()
    assert Order.objects.get(number=here).status == "EXPIRED"
    with chishui_cast.portal.inside():
        assert Order.objects.get(number=there).status == "EXPIRED"

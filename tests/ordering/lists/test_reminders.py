"""到货提醒: told once, when the supplier has it free again."""

import pytest

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.errors import Missing, NotPermitted
from core.messages.models import Message
from dms.stock.models import Warehouse
from ordering.lists import services
from ordering.lists.errors import TooManyReminders
from ordering.lists.models import Reminder
from ordering.orders.errors import SkuUnknown
from tests.cast import Cast

BACK = "lists.back"


def closed(cast: Cast, *, is_open: bool = False) -> None:
    """The brand's warehouses sell nothing, or sell again."""
    Warehouse.objects.filter(owner=cast.root).update(is_active=is_open)


def told(key: str, cast: Cast) -> int:
    return Message.objects.filter(template=BACK, seat_id=cast.seats[key].pk, way=Message.Way.IN_APP).count()


def test_it_is_told_once_when_it_is_free_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "is_fixed", lambda: False)
    code = cast.skus[1].code
    closed(cast)
    for _ in range(2):
        services.ask_for_return(actor=cast.buyer_c1, sku_code=code)
    services.ask_for_return(actor=cast.admin_c1, sku_code=code)
    assert Reminder.objects.count() == 2, "asked twice is asked once"
    assert services.tell_of_returns() == 0
    closed(cast, is_open=True)
    Sku.objects.filter(pk=cast.skus[1].pk).update(order_multiple=1_000_000)
    assert services.tell_of_returns() == 0, "less than what can be ordered is nothing"
    Sku.objects.filter(pk=cast.skus[1].pk).update(order_multiple=1)
    assert [services.tell_of_returns() for _ in range(2)] == [2, 0]
    assert (told("buyer_c1", cast), told("admin_c1", cast)) == (1, 1)
    one = Message.objects.filter(template=BACK).first()
    assert one is not None
    assert (one.link, one.context["name"]) == (f"/products/{code}/", cast.skus[1].name)
    assert Reminder.objects.count() == 0


def test_what_was_taken_off_is_not_told(cast: Cast) -> None:
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    for _ in range(2):
        services.drop_reminder(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    assert services.tell_of_returns() == 0
    assert told("buyer_c1", cast) == 0


def test_a_colleague_takes_off_its_own_only(cast: Cast) -> None:
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    services.drop_reminder(actor=cast.admin_c1, sku_code=cast.skus[1].code)
    assert Reminder.objects.count() == 1


def test_stock_of_another_seller_is_no_return(cast: Cast) -> None:
    closed(cast)
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    Warehouse.objects.exclude(owner=cast.root).update(is_active=True)
    assert services.tell_of_returns() == 0


def test_a_closed_seat_is_not_told(cast: Cast) -> None:
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    type(cast.seats["buyer_c1"]).objects.filter(pk=cast.seats["buyer_c1"].pk).update(status="CLOSED")
    assert services.tell_of_returns() == 0
    assert Reminder.objects.count() == 0


def test_refusals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SkuUnknown):
        services.ask_for_return(actor=cast.buyer_c1, sku_code="XH-NIL")
    with pytest.raises((Missing, NotPermitted)):
        services.ask_for_return(actor=cast.actor("admin"), sku_code=cast.skus[1].code)
    monkeypatch.setattr("ordering.lists.services.MOST_REMINDERS", 1)
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[1].code)
    with pytest.raises(TooManyReminders):
        services.ask_for_return(actor=cast.buyer_c1, sku_code=cast.skus[3].code)

"""An outlet goes over to another supplier: open orders stay, carts follow, nobody buys from whom it did not look at."""

from datetime import timedelta

import pytest

from billing.ledger.models import Book, Hold, TradingAccount
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.models import Dealer
from dms.territories import services as territories
from dms.territories.services import ChangeSupply
from ordering.orders.models import Order, OrderingSettings
from ordering.orders.selectors import cart_of
from ordering.orders.selectors.checking import trading_ids
from ordering.orders.services import (
    CartLine,
    OrderedLine,
    PlaceOrder,
    SaveCart,
    follow_supplier,
    place_order,
    placing,
    save_cart,
)
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY
from tests.ordering.watching import refused

TOMORROW = clock.start_of_day(TODAY + timedelta(days=1))


def moved(cast: Cast, supplier: str = "ROOT", line_code: str = "") -> None:
    """T1 goes over, and the day has come."""
    command = ChangeSupply("T1", supplier, line_code)
    row = territories.change_supply(actor=cast.admin, command=command)
    with clock.at(clock.start_of_day(row.valid_from)):
        territories.begin_supplies()


def filled(cast: Cast) -> None:
    save_cart(actor=cast.buyer_t1, command=SaveCart((CartLine(cast.skus[1].code, 1),)))


def trusted_by_the_brand(cast: Cast) -> None:
    """T1 has an account with the brand and credit there."""
    TradingAccount.objects.get_or_create(
        book=Book.objects.get(seller=cast.root.party), buyer=cast.t1.party, defaults={"currency": "CNY"}
    )
    TradingAccount.objects.filter(buyer=cast.t1.party).update(credit_limit=10_000_000)


def test_carts_follow_and_stay_where_there_is_one(cast: Cast) -> None:
    filled(cast)
    before = cart_of(cast.buyer_t1)
    moved(cast)
    assert not cart_of(cast.buyer_t1).items, "until the news has gone round"
    assert follow_supplier(buyer_id=cast.t1.pk, seller_id=cast.root.pk) == 1
    after = cart_of(cast.buyer_t1)
    assert (after.items, after.version) == (before.items, before.version + 1)
    assert follow_supplier(buyer_id=cast.t1.pk, seller_id=cast.root.pk) == 0
    assert follow_supplier(buyer_id=cast.t1.pk, seller_id=cast.c1.pk) == 0, "overtaken by a later change"


def test_an_open_order_stays_with_the_old_supplier(cast: Cast) -> None:
    lines = (OrderedLine(cast.skus[1].code, 1),)
    number = place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines)).number
    moved(cast)
    order = Order.objects.get(number=number)
    assert order.seller == cast.c1
    assert order.hold_id is not None
    assert Hold.objects.get(pk=order.hold_id).account.book.seller == cast.c1.party


def test_only_a_house_it_trades_with(cast: Cast) -> None:
    lines = (OrderedLine(cast.skus[1].code, 1),)
    for seller in ("C2", "NO", "T1"):
        with pytest.raises(Missing):
            place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines, seller_code=seller))


def test_a_former_supplier_sells_no_more(cast: Cast) -> None:
    moved(cast)
    with clock.at(TOMORROW), refused("order.not_granted"):
        command = PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),), seller_code="C1")
        place_order(actor=cast.buyer_t1, command=command)


def test_nor_where_the_brand_asks_for_no_grants(cast: Cast) -> None:
    OrderingSettings.objects.filter(pk=1).update(requires_grant=False)
    moved(cast)
    lines = (OrderedLine(cast.skus[1].code, 1),)
    with clock.at(TOMORROW):
        with refused("order.not_granted"):
            place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines, seller_code="C1"))
        trusted_by_the_brand(cast)
        place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines))


def test_nor_a_line_of_anothers_from_the_usual_one(cast: Cast) -> None:
    OrderingSettings.objects.filter(pk=1).update(requires_grant=False)
    moved(cast, line_code=cast.skus[1].product_line.code)
    with clock.at(TOMORROW), refused("order.not_granted"):
        lines = (OrderedLine(cast.skus[1].code, 1),)
        place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines))


def test_a_line_of_its_own_is_bought_from_its_supplier(cast: Cast) -> None:
    moved(cast, line_code=cast.skus[1].product_line.code)
    trusted_by_the_brand(cast)
    lines = (OrderedLine(cast.skus[1].code, 1),)
    with clock.at(TOMORROW):
        with refused("order.not_granted"):
            place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines))
        number = place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines, seller_code="ROOT")).number
    order = Order.objects.get(number=number)
    assert (order.seller, order.total) == (cast.root, 198_000)


def late_change(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change falls between the cart's lock and the gate."""
    filled(cast)
    trusted_by_the_brand(cast)

    def late(actor: Actor, buyer: str | None, seller: str | None) -> tuple[int, int | None]:
        Dealer.objects.filter(pk=cast.t1.pk).update(supplier=cast.root)
        return trading_ids(actor, buyer, seller)

    monkeypatch.setattr(placing, "trading_ids", late)


def test_nobody_buys_from_whom_it_did_not_look_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late_change(cast, monkeypatch)
    with refused("order.supplier_changed"):
        place_order(actor=cast.buyer_t1, command=PlaceOrder())


def test_without_the_look_at_the_cart_it_would(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variant known to be bad: the same change, the cart's own seller not asked."""
    late_change(cast, monkeypatch)
    monkeypatch.setattr(placing, "_refuse_another_seller", lambda *_asked: None)
    number = place_order(actor=cast.buyer_t1, command=PlaceOrder()).number
    assert Order.objects.get(number=number).seller == cast.root, "filled at C1's prices, bought from the brand"

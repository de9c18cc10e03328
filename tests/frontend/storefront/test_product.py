"""One product: own ladder, what the house usually orders, batches, licence, the family's other packs."""

from datetime import date, timedelta

from core.catalogue.models import Producer, Sku
from core.kernel import clock
from dms.stock.models import Stock
from ordering.pricing.models import PriceEntry
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.wide import make_many_skus, price_all
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.test_orders import Places, placed

__all__ = ["placed"]


def page_of(client: HostClient, sku: Sku) -> str:
    answer = client.get(f"/products/{sku.code}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_tells_ladder_usual_quantity_and_licence(cast: Cast, buyer: HostClient, placed: Places) -> None:
    placed("buyer_c1", (1, 7))
    producer = Producer.objects.create(name="杏禾酒厂", sc_no="SC11514010000001", sc_valid_to=date(2027, 3, 1))
    cast.skus[1].spu.producer = producer
    cast.skus[1].spu.save()
    text = page_of(buyer, cast.skus[1])
    for words in ("¥1,780.00", "¥1,700.00", "您平常一次订", "7 箱", "SC11514010000001", "2027-03-01"):
        assert words in text


def test_tells_batches_by_number_and_never_how_much(cast: Cast, buyer: HostClient) -> None:
    assert "现有库存未登记批号" in page_of(buyer, cast.skus[1])
    Stock.objects.create(warehouse=cast.w1, owner=cast.root, sku=cast.skus[1], batch="2025A17", on_hand=7_777)
    Stock.objects.create(warehouse=cast.w1, owner=cast.root, sku=cast.skus[1], batch="GONE-1", on_hand=6, reserved=6)
    Stock.objects.create(warehouse=cast.d_c1, owner=cast.c1, sku=cast.skus[1], batch="C1-OWN", on_hand=6)
    text = page_of(buyer, cast.skus[1])
    assert "2025A17" in text
    assert "现有库存未登记批号" not in text
    assert "7777" not in text
    assert "GONE-1" not in text
    assert "C1-OWN" not in text


def test_the_familys_other_packs_cost_the_same_statements(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    page_of(buyer, cast.skus[1])
    with statements() as few:
        assert "同款其他规格" not in page_of(buyer, cast.skus[1])
    price_all(cast.national, make_many_skus(cast.skus[1], 5), {1: 88_800})
    with statements() as many:
        text = page_of(buyer, cast.skus[1])
    assert "同款其他规格" in text
    assert "¥888.00" in text
    assert len(many) == len(few), "\n".join(many)


def test_a_planned_rise_is_told_where_one_orders(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    entry = PriceEntry.objects.get(price_list=cast.city, sku=cast.skus[1], unit="CASE", min_quantity=1)
    entry.pk, entry.amount, entry.valid_from = None, 190_000, clock.now() + timedelta(days=9)
    entry.save()
    told = page_of(buyer, cast.skus[1])
    assert "¥1,900.00" in told
    assert "在此之前下的订单仍按现价" in told
    assert "¥1,900.00" not in page_of(as_("buyer_c2"), cast.skus[1])

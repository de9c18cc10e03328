"""What a buyer is told of prices to come: the next change, by which old orders are funded, nothing that stays."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.kernel.quantity import Unit
from dms.dealers.selectors import trading_dealer
from ordering.pricing.models import PriceEntry, PricingSettings
from ordering.pricing.selectors import coming_prices
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.ordering.watching import statements


def planned(cast: Cast, number: int, amount: int | None, days: int, code: str = "CITY") -> None:
    change = PriceChange(cast.skus[number].code, Unit.CASE, amount, 1, clock.now() + timedelta(days=days), True)
    set_prices(actor=cast.pricing, command=SetPrices(code, (change,)))


def test_the_next_change_of_the_own_price_is_told(cast: Cast) -> None:
    planned(cast, 1, 180_000, 10)
    planned(cast, 1, 185_000, 20)
    planned(cast, 2, 100_000, 5)
    planned(cast, 4, None, 12, "NAT")
    planned(cast, 6, 1, 90, "NAT")
    until = clock.now() + timedelta(days=15)
    PriceEntry.objects.filter(amount__in=(180_000, 100_000)).update(funded_until=until)
    codes = [sku.code for sku in cast.skus.values()]
    found = coming_prices(actor=cast.buyer_c1, sku_codes=codes)
    code = {number: sku.code for number, sku in cast.skus.items()}
    told = {one.sku_code: (one.before, one.amount, one.is_raise, one.funded_until) for one in found.values()}
    assert told == {
        code[1]: (178_000, 180_000, True, until),
        code[2]: (108_000, 100_000, False, None),
        code[4]: (28_800, None, False, None),
    }
    assert clock.business_day(found[code[1]].at) == clock.business_day() + timedelta(days=10)


def test_a_list_the_buyer_does_not_pay_by_tells_nothing(cast: Cast) -> None:
    planned(cast, 1, 210_000, 10, "NAT")
    assert coming_prices(actor=cast.buyer_c1, sku_codes=[cast.skus[1].code]) == {}, "its own tier's list comes first"
    with statements() as seen:
        assert coming_prices(actor=cast.buyer_c1, sku_codes=[cast.skus[6].code]) == {}
    assert len(seen) == 2, "the buyer, and all prices"
    with pytest.raises(NotPermitted):
        coming_prices(actor=cast.warehouse_c1, sku_codes=[cast.skus[1].code])


def test_each_product_has_its_own_next_days(cast: Cast) -> None:
    """Days on which others change, or on which it stays as it is, do not hide a product's next change."""
    for days in (1, 2, 3, 4):
        planned(cast, 2, 100_000 + days, days)
    planned(cast, 1, 180_000, 10)
    found = coming_prices(actor=cast.buyer_c1, sku_codes=[cast.skus[1].code, cast.skus[2].code])
    assert {one.sku_code: one.amount for one in found.values()} == {
        cast.skus[1].code: 180_000,
        cast.skus[2].code: 100_001,
    }
    assert clock.business_day(found[cast.skus[1].code].at) == clock.business_day() + timedelta(days=10)


def test_any_number_of_products_and_days_is_one_statement(cast: Cast) -> None:
    buyer = trading_dealer(buyer_id=cast.c1.pk, seller_id=None, day=clock.business_day())
    codes = [sku.code for sku in cast.skus.values()]
    for number, sku in ((1, 180_000), (2, 100_000)):
        for days in range(1, 8):
            planned(cast, number, sku + days, days)
    planned(cast, 4, 30_000, 12, "NAT")
    with statements() as seen:
        found = coming_prices(actor=cast.buyer_c1, sku_codes=codes, buyer=buyer)
    assert len(seen) == 1, "\n".join(seen)
    assert {one.amount for one in found.values()} == {180_001, 100_001, 30_000}


def test_where_the_lowest_price_counts_the_lowest_to_come_is_told(cast: Cast) -> None:
    PricingSettings.objects.update_or_create(pk=1, defaults={"choice": PricingSettings.Choice.LOWEST})
    planned(cast, 1, 170_000, 10, "NAT")
    planned(cast, 1, 175_000, 5)
    found = coming_prices(actor=cast.buyer_c1, sku_codes=[cast.skus[1].code])[cast.skus[1].code]
    assert (found.before, found.amount, found.is_raise) == (178_000, 175_000, False)
    planned(cast, 1, 160_000, 2, "NAT")
    found = coming_prices(actor=cast.buyer_c1, sku_codes=[cast.skus[1].code])[cast.skus[1].code]
    assert (found.before, found.amount) == (178_000, 160_000)

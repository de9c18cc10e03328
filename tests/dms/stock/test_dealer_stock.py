"""What a dealer has, as the brand may look at it."""

import pytest

from core.kernel.errors import NotPermitted
from dms.stock.selectors import HeldLine, stock_of_dealer
from tests.cast import Cast
from tests.factories.goods import make_stock
from tests.ordering.watching import statements


def test_the_brand_reads_quantities_in_one_query(cast: Cast) -> None:
    make_stock(cast.d_c1, cast.skus[2], 24)
    with statements() as seen:
        held = stock_of_dealer(cast.admin, "C1")
    assert len(seen) == 1
    sku = cast.skus[1]
    assert held[0] == HeldLine(sku.code, sku.name, sku.name_en, sku.bottles_per_case, 60, 0, 60)
    assert [(line.sku_code, line.free) for line in held] == [(sku.code, 60), (cast.skus[2].code, 24)]


def test_a_dealer_reads_its_own_alone(cast: Cast) -> None:
    assert [line.on_hand for line in stock_of_dealer(cast.warehouse_c1, "C1")] == [60]
    assert stock_of_dealer(cast.warehouse_c1, "P1") == []


def test_without_the_right_nothing_is_read(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        stock_of_dealer(cast.finance_c1, "C1")

"""price_grid: SKU × list at an instant, with what is scheduled, for the seller's own lists only."""

from datetime import timedelta

import pytest

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import price_grid, price_history
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.wide import make_many_skus, price_all
from tests.ordering.watching import statements


def test_every_sku_by_every_active_list(cast: Cast) -> None:
    PriceList.objects.filter(code="C2").update(is_active=False)
    grid = price_grid(actor=cast.pricing)
    assert [column.code for column in grid.lists] == ["NAT", "CITY"]
    assert grid.total == 6
    rows = {row.sku_code: row for row in grid.rows}
    city = rows[cast.skus[1].code].cells["CITY"]
    assert [(cell.unit, cell.min_quantity, cell.amount) for cell in city] == [
        ("CASE", 1, 178_000),
        ("CASE", 10, 170_000),
    ]
    both = rows[cast.skus[3].code].cells["NAT"]
    assert [(cell.unit, cell.amount) for cell in both] == [("CASE", 36_000), ("BOTTLE", 3_200)]
    assert rows[cast.skus[5].code].cells == {}


def test_drafts_stand_behind_what_is_sold(cast: Cast) -> None:
    codes = [row.sku_code for row in price_grid(actor=cast.pricing).rows]
    Sku.objects.filter(code=codes[0]).update(status="DRAFT", rank=0)
    assert [row.sku_code for row in price_grid(actor=cast.pricing).rows] == [*codes[1:], codes[0]]


def test_what_is_scheduled_stands_beside_what_rules(cast: Cast) -> None:
    code, later = cast.skus[1].code, clock.now() + timedelta(days=20)
    set_prices(actor=cast.pricing, command=SetPrices("NAT", (PriceChange(code, Unit.CASE, 210_000, valid_from=later),)))
    (row,) = price_grid(actor=cast.pricing, list_codes=["NAT"], text=code).rows
    (cell,) = row.cells["NAT"]
    assert (cell.amount, cell.next_amount, cell.next_from) == (198_000, 210_000, later)
    (then,) = price_grid(actor=cast.pricing, list_codes=["NAT"], text=code, at=later).rows
    assert (then.cells["NAT"][0].amount, then.cells["NAT"][0].next_from) == (210_000, None)


def test_another_sellers_lists_are_not_there(cast: Cast) -> None:
    assert price_grid(actor=cast.pricing, list_codes=["C1-NAT"]).lists == ()
    assert [column.code for column in price_grid(actor=cast.admin_c1).lists] == ["C1-NAT"]
    with pytest.raises(Missing):
        price_history(actor=cast.pricing, list_code="C1-NAT", sku_code=cast.skus[1].code)
    with pytest.raises(NotPermitted):
        price_grid(actor=cast.warehouse)


def test_constant_statements(cast: Cast) -> None:
    with statements() as few:
        price_grid(actor=cast.pricing)
    price_all(cast.national, make_many_skus(cast.skus[1], 150), {1: 5, 10: 4})
    with statements() as many:
        grid = price_grid(actor=cast.pricing, page=2)
    assert len(few) == len(many) == 3
    assert (len(grid.rows), grid.page_count) == (56, 2)

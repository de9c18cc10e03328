"""Goods come into a warehouse at the moment it is closed: it holds them and stays open, or it is closed and empty."""

from functools import partial

import pytest

from dms.stock.models import Stock, Warehouse
from dms.stock.services import AdjustStock, Counted, OpenWarehouse, adjust_stock, close_warehouse, open_warehouse
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.races.test_count_against_orders import here

pytestmark = pytest.mark.races


@pytest.mark.parametrize("code", ["R1", "R2", "R3", "R4"])
def test_no_bottle_lies_in_a_closed_warehouse(contest: Contest, code: str) -> None:
    cast, told = contest.cast, list[object]()
    with XINGHE.inside():
        open_warehouse(actor=cast.admin, command=OpenWarehouse(code, "新仓"))
    goods = [AdjustStock(code, (Counted(cast.skus[number].code, 60),), "到货") for number in (1, 3, 4)]
    fills = [here(partial(adjust_stock, actor=cast.admin, command=one), told) for one in goods]
    contest.all_at_once([*fills, here(partial(close_warehouse, actor=cast.admin, code=code), told)])
    with XINGHE.inside():
        place = Warehouse.objects.get(code=code)
        bottles = sum(Stock.objects.filter(warehouse=place).values_list("on_hand", flat=True))
    refused = {one for one in told if isinstance(one, str)}
    assert place.is_active is (bottles > 0)
    assert refused == ({"stock.warehouse_in_use"} if place.is_active else {"stock.warehouse_missing"})

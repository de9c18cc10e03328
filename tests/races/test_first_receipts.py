"""Two trucks of one house arrive at one moment, and it has no warehouse yet: one is made, both are received there."""

from functools import partial

import pytest

from core.db import sql
from core.db.acts import act
from dms.stock.models import Warehouse
from dms.stock.services import receiving_warehouse
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.races.test_count_against_orders import here

pytestmark = pytest.mark.races
TRUCKS = 6


def _receive(contest: Contest) -> int:
    cast = contest.cast
    with act():
        return receiving_warehouse(owner_id=cast.c2.pk, actor=cast.admin)


def test_one_warehouse_is_made(contest: Contest) -> None:
    told = list[object]()
    with XINGHE.inside():
        sql.execute("DELETE FROM stock_warehouse WHERE owner_id = %(owner)s", {"owner": contest.cast.c2.pk})
    contest.all_at_once([here(partial(_receive, contest), told) for _ in range(TRUCKS)])
    with XINGHE.inside():
        made = Warehouse.objects.get(owner_id=contest.cast.c2.pk)
    assert told == [made.pk] * TRUCKS

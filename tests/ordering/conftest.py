"""After every test of ordering, books and stock are sound and lines sum to their order."""

from collections.abc import Iterator

import pytest

from billing.ledger.selectors import check_books
from core.db import sql
from dms.stock.selectors import check_stock
from tests.cast import Cast

_UNEVEN = """
SELECT number FROM orders_order AS o JOIN orders_orderline AS line ON line.order_id = o.id
WHERE o.status <> 'DRAFT'
GROUP BY o.id
HAVING sum(line.amount) <> o.total OR sum(line.tax) <> o.tax OR sum(line.bottles) <> o.bottles
       OR count(*) <> o.line_count
"""


@pytest.fixture(autouse=True)
def _sound(cast: Cast) -> Iterator[None]:
    yield
    assert check_books() == []
    assert check_stock() == []
    assert sql.rows(_UNEVEN, {}) == []

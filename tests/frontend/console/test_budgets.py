"""Lists and details cost the same statements for few rows and for many."""

import pytest

from core.db.acts import act
from dms.dealers.models import Dealer
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.channel import DealerFacts, make_dealer
from tests.factories.goods import SkuFacts, make_sku, make_stock
from tests.factories.prices import make_price
from tests.frontend.console.conftest import HTMX, confirmed, placed
from tests.ordering.watching import statements

MOST = {
    "": 15,
    "orders/": 8,
    "products/": 8,
    "prices/": 6,
    "prices/matrix/": 12,
    "dealers/": 8,
    "dealers/?q=x&tier=CITY": 8,
    "stock/": 8,
    "seats/?side=dealer": 6,
    "audit/": 7,
    "jobs/": 6,
}
"""Statements of a page with its session, seat and counts; warm cache."""


def barcode(number: int) -> str:
    """A barcode with its right check digit."""
    digits = f"69099{number:07d}"
    odd, even = (sum(map(int, digits[start::2])) for start in (0, 1))
    return f"{digits}{-(odd + 3 * even) % 10}"


def grow(cast: Cast) -> None:
    """Thirty more of everything."""
    with act():
        for number in range(30):
            sku = make_sku(SkuFacts(f"XH-QX-530-05{number:02d}-NV-06", f"多的{number}", 6, barcode(number), 600))
            make_stock(cast.w1, sku, 600)
            make_price(cast.national, sku, {1: 10_000 + number, 10: 9_000 + number})
            facts = DealerFacts(f"N{number}", f"新的{number}", Dealer.Tier.CITY, "370100", 100_000)
            make_dealer(facts, parent=cast.root, supplier=cast.root)
    for _ in range(6):
        placed(cast, (3, 1))


def cost(client: HostClient, path: str, headers: dict[str, str] | None = None) -> int:
    """Statements of the second visit."""
    client.get(f"/console/{path}", headers=headers)
    with statements() as seen:
        assert client.get(f"/console/{path}", headers=headers).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", MOST)
def test_a_list_costs_the_same_for_many_rows(cast: Cast, desk: HostClient, path: str) -> None:
    placed(cast, (3, 1))
    few = cost(desk, path)
    grow(cast)
    assert cost(desk, path) == few
    assert few <= MOST[path]


def test_an_order_costs_the_same_for_many_lines(cast: Cast, desk: HostClient) -> None:
    small, large = confirmed(cast, (3, 1)), confirmed(cast, (1, 1), (2, 1), (3, 2))
    counted = {cost(desk, f"orders/{number}/", headers=HTMX) for number in (small, large)}
    assert len(counted) == 1
    assert counted.pop() <= 14

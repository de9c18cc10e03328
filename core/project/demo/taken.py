"""Orders of today under what runs today: policies at work, with their traces, gifts and budgets."""

from collections.abc import Mapping
from datetime import datetime

from billing.ledger import services as ledger
from core.kernel import clock
from core.kernel.quantity import Unit
from core.project.demo.baskets import Basket
from core.project.demo.houses import NOT_YET, SUSPENDED
from core.project.demo.lives import Cast, place
from core.project.demo.world import World
from ordering.orders import services as orders

Cases = Mapping[str, int]
BASKETS: Mapping[str, tuple[Cases, ...]] = {
    "xinghe": (
        {"XH-NX-500-0500-NV-12": 40, "XH-QX-530-0475-NV-12": 12},
        {"XH-NX-420-0500-NV-06-XY": 10, "XH-QX-530-0475-NV-12": 4, "XH-NX-500-0500-NV-12": 60},
        {"XH-NX-520-0500-NV-06": 60, "XH-NX-500-0500-NV-12": 25},
        {"XH-QX-530-0475-NV-12": 20},
    ),
    "chishui": ({"CS-JX-450-0500-NV-06": 4, "CS-JX-530-0100-NV-24": 2}, {"CS-JX-530-0100-NV-24": 30}),
}
"""Cases by SKU, an order each, of one dealer after the other."""
MOST_POOLS = 6
BUYS_HERE = ("CITY", "COUNTY")
"""Tiers that every policy of a basket is for."""


def settle_rebates(world: World, now: datetime) -> None:
    """Last quarter's rebates lie in the pools of the provinces and the first cities. Inside the brand's schema."""
    finance = world.staff["brand_finance"]
    houses = [
        one for one in world.dealers if one.tier in ("PROVINCIAL", "CITY") and one.code not in (NOT_YET, SUSPENDED)
    ]
    with clock.at(now):
        for number, dealer in enumerate(houses[:MOST_POOLS]):
            ledger.add_rebate(
                actor=finance,
                command=ledger.AddRebate(
                    world.buyers[dealer.code].dealer_id,
                    (36_000 - 4_000 * number) * 100,
                    f"FL-{clock.business_day(now):%Y%m}-{dealer.code}",
                    "上季度销售返利",
                ),
            )


def order_today(world: World, now: datetime) -> None:
    """A few dealers order what runs; the desk has approved every other one. Inside the brand's schema."""
    staff = world.staff
    buyers = [one for one in world.dealers if one.tier in BUYS_HERE and one.code not in (NOT_YET, SUSPENDED)]
    with clock.at(now):
        for number, (dealer, cases) in enumerate(zip(buyers, BASKETS[world.brand.slug], strict=False)):
            buyer = world.buyers[dealer.code]
            cast = Cast(buyer, staff["brand_sales_admin"], staff["brand_warehouse"], staff["brand_finance"], {})
            lines = tuple(orders.OrderedLine(code, quantity, Unit.CASE) for code, quantity in cases.items())
            placed = place(cast, Basket(lines, "PAGE", ""), world.dice)
            if placed is not None and placed.approve_by is not None and number % 2:
                orders.approve(actor=cast.approver, command=orders.Approve(placed.number))

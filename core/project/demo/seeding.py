"""Seeding the demo: two brands with their dealers and 120 days of trade, ending now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.db import sql
from core.db.acts import brand_schema
from core.kernel import clock
from core.project.demo import houses, marks, offer
from core.project.demo.carts import fill_carts
from core.project.demo.channel import DEALERS, SMALL
from core.project.demo.products import ASSORTMENTS
from core.project.demo.trade import trade
from core.project.demo.world import BRANDS, World, open_brand
from tenants.brands.rules import schema_of

DAYS = 120
OPENING = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Scale:
    """How big the world is: dealers by brand (None: all) and orders by brand."""

    dealers: dict[str, tuple[str, ...]] | None
    orders: dict[str, int]


SCALES = {
    "full": Scale(None, {"xinghe": 960, "chishui": 560}),
    "small": Scale(SMALL, {"xinghe": 42, "chishui": 20}),
}


def steps_of(slug: str, scale: Scale) -> int:
    """How often ``step`` is called while a brand is seeded."""
    return scale.orders[slug]


def seed_brand(slug: str, scale: Scale, step: Callable[[], None]) -> None:
    """Make one brand of the demo from nothing and mark it complete. ``marks.forget_half_made`` was called before."""
    now = clock.now()
    first_day = clock.business_day(now) - timedelta(days=DAYS - 1)
    started_at = clock.start_of_day(first_day) + OPENING
    marks.begin(slug)
    # A seed lost with the machine is begun anew: it need not wait for the disk at each of its thousands of commits.
    sql.execute("SET synchronous_commit = off", {})
    world = _stage(slug, scale, started_at, now)
    with brand_schema(schema_of(slug)):
        trade(world, scale.orders[slug], now, step)
        fill_carts(world, now)
        houses.suspend_one(world)
    marks.finish(slug)


def _stage(slug: str, scale: Scale, started_at: datetime, now: datetime) -> World:
    wanted = scale.dealers[slug] if scale.dealers is not None else None
    channel = tuple(dealer for dealer in DEALERS[slug] if wanted is None or dealer.code in wanted)
    with clock.at(started_at):
        world = open_brand(BRANDS[slug], ASSORTMENTS[slug], channel, started_at)
        companies = houses.register_companies(world)
        with brand_schema(schema_of(slug)):
            houses.make_dealers(world, companies)
            houses.grant_ground(world)
            houses.take_seats(world)
            offer.set_order_rules(world)
            offer.open_warehouses(world)
            offer.set_prices(world)
            offer.announce_rise(world, started_at + timedelta(days=DAYS // 2), now)
    return world

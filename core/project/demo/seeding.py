"""Seeding the demo: two brands with their dealers and 120 days of trade, ending now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.db import sql
from core.db.acts import brand_schema
from core.kernel import clock
from core.project.demo import houses, marks, offer, seats
from core.project.demo.board import put_up
from core.project.demo.carts import fill_carts
from core.project.demo.channel import DEALERS, SMALL
from core.project.demo.ground import draw_map
from core.project.demo.market import hear_quotes
from core.project.demo.papers import lay_out_papers
from core.project.demo.pictures import hang_up
from core.project.demo.products import ASSORTMENTS
from core.project.demo.promotions import plan_promotions
from core.project.demo.taken import order_today, settle_rebates
from core.project.demo.trade import trade
from core.project.demo.world import BRANDS, World, open_brand
from tenants.brands.rules import schema_of

DAYS = 120
OPENING = timedelta(hours=8)
STAGE_STEPS = 100
"""A brand's first day takes about as long as so many orders."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How big the world is: dealers by brand (None: all) and orders by brand."""

    dealers: dict[str, tuple[str, ...]] | None
    orders: dict[str, int]

    def steps(self, slug: str) -> int:
        """How often ``step`` is called while a brand is seeded: while it is staged, then once an order."""
        return STAGE_STEPS + self.orders[slug]


SCALES = {
    "full": Scale(None, {"xinghe": 960, "chishui": 560}),
    "small": Scale(SMALL, {"xinghe": 42, "chishui": 20}),
}


def seed_brand(slug: str, scale: Scale, step: Callable[[], None]) -> None:
    """Make one brand of the demo unless it is complete; what a killed seed left of it is dropped first.

    Waits for another seed of the same brand (a killed command's own process may have a step to go).
    """
    with marks.alone(slug):
        if not marks.is_seeded(slug):
            marks.forget_half_made(slug)
            _seed(slug, scale, step)


def _seed(slug: str, scale: Scale, step: Callable[[], None]) -> None:
    now = clock.now()
    first_day = clock.business_day(now) - timedelta(days=DAYS - 1)
    started_at = clock.start_of_day(first_day) + OPENING
    marks.begin(slug)
    # A seed lost with the machine is begun anew: it need not wait for the disk at each of its thousands of commits.
    sql.execute("SET synchronous_commit = off", {})
    world = _stage(slug, scale, started_at, now, step)
    with brand_schema(schema_of(slug)):
        trade(world, scale.orders[slug], now, step)
        fill_carts(world, now)
        houses.suspend_one(world)
        lay_out_papers(world)
        seats.hand_over(world)
        put_up(world, now)
        hear_quotes(world, now)
        plan_promotions(world, now)
        settle_rebates(world, now)
        order_today(world, now)
        with clock.at(now):
            offer.draw_red_line(world)
        hang_up(world)
    sql.execute("SET synchronous_commit = on", {})
    marks.finish(slug)


def _stage(slug: str, scale: Scale, started_at: datetime, now: datetime, step: Callable[[], None]) -> World:
    wanted = scale.dealers[slug] if scale.dealers is not None else None
    channel = tuple(dealer for dealer in DEALERS[slug] if wanted is None or dealer.code in wanted)
    with clock.at(started_at):
        world = open_brand(BRANDS[slug], ASSORTMENTS[slug], channel, started_at)
        companies = houses.register_companies(world)
        with brand_schema(schema_of(slug)):
            houses.make_dealers(world, companies)
            scenes: tuple[Callable[[World], None], ...] = (
                houses.grant_ground,
                draw_map,
                houses.take_seats,
                seats.open_limited_seats,
                offer.set_order_rules,
                offer.open_warehouses,
                offer.set_prices,
                partial(offer.announce_rise, when=started_at + timedelta(days=DAYS // 2), now=now),
            )
            for place, scene in enumerate(scenes, start=1):
                scene(world)
                for _ in range(STAGE_STEPS * (place - 1) // len(scenes), STAGE_STEPS * place // len(scenes)):
                    step()
    return world

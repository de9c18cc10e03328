"""What a demo brand's goods fetch between traders: weekly quotes by city, some of them below what dealers pay."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from core.kernel import clock, regions
from core.kernel.quantity import Unit
from core.project.demo.offer import on_shelf
from core.project.demo.products import DemoProduct
from core.project.demo.world import World
from dms.sellthrough import services
from dms.sellthrough.rules import Heard

WEEKS = 17
MOST_CITIES = 3
MARKS_PERMILLE = (1_060, 1_035, 905, 1_085, 1_020, 860, 1_050, 940)
"""Where each product's quote stands today against what city dealers pay; below 1000 the price is inverted."""
WHOLESALE, ROUND = "名酒批发市场", "业务员走访"
SLIP_PERMILLE = 1_100
"""One of the last quotes was first entered too high, and corrected."""


def hear_quotes(world: World, now: datetime) -> None:
    """Entered week by week by whoever looks after prices; the first of the last week corrected at once."""
    dice, writer = Random(f"{world.brand.slug} market"), world.staff["brand_pricing"]
    for ago in range(WEEKS - 1, -1, -1):
        with clock.at(now - timedelta(weeks=ago)):
            rows = list(_week(world, clock.business_day(), ago, dice))
            if not ago and rows:
                first = rows[0]
                slip = Heard(
                    first.sku_code,
                    first.region_code,
                    first.quoted_on,
                    first.unit,
                    _round((first.amount or 0) * SLIP_PERMILLE // 1000),
                    first.source,
                )
                services.record_quotes(actor=writer, rows=[slip])
            services.record_quotes(actor=writer, rows=rows)


def _week(world: World, day: date, ago: int, dice: Random) -> Iterator[Heard]:
    for product, mark in zip(_quoted(world), MARKS_PERMILLE, strict=False):
        for place, city in enumerate((regions.COUNTRY, *_cities(world))):
            # Quotes drift to where they stand today from a little above, each city on its own way.
            permille = mark + ago * 4 + dice.randrange(-8, 9) + place * 6
            bottle = product.prices.by_tier["CITY"] * permille // 1000 // product.bottles_per_case
            yield Heard(product.code, city, day, Unit.BOTTLE, _round(bottle), WHOLESALE if place < 2 else ROUND)


def _round(amount: int) -> int:
    """To whole yuan where a bottle costs that much: nobody quotes fen."""
    return max(amount // 100 * 100, 100) if amount >= 2_000 else max(amount // 10 * 10, 10)


def _quoted(world: World) -> list[DemoProduct]:
    goods = [one for one in on_shelf(world) if "CITY" in one.prices.by_tier]
    return goods[:: max(len(goods) // len(MARKS_PERMILLE), 1)]


def _cities(world: World) -> list[str]:
    found = dict.fromkeys(one.region_code for one in world.dealers if one.tier == "CITY")
    return list(found)[:MOST_CITIES]

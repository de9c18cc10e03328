"""What a demo dealer orders: its usual products, in quantities of its tier."""

from dataclasses import dataclass
from random import Random

from core.kernel.quantity import Unit
from core.project.demo.channel import DemoDealer
from core.project.demo.houses import ONLY_LINES
from core.project.demo.products import DemoProduct
from ordering.orders.services import OrderedLine

LINES = {"PROVINCIAL": (5, 14), "CITY": (3, 10), "COUNTY": (2, 7), "TERMINAL": (1, 5)}
YUAN = {"PROVINCIAL": 60_000, "CITY": 26_000, "COUNTY": 9_000, "TERMINAL": 2_600}
"""About what a line is worth."""
FREQUENCY = {"PROVINCIAL": 5.0, "CITY": 4.0, "COUNTY": 2.4, "TERMINAL": 2.2}
SOURCES = ("PAGE", "PAGE", "PAGE", "PAGE", "API", "IMPORT")


@dataclass(frozen=True, slots=True)
class Basket:
    """What is ordered, and through which door."""

    lines: tuple[OrderedLine, ...]
    source: str
    reference: str


def usual_products(dealer: DemoDealer, products: list[DemoProduct], dice: Random) -> list[DemoProduct]:
    """The part of the range a dealer lives on."""
    lines = ONLY_LINES.get(dealer.code)
    open_to_it = [product for product in products if lines is None or product.line_code in lines]
    share = {"PROVINCIAL": 1.0, "CITY": 0.8, "COUNTY": 0.6, "TERMINAL": 0.5}[dealer.tier]
    return dice.sample(open_to_it, k=max(2, int(len(open_to_it) * share)))


def fill(dealer: DemoDealer, usual: list[DemoProduct], dice: Random, number: int) -> Basket:
    """A basket of the dealer's usual products, the favourites more often."""
    least, most = LINES[dealer.tier]
    count = min(dice.randint(least, most), len(usual))
    favourites = usual[: max(2, len(usual) // 2)]
    drawn = (dice.choice(favourites if dice.random() < 0.65 else usual) for _ in range(count))
    picked = {product.code: product for product in drawn}
    lines = tuple(_line(dealer, product, dice) for product in picked.values())
    reference = f"CG{number:05d}" if dice.random() < 0.4 else ""
    return Basket(lines, dice.choice(SOURCES), reference)


def _line(dealer: DemoDealer, product: DemoProduct, dice: Random) -> OrderedLine:
    if product.sells_in == "BOTH" and dealer.tier == "TERMINAL" and dice.random() < 0.4:
        return OrderedLine(product.code, dice.randint(1, 5), Unit.BOTTLE)
    price = product.prices.by_tier[dealer.tier]
    wanted = YUAN[dealer.tier] * 100 * dice.uniform(0.3, 1.8) / price
    return OrderedLine(product.code, rounded(int(wanted)), Unit.CASE)


def rounded(cases: int) -> int:
    """As people order: from 20 on in fives, from 100 on in tens."""
    step = 10 if cases >= 100 else 5 if cases >= 20 else 1
    return max(cases // step * step, 1)

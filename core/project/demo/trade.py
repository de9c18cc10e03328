"""120 days of trade of one demo brand: every act at its instant, in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from core.catalogue.models import Sku
from core.kernel import clock
from core.project.demo import baskets
from core.project.demo.channel import DemoDealer
from core.project.demo.houses import NOT_YET, SUSPENDED
from core.project.demo.lives import WEIGHTS, Cast, Fate, Life, live, remit
from core.project.demo.offer import WAREHOUSES, first_count, on_shelf, sellers
from core.project.demo.seasons import ordering_instant, spread
from core.project.demo.world import World
from dms.stock import services as stock
from dms.stock.models import Stock, Warehouse
from dms.stock.selectors import free_by_sku

RESTOCK_DAYS = 7
SELL_THROUGH_DAYS = 30


@dataclass(order=True, slots=True)
class Turn:
    """A life that goes on at an instant; ``serial`` keeps the order of equal instants."""

    instant: datetime
    serial: int
    life: Life = field(compare=False)


def trade(world: World, order_count: int, now: datetime, step: Callable[[], None]) -> None:
    """Let about ``order_count`` orders live until ``now``; ``step`` is called for each. Inside the brand's schema."""
    queue: list[Turn] = []
    for instant, life in _beginnings(world, order_count, now):
        heapq.heappush(queue, Turn(instant, len(queue), _counted(life, step)))
    for instant, life in _upkeep(world, now):
        heapq.heappush(queue, Turn(instant, len(queue), life))
    serial = len(queue)
    while queue and queue[0].instant <= now:
        turn = heapq.heappop(queue)
        with clock.at(turn.instant):
            following = next(turn.life, None)
        if following is not None:
            serial += 1
            heapq.heappush(queue, Turn(max(following, turn.instant), serial, turn.life))


def _counted(life: Life, step: Callable[[], None]) -> Life:
    step()
    yield from life


def _beginnings(world: World, order_count: int, now: datetime) -> Iterator[tuple[datetime, Life]]:
    dice = world.dice
    buyers = [dealer for dealer in world.dealers if dealer.code not in (NOT_YET, SUSPENDED)]
    usual = {dealer.code: baskets.usual_products(dealer, on_shelf(world), dice) for dealer in buyers}
    frequencies = [baskets.FREQUENCY[dealer.tier] for dealer in buyers]
    codes = dict(Warehouse.objects.values_list("id", "code"))
    first = clock.business_day(world.started_at)
    days = [first + timedelta(days=number) for number in range((clock.business_day(now) - first).days + 1)]
    number = 0
    for day, count in zip(days, spread(days, order_count), strict=True):
        for _ in range(count):
            number += 1
            dealer = dice.choices(buyers, frequencies)[0]
            instant = ordering_instant(day, dice)
            own_dice = Random(f"{world.brand.slug}{number}")
            fate = _fate(instant, now, own_dice)
            basket = baskets.fill(dealer, usual[dealer.code], own_dice, number)
            if world.started_at < instant <= now:
                yield instant, live(world, cast_for(world, dealer, codes), basket, fate, own_dice)


def _fate(instant: datetime, now: datetime, dice: Random) -> Fate:
    fate = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    is_open = fate in (Fate.HALF_WAY, Fate.UNSIGNED)
    # What is left lying for long would look forgotten: only young orders stay half way.
    return Fate.RECEIVED if is_open and now - instant > timedelta(days=21) else fate


def cast_for(world: World, dealer: DemoDealer, warehouse_codes: dict[int, str]) -> Cast:
    """Who acts in this dealer's orders: the brand's people, or those of the dealer that supplies it."""
    is_from_dealer = dealer.tier == "TERMINAL" and bool(dealer.parent_code)
    buyer = world.buyers[dealer.code]
    if not is_from_dealer:
        staff = world.staff
        return Cast(
            buyer, staff["brand_sales_admin"], staff["brand_warehouse"], staff["brand_finance"], warehouse_codes
        )
    supplier = world.buyers[dealer.parent_code]
    return Cast(buyer, supplier, supplier, world.house(dealer.parent_code), warehouse_codes)


def _upkeep(world: World, now: datetime) -> Iterator[tuple[datetime, Life]]:
    """What goes on beside the orders: production, stock sold through, money remitted."""
    weeks = (now - world.started_at).days // RESTOCK_DAYS
    for week in range(1, weeks + 1):
        yield world.started_at + timedelta(days=week * RESTOCK_DAYS, hours=-2), _restock(world)
    months = (now - world.started_at).days // SELL_THROUGH_DAYS
    for month in range(1, months + 1):
        for place, code in enumerate(sellers(world)):
            instant = world.started_at + timedelta(days=month * SELL_THROUGH_DAYS - 1, hours=8, minutes=place)
            yield instant, _sell_through(world, code)
    for place, dealer in enumerate(world.dealers):
        if dealer.tier in ("PROVINCIAL", "CITY") and dealer.code != NOT_YET:
            yield world.started_at + timedelta(days=1, minutes=7 * place), _transfer(world, dealer, 4)
            # Whoever tries the portal on this dealer's seat can order something.
            yield now - timedelta(hours=6, minutes=place), _transfer(world, dealer, 10)


def _transfer(world: World, dealer: DemoDealer, part: int) -> Life:
    """Money ahead of orders: one ``part``-th of the credit limit."""
    remit(cast_for(world, dealer, {}), dealer.credit_limit // part)
    yield from ()


def _restock(world: World) -> Life:
    """Each Monday the bottling hall fills up what has become little; what is scarce stays so."""
    skus = dict(Sku.objects.values_list("code", "id"))
    free = free_by_sku(seller_id=world.ids["ROOT"], sku_ids=list(skus.values()))
    all_cases = sum(cases for *_, cases in WAREHOUSES[world.brand.slug])
    wanted: dict[str, int] = {}
    for product in on_shelf(world):
        full = first_count(product, all_cases) * product.bottles_per_case
        lacking = full - free.get(skus[product.code], 0)
        if lacking > full // 5:
            wanted[product.code] = lacking // product.bottles_per_case * product.bottles_per_case
    for code, *_, cases in WAREHOUSES[world.brand.slug]:
        per_case = {product.code: product.bottles_per_case for product in on_shelf(world)}
        lines = [
            stock.Counted(sku, bottles * cases // all_cases // per_case[sku] * per_case[sku])
            for sku, bottles in wanted.items()
        ]
        filled = tuple(line for line in lines if line.bottles)
        if filled:
            command = stock.AdjustStock(code, filled, reason="生产入库")
            stock.adjust_stock(actor=world.staff["brand_warehouse"], command=command)
    yield from ()


_OWN_STOCK = ("warehouse__code", "sku__code", "batch", "on_hand", "reserved")


def _sell_through(world: World, dealer_code: str) -> Life:
    """A selling dealer counts its shelves: two thirds of what was free has gone to customers without the portal."""
    found = Stock.objects.filter(owner_id=world.ids[dealer_code], warehouse__code=f"D-{dealer_code}")
    lines = tuple(
        stock.Counted(sku, reserved + max((on_hand - reserved) * 2 // 5, 30), batch)
        for _, sku, batch, on_hand, reserved in found.values_list(*_OWN_STOCK)
        if on_hand - reserved > 90
    )
    if lines:
        command = stock.CountStock(f"D-{dealer_code}", lines, reason="月末盘点")
        stock.count_stock(actor=world.house(dealer_code), command=command)
    yield from ()

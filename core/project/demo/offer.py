"""What a demo brand and its selling dealers offer: warehouses with counted stock, price lists, order rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.project.demo.houses import STRATEGIC, STRATEGIC_DEALERS
from core.project.demo.products import DemoProduct
from core.project.demo.world import World
from dms.stock import services as stock
from ordering.orders import services as orders
from ordering.pricing import services as pricing

WAREHOUSES = {
    "xinghe": (
        ("FY01", "汾阳总仓", "Fenyang main warehouse", "FACTORY", "141182", 10, 900),
        ("ZZ01", "郑州云仓", "Zhengzhou cloud warehouse", "CLOUD", "410122", 20, 260),
        ("GZ01", "广州前置仓", "Guangzhou front warehouse", "FRONT", "440118", 30, 160),
    ),
    "chishui": (
        ("CS01", "赤水总仓", "Chishui main warehouse", "FACTORY", "520381", 10, 700),
        ("CD01", "成都云仓", "Chengdu cloud warehouse", "CLOUD", "510116", 20, 220),
    ),
}
"""Code, name, English name, kind, county, priority, cases of each product at the first count."""
SCARCE = ("XH-NX-520-0500-Y20-06", "XH-QX-420-0100-NV-24", "CS-JX-530-0500-Y30-06", "MT-JX-530-0500-NV-04")
"""Products of which little is made: their stock word is low or none."""
TIER_LISTS = (
    ("PROVINCIAL", "省级价", "Provincial prices"),
    ("CITY", "市级价", "City prices"),
    ("COUNTY", "县级价", "County prices"),
    ("TERMINAL", "终端供货价", "Outlet prices"),
)
WATCHED_CASES = 20
AUTO_APPROVED_FEN = 800_000
OWN_PRICE_PERMILLE = 975
REGION_PERMILLE = 988
STRATEGIC_PERMILLE = 980
FLOOR_PERMILLE = 820
"""Of what a province pays."""
RISE_PERMILLE = 1_030


def set_order_rules(world: World) -> None:
    """Small orders confirm themselves."""
    orders.change_settings(
        actor=world.staff["brand_admin"],
        command=orders.ChangeSettings(auto_approve_up_to=AUTO_APPROVED_FEN, minimum_amount=20_000),
    )


def open_warehouses(world: World) -> None:
    """The brand's warehouses, counted once; selling dealers count what they have too."""
    actor = world.staff["brand_warehouse"]
    for code, name, name_en, kind, region, priority, cases in WAREHOUSES[world.brand.slug]:
        stock.open_warehouse(actor=actor, command=stock.OpenWarehouse(code, name, kind, region, priority, name_en))
        lines = [stock.Counted(one.code, first_count(one, cases) * one.bottles_per_case) for one in on_shelf(world)]
        _count(actor, code, f"{code}-期初盘点", [line for line in lines if line.bottles])
    for dealer_code in sellers(world):
        facts = next(dealer for dealer in world.dealers if dealer.code == dealer_code)
        house, own_code = world.house(dealer_code), f"D-{dealer_code}"
        own = stock.OpenWarehouse(own_code, f"{facts.short_name}仓库", "DEALER", facts.county_code)
        stock.open_warehouse(actor=house, command=own)
        picked = world.dice.sample(on_shelf(world), k=max(6, len(on_shelf(world)) // 2))
        lines = [stock.Counted(one.code, world.dice.randrange(15, 60) * one.bottles_per_case) for one in picked]
        _count(house, own_code, f"{own_code}-期初盘点", lines)
        _watch(house, {line.sku_code: WATCHED_CASES for line in lines[:3]}, world)
    _watch(actor, {one.code: WATCHED_CASES * 2 for one in on_shelf(world) if one.code in SCARCE}, world)
    _fill_front(world, actor)


def _watch(actor: Actor, cases: Mapping[str, int], world: World) -> None:
    """Thresholds over all warehouses of the house, in cases."""
    per_case = {one.code: one.bottles_per_case for one in on_shelf(world)}
    lines = tuple(stock.ThresholdLine(code, wanted * per_case[code]) for code, wanted in cases.items())
    if lines:
        stock.set_thresholds(actor=actor, command=stock.SetThresholds(lines))


def _fill_front(world: World, actor: Actor) -> None:
    """The first transfer: from the main warehouse to the one farthest from it."""
    first, *_, last = (row[0] for row in WAREHOUSES[world.brand.slug])
    goods = tuple(stock.Counted(one.code, 5 * one.bottles_per_case) for one in on_shelf(world)[:3])
    stock.transfer_stock(actor=actor, command=stock.TransferStock(first, last, goods, "补货"))


def _count(actor: Actor, warehouse: str, number: str, lines: list[stock.Counted]) -> None:
    stock.count_stock(actor=actor, command=stock.CountStock(warehouse, tuple(lines), number=number, reason="期初盘点"))


def first_count(product: DemoProduct, cases: int) -> int:
    """Cases of a product at the first count: little of what is scarce, more of what is cheap."""
    if product.code in SCARCE:
        return cases // 25
    return cases * (3 if product.prices.ex_factory < 50_000 else 1)


def on_shelf(world: World) -> list[DemoProduct]:
    """Products that may be ordered."""
    return [product for product in world.assortment.products if product.status == "ON"]


def sellers(world: World) -> list[str]:
    """Dealers with terminals of their own."""
    return sorted({dealer.parent_code for dealer in world.dealers if dealer.tier == "TERMINAL" and dealer.parent_code})


def set_prices(world: World) -> None:
    """Lists of the brand by tier, region, group and dealer, and each selling dealer's own list for its terminals."""
    brand = world.staff["brand_pricing"]
    products = [product for product in world.assortment.products if product.status != "DRAFT"]
    _list(
        brand,
        pricing.CreateList("NATIONAL", "全国统一价", "NATIONAL", name_en="One price nationwide"),
        products,
        "COUNTY",
        1_000,
    )
    for tier, name, name_en in TIER_LISTS:
        _list(
            brand, pricing.CreateList(f"TIER-{tier}", name, "TIER", tier=tier, name_en=name_en), products, tier, 1_000
        )
    first = world.dealers[0].region_code
    own_marks = [product for product in products if product.line_code != "MJ"]
    regional = pricing.CreateList(
        f"CITY-{first}", "市级价 · 重点省", "TIER", tier="CITY", region_code=first, name_en="City prices · key province"
    )
    _list(brand, regional, own_marks[:6], "CITY", REGION_PERMILLE)
    group = pricing.CreateList(
        f"GROUP-{STRATEGIC[0]}", "战略客户价", "GROUP", price_group_code=STRATEGIC[0], name_en="Key accounts"
    )
    _list(brand, group, own_marks[:4], "CITY", STRATEGIC_PERMILLE)
    contracted = next(
        dealer for dealer in world.dealers if dealer.tier == "CITY" and dealer.code not in STRATEGIC_DEALERS
    )
    own = pricing.CreateList(
        f"DEALER-{contracted.code}", f"{contracted.short_name}合同价", "DEALER", dealer_code=contracted.code
    )
    _list(brand, own, own_marks[:2], "CITY", OWN_PRICE_PERMILLE)
    outlets = pricing.CreateList("OUTLETS", "终端供货价", "NATIONAL", name_en="Outlet prices")
    for code in sellers(world):
        _list(world.buyers[code], outlets, products, "TERMINAL", 1_000)


def draw_red_line(world: World) -> None:
    """The red line (红线价): below it a price or an order needs a second person."""
    admin = world.staff["brand_admin"]
    pricing.create_list(
        actor=admin, command=pricing.CreateList("FLOOR", "全国红线价", "NATIONAL", name_en="Red line", kind="FLOOR")
    )
    changes = tuple(
        pricing.PriceChange(
            product.code, Unit.CASE, product.prices.by_tier["PROVINCIAL"] * FLOOR_PERMILLE // 100_000 * 100
        )
        for product in world.assortment.products
        if product.status != "DRAFT"
    )
    pricing.set_prices(actor=admin, command=pricing.SetPrices("FLOOR", changes))


def _list(actor: Actor, command: pricing.CreateList, products: list[DemoProduct], tier: str, permille: int) -> None:
    pricing.create_list(actor=actor, command=command)
    changes = [change for product in products for change in _ladder(product, tier, permille)]
    pricing.set_prices(actor=actor, command=pricing.SetPrices(command.code, tuple(changes)))


def _ladder(
    product: DemoProduct, tier: str, permille: int, valid_from: datetime | None = None
) -> list[pricing.PriceChange]:
    steps = [
        pricing.PriceChange(product.code, Unit.CASE, amount * permille // 100_000 * 100, least, valid_from)
        for least, amount in product.prices.ladder(tier)
    ]
    if product.sells_in == "BOTH":
        each = -(-product.prices.by_tier[tier] * permille // (product.bottles_per_case * 100_000)) * 100
        steps.append(pricing.PriceChange(product.code, Unit.BOTTLE, each, 1, valid_from))
    return steps


def announce_rise(world: World, when: datetime, now: datetime) -> None:
    """A line's price rises in the middle of the world's time, and again soon after it."""
    brand = world.staff["brand_pricing"]
    first_line = world.assortment.lines[0].code
    risen = [one for one in world.assortment.products if one.line_code == first_line and one.status != "DRAFT"]
    for tier in ("PROVINCIAL", "CITY", "COUNTY"):
        changes = [
            change
            for product in risen
            for permille, instant in ((RISE_PERMILLE, when), (RISE_PERMILLE + 20, now + timedelta(days=14)))
            for change in _ladder(product, tier, permille, instant)
        ]
        pricing.set_prices(actor=brand, command=pricing.SetPrices(f"TIER-{tier}", tuple(changes)))

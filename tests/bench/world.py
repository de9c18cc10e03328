"""The world the benchmarks measure in: 5,000 SKUs, 500 city dealers, prices on three levels, one big warehouse.

The same size as the yardstick (``limit/schema.sql``): what differs is what an order really has to know and write.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from core.catalogue.models import ProductLine, Sku, Spu
from core.catalogue.services import write_documents
from core.db.acts import brand_schema
from core.kernel import clock
from core.kernel.identifiers import gtin14_of_case
from core.kernel.quantity import Unit
from dms.dealers.models import Credential, Dealer
from dms.stock.models import Movement, Stock
from ordering.pricing.models import PriceEntry, PriceList
from tenants.access.models import Seat
from tests.factories.channel import DealerFacts, make_dealer, make_root
from tests.factories.goods import make_line, make_producer, make_warehouse
from tests.factories.prices import SINCE, make_list
from tests.portals import XINGHE, TestPortal

SKU_COUNT = 5_000
DEALER_COUNT = 500
OWN_LISTS = 100
ON_HAND = 1_000_000_002
AROMAS = ("NX", "QX", "JX", "MX", "FX")


@dataclass(frozen=True, slots=True)
class World:
    """What the load needs to know: the host, a seat a dealer, the SKU codes."""

    host: str
    schema: str
    seats: tuple[Seat, ...]
    codes: tuple[str, ...]


def build(portal: TestPortal = XINGHE, *, skus: int = SKU_COUNT, dealers: int = DEALER_COUNT) -> World:
    """Make the world in the empty schema of a brand of the connected database."""
    with brand_schema(portal.schema):
        root = make_root("ROOT", portal.name, "140100")
        goods = make_skus(skus)
        stock_up(root, goods)
        houses = [_make_dealer(root, number) for number in range(dealers)]
        _price(root, houses, goods)
        seats = tuple(_make_seat(dealer) for dealer in houses)
        return World(portal.host, portal.schema, seats, tuple(sku.code for sku in goods))


def make_skus(count: int) -> list[Sku]:
    """``count`` SKUs on the shelf, in six product lines and five fragrances."""
    lines = [make_line(f"L{number}", f"系列{number}") for number in range(6)]
    now, producer = clock.now(), make_producer()
    spus = Spu.objects.bulk_create(
        Spu(
            code=f"spu-{n}",
            name=f"量测酒{n:04d}",
            product_line=lines[n % 6],
            producer=producer,
            aroma=AROMAS[n % 5],
        )
        for n in range(count)
    )
    skus = Sku.objects.bulk_create(_sku(n, spu, lines[n % 6], now) for n, spu in enumerate(spus))
    write_documents()  # what is pasted is found
    return skus


def _sku(n: int, spu: Spu, line: ProductLine, now: datetime) -> Sku:
    gtin13 = _gtin13(n)
    return Sku(
        code=f"XH-{spu.aroma}-{520 + n % 10}-0500-NV-06-{n:05d}",
        spu=spu,
        product_line=line,
        name=spu.name,
        aroma=spu.aroma,
        abv_tenths=520 + n % 10,
        volume_ml=500,
        bottles_per_case=6,
        edition=f"{n:05d}",
        gtin13=gtin13,
        gtin14=gtin14_of_case(gtin13),
        status=Sku.Status.ON,
        rank=n,
        created_at=now,
        updated_at=now,
    )


def _gtin13(n: int) -> str:
    body = f"6990000{n:05d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def stock_up(root: Dealer, skus: list[Sku]) -> None:
    """More of each of them than anybody orders, at the brand's warehouse."""
    warehouse = make_warehouse(root, "W1", "总仓")
    rows = Stock.objects.bulk_create(
        Stock(warehouse=warehouse, owner=root, sku=sku, on_hand=ON_HAND, reserved=0) for sku in skus
    )
    Movement.objects.bulk_create(
        Movement(
            stock=row,
            kind=Movement.Kind.OPENING,
            bottles=ON_HAND,
            document_type="OPENING",
            document_number="BENCH",
            at=clock.now(),
        )
        for row in rows
    )


def _make_dealer(root: Dealer, number: int) -> Dealer:
    facts = DealerFacts(f"D{number:04d}", f"量测商{number:04d}", Dealer.Tier.CITY, "370100", 900_000_000_000_000)
    dealer = make_dealer(facts, parent=root, supplier=root)
    Credential.objects.get_or_create(
        dealer=dealer,
        type=Credential.Type.BUSINESS,
        defaults={"number": f"B{number:06d}", "valid_from": date(2020, 1, 1)},
    )
    return dealer


def _price(root: Dealer, dealers: list[Dealer], skus: list[Sku]) -> None:
    national = make_list(root, "NAT", "全国价")
    city = make_list(root, "CITY", "市级价", scope=PriceList.Scope.TIER, tier=Dealer.Tier.CITY)
    _fill(national, skus, (1,), 200_000)
    _fill(city, skus[::2], (1, 10, 100), 180_000)
    for number, dealer in enumerate(dealers[:OWN_LISTS]):
        own = make_list(root, f"OWN{number}", "专价", scope=PriceList.Scope.DEALER, dealer=dealer)
        _fill(own, skus[number::50], (1, 50), 170_000)


def _fill(price_list: PriceList, skus: list[Sku], steps: tuple[int, ...], amount: int) -> None:
    PriceEntry.objects.bulk_create(
        (
            PriceEntry(
                price_list=price_list,
                sku=sku,
                unit=Unit.CASE,
                min_quantity=step,
                amount=amount - place * 2_000 + number % 500 * 10,
                valid_from=SINCE - timedelta(days=1),
                created_at=clock.now(),
            )
            for number, sku in enumerate(skus)
            for place, step in enumerate(steps)
        ),
        batch_size=5_000,
    )


def _make_seat(dealer: Dealer) -> Seat:
    return Seat.objects.create(
        person_id=uuid4(),
        person_name=f"采购{dealer.code}",
        side=Seat.Side.DEALER,
        dealer_id=dealer.pk,
        dealer_name=dealer.name,
        roles=["dealer_buyer"],
        created_at=clock.now(),
    )

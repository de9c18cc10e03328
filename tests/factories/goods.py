"""Products and stock as plain rows, for tests that start after these were made."""

from dataclasses import dataclass
from datetime import datetime

from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.services import write_documents
from core.kernel import clock
from core.kernel.identifiers import gtin14_of_case
from dms.dealers.models import Dealer
from dms.stock.models import Movement, Stock, Warehouse


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """What tells one SKU from another; ``stock`` in bottles at the root's warehouse."""

    code: str
    name: str
    per_case: int
    gtin13: str
    stock: int
    sells_in: str = Sku.SellsIn.CASE
    status: str = Sku.Status.ON


def make_line(code: str = "CLASSIC", name: str = "经典系列") -> ProductLine:
    """A product line, with the producer's licence in order."""
    return ProductLine.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_producer() -> Producer:
    """The one producer of a test brand, with an SC licence for liquor (115…)."""
    return Producer.objects.get_or_create(
        name="示例酒业股份有限公司", defaults={"sc_no": "SC11552038220099", "region_code": "520382"}
    )[0]


def make_sku(facts: SkuFacts, line: ProductLine | None = None, at: datetime | None = None) -> Sku:
    """An SPU with one SKU; aroma, strength and volume are read off the code, which only tests may do."""
    _, aroma, abv, volume, age, *_ = facts.code.split("-")
    line = line or make_line()
    at = at or clock.now()
    spu = Spu.objects.create(
        code=facts.code.lower(), name=facts.name, product_line=line, producer=make_producer(), aroma=aroma
    )
    sku = Sku.objects.create(
        code=facts.code,
        spu=spu,
        product_line=line,
        name=facts.name,
        aroma=aroma,
        abv_tenths=int(abv),
        volume_ml=int(volume),
        bottles_per_case=facts.per_case,
        age_code=age,
        gtin13=facts.gtin13,
        gtin14=gtin14_of_case(facts.gtin13),
        sells_in=facts.sells_in,
        status=facts.status,
        created_at=at,
        updated_at=at,
    )
    write_documents([sku.pk])
    return sku


def make_warehouse(owner: Dealer, code: str, name: str, kind: str = Warehouse.Kind.FACTORY) -> Warehouse:
    """A warehouse in its owner's region."""
    return Warehouse.objects.create(code=code, name=name, kind=kind, owner=owner, region_code=owner.region_code)


def make_stock(warehouse: Warehouse, sku: Sku, bottles: int) -> Stock:
    """``bottles`` on hand by an opening movement; none when zero."""
    stock = Stock.objects.create(warehouse=warehouse, owner=warehouse.owner, sku=sku, on_hand=bottles)
    if bottles:
        Movement.objects.create(
            stock=stock,
            kind=Movement.Kind.OPENING,
            bottles=bottles,
            document_type="opening",
            document_number=f"OPEN-{stock.pk}",
            at=clock.now(),
        )
    return stock

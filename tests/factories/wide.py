"""Many SKUs at once, for tests that count statements or milliseconds."""

from datetime import UTC, datetime

from core.catalogue.models import Sku
from dms.stock.models import Movement, Stock, Warehouse
from ordering.pricing.models import PriceEntry, PriceList

SINCE = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def make_many_skus(like: Sku, count: int) -> list[Sku]:
    """``count`` SKUs like this one, with codes of their own and no barcodes."""
    facts = {
        field.attname: getattr(like, field.attname) for field in Sku._meta.concrete_fields if not field.primary_key
    }
    own = (
        {"code": f"{like.code}-{number:04d}", "name": f"{like.name} {number}", "gtin13": "", "gtin14": ""}
        for number in range(count)
    )
    return Sku.objects.bulk_create(Sku(**{**facts, **words}) for words in own)


def stock_all(warehouse: Warehouse, skus: list[Sku], bottles: int) -> None:
    """``bottles`` of every SKU on hand, by opening movements."""
    rows = Stock.objects.bulk_create(
        Stock(warehouse=warehouse, owner=warehouse.owner, sku=sku, on_hand=bottles) for sku in skus
    )
    Movement.objects.bulk_create(
        Movement(
            stock=row,
            kind=Movement.Kind.OPENING,
            bottles=bottles,
            document_type="opening",
            document_number=f"OPEN-{row.pk}",
            at=SINCE,
        )
        for row in rows
    )


def price_all(price_list: PriceList, skus: list[Sku], ladder: dict[int, int]) -> None:
    """The same case ladder for every SKU."""
    PriceEntry.objects.bulk_create(
        PriceEntry(
            price_list=price_list,
            sku=sku,
            unit="CASE",
            min_quantity=quantity,
            amount=amount,
            valid_from=SINCE,
            created_at=SINCE,
        )
        for sku in skus
        for quantity, amount in ladder.items()
    )

"""Price lists as plain rows."""

from collections.abc import Mapping
from datetime import UTC, datetime

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceEntry, PriceList

SINCE = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
"""Midnight of 1 January 2026 in Shanghai."""

Ladder = Mapping[int, int]
"""From how many units on → fen per unit."""


def make_list(seller: Dealer, code: str, name: str, **scope: object) -> PriceList:
    """A list of ``seller`` in CNY; ``scope`` are PriceList's own fields (scope, tier, dealer …)."""
    fields = {"scope": PriceList.Scope.NATIONAL, **scope}
    return PriceList.objects.create(seller=seller, code=code, name=name, currency="CNY", **fields)


def make_price(price_list: PriceList, sku: Sku, ladder: Ladder, unit: Unit = Unit.CASE) -> None:
    """The ladder of one SKU, ruling since the first of the year."""
    PriceEntry.objects.bulk_create(
        PriceEntry(
            price_list=price_list,
            sku=sku,
            unit=unit,
            min_quantity=quantity,
            amount=amount,
            valid_from=SINCE,
            created_at=clock.now(),
        )
        for quantity, amount in ladder.items()
    )

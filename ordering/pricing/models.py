"""Price lists (价盘): sparse entries, each ruling until the next one of its key."""

from django.db import models

from core.catalogue.models import Sku
from core.db.fields import CurrencyField, MinorUnitsField
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer, PriceGroup


class PriceList(models.Model):
    """One list of one seller for a scope. ``version`` rises with every change; caches are keyed by it.

    Specificity, most specific first: DEALER > GROUP × county > × city > × province > TIER (with region, deepest
    first, then without) > NATIONAL.
    """

    class Scope(models.TextChoices):
        DEALER = "DEALER"
        GROUP = "GROUP"
        TIER = "TIER"
        NATIONAL = "NATIONAL"

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="price_lists")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, default="")
    currency = CurrencyField()
    scope = models.CharField(max_length=8, choices=Scope.choices)
    tier = models.CharField(max_length=10, choices=Dealer.Tier.choices, blank=True, default="")
    region_code = models.CharField(max_length=6, default="CN")
    price_group = models.ForeignKey(PriceGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="price_list_code"),
            models.CheckConstraint(
                condition=models.Q(scope="DEALER", dealer__isnull=False)
                | models.Q(scope="GROUP", price_group__isnull=False)
                | (models.Q(scope="TIER") & ~models.Q(tier=""))
                | models.Q(scope="NATIONAL"),
                name="price_list_scope",
            ),
        ]
        indexes = [models.Index(fields=["seller", "is_active"], name="price_list_seller")]

    def __str__(self) -> str:
        return self.code


class PriceEntry(models.Model):
    """``amount`` minor units per ``unit`` from ``min_quantity`` units on.

    It rules from ``valid_from`` until the next entry of its key (list, SKU, unit, quantity).
    ``amount`` empty ends the price: from then on the key is not sellable through this list. Tax-inclusive.
    """

    id = models.BigAutoField(primary_key=True)
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="entries", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="price_entries")
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    min_quantity = models.IntegerField(default=1)
    valid_from = models.DateTimeField()
    amount = MinorUnitsField(null=True)
    person_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "sku", "unit", "min_quantity", "valid_from"], name="price_entry_key"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="price_entry_positive"
            ),
            models.CheckConstraint(condition=models.Q(min_quantity__gte=1), name="price_entry_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.price_list_id}/{self.sku_id}: {self.amount}"

"""Price lists (价盘): sparse entries, each ruling until the next one of its key, and lists derived from others."""

from django.db import models

from core.catalogue.models import Sku
from core.db.fields import CurrencyField, MinorUnitsField
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer, PriceGroup

MOST_FACTOR_PPM = 10_000_000


class PriceList(models.Model):
    """One list of one seller for a scope. ``version`` rises with every change.

    Specificity, most specific first: DEALER > GROUP × county > × city > × province > TIER (with region, deepest
    first, then without) > NATIONAL; at one place a list for the buyer's ``channel`` (empty: any) before the others.

    ``kind``: only SALE prices orders; FLOOR (红线价) is what a line may not fall below, GUIDE the retail guide price.
    A derived list has a ``parent``: where it has no entry of its own for a SKU, the parent's price × ``factor_ppm``
    (1,000,000 is 1), rounded to whole ``round_to`` minor units. ``divides_cases``: a bottle may be sold at the case's
    price ÷ bottles where it has no bottle price.
    """

    class Kind(models.TextChoices):
        SALE = "SALE"
        FLOOR = "FLOOR"
        GUIDE = "GUIDE"

    class RoundMode(models.TextChoices):
        HALF_UP = "HALF_UP"
        UP = "UP"
        DOWN = "DOWN"

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
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.SALE)
    scope = models.CharField(max_length=8, choices=Scope.choices)
    tier = models.CharField(max_length=10, choices=Dealer.Tier.choices, blank=True, default="")
    region_code = models.CharField(max_length=6, default="CN")
    price_group = models.ForeignKey(PriceGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=12, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="derived")
    factor_ppm = models.IntegerField(default=1_000_000)
    round_to = models.IntegerField(default=1)
    round_mode = models.CharField(max_length=7, choices=RoundMode.choices, default=RoundMode.HALF_UP)
    divides_cases = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=models.Q(factor_ppm__gte=1, factor_ppm__lte=MOST_FACTOR_PPM, round_to__in=(1, 10, 100, 1000))
                & ~models.Q(parent=models.F("id")),
                name="price_list_derivation",
            ),
        ]
        indexes = [models.Index(fields=["seller", "is_active"], name="price_list_seller")]

    def __str__(self) -> str:
        return self.code


class PriceEntry(models.Model):
    """``amount`` minor units per ``unit`` from ``min_quantity`` units on.

    It rules from ``valid_from`` until the next entry of its key (list, SKU, unit, quantity).
    ``amount`` empty ends the price: from then on the key is not sellable through this list. Tax-inclusive.
    ``round_id``: the price round that wrote it. ``funded_until`` (提价截止): an order priced before it keeps its price
    only when it is funded by then.
    """

    id = models.BigAutoField(primary_key=True)
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="entries", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="price_entries")
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    min_quantity = models.IntegerField(default=1)
    valid_from = models.DateTimeField()
    amount = MinorUnitsField(null=True)
    person_id = models.UUIDField(null=True)
    round_id = models.BigIntegerField(null=True)
    funded_until = models.DateTimeField(null=True)
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


class PricingSettings(models.Model):
    """The brand's rules for prices, one row; without it the defaults rule.

    ``choice``: the first list of the chain with any price for a SKU, or of every list the lowest. Orders keep theirs.
    ``changes_need_approval``: prices change by approved rounds only. ``floor_includes_rebate``: the rebate taken in an
    order counts against the floor too.
    """

    class Choice(models.TextChoices):
        FIRST_LIST = "FIRST_LIST"
        LOWEST = "LOWEST"

    id = models.SmallIntegerField(primary_key=True, default=1)
    choice = models.CharField(max_length=10, choices=Choice.choices, default=Choice.FIRST_LIST)
    changes_need_approval = models.BooleanField(default=False)
    floor_includes_rebate = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="pricing_settings_one_row")]

    def __str__(self) -> str:
        return "pricing settings"

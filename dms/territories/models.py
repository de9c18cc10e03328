"""Grants (授权): dealer × goods × channels × ground × time; zones (自定义区域); who supplies an outlet (终端供货)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce

from core.catalogue.models import ProductLine
from dms.dealers.models import Dealer
from dms.territories.rules import GRACE_DAYS


def every_channel() -> list[str]:
    """Unless a grant says otherwise."""
    return ["*"]


class Zone(models.Model):
    """A piece of ground the brand has drawn itself: development zones and the like are not in GB/T 2260.

    A zone that a grant has ever stood on never changes: drawn anew, it is closed and its next version follows under
    its code, for grants that begin on ``valid_from`` or later. None: from the beginning.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True, default="")
    version = models.IntegerField(default=1)
    valid_from = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(closed_at__isnull=True), name="zone_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneRegion(models.Model):
    """One leaf of a zone."""

    id = models.BigAutoField(primary_key=True)
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="regions")
    region_code = models.CharField(max_length=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "region_code"], name="zone_region_once")]
        indexes = [models.Index(fields=["region_code", "zone"], name="zone_region_by_code")]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.region_code}"


class Grant(models.Model):
    """A dealer may buy and sell goods in channels on a ground. Half-open ``[valid_from, valid_to)``.

    Goods: ``sku_ids``, else ``product_line``, else every line. ``channels`` ``["*"]`` = every channel. Ground: the
    ``zone``, else ``region_code``, ``CN`` = the whole country. ``priority`` orders shared grants, 1 first.
    ``carved_out_of``: the exclusive grant of a dealer above it was cut out of. ``follows``: the slice of time before;
    ``is_change``: which would go on were it not for this one.
    ``ended_*``: who shortened it and why; a person outside the schema is a name here.
    """

    class Kind(models.TextChoices):
        EXCLUSIVE = "EXCLUSIVE"
        SHARED = "SHARED"
        RESERVED = "RESERVED"

    id = models.BigAutoField(primary_key=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="grants")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sku_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=12), default=every_channel)
    region_code = models.CharField(max_length=6, blank=True, default="")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SHARED)
    priority = models.SmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    contract_number = models.CharField(max_length=40, blank=True, default="")
    carved_out_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carved")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    is_change = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=60, blank=True, default="")
    ended_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")), name="grant_range"
            ),
            models.CheckConstraint(
                condition=(Q(region_code="") & Q(zone__isnull=False)) | (~Q(region_code="") & Q(zone__isnull=True)),
                name="grant_one_ground",
            ),
            models.CheckConstraint(condition=Q(sku_ids=[]) | Q(product_line__isnull=True), name="grant_line_or_skus"),
            models.CheckConstraint(condition=~Q(channels=[]), name="grant_has_channels"),
            models.CheckConstraint(condition=Q(priority__gte=1), name="grant_priority_positive"),
        ]
        indexes = [
            models.Index(fields=["dealer", "product_line"], name="grant_dealer"),
            models.Index(fields=["region_code", "kind"], name="grant_region"),
            models.Index(fields=["zone"], name="grant_of_zone", condition=Q(zone__isnull=False)),
            models.Index(fields=["kind"], name="grant_reserved", condition=Q(kind="RESERVED")),
            models.Index(fields=["valid_to"], name="grant_end"),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.region_code or self.zone_id} {self.kind}"


def _point(number: Coalesce | models.F) -> Func:
    """A range of one number: ranges exclude each other without an extension, numbers would need btree_gist."""
    return Func(number, number, Value("[]"), function="int8range")


class OutletSupply(models.Model):
    """Who supplies an outlet with a product line (empty: with every line that has no row of its own), day by day.

    ``begun_at`` None: its day has not come, or nobody has let the dealer take over yet.
    """

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="supplies")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="supplied_outlets")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    begun_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")), name="supply_range"
            ),
            models.CheckConstraint(condition=~Q(outlet=models.F("supplier")), name="supply_of_another"),
            ExclusionConstraint(
                name="supply_one_at_a_time",
                expressions=[
                    (_point(models.F("outlet")), RangeOperators.OVERLAPS),
                    (_point(Coalesce("product_line", 0)), RangeOperators.OVERLAPS),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "valid_from"], name="supply_supplier"),
            models.Index(fields=["valid_from"], name="supply_to_begin", condition=Q(begun_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.outlet_id} ← {self.supplier_id}"


class TerritorySettings(models.Model):
    """The brand's rules for ground, one row. ``grace_days``: how long goods of an ended grant may lie on its ground."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    grace_days = models.IntegerField(default=GRACE_DAYS)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="territory_settings_one_row"),
            models.CheckConstraint(condition=Q(grace_days__gte=0) & Q(grace_days__lte=3650), name="grace_days_range"),
        ]

    def __str__(self) -> str:
        return "territory settings"

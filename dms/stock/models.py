"""Stock by owner: what lies where and whose it is, what moved, what is reserved. Quantities are bottles."""

from django.db import models

from core.catalogue.models import Sku
from dms.dealers.models import Dealer


class Warehouse(models.Model):
    """A place goods lie (仓库). ``priority``: lower is drawn from first."""

    class Kind(models.TextChoices):
        FACTORY = "FACTORY"
        CLOUD = "CLOUD"
        DEALER = "DEALER"
        FRONT = "FRONT"
        TRANSIT = "TRANSIT"
        CUSTODY = "CUSTODY"
        DEFECT = "DEFECT"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="warehouses")
    region_code = models.CharField(max_length=6)
    priority = models.IntegerField(default=100)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """One stock key: warehouse × owner × SKU × batch × condition. free = on_hand − reserved."""

    class Condition(models.TextChoices):
        AVAILABLE = "AVAILABLE"
        PLEDGED = "PLEDGED"
        DEFECT = "DEFECT"
        CUSTODY = "CUSTODY"

    id = models.BigAutoField(primary_key=True)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stock")
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="stock")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="stock")
    batch = models.CharField(max_length=30, blank=True, default="")
    condition = models.CharField(max_length=10, choices=Condition.choices, default=Condition.AVAILABLE)
    on_hand = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sku", "warehouse", "batch", "condition"], name="stock_key"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, on_hand__gte=models.F("reserved")), name="stock_not_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.sku_id}: {self.on_hand}"


class Movement(models.Model):
    """On-hand changed by ``bottles`` (signed). On-hand equals the sum of its movements."""

    class Kind(models.TextChoices):
        RECEIPT = "RECEIPT"
        SHIPMENT = "SHIPMENT"
        COUNT = "COUNT"
        ADJUSTMENT = "ADJUSTMENT"
        TRANSFER_OUT = "TRANSFER_OUT"
        TRANSFER_IN = "TRANSFER_IN"
        OPENING = "OPENING"

    id = models.BigAutoField(primary_key=True)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    bottles = models.BigIntegerField()
    document_type = models.CharField(max_length=20)
    document_number = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True, default="")
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(bottles=0), name="movement_not_zero")]
        indexes = [
            models.Index(fields=["stock", "at"], name="movement_stock"),
            models.Index(fields=["document_type", "document_number"], name="movement_document"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bottles}"


class Reservation(models.Model):
    """Bottles of one stock row kept for one line of a document. Open = ``bottles − shipped − released``."""

    id = models.BigAutoField(primary_key=True)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="reservations")
    document_type = models.CharField(max_length=20)
    document_number = models.CharField(max_length=64)
    line_no = models.IntegerField()
    bottles = models.BigIntegerField()
    shipped = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document_type", "document_number", "line_no", "stock"], name="reservation_once"
            ),
            models.CheckConstraint(
                condition=models.Q(bottles__gt=0, shipped__gte=0, released__gte=0)
                & models.Q(bottles__gte=models.F("shipped") + models.F("released")),
                name="reservation_not_overdrawn",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock"],
                name="reservation_open",
                condition=models.Q(bottles__gt=models.F("shipped") + models.F("released")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_number}/{self.line_no}: {self.bottles}"

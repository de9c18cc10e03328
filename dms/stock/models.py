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
    name_en = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="warehouses")
    region_code = models.CharField(max_length=6)
    priority = models.IntegerField(default=100)
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

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


class StockThreshold(models.Model):
    """Below how many free bottles of a SKU its owner wants to hear (库存预警), in one warehouse or in all that sell.

    ``is_low`` is what was last told: it turns once when free stock falls under, and back when it has risen again.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="thresholds")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, null=True, related_name="thresholds")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="thresholds")
    bottles = models.BigIntegerField()
    is_low = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sku", "warehouse"], name="threshold_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(bottles__gt=0), name="threshold_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} < {self.bottles}"


class StockCount(models.Model):
    """A count of a warehouse on a sheet (盘点单): opened with what the books say, entered, finished, booked."""

    class Status(models.TextChoices):
        OPEN = "OPEN"
        COUNTED = "COUNTED"
        BOOKED = "BOOKED"
        CANCELLED = "CANCELLED"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=30, unique=True)
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="stock_counts")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="counts")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    version = models.IntegerField(default=1)
    note = models.CharField(max_length=200, blank=True, default="")
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField()
    opened_by_name = models.CharField(max_length=80)
    counted_at = models.DateTimeField(null=True)
    counted_by_id = models.UUIDField(null=True)
    counted_by_name = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="stock_count_list")]

    def __str__(self) -> str:
        return self.number


class StockCountLine(models.Model):
    """One stock key of a count, bottles.

    ``expected`` is what the books said at opening, ``books`` what they said at the moment ``counted`` was entered: the
    difference between those two is right whatever moved before and moves after. ``difference`` is what was booked.
    """

    id = models.BigAutoField(primary_key=True)
    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    position = models.IntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=30, blank=True, default="")
    condition = models.CharField(max_length=10, choices=Stock.Condition.choices, default=Stock.Condition.AVAILABLE)
    expected = models.BigIntegerField(default=0)
    books = models.BigIntegerField(null=True)
    counted = models.BigIntegerField(null=True)
    difference = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    entered_at = models.DateTimeField(null=True)
    entered_by_name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "sku", "batch", "condition"], name="count_line_once"),
            models.CheckConstraint(
                condition=models.Q(counted__isnull=True, books__isnull=True)
                | models.Q(counted__gte=0, books__isnull=False),
                name="count_line_with_books",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count_id}/{self.position}: {self.counted}"


class Transfer(models.Model):
    """Goods carried from one warehouse of a house to another (调拨单). SENT: on the road, in neither place."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        SENT = "SENT"
        RECEIVED = "RECEIVED"
        CANCELLED = "CANCELLED"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=30, unique=True)
    owner = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="transfers_in")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.IntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    made_by_id = models.UUIDField()
    made_by_name = models.CharField(max_length=80)
    sent_at = models.DateTimeField(null=True)
    sent_by_name = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="transfer_list")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="transfer_two_places")
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """Bottles of one SKU and batch on the way; ``received`` is what came in, once it has."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    position = models.IntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=30, blank=True, default="")
    bottles = models.BigIntegerField()
    received = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "sku", "batch"], name="transfer_line_once"),
            models.CheckConstraint(
                condition=models.Q(bottles__gt=0)
                & (models.Q(received__isnull=True) | models.Q(received__gte=0, received__lte=models.F("bottles"))),
                name="transfer_line_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}/{self.position}: {self.bottles}"

"""What leaves and what arrives: shipments and receipts."""

from django.db import models

from core.db.fields import CurrencyField, MinorUnitsField
from dms.dealers.models import Dealer
from dms.stock.models import Stock, Warehouse
from ordering.orders.models import Order, OrderLine


class Shipment(models.Model):
    """One delivery of an order out of one warehouse; amounts are the lines' shares (the last takes the rest)."""

    class Status(models.TextChoices):
        CREATED = "CREATED"
        IN_TRANSIT = "IN_TRANSIT"
        SIGNED = "SIGNED"
        SIGNED_WITH_CLAIM = "SIGNED_WITH_CLAIM"
        REFUSED = "REFUSED"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="shipments")
    status = models.CharField(max_length=18, choices=Status.choices, default=Status.IN_TRANSIT)
    carrier = models.CharField(max_length=60, blank=True, default="")
    tracking_number = models.CharField(max_length=60, blank=True, default="")
    currency = CurrencyField()
    bottles = models.BigIntegerField()
    amount = MinorUnitsField()
    tax = MinorUnitsField()
    rebate = MinorUnitsField(default=0, db_default=0)
    rebate_tax = MinorUnitsField(default=0, db_default=0)
    shipped_by_id = models.UUIDField()
    shipped_by_name = models.CharField(max_length=60)
    shipped_at = models.DateTimeField()
    signed_by_id = models.UUIDField(null=True)
    signed_by_name = models.CharField(max_length=60, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    receipt_note = models.CharField(max_length=300, blank=True, default="")
    version = models.BigIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["order"], name="shipment_order"),
            models.Index(fields=["buyer", "status"], name="shipment_buyer"),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Bottles of one order line taken from one stock row."""

    id = models.BigAutoField(primary_key=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipment_lines")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    bottles = models.BigIntegerField()
    amount = MinorUnitsField()
    tax = MinorUnitsField()
    rebate = MinorUnitsField(default=0, db_default=0)
    received_bottles = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line", "stock"], name="shipment_line_once"),
            models.CheckConstraint(condition=models.Q(bottles__gt=0), name="shipment_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.order_line_id}"

"""What a buyer keeps for next time: shopping lists (常购清单), and what it waits for (到货提醒)."""

from django.db import models

from core.catalogue.models import Sku
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer


class ShoppingList(models.Model):
    """A list of one seat of a buying house. ``is_shared``: every buyer of the house sees and uses it.

    It holds no price: prices are asked for on the day it is used. ``owner_name`` is printed to colleagues.
    """

    id = models.BigAutoField(primary_key=True)
    buyer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="shopping_lists")
    seat_id = models.UUIDField()
    owner_name = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    is_shared = models.BooleanField(default=False)
    line_count = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat_id", "name"], name="list_name")]

    def __str__(self) -> str:
        return self.name


class ShoppingListLine(models.Model):
    """``quantity`` of ``unit`` of a SKU; the same SKU in the same unit stands once."""

    id = models.BigAutoField(primary_key=True)
    shopping_list = models.ForeignKey(ShoppingList, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.IntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shopping_list", "sku", "unit"], name="list_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="list_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.shopping_list_id} {self.sku_id} {self.quantity} {self.unit}"


class Reminder(models.Model):
    """A seat wants to be told, once, when its supplier has the SKU free for sale again; told, the row is gone."""

    id = models.BigAutoField(primary_key=True)
    buyer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+")
    seat_id = models.UUIDField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat_id", "sku"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.sku_id}"

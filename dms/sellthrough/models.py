"""Market quotes (市场批价): what a product fetches between traders, by region and day, as somebody heard it."""

from django.db import models

from core.catalogue.models import Sku
from core.db.fields import CurrencyField, MinorUnitsField
from core.kernel.quantity import Unit


class MarketQuote(models.Model):
    """``amount`` minor units a ``unit``, tax inside, heard in a division (GB/T 2260, ``CN``) on a day from a source.

    Never changed: of one key (SKU, division, day, source) the row written last stands, the others were corrected by
    it. Without ``amount`` the quote was taken back. Who entered it is a name here: people live outside the schema.
    """

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    region_code = models.CharField(max_length=6)
    quoted_on = models.DateField()
    source = models.CharField(max_length=40, blank=True, default="")
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    amount = MinorUnitsField(null=True)
    currency = CurrencyField()
    person_id = models.UUIDField()
    entered_by_name = models.CharField(max_length=80)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="market_quote_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "region_code", "quoted_on", "source", "id"], name="market_quote_key"),
            models.Index(fields=["quoted_on", "id"], name="market_quote_day"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.region_code} {self.quoted_on}: {self.amount}"

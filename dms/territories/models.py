"""Grants (授权): dealer × product line × channel × region × time."""

from django.db import models

from core.catalogue.models import ProductLine
from dms.dealers.models import Dealer


class Grant(models.Model):
    """A dealer may buy and sell a product line in a channel and region. Half-open ``[valid_from, valid_to)``.

    ``product_line`` empty = every line; ``channel`` ``*`` = every channel; ``region_code`` ``CN`` = the whole country.
    """

    class Kind(models.TextChoices):
        EXCLUSIVE = "EXCLUSIVE"
        SHARED = "SHARED"
        RESERVED = "RESERVED"

    id = models.BigAutoField(primary_key=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="grants")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=12, default="*")
    region_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SHARED)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    contract_number = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="grant_range",
            ),
        ]
        indexes = [models.Index(fields=["dealer", "product_line"], name="grant_dealer")]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.region_code} {self.kind}"

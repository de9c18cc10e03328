"""Price rounds (调价单): changes of many prices that somebody else agrees to before they rule."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.catalogue.models import Sku
from core.db.fields import MinorUnitsField
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceList
from ordering.rounds.rules import Status


class PriceRound(models.Model):
    """Changes that begin together at ``takes_effect_at``; ``funded_until`` None: no cut-off by funding.

    ``touched_by_ids``: everybody who wrote on it or submitted it; none of them decides on it. ``reverts``: the round
    whose prices it puts back. People outside the schema are names and ids here.
    """

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=80)
    reason = models.CharField(max_length=500, blank=True, default="")
    status = models.CharField(max_length=9, choices=[(one.value, one.value) for one in Status], default=Status.DRAFT)
    takes_effect_at = models.DateTimeField()
    funded_until = models.DateTimeField(null=True, blank=True)
    allows_floor = models.BooleanField(default=False)
    touched_by_ids = ArrayField(models.UUIDField(), default=list)
    drafted_by_name = models.CharField(max_length=80)
    submitted_by_name = models.CharField(max_length=80, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=200, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reverts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reverted_by")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(funded_until__isnull=True) | models.Q(funded_until__gte=models.F("takes_effect_at")),
                name="price_round_cut_off",
            ),
        ]
        indexes = [models.Index(fields=["seller", "status", "-id"], name="price_round_seller")]

    def __str__(self) -> str:
        return self.number


class PriceRoundLine(models.Model):
    """One key of one list and what it shall cost (None: the price ends), minor units, tax inside."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(PriceRound, on_delete=models.CASCADE, related_name="lines", db_index=False)
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    min_quantity = models.IntegerField(default=1)
    amount = MinorUnitsField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "price_list", "sku", "unit", "min_quantity"], name="price_round_line_key"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="price_round_line_positive"
            ),
            models.CheckConstraint(condition=models.Q(min_quantity__gte=1), name="price_round_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.price_list_id}/{self.sku_id}"

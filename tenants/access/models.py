"""Seats and tokens (in every brand's schema): who may do what here. P is named by id and words only."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel.ids import uuid7


class Seat(models.Model):
    """A person's place in this brand: side, dealer, roles, scope. ``version`` rises with every change of rights."""

    class Side(models.TextChoices):
        BRAND = "brand"
        DEALER = "dealer"

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE"
        CLOSED = "CLOSED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    organisation_id = models.UUIDField(null=True)
    side = models.CharField(max_length=6, choices=Side.choices)
    dealer_id = models.BigIntegerField()
    dealer_name = models.CharField(max_length=160)
    roles = ArrayField(models.CharField(max_length=30))
    scope_regions = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    scope_product_lines = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    scope_dealer_id = models.BigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.ACTIVE)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "side", "dealer_id"], condition=models.Q(status="ACTIVE"), name="seat_once"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="seat_person")]

    def __str__(self) -> str:
        return f"{self.person_name} · {self.dealer_name}"


class ApiToken(models.Model):
    """``Authorization: Bearer jm_<key>_<secret>``: hash stored, bound to one seat and a subset of its codes."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=16, unique=True)
    secret_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tokens")
    codes = ArrayField(models.CharField(max_length=40))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key

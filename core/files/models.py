"""Uploads: bytes lie under ``<schema>/<uuid>``, reached through one access-checked door."""

from django.db import models

from core.kernel.ids import uuid7


class StoredFile(models.Model):
    """One uploaded or produced file. ``dealer_id`` names whose it is (the root for the brand's own)."""

    class Visibility(models.TextChoices):
        PRIVATE = "PRIVATE"
        PORTAL = "PORTAL"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE)
    dealer_id = models.BigIntegerField(null=True)
    seat_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

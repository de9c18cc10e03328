"""Uploads: bytes lie under ``<schema>/<uuid>``, reached through one access-checked door."""

from django.db import models

from core.kernel.ids import uuid7


class StoredFile(models.Model):
    """One uploaded or produced file. ``dealer_id`` names whose it is (the root for the brand's own).

    ``source``: the picture this one is a size of, ``side`` its longest side in pixels.
    """

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
    source = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="sizes", db_index=False)
    side = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "side"], name="file_size_once"),
            models.CheckConstraint(
                condition=models.Q(source__isnull=True, side__isnull=True)
                | models.Q(source__isnull=False, side__isnull=False),
                name="file_size_of_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name

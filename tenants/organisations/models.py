"""Organisations (public schema): facts of public registers only. No brand may edit them."""

from django.db import models

from core.kernel.ids import uuid7


class Organisation(models.Model):
    """A company or trader, found by its USCC (统一社会信用代码)."""

    class Kind(models.TextChoices):
        DISTILLERY = "DISTILLERY"
        OPERATOR = "OPERATOR"
        DEALER = "DEALER"
        OUTLET = "OUTLET"
        SERVICE = "SERVICE"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uscc = models.CharField(max_length=18, unique=True, null=True)  # noqa: DJ001 - unique where known: NULLs may repeat
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person belongs to an organisation; only by accepting an invitation or as its founder."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    person_id = models.UUIDField()
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person_id"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.person_id}"

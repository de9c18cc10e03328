"""Organisations (public schema): facts of public registers only. No brand may edit them."""

from django.contrib.postgres.fields import ArrayField
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


class Licence(models.Model):
    """A paper of an organisation as somebody submitted it (资质), and what the platform found when it looked.

    One row is one submission: two houses that send the same paper know nothing of each other. ``submitted_in`` is the
    schema it came from, ``file_ids`` its scans among the public schema's files. ``version`` grows with every change of
    status, for the copies in the brands' schemas.
    """

    class Type(models.TextChoices):
        BUSINESS = "BUSINESS"
        SC = "SC"
        JY = "JY"
        PREPACK = "PREPACK"
        LIQUOR_WHOLESALE = "LIQUOR_WHOLESALE"
        TRADEMARK_AUTH = "TRADEMARK_AUTH"
        GENERAL_TAXPAYER = "GENERAL_TAXPAYER"

    class Status(models.TextChoices):
        SUBMITTED = "SUBMITTED"
        VERIFIED = "VERIFIED"
        REJECTED = "REJECTED"
        EXPIRED = "EXPIRED"
        WITHDRAWN = "WITHDRAWN"
        SUPERSEDED = "SUPERSEDED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="licences")
    type = models.CharField(max_length=20, choices=Type.choices)
    number = models.CharField(max_length=40)
    scope = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    file_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    submitted_in = models.CharField(max_length=63)
    submitted_by = models.UUIDField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "type", "number"],
                condition=models.Q(status="VERIFIED") & ~models.Q(type="TRADEMARK_AUTH"),
                name="licence_verified_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="licence_days_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], name="licence_waiting", condition=models.Q(status="SUBMITTED")),
            models.Index(fields=["valid_to"], name="licence_ending", condition=models.Q(status="VERIFIED")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


class OrganisationUse(models.Model):
    """In which brands' schemas an organisation is a dealer or producer: where its verified facts are delivered.

    For the post only. No page and no answer may show it: who serves whom is each brand's own business.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="uses")
    schema_name = models.CharField(max_length=63)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "schema_name"], name="organisation_use_once")]
        indexes = [models.Index(fields=["schema_name"], name="organisation_use_schema")]

    def __str__(self) -> str:
        return f"{self.organisation_id}"

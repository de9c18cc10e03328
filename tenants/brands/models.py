"""Brands (public schema): the tenants, their hosts, and who has a portal where."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from core.kernel.ids import uuid7


class Brand(TenantMixin):
    """A distillery or brand operator with its own schema and portal. ``schema_name`` matches ``^t_[a-z0-9_]+$``."""

    class State(models.TextChoices):
        PROVISIONING = "PROVISIONING"
        ACTIVE = "ACTIVE"
        READ_ONLY = "READ_ONLY"
        SUSPENDED = "SUSPENDED"

    auto_create_schema = False
    auto_drop_schema = False

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, default="")
    seal = models.CharField(max_length=2)
    organisation_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVISIONING)
    currency = models.CharField(max_length=3, default="CNY")
    language = models.CharField(max_length=10, default="zh-hans")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    accent = models.CharField(max_length=7, blank=True, default="")
    entitlements = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name of a brand."""

    def __str__(self) -> str:
        return self.domain


class Portal(models.Model):
    """Person × brand × side, only to show someone their portals; rights live in the brand's own schema."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="portals")
    side = models.CharField(max_length=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "brand", "side"], name="portal_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.brand_id} {self.side}"

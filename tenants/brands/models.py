"""Brands (public schema): the tenants, their hosts, and who has a portal where."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from core.kernel.ids import uuid7


class Brand(TenantMixin):
    """A distillery or brand operator with its own schema and portal. ``schema_name`` matches ``^t_[a-z0-9_]+$``.

    ``state_reason`` stands on the page of a portal that is closed; ``is_listed`` with introduction, region
    (GB/T 2260) and aromas is what the public directory shows. ``logo_*`` are files of the brand's own schema; the
    tagline stands beside the name, the welcome on the sign-in page, the contact at the foot. Of a deleted brand slug,
    ids and dates are kept, so that nobody ever takes its name.
    """

    class State(models.TextChoices):
        PROVISIONING = "PROVISIONING"
        ACTIVE = "ACTIVE"
        READ_ONLY = "READ_ONLY"
        SUSPENDED = "SUSPENDED"
        DELETING = "DELETING"
        DELETED = "DELETED"

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
    state_reason = models.CharField(max_length=200, blank=True, default="")
    currency = models.CharField(max_length=3, default="CNY")
    language = models.CharField(max_length=10, default="zh-hans")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    accent = models.CharField(max_length=7, blank=True, default="")
    logo_square = models.UUIDField(null=True, blank=True)
    logo_wide = models.UUIDField(null=True, blank=True)
    tagline = models.CharField(max_length=60, blank=True, default="")
    tagline_en = models.CharField(max_length=100, blank=True, default="")
    welcome = models.CharField(max_length=200, blank=True, default="")
    welcome_en = models.CharField(max_length=300, blank=True, default="")
    contact = models.CharField(max_length=120, blank=True, default="")
    contact_en = models.CharField(max_length=200, blank=True, default="")
    look_version = models.IntegerField(default=0)
    entitlements = models.JSONField(default=list, blank=True)
    requires_second_factor = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=False)
    introduction = models.CharField(max_length=400, blank=True, default="")
    introduction_en = models.CharField(max_length=400, blank=True, default="")
    region_code = models.CharField(max_length=6, blank=True, default="")
    aromas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.slug  # of a deleted one the short name is all that is left


class Domain(DomainMixin):
    """A host name of a brand; it answers from ``verified_at`` on.

    Hosts below the platform's own domain are verified from the start. For others the brand shows that the name is its
    own by a TXT record that holds ``challenge``; ``fault`` is the code of what the last check found wrong,
    ``missing_since`` when a verified host was first found without its record and ever since. Any brand may claim a
    host, one alone can have it verified.
    """

    domain = models.CharField(max_length=253, db_index=True)
    challenge = models.CharField(max_length=64, blank=True, default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "domain"], name="domain_once_a_brand"),
            models.UniqueConstraint(
                fields=["domain"], condition=models.Q(verified_at__isnull=False), name="domain_verified_once"
            ),
        ]

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


class SchemaState(models.Model):
    """How far a schema's tables are: ``fingerprint`` is that of the migrations it has in full.

    Written by provisioning and by ``migrate_brands``; ``seconds`` is how long the last migration took.
    """

    class Status(models.TextChoices):
        CURRENT = "CURRENT"
        BEHIND = "BEHIND"
        RUNNING = "RUNNING"
        FAILED = "FAILED"

    schema_name = models.CharField(max_length=63, primary_key=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BEHIND)
    error = models.CharField(max_length=500, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.schema_name} {self.status}"


class Announcement(models.Model):
    """What the platform tells its portals, half-open ``[from_at, until_at)``; withdrawn, it is seen no more.

    ``brand_ids`` are the public ids of the brands it is for, where ``audience`` is not everybody.
    """

    class Tone(models.TextChoices):
        INFO = "INFO"
        WARNING = "WARNING"

    class Audience(models.TextChoices):
        ALL = "ALL"
        BRANDS = "BRANDS"

    class Sides(models.TextChoices):
        BRAND = "brand"
        DEALER = "dealer"
        BOTH = "both"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True, default="")
    body = models.TextField(max_length=1000, blank=True, default="")
    body_en = models.TextField(max_length=1000, blank=True, default="")
    tone = models.CharField(max_length=10, choices=Tone.choices, default=Tone.INFO)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.ALL)
    brand_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    sides = models.CharField(max_length=6, choices=Sides.choices, default=Sides.BOTH)
    created_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["from_at", "until_at"], name="announcement_time")]

    def __str__(self) -> str:
        return self.title

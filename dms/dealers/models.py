"""The channel tree (渠道树): the brand is its root, dealers hang below, outlets are its leaves."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from billing.ledger.models import Party


class PriceGroup(models.Model):
    """A group of dealers that share prices (价格组). Of a dealer's groups the lowest ``rank`` is asked first."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    rank = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Dealer(models.Model):
    """A node of the channel tree. ``path`` is ``/1/5/9/`` (ids from the root down, itself included).

    ``parent`` is whose territory it works in, ``supplier`` who sells to it: the brand for most dealers, the supplying
    dealer for a terminal. The root has neither.

    ``requires_uscc``: activated only with its business licence; not so where dealers are no Chinese firms.
    ``organisation_id`` names the public organisation without a foreign key: a brand's schema is complete in itself.
    ``labels`` are the brand's own short words (标签), which policies may ask for.
    """

    class Tier(models.TextChoices):
        BRAND = "BRAND"
        PROVINCIAL = "PROVINCIAL"
        CITY = "CITY"
        COUNTY = "COUNTY"
        TERMINAL = "TERMINAL"

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        ACTIVE = "ACTIVE"
        SUSPENDED = "SUSPENDED"
        CLOSED = "CLOSED"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40, blank=True, default="")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    supplier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="customers")
    path = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    region_code = models.CharField(max_length=6)
    channel = models.CharField(max_length=12, default="TRADITIONAL")
    price_groups = models.ManyToManyField(PriceGroup, blank=True, related_name="dealers")
    labels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, null=True, related_name="+")
    organisation_id = models.UUIDField(null=True, blank=True)
    uscc = models.CharField(max_length=18, blank=True, default="")
    contact_name = models.CharField(max_length=60, blank=True, default="")
    contact_phone_sealed = models.TextField(blank=True, default="")
    contact_phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    search_text = models.TextField(blank=True, default="")
    name_key = models.TextField(blank=True, default="", db_collation="C")
    requires_uscc = models.BooleanField(default=True)
    is_placeholder = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tier"], condition=models.Q(tier="BRAND"), name="dealer_one_root"),
            models.CheckConstraint(
                condition=models.Q(tier="BRAND", parent__isnull=True)
                | (~models.Q(tier="BRAND") & models.Q(parent__isnull=False)),
                name="dealer_only_root_has_no_parent",
            ),
            models.UniqueConstraint(fields=["uscc"], condition=~models.Q(uscc=""), name="dealer_uscc_once"),
        ]
        indexes = [
            models.Index(fields=["parent", "status"], name="dealer_parent"),
            models.Index(fields=["organisation_id"], name="dealer_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A licence as this brand accepted it (资质).

    ``check_status`` is what the platform said of it, ``is_accepted`` what the brand decided: only an accepted one opens
    the order gate. ``decided_at`` None: nobody has decided yet. ``licence_id`` and ``licence_version`` name the public
    licence it copies, ``file_ids`` the scans this house sent (in the public schema). ``warned_days``: the last warning
    given, 60, 30, 7 or -1 once it has ended; None: none yet.
    """

    class Type(models.TextChoices):
        BUSINESS = "BUSINESS"
        JY = "JY"
        PREPACK = "PREPACK"
        LIQUOR_WHOLESALE = "LIQUOR_WHOLESALE"
        TRADEMARK_AUTH = "TRADEMARK_AUTH"
        GENERAL_TAXPAYER = "GENERAL_TAXPAYER"

    class CheckStatus(models.TextChoices):
        NONE = "NONE"
        SUBMITTED = "SUBMITTED"
        VERIFIED = "VERIFIED"
        REJECTED = "REJECTED"
        WITHDRAWN = "WITHDRAWN"

    id = models.BigAutoField(primary_key=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="credentials")
    type = models.CharField(max_length=20, choices=Type.choices)
    number = models.CharField(max_length=40)
    scope = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_accepted = models.BooleanField(default=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True, default="")
    check_status = models.CharField(max_length=10, choices=CheckStatus.choices, default=CheckStatus.NONE)
    reason = models.CharField(max_length=200, blank=True, default="")
    licence_id = models.UUIDField(null=True, blank=True)
    licence_version = models.IntegerField(default=0)
    file_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_name = models.CharField(max_length=80, blank=True, default="")
    warned_days = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            # A renewed permit keeps its number; the one in force and the one on its way stand side by side.
            models.UniqueConstraint(
                fields=["dealer", "type", "number", "valid_from", "is_accepted"], name="credential_once"
            )
        ]
        indexes = [
            models.Index(fields=["valid_to"], name="credential_ending", condition=models.Q(is_accepted=True)),
            models.Index(fields=["licence_id"], name="credential_licence"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


class DealerSettings(models.Model):
    """The brand's rules for dealers' papers, one row.

    ``wholesale_provinces``: province codes (GB/T 2260) where a dealer needs a liquor wholesale permit too.
    ``accepts_verified``: what the platform has verified counts here without somebody pressing a button.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    wholesale_provinces = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    accepts_verified = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="dealer_settings_one_row")]

    def __str__(self) -> str:
        return "dealer settings"


class Address(models.Model):
    """Where a dealer takes goods in."""

    id = models.BigAutoField(primary_key=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="addresses")
    label = models.CharField(max_length=40)
    recipient = models.CharField(max_length=60)
    phone_sealed = models.TextField(blank=True, default="")
    region_code = models.CharField(max_length=6)
    line = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer"], condition=models.Q(is_default=True), name="address_one_default"),
        ]

    def __str__(self) -> str:
        return self.label

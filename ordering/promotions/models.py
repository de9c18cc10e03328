"""Sales policies (促销政策): versions with frozen terms, what was given of them, and coupons."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.db.fields import CurrencyField, MinorUnitsField
from dms.dealers.models import Dealer
from ordering.promotions.rules.life import Funding, Status, VersionStatus

APPROVED = VersionStatus.APPROVED.value


class PromotionPolicy(models.Model):
    """A policy of one seller in one currency. Its terms stand in its versions.

    ``name`` is that of the newest approved version, of the draft until there is one. ``stopped_at``: since when it is
    paused or ended; at earlier instants it still ruled. ``current_version``: the last approved one; which one rules at
    an instant says ``PolicyVersion.rules_from``. ``brand_share_bp``: the brand's part of what is given, basis points.
    ``is_counted``: an approved version limits what is given, today's or one to come; from then on all of it is counted.
    """

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="promotion_policies")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, default="")
    currency = CurrencyField()
    status = models.CharField(
        max_length=9, choices=[(one.value, one.value) for one in Status], default=Status.DRAFT.value
    )
    funding = models.CharField(
        max_length=6, choices=[(one.value, one.value) for one in Funding], default=Funding.BRAND.value
    )
    brand_share_bp = models.IntegerField(default=10_000)
    is_public = models.BooleanField(default=True)
    is_counted = models.BooleanField(default=False)
    current_version = models.ForeignKey(
        "PolicyVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="policy_code"),
            models.CheckConstraint(
                condition=models.Q(brand_share_bp__gte=0, brand_share_bp__lte=10_000), name="policy_brand_share"
            ),
        ]
        indexes = [models.Index(fields=["seller", "status"], name="policy_seller")]

    def __str__(self) -> str:
        return self.code


class PolicyVersion(models.Model):
    """One version: ``terms`` is the document of ``rules.terms``, frozen once approved.

    Of those whose ``rules_from`` has come the newest rules. ``starts_at``, ``ends_at`` and the limits repeat
    the document, for questions to the database: minor units and bottles in all (``limit_``) and for one dealer
    (``each_``); None: no limit. ``touched_by_ids``: everybody who wrote on it or submitted it; none of them decides on
    it. People outside the schema are names and ids here.
    """

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PromotionPolicy, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    status = models.CharField(
        max_length=9, choices=[(one.value, one.value) for one in VersionStatus], default=VersionStatus.DRAFT.value
    )
    terms = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    needs_coupon = models.BooleanField(default=False)
    limit_amount = MinorUnitsField(null=True, blank=True)
    limit_bottles = models.BigIntegerField(null=True, blank=True)
    each_amount = MinorUnitsField(null=True, blank=True)
    each_bottles = models.BigIntegerField(null=True, blank=True)
    rules_from = models.DateTimeField(null=True, blank=True)
    touched_by_ids = ArrayField(models.UUIDField(), default=list)
    written_by_name = models.CharField(max_length=80)
    submitted_by_name = models.CharField(max_length=80, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["policy"], condition=~models.Q(status=APPROVED), name="policy_one_open_version"
            ),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="policy_version_days"),
            models.CheckConstraint(
                condition=~models.Q(status=APPROVED) | models.Q(rules_from__isnull=False),
                name="policy_version_rules",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.number}"

    def has_begun(self, at: datetime) -> bool:
        """Whether it was approved and its start has come; of those the newest rules."""
        return self.status == APPROVED and self.rules_from is not None and self.rules_from <= at

    @property
    def is_limited(self) -> bool:
        """Whether it gives only so much."""
        limits = (self.limit_amount, self.limit_bottles, self.each_amount, self.each_bottles)
        return any(limit is not None for limit in limits)


class PolicyQuota(models.Model):
    """What was given of a limited policy: in all (``dealer`` empty) or to one dealer; minor units and bottles.

    There is a row only where a version limits that: a policy without limits makes nobody wait.
    """

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PromotionPolicy, on_delete=models.CASCADE, related_name="quotas", db_index=False)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    used_amount = MinorUnitsField(default=0)
    used_bottles = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "dealer"], name="policy_quota_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(used_amount__gte=0, used_bottles__gte=0), name="policy_quota_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.dealer_id}"


class Coupon(models.Model):
    """A code that opens a policy to whoever names it, or to ``dealer`` alone. ``most_uses`` None: as often as wished.

    ``most_each``: orders of one dealer.
    """

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PromotionPolicy, on_delete=models.CASCADE, related_name="coupons")
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="coupons")
    most_uses = models.IntegerField(null=True, blank=True)
    most_each = models.IntegerField(null=True, blank=True)
    used = models.IntegerField(default=0)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="coupon_code"),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="coupon_used"),
            models.CheckConstraint(
                condition=models.Q(most_uses__isnull=True) | models.Q(used__lte=models.F("most_uses")),
                name="coupon_not_beyond",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PolicyUse(models.Model):
    """What one policy gave in one order: minor units (gifts by list value) and bottles, until it is given back."""

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PromotionPolicy, on_delete=models.PROTECT, related_name="uses", db_index=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="uses", db_index=False)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, null=True, blank=True, related_name="uses")
    order_number = models.CharField(max_length=30)
    buyer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = MinorUnitsField()
    bottles = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "policy"],
                condition=models.Q(given_back_at__isnull=True),
                name="policy_use_once",
            ),
        ]
        indexes = [
            models.Index(fields=["policy", "-at"], name="policy_use_policy"),
            models.Index(fields=["buyer", "policy"], name="policy_use_buyer"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.policy_id}"

"""Seats, how one comes by them, tokens and saved views (in every brand's schema). P is named by id and words only."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel.ids import uuid7


class Seat(models.Model):
    """A person's place in this brand: side, dealer, roles, scope. ``version`` rises with every change of rights.

    ``roles`` names roles of the table in ``roles.py`` and custom roles of the brand. An acting seat (``is_acting``) has
    neither roles nor scope of its own: they are lent by the ``Delegation`` it belongs to.
    """

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
    is_acting = models.BooleanField(default=False)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.ACTIVE)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "side", "dealer_id"],
                condition=models.Q(status="ACTIVE", is_acting=False),
                name="seat_once",
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="seat_person")]

    def __str__(self) -> str:
        return f"{self.person_name} · {self.dealer_name}"


class Invitation(models.Model):
    """A seat offered to whoever has the account name (sealed, with its blind index) and the link's token (digest)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    identifier_sealed = models.TextField()
    identifier_index = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    side = models.CharField(max_length=6, choices=Seat.Side.choices)
    dealer_id = models.BigIntegerField()
    dealer_name = models.CharField(max_length=160)
    organisation_id = models.UUIDField(null=True)
    roles = ArrayField(models.CharField(max_length=30))
    scope_regions = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    scope_product_lines = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    scope_dealer_id = models.BigIntegerField(null=True, blank=True)
    invited_by_id = models.UUIDField(null=True)
    invited_by_name = models.CharField(max_length=60, blank=True, default="")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="invitation", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identifier_index", "side", "dealer_id"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_one_end",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, seat__isnull=True)
                | models.Q(accepted_at__isnull=False, seat__isnull=False),
                name="invitation_accepted_by_seat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.dealer_name}"


class CustomRole(models.Model):
    """A role of this brand's own making: a name for permission codes of one side. Seats name it by ``code``."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    side = models.CharField(max_length=6, choices=Seat.Side.choices)
    codes = ArrayField(models.CharField(max_length=40))
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["side", "name"], condition=models.Q(retired_at__isnull=True), name="custom_role_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delegation(models.Model):
    """Rights lent for an absence: from ``from_at`` until ``until_at`` the receiver may sit in ``seat``.

    That acting seat has those of ``codes`` the giver's seat still has, within the giver's scope.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giver = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="lent")
    receiver = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="borrowed")
    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="delegation")
    codes = ArrayField(models.CharField(max_length=40))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reason = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="delegation_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id}"


class SavedView(models.Model):
    """A list's search, filters and sort under a name, for coming back to: one's own, or shown to the whole house.

    ``query`` is a canonical query string without a page; ``list_name`` what the pages call the list.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="views")
    list_name = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=400)
    position = models.IntegerField()
    is_default = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "list_name", "name"], name="saved_view_once"),
            models.UniqueConstraint(
                fields=["seat", "list_name"], condition=models.Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """``Authorization: Bearer jm_<key>_<secret>``: hash stored, bound to one seat and a subset of its codes.

    After a rotation the former secret (``previous_digest``) is taken too until ``previous_until``.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=16, unique=True)
    secret_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tokens")
    codes = ArrayField(models.CharField(max_length=40))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    previous_digest = models.CharField(max_length=64, blank=True, default="")
    previous_until = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key

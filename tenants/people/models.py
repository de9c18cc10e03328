"""People (public schema): who signs in and how they prove it. Phone and e-mail are sealed; blind indexes find them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel.ids import uuid7


class User(AbstractBaseUser):
    """A person. Signs in by phone or e-mail (both sealed, each with a keyed blind index).

    The second factor counts once ``totp_confirmed_at`` is set; ``totp_last_step`` is the last time step whose code was
    taken: a code works once. ``factor_tries`` are the wrong codes since the last right one. ``names_gone_at``:
    when no brand's records bore an erased person's name any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    email_sealed = models.TextField(blank=True, default="")
    email_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique where known: NULLs may repeat
    email_proved_at = models.DateTimeField(null=True)
    phone_sealed = models.TextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique where known: NULLs may repeat
    phone_proved_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password_changed_at = models.DateTimeField(null=True)
    totp_sealed = models.TextField(blank=True, default="")
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    factor_tries = models.IntegerField(default=0)
    factor_paused_until = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    names_gone_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for a code after the password."""
        return self.totp_confirmed_at is not None


class RecoveryCode(models.Model):
    """One code of a person's sheet for the day the telephone is lost; works once."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class ResetRequest(models.Model):
    """Somebody wants a new password: a link by mail or a code by text message. ``digest`` is of link or code.

    ``person`` is None where nobody has the name that was typed: the row is there all the same, so that asking and
    trying take the same way for both.
    """

    class Way(models.TextChoices):
        MAIL = "MAIL"
        SMS = "SMS"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="reset_requests")
    way = models.CharField(max_length=4, choices=Way.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.way} reset {self.pk}"


class SignIn(models.Model):
    """One proof of who somebody is, on one device; its sessions on several hosts begin and end with it.

    ``agent`` is the device in a few words; ``seen_at`` lags by minutes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    second_factor_at = models.DateTimeField(null=True)
    agent = models.CharField(max_length=80, blank=True, default="")
    address_sealed = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["person", "seen_at"], name="sign_in_open", condition=models.Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class AddressClaim(models.Model):
    """Somebody says that a phone or e-mail is theirs: a code went there, and proves it once, in the sign-in that asked.

    A claim that ``is_change`` was asked for with the password and makes the address the account name; the others only
    prove the one the person has.
    """

    class Means(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_claims")
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="address_claims")
    means = models.CharField(max_length=5, choices=Means.choices)
    value_sealed = models.TextField()
    value_index = models.CharField(max_length=64)
    is_change = models.BooleanField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "means"], condition=models.Q(used_at__isnull=True), name="address_claim_once"
            )
        ]

    def __str__(self) -> str:
        return f"claim of a {self.means} {self.pk}"


class SignUpClaim(models.Model):
    """Somebody without an account was offered something (``subject_id``: an invitation) under a phone or e-mail.

    A code went there; with it, once, in the browser that asked, the account is made. Nobody's account hangs on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField()
    value_sealed = models.TextField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"sign-up {self.pk}"


class HostSession(models.Model):
    """The session of a sign-in on one host."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="host_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    host = models.CharField(max_length=253)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session on {self.host}"


class Ticket(models.Model):
    """Carries a sign-in to another host: once, within a minute, in the browser that asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tickets")
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="tickets")
    host = models.CharField(max_length=253)
    browser_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ticket to {self.host}"


class Operator(models.Model):
    """Somebody who runs the platform, in one or more of the separated roles."""

    class Role(models.TextChoices):
        SYSTEM = "system"
        SECURITY = "security"
        AUDIT = "audit"
        ONBOARDING = "onboarding"

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="operator", primary_key=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"operator {self.pk}"


class FactorReset(models.Model):
    """Somebody lost telephone and recovery codes: one operator asks to take the second factor away, another agrees.

    ``asked_by`` and ``decided_by`` are operators' ids, never the same; undecided it ends with ``expires_at``.
    """

    class Status(models.TextChoices):
        ASKED = "ASKED"
        DONE = "DONE"
        REFUSED = "REFUSED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factor_resets")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ASKED)
    reason = models.CharField(max_length=200)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(status="ASKED"), name="factor_reset_once")
        ]

    def __str__(self) -> str:
        return f"{self.status} factor reset {self.pk}"

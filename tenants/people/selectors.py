"""Questions about people. All of them read the public schema."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db.acts import public
from core.kernel import clock
from core.kernel.errors import Missing
from core.vault.services import blind_index, masked_email, masked_phone, unseal
from tenants.people.models import AddressClaim, RecoveryCode, User
from tenants.people.rules import AccountName, Means


def index_of(name: AccountName) -> str:
    """The blind index under which an account name is found."""
    return blind_index(name.value, f"people.{name.means}")


def person_named(name: AccountName) -> User | None:
    """Whose account name it is, active or not."""
    column = "phone_index" if name.means is Means.PHONE else "email_index"
    with public():
        return User.objects.filter(**{column: index_of(name)}).first()


def person(person_id: UUID) -> User | None:
    """An active person."""
    with public():
        return User.objects.filter(pk=person_id, is_active=True).first()


def recovery_index(person_id: UUID, bare_code: str) -> str:
    """The digest under which a recovery code of this person is kept."""
    return blind_index(f"{person_id}:{bare_code}", "people.recovery_code")


@dataclass(frozen=True, slots=True)
class FactorState:
    """Where somebody stands with the second factor. ``secret`` is there only while it waits for its first code."""

    is_on: bool
    since: datetime | None
    secret: str
    codes_left: int


def factor_state(person_id: UUID) -> FactorState:
    """Two queries at most. Raises ``Missing`` for a closed account."""
    known = person(person_id)
    if known is None:
        raise Missing
    if not known.has_second_factor:
        return FactorState(is_on=False, since=None, secret=unseal(known.totp_sealed), codes_left=0)
    with public():
        left = RecoveryCode.objects.filter(person_id=person_id, used_at__isnull=True).count()
    return FactorState(is_on=True, since=known.totp_confirmed_at, secret="", codes_left=left)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A code on its way to ``value``, a phone or an e-mail in the open: for the one who typed it, or masked."""

    means: Means
    value: str
    is_change: bool


def claim_facts(*, claim_id: UUID, person_id: UUID) -> ClaimFacts | None:
    """The claim of this person whose code is still waited for. One query."""
    with public():
        open_ones = AddressClaim.objects.filter(used_at__isnull=True, expires_at__gt=clock.now())
        claim = open_ones.filter(pk=claim_id, person_id=person_id).first()
    if claim is None:
        return None
    means, value = Means(claim.means), unseal(claim.value_sealed).removeprefix("+86")
    mask = masked_phone if means is Means.PHONE else masked_email
    return ClaimFacts(means=means, value=value if claim.is_change else mask(value), is_change=claim.is_change)


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What somebody sees of themselves. Phone and e-mail are masked; ``account`` names the entry in an app."""

    name: str
    phone: str
    phone_proved_at: datetime | None
    email: str
    email_proved_at: datetime | None
    language: str
    password_changed_at: datetime | None
    created_at: datetime

    @property
    def account(self) -> str:
        """By what the person is known, masked."""
        return self.email or self.phone or self.name


def own_facts(person_id: UUID) -> OwnFacts:
    """One query. Raises ``Missing`` for a closed account."""
    known = person(person_id)
    if known is None:
        raise Missing
    return OwnFacts(
        name=known.name,
        phone=masked_phone(unseal(known.phone_sealed).removeprefix("+86")),
        phone_proved_at=known.phone_proved_at,
        email=masked_email(unseal(known.email_sealed)),
        email_proved_at=known.email_proved_at,
        language=known.language,
        password_changed_at=known.password_changed_at,
        created_at=known.created_at,
    )

"""The second step of signing in: set up, proved, taken away. Wrong codes are counted with the person."""

from collections.abc import Callable, Sequence
from uuid import UUID

import pyotp

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from core.vault.services import seal, unseal
from tenants.people import letters, rules
from tenants.people.errors import FactorStands, NoFactorBegun, TooManyTries, WrongCode
from tenants.people.models import RecoveryCode, SignIn, User
from tenants.people.selectors import recovery_index
from tenants.people.services.passwords import prove_password


def begin_totp(*, person_id: UUID) -> None:
    """Make a secret for an authenticator app; it counts once a code of it was entered. Raises ``FactorStands``."""
    begun = User.objects.filter(pk=person_id, is_active=True, totp_confirmed_at__isnull=True)
    with public(), act():
        is_begun = begun.update(totp_sealed=seal(pyotp.random_base32()), totp_last_step=0)
    if not is_begun:
        raise FactorStands


def confirm_totp(*, person_id: UUID, code: str) -> list[str]:
    """Turn the second factor on with a first code; the recovery codes to show this once.

    Raises ``NoFactorBegun``, ``TooManyTries`` or ``WrongCode``.
    """
    codes: list[str] = []
    with public():
        with act():
            person = _locked(person_id)
            if not person.totp_sealed or person.has_second_factor:
                raise NoFactorBegun
            refusal = _judged(person, code, (_take_step,))
            if refusal is None:
                person.totp_confirmed_at = clock.now()
                person.save(update_fields=["totp_confirmed_at"])
                codes = _new_codes(person)
                letters.tell(letters.FACTOR_ON, person)
        if refusal is not None:
            raise refusal
    return codes


def prove_second_factor(*, person_id: UUID, code: str) -> User:
    """The person, whose code of the moment, or a recovery code of theirs, this is; it never works again.

    Raises ``NoFactorBegun``, ``TooManyTries`` or ``WrongCode``.
    """
    with public():
        with act():
            person = _locked(person_id)
            if not person.has_second_factor:
                raise NoFactorBegun
            refusal = _judged(person, code, (_take_step, _take_recovery_code))
        if refusal is not None:  # after the act: the wrong try stays counted
            raise refusal
    return person


def drop_totp(*, person_id: UUID, password: str, code: str) -> None:
    """Turn the second factor off; no session counts as proved by it any more. The session of this host forgets it by
    ``sessions.forget_second_factor``, others within five minutes.

    Raises what ``prove_password`` and ``prove_second_factor`` do.
    """
    prove_password(person_id=person_id, password=password)
    prove_second_factor(person_id=person_id, code=code)
    with public(), act():
        take_away(_locked(person_id))


def take_away(person: User) -> None:
    """The inner piece of turning the second factor off, inside an act in the public schema; ``person`` is locked.

    Recovery codes go with it, the person is told, and no open sign-in counts as having proved it any more. The caller
    has proved the right to.
    """
    person.totp_sealed, person.totp_confirmed_at, person.totp_last_step = "", None, 0
    person.factor_tries, person.factor_paused_until = 0, None
    person.save(
        update_fields=["totp_sealed", "totp_confirmed_at", "totp_last_step", "factor_tries", "factor_paused_until"]
    )
    RecoveryCode.objects.filter(person=person).delete()
    SignIn.objects.filter(person=person, ended_at__isnull=True).update(second_factor_at=None)
    letters.tell(letters.FACTOR_OFF, person)


def renew_recovery_codes(*, person_id: UUID, code: str) -> list[str]:
    """A new sheet of recovery codes; the former ones are void. Raises what ``prove_second_factor`` does."""
    prove_second_factor(person_id=person_id, code=code)
    with public(), act():
        return _new_codes(_locked(person_id))


def _locked(person_id: UUID) -> User:
    person = User.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Missing
    return person


def _take_step(person: User, code: str) -> bool:
    """Whether it is a code of the app; its time step and those before it are used up."""
    bare = rules.bare_code(code)
    step = rules.matching_step(
        secret=unseal(person.totp_sealed), code=bare, at=clock.now(), after=person.totp_last_step
    )
    if step is None:
        return False
    person.totp_last_step = step
    person.save(update_fields=["totp_last_step"])
    return True


def _take_recovery_code(person: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(person=person, used_at__isnull=True)
    if not unused.filter(digest=recovery_index(person.pk, rules.bare_code(code))).update(used_at=clock.now()):
        return False
    letters.tell(letters.RECOVERY_CODE_USED, person, {"left": unused.count()})
    return True


def _judged(person: User, code: str, takers: Sequence[Callable[[User, str], bool]]) -> DomainError | None:
    """Let one of ``takers`` use the code up, and keep the count of wrong ones; the refusal to raise after the act.

    While a pause lasts no code is looked at.
    """
    now = clock.now()
    if person.factor_paused_until is not None and person.factor_paused_until > now:
        return TooManyTries(minutes=rules.minutes((person.factor_paused_until - now).total_seconds()))
    is_right = any(take(person, code) for take in takers)
    person.factor_tries = 0 if is_right else person.factor_tries + 1
    pause = rules.pause_after(person.factor_tries)
    person.factor_paused_until = now + pause if pause else None
    person.save(update_fields=["factor_tries", "factor_paused_until"])
    if person.factor_tries == rules.FREE_CODE_TRIES:
        letters.tell(letters.CODES_PAUSED, person, {"tries": person.factor_tries})
    return None if is_right else WrongCode(field="code")


def _new_codes(person: User) -> list[str]:
    codes = [rules.new_recovery_code() for _ in range(rules.RECOVERY_CODES)]
    now = clock.now()
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=recovery_index(person.pk, code), created_at=now) for code in codes
    )
    return [rules.printed_code(code) for code in codes]

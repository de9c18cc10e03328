"""What the public schema knows of a person: read out whole for themselves, or taken away."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from core.db.acts import act, public
from core.kernel import clock
from core.vault.services import CannotUnseal, unseal
from tenants.people.errors import StillOperator
from tenants.people.models import AddressClaim, Operator, RecoveryCode, ResetRequest, SignIn, User
from tenants.people.sign_ins import end_in_act

NAMELESS = "—"
"""Stands where the name of an erased person stood; rows keep the id alone."""

_HEARD_WITHIN = timedelta(days=1)

Facts = dict[str, object]


def account_facts(person_id: UUID) -> Facts:
    """The person's own account as plain values, phone and e-mail in the open: for their own eyes."""
    with public():
        person = User.objects.get(pk=person_id)
    return {
        "id": str(person.pk),
        "name": person.name,
        "mobile_number": _opened(person.phone_sealed),
        "mobile_number_confirmed_at": person.phone_proved_at,
        "email": _opened(person.email_sealed),
        "email_confirmed_at": person.email_proved_at,
        "language": person.language,
        "created_at": person.created_at,
        "password_changed_at": person.password_changed_at,
        "second_factor_since": person.totp_confirmed_at,
        "last_sign_in_at": person.last_login,
    }


def sign_in_facts(person_id: UUID) -> list[Facts]:
    """Every sign-in that is remembered, the newest first."""
    with public():
        rows = SignIn.objects.filter(person_id=person_id).prefetch_related("host_sessions").order_by("-started_at")
        return [
            {
                "started_at": row.started_at,
                "last_seen_at": row.seen_at,
                "ended_at": row.ended_at,
                "second_factor_at": row.second_factor_at,
                "device": row.agent,
                "address": _opened(row.address_sealed),
                "hosts": sorted(session.host for session in row.host_sessions.all()),
            }
            for row in rows
        ]


def scrub(person_id: UUID) -> list[str]:
    """The inner piece of erasing, inside an act in the public schema: the row stays as an id, all else goes.

    Returns the keys of the sessions that ended, for ``bury`` after the act. Raises ``StillOperator``.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    if Operator.objects.filter(person=person, ended_at__isnull=True).exists():
        raise StillOperator
    sign_ins = SignIn.objects.filter(person=person)
    keys = end_in_act(sign_ins.values_list("pk", flat=True))
    AddressClaim.objects.filter(person=person).delete()
    sign_ins.delete()
    RecoveryCode.objects.filter(person=person).delete()
    ResetRequest.objects.filter(person=person).delete()
    _empty(person)
    return keys


def erased_people() -> list[UUID]:
    """Who was erased and whose name may still stand in a brand's records of transactions. One query."""
    with public():
        erased = User.objects.filter(erased_at__isnull=False, names_gone_at__isnull=True)
        return list(erased.order_by("pk").values_list("pk", flat=True))


def note_names_gone(person_ids: Collection[UUID]) -> int:
    """No brand's records name these people any more: they need not be looked for again; how many.

    Not on the day of erasing: a brand that has not heard of it yet may write the name once more.
    """
    now = clock.now()
    with public(), act():
        erased = User.objects.filter(pk__in=list(person_ids), erased_at__lt=now - _HEARD_WITHIN)
        return erased.update(names_gone_at=now)


def look_again_for(person: User) -> None:
    """An erased person's name has come back with a brand: inside an act in the public schema, on the locked row."""
    person.names_gone_at = None
    person.save(update_fields=["names_gone_at"])


def _empty(person: User) -> None:
    person.name, person.language = NAMELESS, ""
    person.email_sealed = person.phone_sealed = person.totp_sealed = ""
    person.email_index = person.phone_index = None
    person.email_proved_at = person.phone_proved_at = person.totp_confirmed_at = None
    person.password_changed_at = person.last_login = None
    person.is_active, person.erased_at = False, clock.now()
    person.set_unusable_password()
    person.save()


def _opened(sealed: str) -> str:
    try:
        return unseal(sealed)
    except CannotUnseal:  # an operator's matter: what can be read is still given
        return ""

"""People of a brand that moves to another server: who they are and how they are reached, never how they sign in."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from core.vault.services import blind_index, seal, unseal
from tenants.people.models import User

Row = Mapping[str, Any]


def leaving(person_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What goes with a brand of its people: sealed as it stands here, without passwords and second factors."""
    columns = ("id", "name", "phone_sealed", "email_sealed", "language")
    with public():
        found = User.objects.filter(pk__in=person_ids, erased_at__isnull=True).order_by("pk")
        return [dict(zip(columns, row, strict=True)) for row in found.values_list(*columns)]


def arriving(rows: Iterable[Row]) -> dict[UUID, UUID]:
    """Find or write down the people of a brand that comes; their ids here by their ids there.

    A person is the same by a phone, else an e-mail, proved *here*: an archive's word proves nothing, nor does a name
    somebody only claims. Who is new has no password: asked for by mail or text message, it proves the name; a name
    that stands with another account is left out. One act each, so it may be repeated. Raises ``CannotUnseal`` without
    the keys they were sealed with.
    """
    ids = {}
    for row in rows:
        phone, email = unseal(row["phone_sealed"]), unseal(row["email_sealed"])
        if phone or email:
            wanted = UUID(str(row["id"]))
            with public(), act():
                ids[wanted] = _proved(phone, email) or _waiting(wanted, phone, email) or _written(row, phone, email)
    return ids


def _proved(phone: str, email: str) -> UUID | None:
    for means, value in (("phone", phone), ("email", email)):
        proved = User.objects.filter(**{f"{means}_index": _index(means, value), f"{means}_proved_at__isnull": False})
        person_id = proved.values_list("pk", flat=True).first() if value else None
        if person_id is not None:
            return person_id
    return None


def _waiting(wanted: UUID, phone: str, email: str) -> UUID | None:
    """Somebody who came by an archive before and was never here: the only ways in are names of this very row."""
    is_meant, has_no_other = Q(pk=wanted), Q()
    for means, value in (("phone", phone), ("email", email)):
        is_same = Q(**{f"{means}_index": _index(means, value)}) if value else Q(pk__in=[])
        is_meant |= is_same
        has_no_other &= is_same | Q(**{f"{means}_index__isnull": True})
    untouched = User.objects.filter(
        password_changed_at=None, phone_proved_at=None, email_proved_at=None, erased_at=None, is_active=True
    )
    return untouched.filter(is_meant & has_no_other).order_by("pk").values_list("pk", flat=True).first()


def _written(row: Row, phone: str, email: str) -> UUID:
    wanted = UUID(str(row["id"]))
    person = User(
        id=uuid7() if User.objects.filter(pk=wanted).exists() else wanted,
        name=str(row["name"])[:60],
        language=str(row["language"])[:10],
        created_at=clock.now(),
    )
    if phone and not User.objects.filter(phone_index=_index("phone", phone)).exists():
        person.phone_sealed, person.phone_index = seal(phone), _index("phone", phone)
    if email and not User.objects.filter(email_index=_index("email", email)).exists():
        person.email_sealed, person.email_index = seal(email), _index("email", email)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person.pk


def _index(means: str, value: str) -> str | None:
    return blind_index(value, f"people.{means}") if value else None

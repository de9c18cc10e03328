"""People of a brand that moves to another server: who they are and how they are reached, never how they sign in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from core.vault.services import blind_index, seal, unseal
from tenants.people.models import User

Row = Mapping[str, Any]


def leaving(person_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What goes with a brand of its people: sealed as it stands here, without passwords and second factors."""
    columns = ("id", "name", "phone_sealed", "email_sealed", "language", "phone_proved_at", "email_proved_at")
    with public():
        found = User.objects.filter(pk__in=person_ids, erased_at__isnull=True).order_by("pk")
        return [dict(zip(columns, row, strict=True)) for row in found.values_list(*columns)]


def arriving(rows: Iterable[Row]) -> dict[UUID, UUID]:
    """Find or write down the people of a brand that comes; their ids here by their ids there.

    A person is the same by phone, else by e-mail. Who is new has no password: it is asked for by mail or text message.
    One act each, so it may be repeated. Raises ``CannotUnseal`` without the keys they were sealed with.
    """
    ids = {}
    for row in rows:
        phone, email = unseal(row["phone_sealed"]), unseal(row["email_sealed"])
        if phone or email:
            with public(), act():
                ids[UUID(str(row["id"]))] = _found(phone, email) or _written(row, phone, email)
    return ids


def _found(phone: str, email: str) -> UUID | None:
    for column, index in (("phone_index", _index("phone", phone)), ("email_index", _index("email", email))):
        if index:
            person_id = User.objects.filter(**{column: index}).values_list("pk", flat=True).first()
            if person_id is not None:
                return person_id
    return None


def _written(row: Row, phone: str, email: str) -> UUID:
    wanted = UUID(str(row["id"]))
    person = User(
        id=uuid7() if User.objects.filter(pk=wanted).exists() else wanted,
        name=str(row["name"])[:60],
        phone_sealed=seal(phone),
        phone_index=_index("phone", phone),
        phone_proved_at=_instant(row["phone_proved_at"]),
        email_sealed=seal(email),
        email_index=_index("email", email),
        email_proved_at=_instant(row["email_proved_at"]),
        language=str(row["language"])[:10],
        created_at=clock.now(),
    )
    person.set_unusable_password()
    person.save(force_insert=True)
    return person.pk


def _index(means: str, value: str) -> str | None:
    return blind_index(value, f"people.{means}") if value else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

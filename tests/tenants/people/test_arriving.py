"""People of a brand that moves in: found by names proved here, never by a claim, and once however often it is tried."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from core.db.acts import connection
from core.kernel.ids import uuid7
from core.vault.services import seal, unseal
from tenants.people.models import User
from tenants.people.moving import arriving
from tests.factories.people import make_person

PHONE, EMAIL = "+8613912345678", "chief@example.com"


@pytest.fixture(autouse=True)
def in_public(db: None) -> None:
    connection.set_schema_to_public()


def row(phone: str = "", email: str = "", person_id: UUID | None = None) -> Mapping[str, object]:
    """A person as an archive tells of them."""
    sealed = {"phone_sealed": seal(phone), "email_sealed": seal(email)}
    # An archive's word about proofs is not even read.
    claims = {"phone_proved_at": "2026-01-01T00:00:00+00:00", "email_proved_at": "2026-01-01T00:00:00+00:00"}
    return {"id": str(person_id or uuid7()), "name": "来人", "language": "", **sealed, **claims}


def came(said: Mapping[str, object]) -> User:
    (here,) = arriving([said]).values()
    return User.objects.get(pk=here)


def test_who_has_proved_the_name_is_found() -> None:
    known = make_person("周敏", phone=PHONE)
    assert came(row(PHONE, EMAIL)) == known


def test_who_only_claims_the_name_is_not() -> None:
    squatter = make_person("冒名", email=EMAIL, is_proved=False)
    User.objects.update(password_changed_at="2026-01-01T00:00:00+00:00")
    new = came(row(PHONE, EMAIL))
    assert new != squatter
    assert (unseal(new.phone_sealed), new.email_sealed, new.email_index) == (PHONE, "", None)
    assert (new.phone_proved_at, new.has_usable_password()) == (None, False)


def test_who_came_before_is_found_again_while_nobody_was_in() -> None:
    said = row(PHONE, EMAIL)
    first = came(said)
    assert (first.phone_proved_at, first.email_proved_at) == (None, None)
    assert came(said) == first
    assert came(row(PHONE, EMAIL)) == first, "from a third server, under another id"
    assert User.objects.count() == 1


def test_a_forged_archive_puts_nobody_into_another_s_place() -> None:
    """It tells of the victim's number beside the forger's address; the victim's own brand comes later."""
    forged = came(row(PHONE, "forger@example.com"))
    victim = came(row(PHONE, EMAIL))
    assert victim != forged
    assert (victim.phone_sealed, unseal(victim.email_sealed)) == ("", EMAIL)
    assert came(row("", EMAIL)) == victim

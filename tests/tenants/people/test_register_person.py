"""Signing up: one person, one account."""

from uuid import UUID

import pytest

from core.db.acts import public
from core.kernel.ids import uuid7
from core.vault.services import unseal
from tenants.people.errors import AccountTaken, NotAnAccountName, TooManyTries, WeakPassword
from tenants.people.models import User
from tenants.people.services import LOOK_UPS, find_or_register, prove_identity, register_person
from tests.factories.people import PASSWORD
from tests.portals import TestPortal


def test_phone_and_mail_lie_sealed_and_are_found(xinghe: TestPortal) -> None:
    person = register_person(name="孙立新", phone="138 0641 4471", email="Sun@Example.com", password=PASSWORD)
    with public():
        stored = User.objects.get(pk=person.pk)
    assert "13806414471" not in stored.phone_sealed + str(stored.phone_index)
    assert (unseal(stored.phone_sealed), unseal(stored.email_sealed)) == ("+8613806414471", "sun@example.com")
    assert prove_identity(identifier="sun@example.com", password=PASSWORD, address="::1") == stored


def test_refuses_a_second_account_for_the_same_number(xinghe: TestPortal) -> None:
    register_person(name="甲", phone="13806414471", password=PASSWORD)
    with pytest.raises(AccountTaken):
        register_person(name="乙", phone="+86 138 0641 4471", password=PASSWORD)
    with public():
        assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_refuses_a_weak_password(xinghe: TestPortal, password: str) -> None:
    with pytest.raises(WeakPassword):
        register_person(name="甲", phone="13806414471", password=password)


def test_refuses_someone_who_could_not_sign_in(xinghe: TestPortal) -> None:
    with pytest.raises(NotAnAccountName):
        register_person(name="甲", password=PASSWORD)


def test_who_writes_somebody_down_is_kept_and_a_known_person_stays_as_they_are(xinghe: TestPortal) -> None:
    first, second = (
        find_or_register(account="138 0641 4471", name="甲", password=password, registered_in=schema, asked_by=uuid7())
        for password, schema in ((PASSWORD, "t_one"), ("another long password", "t_two"))
    )
    assert (second.pk, second.registered_in) == (first.pk, "t_one")
    assert prove_identity(identifier="13806414471", password=PASSWORD, address="::1") == first


def test_a_seat_cannot_try_out_numbers_without_end(xinghe: TestPortal) -> None:
    def ask(seat_id: UUID) -> None:
        find_or_register(account="13806414471", name="甲", password=PASSWORD, registered_in="t_one", asked_by=seat_id)

    curious = uuid7()
    for _ in range(LOOK_UPS.limit):
        ask(curious)
    with pytest.raises(TooManyTries):
        ask(curious)
    ask(uuid7())

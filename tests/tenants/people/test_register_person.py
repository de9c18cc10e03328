"""Signing up: one person, one account."""

import pytest

from core.db.acts import public
from core.vault.services import unseal
from tenants.people.errors import AccountTaken, NotAnAccountName, WeakPassword
from tenants.people.models import User
from tenants.people.services import prove_identity, register_person
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

"""One number, one code, two account names: many who act at once, and one outcome."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import caches
from django.db import connection

from core.db.acts import public
from core.kernel import clock
from core.kernel.errors import DomainError
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.errors import AddressGone, AddressNeeded, AddressTaken
from tenants.people.models import AddressClaim, SignIn, User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import index_of
from tenants.people.services import Bearer, claim_address, prove_address, remove_address
from tenants.people.sign_ins import start_sign_in
from tests.factories.people import PASSWORD, make_person
from tests.races.conftest import Contest

pytestmark = pytest.mark.races
TURNS = 8


def seated(name: str, **ways: Any) -> Bearer:
    """Somebody signed in."""
    person = make_person(name, **ways)
    sign_in = start_sign_in(person_id=person.pk, user_agent="", address="::1", has_second_factor=False)
    return Bearer(person.pk, sign_in.pk, "::1")


def asked(bearer: Bearer, typed: str) -> tuple[UUID, str]:
    """A claim of this number and its code, however often somebody asks."""
    caches["shared"].clear()
    claim_id = claim_address(bearer=bearer, means=Means.PHONE, typed=typed, password=PASSWORD)
    with public():
        return claim_id, secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]


def outcomes(acts: list[Callable[[], object]]) -> list[object]:
    """What comes of all of them at once: the answer, or the class of the refusal."""
    start = Barrier(len(acts))

    def take(call: Callable[[], object]) -> object:
        try:
            start.wait()
            return call()
        except DomainError as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(take, acts))


def test_one_number_goes_to_one_of_two_accounts(contest: Contest) -> None:
    first, second = seated("赛手甲", email="a1@example.com"), seated("赛手乙", email="b1@example.com")
    for turn in range(TURNS):
        number = f"1380641{turn:04d}"
        claims = [(one, *asked(one, number)) for one in (first, second)]
        seen = outcomes(
            [partial(prove_address, bearer=one, claim_id=claim_id, code=code) for one, claim_id, code in claims]
        )
        assert sorted(map(str, seen)) == sorted(map(str, [True, AddressTaken]))
        with public():
            holders = User.objects.filter(phone_index=index_of(AccountName(Means.PHONE, f"+86{number}")))
            assert holders.get().pk == claims[seen.index(True)][0].person_id


def test_one_code_changes_once(contest: Contest) -> None:
    bearer = seated("赛手2", email="a2@example.com")
    for turn in range(TURNS):
        claim_id, code = asked(bearer, f"1380642{turn:04d}")
        seen = outcomes([partial(prove_address, bearer=bearer, claim_id=claim_id, code=code)] * 4)
        assert seen.count(True) == 1
        assert seen.count(AddressGone) == 3


def test_wrong_codes_at_once_are_all_counted(contest: Contest) -> None:
    bearer = seated("赛手3", email="a3@example.com")
    claim_id, code = asked(bearer, "13806430000")
    bad = "000000" if code != "000000" else "000001"
    outcomes([partial(prove_address, bearer=bearer, claim_id=claim_id, code=bad)] * 8)
    with public():
        assert AddressClaim.objects.get(pk=claim_id).tries == 5
    assert outcomes([partial(prove_address, bearer=bearer, claim_id=claim_id, code=code)]) == [AddressGone]


def test_both_names_taken_away_at_once_leave_one(contest: Contest) -> None:
    for turn in range(TURNS):
        bearer = seated("赛手4", phone=f"1380644{turn:04d}", email="a4@example.com")
        with public():
            User.objects.filter(pk=bearer.person_id).update(phone_proved_at=clock.now(), email_proved_at=clock.now())
        seen = outcomes([partial(remove_address, bearer=bearer, means=means, password=PASSWORD) for means in Means])
        assert sorted(map(str, seen)) == sorted(map(str, [None, AddressNeeded]))
        with public():
            left = User.objects.get(pk=bearer.person_id)
            assert bool(left.phone_index) != bool(left.email_index)
            SignIn.objects.filter(person=left).delete()

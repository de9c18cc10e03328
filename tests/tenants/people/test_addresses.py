"""Phone and e-mail of an account: counted only when proved, and nobody learns who else has one."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from core.db.acts import connection
from core.events.models import Event
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from core.vault.services import unseal
from tenants.people.errors import (
    AddressGone,
    AddressNeeded,
    AddressTaken,
    NotAnAccountName,
    NoTextMessages,
    NothingToProve,
    ResetGone,
    SignInRefused,
    TooManyTries,
    WrongAddressCode,
    WrongCode,
    WrongPassword,
)
from tenants.people.models import AddressClaim, SignIn, User
from tenants.people.rules import Means
from tenants.people.selectors import factor_state
from tenants.people.services import (
    Bearer,
    Proof,
    begin_totp,
    claim_address,
    claim_own_address,
    confirm_totp,
    follow_link,
    prove_address,
    prove_identity,
    purge_claims,
    remove_address,
    request_reset,
    reset_password,
)
from tenants.people.sign_ins import end_all_sessions, start_sign_in
from tests.factories.people import PASSWORD, make_person

PHONE, EMAIL, NEW = "+8613806414471", "sun@example.com", "new@example.com"
NOON = datetime.fromisoformat("2026-01-12T12:00:00+08:00")
SHAPE = re.compile(r"VALUES .*|= '.*|IN \(.*", re.DOTALL)


@pytest.fixture(autouse=True)
def noon(db: None) -> Iterator[None]:
    connection.set_schema_to_public()
    with clock.at(NOON):
        yield


@pytest.fixture
def person() -> User:
    return unproved(make_person("孙立新", phone=PHONE, email=EMAIL))


def unproved(person: User) -> User:
    """Somebody whose phone and e-mail were only written down."""
    User.objects.filter(pk=person.pk).update(phone_proved_at=None, email_proved_at=None)
    person.refresh_from_db()
    return person


@pytest.fixture
def bearer(person: User) -> Bearer:
    return at_desk(person)


def at_desk(person: User) -> Bearer:
    """The person in a sign-in of their own."""
    sign_in = start_sign_in(person_id=person.pk, user_agent="", address="::1", has_second_factor=False)
    return Bearer(person.pk, sign_in.pk, "::1")


def sent_code() -> str:
    return secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def told(template: str) -> list[str]:
    """The addresses a letter went to."""
    rows = Message.objects.filter(template=template).values_list("recipient", flat=True)
    return sorted(unseal(sealed) for sealed in rows)


def claim(bearer: Bearer, typed: str = NEW, means: Means = Means.EMAIL) -> str:
    """The id of a claim, as text for a session."""
    return str(claim_address(bearer=bearer, means=means, typed=typed, password=PASSWORD))


def test_a_proved_address_becomes_the_account_name_and_nothing_before(person: User, bearer: Bearer) -> None:
    elsewhere = at_desk(person)
    claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=" New@Example.com", password=PASSWORD)
    assert told("people.address_code") == [NEW], "the code goes to the new address only"
    with pytest.raises(SignInRefused):
        prove_identity(identifier=NEW, password=PASSWORD, address="::1")
    code = sent_code()
    assert prove_address(bearer=bearer, claim_id=claim_id, code=f"{code[:3]} {code[3:]}") is True
    person.refresh_from_db()
    assert (unseal(person.email_sealed), person.email_proved_at, person.phone_proved_at) == (NEW, NOON, None)
    assert prove_identity(identifier=NEW, password=PASSWORD, address="::1") == person
    with pytest.raises(SignInRefused):
        prove_identity(identifier=EMAIL, password=PASSWORD, address="::1")
    assert told("people.address_changed") == [PHONE, EMAIL], "every former address is told"
    ended = dict(SignIn.objects.values_list("pk", "ended_at"))
    assert ended == {bearer.sign_in_id: None, elsewhere.sign_in_id: NOON}
    event = Event.objects.get(kind="people.address_changed.v1")
    assert event.payload == {"person_id": str(person.pk), "means": "email"}


def test_a_number_is_added_by_text_message(settings: Settings) -> None:
    person = make_person("孙立新", email=EMAIL)
    bearer = at_desk(person)
    claim_id = claim_address(bearer=bearer, means=Means.PHONE, typed="138 0641 4471", password=PASSWORD)
    assert Message.objects.get(template="people.address_code").way == Message.Way.SMS
    prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())
    assert prove_identity(identifier=PHONE, password=PASSWORD, address="::1") == person


def test_no_code_and_no_address_lies_open(person: User, bearer: Bearer) -> None:
    claim(bearer)
    rows = repr(list(Message.objects.values())) + repr(list(AddressClaim.objects.values()))
    rows += repr(list(Event.objects.values()))
    assert NEW not in rows
    assert sent_code() not in rows


def test_the_password_is_asked_and_nothing_is_sent_without_it(person: User, bearer: Bearer) -> None:
    with pytest.raises(WrongPassword):
        claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password="wrong")
    assert not Message.objects.exists()
    assert not AddressClaim.objects.exists()


def test_the_second_factor_is_asked_where_there_is_one(person: User, bearer: Bearer) -> None:
    with clock.at(NOON - timedelta(minutes=5)):
        begin_totp(person_id=person.pk)
        generator = pyotp.TOTP(factor_state(person.pk).secret)
        confirm_totp(person_id=person.pk, code=generator.at(clock.now()))
    User.objects.update(email_proved_at=NOON, phone_proved_at=NOON)
    for code in ("", "000000"):
        with pytest.raises(WrongCode):
            claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD, code=code)
        with pytest.raises(WrongCode):
            remove_address(bearer=bearer, means=Means.EMAIL, password=PASSWORD, code=code)
    assert not AddressClaim.objects.exists()
    code = generator.at(NOON)
    claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD, code=code)
    with pytest.raises(WrongCode):
        remove_address(bearer=bearer, means=Means.EMAIL, password=PASSWORD, code=code)


def test_taken_and_free_cost_the_same_and_answer_the_same_until_proved(person: User, bearer: Bearer) -> None:
    other = make_person("周敏", email="taken@example.com")
    seen, claim_id = [], person.pk
    for typed in ("free@example.com", "taken@example.com"):
        with CaptureQueriesContext(database) as queries:
            claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=typed, password=PASSWORD)
        message = Message.objects.latest("id")
        assert unseal(message.recipient) == typed, "the owner of the address gets the code, whoever asked"
        code = sent_code()
        with CaptureQueriesContext(database) as tries, pytest.raises(WrongAddressCode):
            prove_address(bearer=bearer, claim_id=claim_id, code=wrong(code))
        work = [SHAPE.sub("", query["sql"]) for query in (*queries, *tries) if "SAVEPOINT" not in query["sql"]]
        seen.append((work, message.status, message.template))
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 7
    with pytest.raises(AddressTaken) as refused:
        prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())
    assert other.name not in str(refused.value)
    person.refresh_from_db()
    assert unseal(person.email_sealed) == EMAIL
    assert SignIn.objects.get().ended_at is None, "nothing changed, nobody is signed out"
    assert not told("people.address_changed")
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())


def test_a_code_works_once_five_tries_and_fifteen_minutes(person: User, bearer: Bearer) -> None:
    claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD)
    code = sent_code()
    for _ in range(5):
        with pytest.raises(WrongAddressCode):
            prove_address(bearer=bearer, claim_id=claim_id, code=wrong(code))
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=claim_id, code=code)
    late = claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD)
    with clock.at(NOON + timedelta(minutes=15)), pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=late, code=sent_code())
    with clock.at(NOON + timedelta(minutes=14)):
        prove_address(bearer=bearer, claim_id=late, code=sent_code())
        with pytest.raises(AddressGone):
            prove_address(bearer=bearer, claim_id=late, code=sent_code())


def test_a_new_code_voids_the_former_one(person: User, bearer: Bearer) -> None:
    first = claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD)
    code = sent_code()
    claim_address(bearer=bearer, means=Means.EMAIL, typed="newer@example.com", password=PASSWORD)
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=first, code=code)


def test_a_code_is_good_in_its_own_sign_in_only_and_while_that_lasts(person: User, bearer: Bearer) -> None:
    claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD)
    stranger = at_desk(make_person("周敏", email="zhou@example.com"))
    for other in (at_desk(person), stranger, Bearer(stranger.person_id, bearer.sign_in_id)):
        with pytest.raises(AddressGone):
            prove_address(bearer=other, claim_id=claim_id, code=sent_code())
    end_all_sessions(person.pk)
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())


def test_the_present_ones_are_proved_without_a_password_and_nothing_else_happens(person: User, bearer: Bearer) -> None:
    elsewhere = at_desk(person)
    for means, column in ((Means.EMAIL, "email_proved_at"), (Means.PHONE, "phone_proved_at")):
        claim_id = claim_own_address(bearer=bearer, means=means)
        assert prove_address(bearer=bearer, claim_id=claim_id, code=sent_code()) is False
        person.refresh_from_db()
        assert getattr(person, column) == NOON
    assert told("people.address_code") == [PHONE, EMAIL]
    assert SignIn.objects.get(pk=elsewhere.sign_in_id).ended_at is None
    assert not told("people.address_changed")
    assert Event.objects.filter(kind="people.address_proved.v1").count() == 2


def test_typing_the_present_one_proves_it(person: User, bearer: Bearer) -> None:
    claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=EMAIL, password=PASSWORD)
    assert prove_address(bearer=bearer, claim_id=claim_id, code=sent_code()) is False


def test_a_code_without_a_password_never_changes_anything(person: User, bearer: Bearer) -> None:
    """Asked for to prove the address of the account, which is another one by now."""
    claim_id = claim_own_address(bearer=bearer, means=Means.EMAIL)
    User.objects.filter(pk=person.pk).update(email_index="another", email_sealed="")
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())
    person.refresh_from_db()
    assert (person.email_index, person.email_proved_at) == ("another", None)


def test_one_is_taken_away_only_while_the_other_is_proved(person: User, bearer: Bearer) -> None:
    elsewhere = at_desk(person)
    for means in Means:
        with pytest.raises(AddressNeeded):
            remove_address(bearer=bearer, means=means, password=PASSWORD)
    User.objects.filter(pk=person.pk).update(email_proved_at=NOON, phone_proved_at=NOON)
    with pytest.raises(WrongPassword):
        remove_address(bearer=bearer, means=Means.PHONE, password="wrong")
    remove_address(bearer=bearer, means=Means.PHONE, password=PASSWORD)
    person.refresh_from_db()
    assert (person.phone_sealed, person.phone_index, person.phone_proved_at) == ("", None, None)
    assert told("people.address_removed") == [PHONE, EMAIL]
    assert SignIn.objects.get(pk=elsewhere.sign_in_id).ended_at == NOON
    assert SignIn.objects.get(pk=bearer.sign_in_id).ended_at is None
    with pytest.raises(SignInRefused):
        prove_identity(identifier=PHONE, password=PASSWORD, address="::1")
    with pytest.raises(AddressNeeded):
        remove_address(bearer=bearer, means=Means.EMAIL, password=PASSWORD)
    with pytest.raises(NothingToProve):
        remove_address(bearer=bearer, means=Means.PHONE, password=PASSWORD)
    with pytest.raises(NothingToProve):
        claim_own_address(bearer=bearer, means=Means.PHONE)
    assert Event.objects.filter(kind="people.address_removed.v1").count() == 1


def test_a_change_voids_what_the_former_mailbox_was_sent(person: User, bearer: Bearer) -> None:
    request_reset(identifier=EMAIL, address="::1", page="http://jiumai.localhost/reset/")
    link = secrets_of(Message.objects.get(template="people.reset_link"))["link"]
    digest = follow_link(link.rstrip("/").rpartition("/")[2])
    assert digest
    own = claim_own_address(bearer=bearer, means=Means.PHONE)
    own_code = sent_code()
    claim_id = claim_address(bearer=bearer, means=Means.EMAIL, typed=NEW, password=PASSWORD)
    prove_address(bearer=bearer, claim_id=claim_id, code=sent_code())
    with pytest.raises(ResetGone):
        reset_password(proof=Proof(link_digest=digest), password="quite another password")
    with pytest.raises(AddressGone):
        prove_address(bearer=bearer, claim_id=own, code=own_code)


def test_nobody_is_flooded_with_codes(person: User, bearer: Bearer) -> None:
    for _ in range(4):
        claim(bearer)
    with pytest.raises(TooManyTries):
        claim(bearer)
    stranger = make_person("周敏", email="zhou@example.com")
    with pytest.raises(TooManyTries):
        claim(at_desk(stranger))


def test_one_person_cannot_write_to_the_whole_world(person: User, bearer: Bearer) -> None:
    for number in range(6):
        claim(bearer, f"n{number}@example.com")
    with pytest.raises(TooManyTries):
        claim(bearer, "n6@example.com")


def test_without_text_messages_a_number_is_refused(person: User, bearer: Bearer, settings: Settings) -> None:
    settings.SMS_SENDER = ""
    with pytest.raises(NoTextMessages):
        claim(bearer, "13999999999", Means.PHONE)
    with pytest.raises(NoTextMessages):
        claim_own_address(bearer=bearer, means=Means.PHONE)
    assert not Message.objects.exists()


@pytest.mark.parametrize(("means", "typed"), [(Means.EMAIL, PHONE), (Means.PHONE, EMAIL), (Means.EMAIL, "")])
def test_each_page_takes_its_own_kind(person: User, bearer: Bearer, means: Means, typed: str) -> None:
    with pytest.raises(NotAnAccountName):
        claim(bearer, typed, means)


def test_old_claims_are_dropped(person: User, bearer: Bearer) -> None:
    claim(bearer)
    assert purge_claims() == 0
    with clock.at(NOON + timedelta(days=8)):
        assert purge_claims() == 1

"""A forgotten password: strangers learn nothing, a link or code works once, and the old sessions end."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.db.acts import connection
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.errors import (
    NotAnAccountName,
    NoTextMessages,
    ResetGone,
    SignInRefused,
    TooManyTries,
    WeakPassword,
    WrongCode,
)
from tenants.people.models import ResetRequest, SignIn, User
from tenants.people.services import (
    AskedReset,
    Proof,
    follow_link,
    prove_identity,
    purge_resets,
    request_reset,
    reset_password,
)
from tenants.people.sign_ins import start_sign_in
from tests.factories.people import PASSWORD, make_person

PHONE, EMAIL = "+8613806414471", "sun@example.com"
NEW = "quite another password"
PAGE = "http://xinghe.jiumai.localhost:8000/reset/"
NOON = datetime.fromisoformat("2026-01-12T12:00:00+08:00")
SHAPE = re.compile(r"VALUES .*|= '.*", re.DOTALL)


@pytest.fixture(autouse=True)
def noon(db: None) -> Iterator[None]:
    connection.set_schema_to_public()
    with clock.at(NOON):
        yield


@pytest.fixture
def person() -> User:
    person = make_person("孙立新", phone=PHONE, email=EMAIL)
    User.objects.filter(pk=person.pk).update(phone_proved_at=None, email_proved_at=None)
    return person


def ask(identifier: str, address: str = "::1") -> AskedReset:
    return request_reset(identifier=identifier, address=address, page=PAGE)


def link_secret() -> str:
    """The secret of the last mail's link."""
    last = Message.objects.filter(template="people.reset_link").latest("id")
    found = re.fullmatch(re.escape(PAGE) + r"([\w-]+)/", secrets_of(last)["link"])
    assert found
    return found[1]


def sent_code() -> str:
    return secrets_of(Message.objects.filter(template="people.reset_code").latest("id"))["code"]


def by_link() -> Proof:
    digest = follow_link(link_secret())
    assert digest
    return Proof(link_digest=digest)


def test_a_link_by_mail_sets_the_password_once(person: User) -> None:
    start_sign_in(person_id=person.pk, user_agent="", address="::1", has_second_factor=False)
    asked = ask(" SUN@Example.com")
    assert asked.way == ResetRequest.Way.MAIL
    proof = by_link()
    reset_password(proof=proof, password=NEW)
    assert prove_identity(identifier=EMAIL, password=NEW, address="::1") == person
    person.refresh_from_db()
    assert (person.password_changed_at, person.email_proved_at, person.phone_proved_at) == (NOON, NOON, None)
    assert SignIn.objects.get().ended_at == NOON, "every session ends"
    assert Message.objects.filter(template="people.password_changed").count() == 1
    with pytest.raises(ResetGone):
        reset_password(proof=proof, password="and yet another one")
    assert follow_link(link_secret()) is None


def test_a_code_by_text_message_sets_the_password_once(person: User) -> None:
    asked = ask("138 0641 4471")
    code = sent_code()
    proof = Proof(request_id=asked.request_id, code=f"{code[:3]} {code[3:]}")
    reset_password(proof=proof, password=NEW)
    person.refresh_from_db()
    assert person.phone_proved_at == NOON
    assert prove_identity(identifier=PHONE, password=NEW, address="::1") == person
    with pytest.raises(ResetGone):
        reset_password(proof=proof, password=NEW)


def test_the_mail_carries_the_link_and_the_table_does_not(
    person: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(EMAIL)
    secret = link_secret()
    assert f"{PAGE}{secret}/" in str(mail.outbox[-1].body)
    rows = repr(list(Message.objects.values())) + repr(list(ResetRequest.objects.values()))
    assert secret not in rows
    assert EMAIL not in rows


@pytest.mark.parametrize("pair", [(EMAIL, "nobody@example.com"), (PHONE, "13999999999")])
def test_a_stranger_costs_the_same_statements_and_hashes_and_answers_the_same(
    person: User, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def counted(_: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return f"md5${salt}$"

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    seen = []
    for identifier in pair:
        with CaptureQueriesContext(database) as queries:
            asked = ask(identifier)
        shapes = [SHAPE.sub("", query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]]
        seen.append((asked.way, shapes, len(hashed)))
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 3
    assert ResetRequest.objects.count() == 2
    assert sorted(Message.objects.values_list("status", flat=True)) == ["NO_ADDRESS", "QUEUED"]


def test_a_closed_account_is_a_stranger(person: User) -> None:
    User.objects.update(is_active=False)
    ask(EMAIL)
    assert Message.objects.get().status == Message.Status.NO_ADDRESS


def test_a_stranger_s_code_is_never_right(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.people.services.resetting.secrets.randbelow", lambda _: 123456)
    asked = ask("13999999999")
    with pytest.raises(WrongCode):
        reset_password(proof=Proof(request_id=asked.request_id, code="123456"), password=NEW)


def test_five_tries_at_a_code_and_then_not_even_the_right_one(person: User) -> None:
    asked = ask(PHONE)
    code = sent_code()
    bad = "000000" if code != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(WrongCode):
            reset_password(proof=Proof(request_id=asked.request_id, code=bad), password=NEW)
    with pytest.raises(ResetGone):
        reset_password(proof=Proof(request_id=asked.request_id, code=code), password=NEW)
    with pytest.raises(SignInRefused):
        prove_identity(identifier=PHONE, password=NEW, address="::1")


def test_a_code_is_no_link_and_a_link_no_code(person: User) -> None:
    by_text, by_mail = ask(PHONE), ask(EMAIL)
    row = ResetRequest.objects.get(pk=by_text.request_id)
    for proof in (
        Proof(link_digest=row.digest),
        Proof(request_id=by_mail.request_id, code=link_secret()),
        Proof(),
        Proof(link_digest="x"),
    ):
        with pytest.raises(ResetGone):
            reset_password(proof=proof, password=NEW)


@pytest.mark.parametrize(("identifier", "minutes"), [(EMAIL, 31), (PHONE, 11)])
def test_ends_by_itself(person: User, identifier: str, minutes: int) -> None:
    asked = ask(identifier)
    proof = by_link() if identifier == EMAIL else Proof(request_id=asked.request_id, code=sent_code())
    with clock.at(NOON + timedelta(minutes=minutes)), pytest.raises(ResetGone):
        reset_password(proof=proof, password=NEW)


def test_a_weak_password_leaves_the_link_good(person: User) -> None:
    ask(EMAIL)
    proof = by_link()
    with pytest.raises(WeakPassword):
        reset_password(proof=proof, password="short")
    assert prove_identity(identifier=EMAIL, password=PASSWORD, address="::1") == person
    reset_password(proof=proof, password=NEW)


def test_one_reset_voids_the_others(person: User) -> None:
    asked = ask(PHONE)
    code = sent_code()
    ask(EMAIL)
    reset_password(proof=by_link(), password=NEW)
    with pytest.raises(ResetGone):
        reset_password(proof=Proof(request_id=asked.request_id, code=code), password="and yet another one")


def test_a_reset_ends_the_pause_of_the_account(person: User) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            prove_identity(identifier=EMAIL, password="wrong", address="::1")
    with pytest.raises(TooManyTries):
        prove_identity(identifier=EMAIL, password=PASSWORD, address="::1")
    ask(EMAIL)
    reset_password(proof=by_link(), password=NEW)
    assert prove_identity(identifier=EMAIL, password=NEW, address="::1") == person


@pytest.mark.parametrize("identifier", [EMAIL, "nobody@example.com"])
def test_nobody_is_flooded_with_mail(person: User, identifier: str) -> None:
    for _ in range(4):
        ask(identifier)
    with pytest.raises(TooManyTries):
        ask(identifier)


def test_an_address_that_asks_for_many_is_stopped(person: User) -> None:
    for number in range(40):
        ask(f"nobody{number}@example.com", address="192.0.2.1")
    with pytest.raises(TooManyTries):
        ask(EMAIL, address="192.0.2.1")


@pytest.mark.parametrize("identifier", [PHONE, "13999999999"])
def test_without_text_messages_a_number_is_refused_whoever_has_it(
    person: User, settings: Settings, identifier: str
) -> None:
    settings.SMS_SENDER = ""
    with pytest.raises(NoTextMessages):
        ask(identifier)
    assert not ResetRequest.objects.exists()


def test_what_is_no_account_name_is_refused(person: User) -> None:
    with pytest.raises(NotAnAccountName):
        ask("no account name")


def test_old_requests_are_dropped(person: User) -> None:
    ask(EMAIL)
    assert purge_resets() == 0
    with clock.at(NOON + timedelta(days=8)):
        assert purge_resets() == 1

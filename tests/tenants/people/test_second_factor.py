"""The second factor's verbs: a code works once, a wrong one is counted, a lost telephone is no lost account."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import connection, public
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import SECURITY, codes_of
from core.messages.models import Message
from tenants.people import rules
from tenants.people.errors import FactorStands, NoFactorBegun, TooManyTries, WrongCode, WrongPassword
from tenants.people.models import RecoveryCode, User
from tenants.people.operators import ask_factor_reset, decide_factor_reset
from tenants.people.selectors import factor_state
from tenants.people.services import (
    begin_totp,
    confirm_totp,
    drop_totp,
    prove_second_factor,
    renew_recovery_codes,
)
from tenants.people.sign_ins import start_sign_in
from tests.factories.papers import operator
from tests.factories.people import PASSWORD, make_person

NOON = datetime.fromisoformat("2026-01-12T12:00:00+08:00")


@pytest.fixture(autouse=True)
def noon(db: None) -> Iterator[None]:
    connection.set_schema_to_public()
    with clock.at(NOON):
        yield


@pytest.fixture
def person() -> User:
    return make_person("孙立新", phone="13806414471", email="sun@example.com")


@pytest.fixture
def secret(person: User) -> str:
    """The person's secret after the first code, five minutes ago."""
    with clock.at(NOON - timedelta(minutes=5)):
        begin_totp(person_id=person.pk)
        secret = factor_state(person.pk).secret
        confirm_totp(person_id=person.pk, code=code_of(secret))
    return secret


def code_of(secret: str, *, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=seconds))


def wrong(secret: str) -> str:
    good = {code_of(secret, seconds=shift) for shift in (-30, 0, 30)}
    return next(code for code in ("000000", "000001", "000002", "000003") if code not in good)


def templates() -> list[str]:
    return list(Message.objects.order_by("created_at", "id").values_list("template", flat=True))


def test_counts_only_after_its_first_code(person: User) -> None:
    begin_totp(person_id=person.pk)
    state = factor_state(person.pk)
    assert (state.is_on, len(state.secret)) == (False, 32)
    with pytest.raises(NoFactorBegun):
        prove_second_factor(person_id=person.pk, code=code_of(state.secret))
    with pytest.raises(WrongCode):
        confirm_totp(person_id=person.pk, code=wrong(state.secret))
    codes = confirm_totp(person_id=person.pk, code=code_of(state.secret))
    assert len(set(codes)) == 10
    after = factor_state(person.pk)
    assert (after.is_on, after.since, after.secret, after.codes_left) == (True, NOON, "", 10)
    assert templates() == ["people.factor_on"]


def test_the_secret_lies_sealed(person: User, secret: str) -> None:
    person.refresh_from_db()
    assert secret not in person.totp_sealed
    assert person.totp_sealed.startswith("d1:")


def test_nothing_is_confirmed_that_was_not_begun_and_nothing_begun_that_stands(person: User) -> None:
    with pytest.raises(NoFactorBegun):
        confirm_totp(person_id=person.pk, code="123456")
    begin_totp(person_id=person.pk)
    first = factor_state(person.pk).secret
    begin_totp(person_id=person.pk)
    second = factor_state(person.pk).secret
    assert first != second, "starting over makes a new secret"
    confirm_totp(person_id=person.pk, code=code_of(second))
    with pytest.raises(FactorStands):
        begin_totp(person_id=person.pk)
    with pytest.raises(NoFactorBegun):
        confirm_totp(person_id=person.pk, code=code_of(second, seconds=30))


@pytest.mark.parametrize("shift", [-30, 0, 30])
def test_bears_a_step_of_drift(person: User, secret: str, shift: int) -> None:
    assert prove_second_factor(person_id=person.pk, code=code_of(secret, seconds=shift)) == person


@pytest.mark.parametrize("shift", [-60, 60])
def test_bears_no_more_than_that(person: User, secret: str, shift: int) -> None:
    with pytest.raises(WrongCode):
        prove_second_factor(person_id=person.pk, code=code_of(secret, seconds=shift))


def test_a_code_works_once_and_so_does_none_before_it(person: User, secret: str) -> None:
    prove_second_factor(person_id=person.pk, code=code_of(secret))
    for shift in (0, -30):
        with pytest.raises(WrongCode):
            prove_second_factor(person_id=person.pk, code=code_of(secret, seconds=shift))
    prove_second_factor(person_id=person.pk, code=code_of(secret, seconds=30))


@pytest.mark.parametrize("spell", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}\n"])
def test_reads_codes_as_people_paste_them(person: User, secret: str, spell: str) -> None:
    code = code_of(secret)
    assert prove_second_factor(person_id=person.pk, code=spell.format(code[:3], code[3:])) == person


def test_reads_full_width_figures(person: User, secret: str) -> None:
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in code_of(secret))
    assert prove_second_factor(person_id=person.pk, code=wide) == person


@pytest.mark.parametrize("code", ["", "12345", "1234567", "酒", "0" * 500, "\x00\x00"])
def test_what_is_no_code_is_wrong(person: User, secret: str, code: str) -> None:
    with pytest.raises(WrongCode):
        prove_second_factor(person_id=person.pk, code=code)


def test_a_recovery_code_works_once_in_any_spelling_and_is_told(person: User) -> None:
    begin_totp(person_id=person.pk)
    codes = confirm_totp(person_id=person.pk, code=code_of(factor_state(person.pk).secret))
    stored = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not stored & {rules.bare_code(code) for code in codes}
    spelled = codes[3].lower().replace("-", " ")
    assert prove_second_factor(person_id=person.pk, code=spelled) == person
    assert factor_state(person.pk).codes_left == 9
    with pytest.raises(WrongCode):
        prove_second_factor(person_id=person.pk, code=codes[3])
    assert templates() == ["people.factor_on", "people.recovery_code_used"]
    told = Message.objects.get(template="people.recovery_code_used")
    assert told.context == {"left": 9}


def test_another_person_s_recovery_code_opens_nothing(person: User, secret: str) -> None:
    other = make_person("李敏")
    begin_totp(person_id=other.pk)
    codes = confirm_totp(person_id=other.pk, code=code_of(factor_state(other.pk).secret))
    with pytest.raises(WrongCode):
        prove_second_factor(person_id=person.pk, code=codes[0])


def test_new_recovery_codes_void_the_old(person: User, secret: str) -> None:
    first = renew_recovery_codes(person_id=person.pk, code=code_of(secret))
    with clock.at(NOON + timedelta(minutes=1)):
        renew_recovery_codes(person_id=person.pk, code=code_of(secret))
        with pytest.raises(WrongCode):
            prove_second_factor(person_id=person.pk, code=first[0])
    with pytest.raises(WrongCode):
        renew_recovery_codes(person_id=person.pk, code="000")


def test_wrong_codes_bring_growing_pauses_in_which_the_right_one_waits_too(person: User, secret: str) -> None:
    for _ in range(rules.FREE_CODE_TRIES):
        with pytest.raises(WrongCode):
            prove_second_factor(person_id=person.pk, code=wrong(secret))
    with pytest.raises(TooManyTries) as refusal:
        prove_second_factor(person_id=person.pk, code=code_of(secret))
    assert refusal.value.fields == {"minutes": 1}
    with clock.at(NOON + timedelta(seconds=61)):
        with pytest.raises(WrongCode):
            prove_second_factor(person_id=person.pk, code=wrong(secret))
        with pytest.raises(TooManyTries) as refusal:
            prove_second_factor(person_id=person.pk, code=code_of(secret))
        assert refusal.value.fields == {"minutes": 2}
    with clock.at(NOON + timedelta(seconds=182)):
        prove_second_factor(person_id=person.pk, code=code_of(secret))
    person.refresh_from_db()
    assert (person.factor_tries, person.factor_paused_until) == (0, None)
    assert templates().count("people.codes_paused") == 1


def test_the_pause_grows_to_an_hour_and_no_further() -> None:
    pauses = [rules.pause_after(tries) for tries in (4, 5, 6, 7, 11, 12, 40)]
    minutes = [pause and pause.total_seconds() / 60 for pause in pauses]
    assert minutes == [None, 1, 2, 4, 60, 60, 60]


def test_taking_it_away_asks_for_password_and_code(person: User, secret: str) -> None:
    with pytest.raises(WrongPassword):
        drop_totp(person_id=person.pk, password="not it", code=code_of(secret))
    with pytest.raises(WrongCode):
        drop_totp(person_id=person.pk, password=PASSWORD, code=wrong(secret))
    assert factor_state(person.pk).is_on
    drop_totp(person_id=person.pk, password=PASSWORD, code=code_of(secret))
    person.refresh_from_db()
    assert (person.has_second_factor, person.totp_sealed, RecoveryCode.objects.count()) == (False, "", 0)
    assert templates()[-1] == "people.factor_off"


def test_without_a_second_factor_no_sign_in_counts_as_proved_by_one(person: User, secret: str) -> None:
    sign_in = start_sign_in(person_id=person.pk, user_agent="", address="192.0.2.1", has_second_factor=True)
    drop_totp(person_id=person.pk, password=PASSWORD, code=code_of(secret))
    sign_in.refresh_from_db()
    assert (sign_in.second_factor_at, sign_in.ended_at) == (None, None)


def test_two_operators_end_the_sessions_with_the_factor(person: User, secret: str) -> None:
    """Whoever has the lost telephone may be signed in on it."""
    sign_in = start_sign_in(person_id=person.pk, user_agent="", address="192.0.2.1", has_second_factor=True)
    asked = ask_factor_reset(actor=_operator(1), person_id=person.pk, reason="手机丢失")
    decide_factor_reset(actor=_operator(2), reset_id=asked.pk, agrees=False, reason="未核实")
    sign_in.refresh_from_db()
    assert (sign_in.ended_at, sign_in.second_factor_at is None) == (None, False)
    asked = ask_factor_reset(actor=_operator(1), person_id=person.pk, reason="手机丢失")
    decide_factor_reset(actor=_operator(2), reset_id=asked.pk, agrees=True, reason="已核实")
    sign_in.refresh_from_db()
    assert sign_in.ended_at is not None
    assert not factor_state(person.pk).is_on
    assert templates()[-1] == "people.factor_off"


def _operator(number: int) -> Actor:
    return replace(operator(UUID(int=number)), codes=codes_of([SECURITY]))


def test_what_happened_reaches_the_person_by_mail_in_their_language(
    person: User, secret: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    User.objects.filter(pk=person.pk).update(language="en")
    with django_capture_on_commit_callbacks(execute=True):
        drop_totp(person_id=person.pk, password=PASSWORD, code=code_of(secret))
    assert [(letter.to, letter.subject) for letter in mail.outbox][-1:] == [
        (["sun@example.com"], "The sign-in code is off")
    ]


def test_a_closed_account_proves_nothing(person: User, secret: str) -> None:
    from core.kernel.errors import Missing

    with public():
        User.objects.update(is_active=False)
    with pytest.raises(Missing):
        prove_second_factor(person_id=person.pk, code=code_of(secret))

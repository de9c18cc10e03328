"""One code of the second factor, one link of a mail, many who send it at once: one gets through."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from django.db import connection

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.errors import DomainError
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people import rules
from tenants.people.errors import ResetGone, WrongCode
from tenants.people.models import RecoveryCode, User
from tenants.people.selectors import factor_state, recovery_index
from tenants.people.services import (
    Proof,
    begin_totp,
    confirm_totp,
    follow_link,
    prove_identity,
    prove_second_factor,
    request_reset,
    reset_password,
)
from tests.factories.people import make_person
from tests.races.conftest import Contest

pytestmark = pytest.mark.races
HOLDERS = 4
EMAIL = "racer@example.com"


@pytest.fixture
def person(contest: Contest) -> User:
    """Somebody with a telephone, a sheet of codes and a mailbox."""
    found = make_person("赛手", email=EMAIL)
    with public():
        User.objects.filter(pk=found.pk).update(totp_confirmed_at=None, totp_sealed="")
    return found


def set_up(person: User) -> tuple[pyotp.TOTP, list[str]]:
    with clock.at(clock.now() - timedelta(minutes=5)):
        begin_totp(person_id=person.pk)
        generator = pyotp.TOTP(factor_state(person.pk).secret)
        return generator, confirm_totp(person_id=person.pk, code=generator.at(clock.now()))


def winners(person: User, use: Callable[[int], object]) -> int:
    """How many of those who act at once get through; the count of wrong codes begins anew."""
    start = Barrier(HOLDERS)
    with public():
        User.objects.filter(pk=person.pk).update(factor_tries=0, factor_paused_until=None)

    def hold(number: int) -> bool:
        try:
            start.wait()
            use(number)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(HOLDERS) as pool:
        return sum(pool.map(hold, range(HOLDERS)))


def proving(person: User, code: str) -> int:
    """How many get through with this code."""
    return winners(person, lambda _: prove_second_factor(person_id=person.pk, code=code))


def test_a_code_of_the_app_lets_one_in(person: User) -> None:
    generator, _ = set_up(person)
    counts = []
    for _ in range(10):
        with public():
            User.objects.filter(pk=person.pk).update(totp_last_step=0)
        counts.append(proving(person, generator.at(clock.now())))
    assert counts == [1] * 10


def test_a_recovery_code_lets_one_in(person: User) -> None:
    _, codes = set_up(person)
    assert [proving(person, code) for code in codes] == [1] * len(codes)
    assert factor_state(person.pk).codes_left == 0


def test_looking_before_writing_is_seen_to_fail(person: User) -> None:
    _, codes = set_up(person)

    def looking_first(code: str) -> None:
        """The known-bad way: read that it is unused, then write that it is used."""
        with public(), act():
            digest = recovery_index(person.pk, rules.bare_code(code))
            found = RecoveryCode.objects.filter(person=person, digest=digest, used_at__isnull=True).first()
            if found is None:
                raise WrongCode
            found.used_at = clock.now()
            found.save(update_fields=["used_at"])

    counts = [winners(person, lambda _, code=code: looking_first(code)) for code in codes]  # type: ignore[misc]
    assert max(counts) > 1, "this race can see the fault"


def test_a_link_sets_one_password(person: User) -> None:
    for turn in range(4):
        request_reset(identifier=EMAIL, address="::1", page="http://jiumai.localhost/reset/")
        with public():
            link = secrets_of(Message.objects.filter(template="people.reset_link").latest("id"))["link"]
        digest = follow_link(link.rstrip("/").rpartition("/")[2])
        assert digest is not None
        taken: list[str] = []

        def take(number: int, turn: int = turn, digest: str = digest, taken: list[str] = taken) -> None:
            password = f"password of holder {number} in turn {turn}"
            reset_password(proof=Proof(link_digest=digest), password=password)
            taken.append(password)

        assert winners(person, take) == 1
        assert prove_identity(identifier=EMAIL, password=taken[0], address="::1") == person
        with pytest.raises(ResetGone):
            reset_password(proof=Proof(link_digest=digest), password="and yet another one")

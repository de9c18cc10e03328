"""Seats wanted, accepted and closed at the same moment: one row lock decides, and nobody is left without a head."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db.acts import brand_schema
from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from tenants.access.events import SEAT_OPENED
from tenants.access.models import Seat
from tenants.access.services import accept_invitation, change_seat, close_seat, withdraw_invitation
from tests.cast import Cast
from tests.database import test_database
from tests.factories.people import make_person
from tests.portals import XINGHE
from tests.tenants.access.offers import offered

pytestmark = pytest.mark.races
ROUNDS = 12


@pytest.fixture(scope="module")
def house(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database of its own, where everything is really committed."""
    name = f"{connection.settings_dict['TEST']['NAME']}_seats"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        yield Cast.build(XINGHE)


def at_once(*works: Callable[[], object]) -> list[str]:
    """Every work at the same moment on a connection of its own: ``done``, or the code of its refusal."""
    start = Barrier(len(works))

    def begin(work: Callable[[], object]) -> str:
        try:
            with brand_schema(XINGHE.schema):
                start.wait()
                work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def test_many_acceptances_of_one_link_are_one_seat(house: Cast) -> None:
    person = make_person("抢座", phone="13912340000")
    _, token = offered(house, account="13912340000", name="抢座")
    before = Event.objects.filter(kind=SEAT_OPENED).count()
    answers = at_once(*[lambda: accept_invitation(token=token, person_id=person.pk)] * 8)
    assert set(answers) == {"done"}
    assert Seat.objects.filter(person_id=person.pk).count() == 1
    assert Event.objects.filter(kind=SEAT_OPENED).count() == before + 1


def test_taken_or_withdrawn_but_never_both(house: Cast) -> None:
    seen: Counter[tuple[str, ...]] = Counter()
    for number in range(ROUNDS):
        phone = f"139123411{number:02d}"
        person = make_person(f"撤回{number}", phone=phone)
        offer, token = offered(house, account=phone)
        answers = at_once(
            lambda: accept_invitation(token=token, person_id=person.pk),  # noqa: B023 - called within the round
            lambda: withdraw_invitation(actor=house.admin, invitation_id=offer.pk),  # noqa: B023 - the same
        )
        seen[tuple(answers)] += 1
        offer.refresh_from_db()
        assert (offer.accepted_at is None) is not (offer.withdrawn_at is None)
        assert Seat.objects.filter(person_id=person.pk).exists() is (offer.accepted_at is not None)
    assert set(seen) <= {("done", "access.invitation_over"), ("access.invitation_over", "done")}


def test_a_seat_closed_while_its_invitation_is_accepted_seats_nobody_after(house: Cast) -> None:
    """Whoever wins, nobody sits by the word of somebody who had left before."""
    for number in range(ROUNDS):
        phone = f"139123422{number:02d}"
        person = make_person(f"离任{number}", phone=phone)
        head, head_token = offered(house, account=phone, roles=["brand_admin"], name=f"离任{number}")
        seat = accept_invitation(token=head_token, person_id=person.pk)
        guest = make_person(f"客{number}", phone=f"139123433{number:02d}")
        house.seats["head"] = seat
        offer, token = offered(house, by="head", account=f"139123433{number:02d}", name=f"客{number}")
        answers = at_once(
            lambda: accept_invitation(token=token, person_id=guest.pk),  # noqa: B023 - called within the round
            lambda: close_seat(actor=house.admin, seat_id=seat.pk),  # noqa: B023 - the same
        )
        assert answers[1] == "done", (head, answers)
        offer.refresh_from_db()
        took = Seat.objects.filter(person_id=guest.pk).first()
        assert (took is not None) is (answers[0] == "done")
        closed = Seat.objects.get(pk=seat.pk)
        assert took is None or took.created_at <= (closed.closed_at or took.created_at)


def test_two_administrators_closing_each_other_leave_one(house: Cast) -> None:
    for number in range(ROUNDS):
        phone = f"139123444{number:02d}"
        person = make_person(f"互关{number}", phone=phone)
        _, token = offered(house, account=phone, roles=["brand_admin"], name=f"互关{number}")
        house.seats["rival"] = accept_invitation(token=token, person_id=person.pk)
        first: Actor = house.actor("admin")
        second: Actor = house.actor("rival")
        answers = at_once(
            lambda: close_seat(actor=first, seat_id=second.seat_id),  # noqa: B023 - called within the round
            lambda: change_seat(actor=second, seat_id=first.seat_id, roles=["brand_rep"]),  # noqa: B023 - the same
        )
        heads = Seat.objects.filter(status=Seat.Status.ACTIVE, roles__contains=["brand_admin"])
        assert heads.exists(), answers
        Seat.objects.filter(pk=first.seat_id).update(roles=["brand_admin"])

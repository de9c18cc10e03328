"""Administrators who erase themselves, and operators who hand a brand over, at the same moment."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db.acts import public
from core.kernel.actor import Side
from tenants.access.handover import HandOver, hand_over
from tenants.access.models import Invitation, Seat
from tenants.access.services import open_seat
from tenants.access.services.personal import erase_person
from tenants.people.models import User
from tests.cast import Cast
from tests.database import test_database
from tests.factories.papers import operator
from tests.factories.people import PASSWORD, make_person
from tests.portals import XINGHE
from tests.races.test_seats_at_once import at_once

pytestmark = pytest.mark.races
ROUNDS = 8


@pytest.fixture(scope="module")
def headless(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database of its own, where everything is really committed; its administrator has left."""
    name = f"{connection.settings_dict['TEST']['NAME']}_heads"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        cast = Cast.build(XINGHE)
        Seat.objects.filter(roles__contains=["brand_admin"]).update(roles=["brand_rep"])
        yield cast


def head(cast: Cast, name: str, phone: str) -> User:
    """Somebody who administers the brand."""
    person = make_person(name, phone=phone)
    open_seat(
        person_id=person.pk,
        person_name=name,
        side=Side.BRAND,
        dealer_id=cast.root.pk,
        dealer_name=cast.root.name,
        roles=["brand_admin"],
    )
    return person


def test_of_two_administrators_who_erase_themselves_one_stays(headless: Cast) -> None:
    for number in range(ROUNDS):
        first = head(headless, f"甲{number}", f"139123455{number:02d}")
        second = head(headless, f"乙{number}", f"139123466{number:02d}")
        answers = at_once(
            lambda: erase_person(person_id=first.pk, password=PASSWORD),  # noqa: B023 - called within the round
            lambda: erase_person(person_id=second.pk, password=PASSWORD),  # noqa: B023 - the same
        )
        assert sorted(answers) == ["access.sole_administrator", "done"]
        with public():
            assert User.objects.filter(pk__in=[first.pk, second.pk], is_active=True).count() == 1
        Seat.objects.filter(roles__contains=["brand_admin"]).update(status=Seat.Status.CLOSED)


def test_of_two_operators_who_hand_over_one_link_is_good(headless: Cast) -> None:
    def handed_to(account: str) -> str:
        return hand_over(
            actor=operator(),
            command=HandOver(
                schema_name=XINGHE.schema,
                slug=XINGHE.slug,
                account=account,
                name="首位管理员",
                dealer_id=headless.root.pk,
                dealer_name=headless.root.name,
                reason="开通",
            ),
        )

    for number in range(ROUNDS):
        answers = at_once(
            lambda: handed_to(f"139123477{number:02d}"),  # noqa: B023 - called within the round
            lambda: handed_to(f"139123488{number:02d}"),  # noqa: B023 - the same
        )
        assert answers == ["done", "done"]
        offers = Invitation.objects.filter(invited_by_id=None)
        assert offers.filter(withdrawn_at__isnull=True).count() == 1
        assert not offers.filter(withdrawn_at__isnull=False, version=1).exists(), "each ended by the one verb"

"""Seats: who may come in, and that a closed one ends with the next request."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import act, public
from core.events.models import Event
from core.kernel.actor import Side
from core.kernel.errors import Missing, NotPermitted
from tenants.access.actors import actor_of_seat_id
from tenants.access.errors import OwnSeat, RolesNotOfSide, SeatTaken
from tenants.access.events import SEAT_CLOSED, SEAT_OPENED, SEAT_ROLES_CHANGED
from tenants.access.models import Seat
from tenants.access.roles import CODES, ROLE_CODES, ROLE_WORDS
from tenants.access.selectors import seats_visible_to
from tenants.access.services import change_seat, close_seat, open_seat
from tenants.brands.models import Portal
from tests.cast import Cast
from tests.factories.seats import person_id

Capture = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


def opened(cast: Cast, dealer: str = "c1", **changes: object) -> Seat:
    house = getattr(cast, dealer)
    values: dict[str, object] = {
        "person_id": person_id("新人"),
        "person_name": " 新人 ",
        "side": Side.DEALER,
        "dealer_id": house.pk,
        "dealer_name": house.name,
        "roles": ["dealer_buyer"],
        **changes,
    }
    return open_seat(**values)  # type: ignore[arg-type]  # one dict for all cases


def test_opening_a_seat_is_recorded_and_shows_the_way_to_the_portal(cast: Cast, after_commit: Capture) -> None:
    with after_commit(execute=True):
        seat = opened(cast)
    event = Event.objects.get(kind=SEAT_OPENED)
    assert (event.aggregate_id, event.buyer_id) == (str(seat.pk), cast.c1.pk)
    assert "新人" not in str(event.payload)
    with public():
        assert Portal.objects.filter(person_id=seat.person_id, brand__slug="xinghe", side="dealer").exists()


def test_a_person_sits_once_in_a_house(cast: Cast) -> None:
    opened(cast)
    with pytest.raises(SeatTaken):
        opened(cast)
    assert Seat.objects.filter(person_id=person_id("新人")).count() == 1


@pytest.mark.parametrize("roles", [[], ["brand_admin"], ["dealer_buyer", "brand_rep"], ["king"]])
def test_roles_belong_to_the_side(cast: Cast, roles: list[str]) -> None:
    with pytest.raises(RolesNotOfSide):
        opened(cast, roles=roles)


def test_who_may_not_change_seats_is_refused(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        close_seat(actor=cast.sales_admin, seat_id=cast.seats["rep"].pk)
    with pytest.raises(NotPermitted):
        change_seat(actor=cast.buyer_c1, seat_id=cast.seats["finance_c1"].pk, roles=["dealer_admin"])


def test_a_closed_seat_ends_with_the_next_request(cast: Cast) -> None:
    client = cast.client(cast.buyer_c1)
    assert client.get("/sign-in/").status_code == 302
    close_seat(actor=cast.admin, seat_id=cast.seats["buyer_c1"].pk)
    assert client.get("/sign-in/").status_code == 200
    assert actor_of_seat_id(cast.seats["buyer_c1"].pk) is None
    assert Event.objects.filter(kind=SEAT_CLOSED).count() == 1


def test_closing_the_last_seat_takes_the_portal_away(cast: Cast, after_commit: Capture) -> None:
    with after_commit(execute=True):
        seat, other = opened(cast), opened(cast, dealer="c2")
    with after_commit(execute=True):
        close_seat(actor=cast.admin, seat_id=seat.pk)
    with public():
        assert Portal.objects.filter(person_id=seat.person_id).exists()
    with after_commit(execute=True):
        close_seat(actor=cast.admin, seat_id=other.pk)
    with public():
        assert not Portal.objects.filter(person_id=seat.person_id).exists()


def test_changed_roles_rule_from_the_next_request_on(cast: Cast) -> None:
    seat = cast.seats["buyer_c1"]
    changed = change_seat(actor=cast.admin_c1, seat_id=seat.pk, roles=["dealer_finance"])
    actor = actor_of_seat_id(seat.pk)
    assert actor is not None
    assert actor.codes == ROLE_CODES["dealer_finance"]
    assert changed.version == 2
    assert Event.objects.get(kind=SEAT_ROLES_CHANGED).payload["roles"] == ["dealer_finance"]


def test_nobody_changes_their_own_seat(cast: Cast) -> None:
    with pytest.raises(OwnSeat):
        close_seat(actor=cast.admin, seat_id=cast.seats["admin"].pk)
    with pytest.raises(OwnSeat):
        change_seat(actor=cast.admin_c1, seat_id=cast.seats["admin_c1"].pk, roles=["dealer_admin"])


def test_another_houses_seat_is_missing(cast: Cast) -> None:
    for seat in ("buyer_c2", "admin"):
        with pytest.raises(Missing):
            close_seat(actor=cast.admin_c1, seat_id=cast.seats[seat].pk)
    seen = set(seats_visible_to(cast.admin_c1).values_list("dealer_id", flat=True))
    assert seen == {cast.c1.pk}


def test_seats_cannot_be_changed_inside_somebody_elses_act(cast: Cast) -> None:
    with pytest.raises(RuntimeError), act():
        opened(cast)


def test_the_table_of_roles_is_whole() -> None:
    assert set(ROLE_WORDS) == set(ROLE_CODES)
    assert ROLE_CODES["brand_admin"] == CODES
    assert {code for code in CODES if code.endswith(".read")} == ROLE_CODES["brand_auditor"]
    assert "orders.approve" not in ROLE_CODES["dealer_buyer"]
    assert "prices.edit" not in ROLE_CODES["brand_sales_admin"]

"""A person's list of brands: every seat, by house, one step from each, and nobody else's."""

import pytest

from core.db.acts import public
from tenants.access.models import Seat
from tenants.brands.addresses import address_of
from tenants.brands.models import Brand
from tenants.brands.services.portals import note_portal
from tests.cast import Cast
from tests.clients import PLATFORM, platform_client, signed_in
from tests.factories.seats import make_seat
from tests.frontend.platform.conftest import Person
from tests.portals import CHISHUI, XINGHE


def page(person: Person, query: str = "") -> str:
    answer = person.platform.get("/portals/", {"q": query} if query else {})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_dealer_sees_all_its_brands_under_its_own_name(cast: Cast, buyer: Person) -> None:
    shown = page(buyer)
    assert shown.count("泉城名酒</h2>") == 1
    for portal in (XINGHE, CHISHUI):
        assert portal.name in shown
        assert f"{address_of(portal.host)}/enter/" in shown
    assert "2 个品牌" in shown


def test_each_seat_has_its_own_way_in(cast: Cast, buyer: Person, second_seat: str) -> None:
    shown = page(buyer)
    assert f"seat={second_seat}" in shown
    assert "胶州湾酒行</h2>" in shown


def test_work_for_a_brand_stands_apart(cast: Cast, buyer: Person) -> None:
    make_seat(cast.portal, cast.buyer_c1.person_name, cast.root, "brand_auditor")
    shown = page(buyer)
    assert "您任职的品牌</h2>" in shown


def test_a_closed_seat_is_no_way_in(cast: Cast, buyer: Person) -> None:
    Seat.objects.filter(person_id=buyer.user.pk).update(status=Seat.Status.CLOSED)
    shown = page(buyer)
    assert XINGHE.name not in shown
    assert CHISHUI.name in shown


@pytest.mark.parametrize(("state", "is_shown"), [("READ_ONLY", True), ("SUSPENDED", False)])
def test_a_frozen_brand_says_so_and_a_suspended_one_is_left_out(
    cast: Cast, buyer: Person, state: str, is_shown: bool
) -> None:
    with public():
        Brand.objects.filter(slug=XINGHE.slug).update(state=state)
    shown = page(buyer)
    assert (XINGHE.name in shown) is is_shown
    assert ("只读" in shown) is is_shown


def test_a_search_leaves_what_fits(cast: Cast, buyer: Person) -> None:
    shown = page(buyer, "赤水")
    assert CHISHUI.name in shown
    assert XINGHE.name not in shown
    assert "没有找到品牌" in page(buyer, "茅台镇")


def test_nobody_sees_anothers_brands(cast: Cast, chishui_cast: Cast, buyer: Person) -> None:
    stranger = platform_client()
    assert stranger.get("/portals/")["Location"].startswith("/sign-in/")
    with public():
        note_portal(schema_name=XINGHE.schema, person_id=cast.seats["buyer_p1"].person_id, side="dealer")
    assert "齐鲁酒业" not in page(buyer)


def test_a_portals_head_leads_to_the_persons_brands(cast: Cast) -> None:
    shown = signed_in(cast.portal, cast.seats["buyer_c1"]).get("/orders/").content.decode()
    assert f"{address_of(PLATFORM)}/enter/?from={XINGHE.host}&amp;next=%2Fportals%2F" in shown
    assert CHISHUI.host not in shown, "no brand's page names another brand"

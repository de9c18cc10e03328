"""Who holds what where on a day, against a naive oracle; and that asking costs the same for one grant and for many."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, regions
from core.kernel.errors import NotPermitted
from dms.territories import selectors
from dms.territories.models import Grant
from dms.territories.selectors import GrantFilter, Level, PlaceFilter
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY, Gives
from tests.factories.goods import make_line

ANY = PlaceFilter()


@contextmanager
def counted() -> Iterator[list[int]]:
    told = [0]
    with CaptureQueriesContext(connection) as queries:
        yield told
    told[0] = len(queries)


def _held(found: Level) -> dict[str, list[str]]:
    return {
        place.region.code: [grant.dealer.code for grant in place.holders] for place in found.places if place.holders
    }


def _place(found: Level, code: str) -> selectors.Place:
    return next(place for place in found.places if place.region.code == code)


def test_the_tree_is_told_level_by_level(cast: Cast, give: Gives, high_tech: str) -> None:
    give("P1", "370000", kind="EXCLUSIVE")
    give("C1", "370100", kind="EXCLUSIVE")
    give("C1", "", zone_code=high_tech)
    give("C2", "441900")
    country = selectors.level(cast.admin, "CN", ANY, day=TODAY)
    assert _held(country) == {"370000": ["P1"]}
    assert (_place(country, "370000").deeper, _place(country, "370000").gaps) == (2, 0)
    assert (_place(country, "440000").deeper, _place(country, "440000").gaps) == (1, 123)
    province = selectors.level(cast.admin, "370000", ANY, day=TODAY)
    assert [grant.dealer.code for grant in province.above] == ["P1"]
    assert _held(province) == {"370100": ["C1"]}
    assert _held(selectors.level(cast.admin, "440000", ANY, day=TODAY)) == {"441900": ["C2"]}


def test_irregular_provinces_show_their_counties_beside_their_cities(cast: Cast, give: Gives) -> None:
    give("P1", "419001")
    give("C2", "110105")
    assert _held(selectors.level(cast.admin, "410000", ANY, day=TODAY)) == {"419001": ["P1"]}
    assert _held(selectors.level(cast.admin, "110000", ANY, day=TODAY)) == {"110105": ["C2"]}
    assert _place(selectors.level(cast.admin, "440000", ANY, day=TODAY), "441900").is_leaf


def test_an_old_code_stands_where_its_ground_is_today(cast: Cast, give: Gives) -> None:
    give("C2", "512081")
    assert _held(selectors.level(cast.admin, "510100", ANY, day=TODAY)) == {"510185": ["C2"]}


def test_by_line_channel_kind_and_day(cast: Cast, give: Gives) -> None:
    make_line("A", "甲系列")
    give("P1", "370000", line_code="A", channels=("KA",), valid_to=date(2026, 6, 1))
    give("C2", "370000", kind="EXCLUSIVE")

    def held(asked: PlaceFilter, day: date = TODAY) -> list[str]:
        return _held(selectors.level(cast.admin, "CN", asked, day=day)).get("370000", [])

    assert held(ANY) == ["C2", "P1"]
    assert held(PlaceFilter(line_code="A", channel="KA")) == ["C2", "P1"]
    assert held(PlaceFilter(line_code="CLASSIC")) == ["C2"]
    assert held(PlaceFilter(channel="HORECA")) == ["C2"]
    assert held(PlaceFilter(kind="SHARED")) == ["P1"]
    assert held(ANY, date(2026, 6, 1)) == ["C2"]
    assert held(PlaceFilter(line_code="NO")) == ["C2"]


def test_gaps_agree_with_asking_every_leaf(cast: Cast, give: Gives, high_tech: str) -> None:
    """The oracle asks the order gate for each county of three provinces, dealer by dealer."""
    make_line("A", "甲系列")
    give("P1", "370600")
    give("P1", "", zone_code=high_tech)
    give("C1", "370602", line_code="A")
    give("C1", "370102", line_code="A")
    give("C2", "441900", channels=("KA",))
    give("C2", "419001")
    for line_code, channel in (("", ""), ("A", "KA"), ("", "TRADITIONAL")):
        asked = PlaceFilter(line_code=line_code, channel=channel)
        found = {gap.region.code: set(gap.open_codes) for gap in selectors.gaps(cast.admin, asked, day=TODAY)}
        for province in ("370000", "440000", "410000"):
            open_codes = {leaf for leaf in regions.leaves(province) if not _is_held(cast, leaf, line_code, channel)}
            assert found[province] == open_codes, (province, line_code, channel)


def _is_held(cast: Cast, leaf: str, line_code: str, channel: str) -> bool:
    line = make_line("A", "甲系列") if line_code else None
    for dealer in (cast.p1, cast.c1, cast.c2):
        for one in (channel,) if channel else ("TRADITIONAL", "KA"):
            covered = selectors.covered_lines(dealer_id=dealer.pk, channel=one, region_code=leaf, day=TODAY)
            if covered.covers(line.pk) if line else covered.all_lines or covered.line_ids:
                return True
    return False


def test_shares_are_never_rounded_to_all_or_nothing(cast: Cast, give: Gives) -> None:
    give("P1", "370102")
    (gap,) = (gap for gap in selectors.gaps(cast.admin, ANY, day=TODAY) if gap.region.code == "370000")
    assert gap.held_share == 1
    give("P1", "370000")
    (gap,) = (gap for gap in selectors.gaps(cast.admin, ANY, day=TODAY) if gap.region.code == "370000")
    assert gap.held_share == 100


def test_a_limited_seat_sees_its_ground_and_only_counts_the_rest(cast: Cast, give: Gives) -> None:
    give("P1", "370000", kind="EXCLUSIVE")
    give("C1", "370202")
    give("C2", "370200")
    cast.seat_limited()
    manager = cast.actor("manager_qingdao")
    country = selectors.level(manager, "CN", ANY, day=TODAY)
    assert [place.region.code for place in country.places] == ["370000"]
    assert (_held(country), country.places[0].hidden) == ({}, 1)
    city = selectors.level(manager, "370200", ANY, day=TODAY)
    assert [grant.dealer.code for grant in city.above] == ["C2"]
    assert _place(city, "370202").hidden == 1
    assert [gap.leaves for gap in selectors.gaps(manager, ANY, day=TODAY)] == [len(regions.leaves("370200"))]
    with pytest.raises(NotPermitted):
        selectors.level(cast.buyer_c1, "CN", ANY, day=TODAY)


def test_search_by_region_finds_what_holds_it_and_what_lies_inside(cast: Cast, give: Gives, high_tech: str) -> None:
    give("P1", "370000")
    give("C1", "", zone_code=high_tech)
    give("C2", "370202")

    def found(**asked: str) -> list[str]:
        rows = selectors.grant_rows(cast.admin, GrantFilter.of(asked), today=TODAY)
        return [row.dealer.code for row in rows]

    assert found(region="370100") == ["C1", "P1"]
    assert found(region="370103") == ["P1"]
    assert found(region="CN") == found() == ["C1", "C2", "P1"]
    assert found(q="jiaozhouwan") == ["C2"]
    assert found(zone="HT", kind="SHARED") == ["C1"]
    assert found(kind="NO", on="tomorrow", region="999999", state="?") == ["C1", "C2", "P1"]
    assert found(on="2020-01-01") == []
    assert found(state="UPCOMING", on="2020-01-01") == ["C1", "C2", "P1"]


def test_a_dealers_house_sees_its_own_ground(cast: Cast, give: Gives) -> None:
    give("P1", "370000")
    give("C1", "370100")
    assert [row.dealer_id for row in selectors.own_ground(cast.buyer_c1, day=TODAY)] == [cast.c1.pk]
    assert selectors.own_ground(cast.buyer_c2, day=TODAY) == []


def test_a_seat_of_some_lines_sees_their_products(cast: Cast, give: Gives) -> None:
    light = cast.light()
    give("C2", sku_codes=(light.code,))
    give("C2", "370300", sku_codes=(cast.skus[1].code,))
    cast.seat_limited()
    rows = selectors.grants_visible_to(cast.actor("sales_light"))
    assert [row.sku_ids for row in rows] == [[light.pk]]


def test_a_level_costs_the_same_for_one_grant_and_for_hundreds(cast: Cast, give: Gives) -> None:
    give("P1", "370102")
    selectors.level(cast.admin, "370100", ANY, day=TODAY)
    with counted() as few:
        selectors.level(cast.admin, "370100", ANY, day=TODAY)
        selectors.gaps(cast.admin, ANY, day=TODAY)
    rows = [
        Grant(dealer=dealer, region_code=code, valid_from=TODAY, created_at=clock.now())
        for code in sorted(regions.leaves("370000"))
        for dealer in (cast.p1, cast.c1, cast.c2)
    ]
    Grant.objects.bulk_create(rows)
    with counted() as many:
        found = selectors.level(cast.admin, "370100", ANY, day=TODAY)
        selectors.gaps(cast.admin, ANY, day=TODAY)
    assert few == many
    assert few[0] <= 7
    assert all(len(place.holders) + place.more >= 3 for place in found.places)


def test_the_brands_online_shop_closes_no_gap_on_the_spot(cast: Cast, give: Gives) -> None:
    give("ROOT", "CN", channels=("ONLINE",), kind="RESERVED")
    give("C2", "CN", channels=("ONLINE",))

    def is_open(channel: str) -> bool:
        return any(gap.open_codes for gap in selectors.gaps(cast.admin, PlaceFilter(channel=channel), day=TODAY))

    assert [is_open(channel) for channel in ("", "TRADITIONAL", "ONLINE")] == [True, True, False]

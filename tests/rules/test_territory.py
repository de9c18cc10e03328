"""Grants against a naive oracle that expands every grant into goods × channel × leaf division × day."""

from datetime import date, timedelta
from functools import cache
from itertools import permutations, product

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.kernel import regions
from dms.dealers.rules import Channel
from dms.territories.rules import (
    Claim,
    Ground,
    Kind,
    carved_from,
    conflict,
    extent,
    is_lawful,
    is_within,
    overlap,
    route,
    same,
)

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(8)]
SKUS = ((11, 1), (12, 1), (21, 2))
"""Two SKUs of line 1 and one of line 2; each line has others besides."""
ATOMS = (*(f"sku {sku}" for sku, _line in SKUS), "rest of 1", "rest of 2", "other lines")
LOCAL = tuple(one.value for one in Channel if one is not Channel.ONLINE)
REGIONS = ("CN", "370000", "370100", "370102", "370103", "370200", "441900", "440000", "419001", "110000", "110105")
ZONES = (("370102", "370103"), ("370102", "370202"), ("110105", "419001"), ("441900",))
PATHS = {1: "/1/", 2: "/1/2/", 3: "/1/2/3/", 4: "/1/4/"}

Cell = tuple[str, str, str, date]


@cache
def _leaves(codes: tuple[str, ...]) -> frozenset[str]:
    """Leaves by walking down the register; of the country only those the strategy can tell apart."""
    if codes == ("CN",):
        return frozenset().union(*(_leaves((code,)) for code in REGIONS if code != "CN")) | {"650102", "370202"}
    found = set[str]()
    for code in codes:
        below = regions.children(code)
        found |= _leaves(tuple(place.code for place in below)) if below else {code}
    return frozenset(found)


def _goods(ground: Ground) -> tuple[str, ...]:
    if ground.skus:
        return tuple(f"sku {sku}" for sku, _line in ground.skus)
    if ground.line_id is None:
        return ATOMS
    return (*(f"sku {sku}" for sku, line in SKUS if line == ground.line_id), f"rest of {ground.line_id}")


def _channels(ground: Ground) -> tuple[str, ...]:
    if "*" not in ground.channels:
        return tuple(ground.channels)
    return (*LOCAL, "channels to come", *(("ONLINE",) if ground.region_codes == ("CN",) else ()))


def _cells(ground: Ground) -> set[Cell]:
    days = (day for day in DAYS if ground.is_valid_on(day))
    return set(product(_goods(ground), _channels(ground), _leaves(ground.region_codes), days))


@st.composite
def grounds(draw: st.DrawFn, kinds: tuple[Kind, ...] = (Kind.EXCLUSIVE, Kind.SHARED)) -> Ground:
    dealer_id = draw(st.sampled_from(sorted(PATHS)))
    start = draw(st.integers(0, 6))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 7)))
    codes = draw(st.one_of(st.sampled_from(REGIONS).map(lambda code: (code,)), st.sampled_from(ZONES)))
    usual = ("TRADITIONAL", "KA", *(("ONLINE",) if codes == ("CN",) else ()))
    channels = draw(st.one_of(st.just({"*"}), st.sets(st.sampled_from(usual), min_size=1)))
    skus = draw(st.one_of(st.just(frozenset[tuple[int, int]]()), st.frozensets(st.sampled_from(SKUS), min_size=1)))
    return Ground(
        dealer_id,
        PATHS[dealer_id],
        None if skus else draw(st.sampled_from((None, 1, 2))),
        frozenset(channels),
        codes,
        draw(st.sampled_from(kinds)),
        DAYS[start],
        None if end is None else DAYS[end],
        skus,
    )


def _is_below(one: Ground, other: Ground) -> bool:
    return one.dealer_id != other.dealer_id and PATHS[one.dealer_id].startswith(PATHS[other.dealer_id])


def _oracle_conflict(one: Ground, other: Ground) -> bool:
    if one.dealer_id == other.dealer_id or one.kind != Kind.EXCLUSIVE or other.kind != Kind.EXCLUSIVE:
        return False
    if not _cells(one) & _cells(other):
        return False
    return not any(
        _leaves(deep.region_codes) < _leaves(wide.region_codes) and _is_below(deep, wide)
        for deep, wide in permutations((one, other))
    )


@settings(max_examples=250)
@given(grounds(), grounds())
def test_conflict_agrees_with_the_oracle(one: Ground, other: Ground) -> None:
    assert overlap(one, other) == overlap(other, one) == bool(_cells(one) & _cells(other))
    assert conflict(one, other) == conflict(other, one) == _oracle_conflict(one, other)


@settings(max_examples=250)
@given(grounds(), st.lists(grounds((Kind.EXCLUSIVE, Kind.SHARED, Kind.RESERVED)), max_size=6))
def test_within_agrees_with_the_oracle(ground: Ground, held: list[Ground]) -> None:
    """A line rests on grants of the line or of every line: SKUs one by one never add up to one."""
    lent = [grant for grant in held if grant.kind != Kind.RESERVED and (ground.skus or not grant.skus)]
    if ground.line_id is None and not ground.skus:
        lent = [grant for grant in lent if grant.line_id is None]
    if "*" in ground.channels:  # nor channels one by one to every channel
        lent = [grant for grant in lent if "*" in grant.channels or grant.channels == {"ONLINE"}]
    covered = set[Cell]().union(*(_cells(grant) for grant in lent))
    assert is_within(ground, held) == (_cells(ground) <= covered and _lasts(ground, lent))


def _lasts(ground: Ground, lent: list[Ground]) -> bool:
    """The oracle's days end; a ground without an end needs its last day covered by grants without one."""
    if ground.valid_to is not None:
        return True
    last = {cell for cell in _cells(ground) if cell[3] == DAYS[-1]}
    return last <= set[Cell]().union(*(_cells(grant) for grant in lent if grant.valid_to is None))


def _exclusive(dealer_id: int, *codes: str, **changes: object) -> Ground:
    facts: dict[str, object] = {
        "line_id": None,
        "channels": frozenset("*"),
        "valid_from": FIRST,
        "valid_to": None,
        **changes,
    }
    return Ground(dealer_id, PATHS[dealer_id], region_codes=codes, kind=Kind.EXCLUSIVE, **facts)  # type: ignore[arg-type]  # each test names what it changes


def test_parent_and_child_regions_conflict_but_for_a_carve_out() -> None:
    """Acceptance seed 6 of the handbook."""
    wide = _exclusive(2, "370000")
    assert conflict(wide, _exclusive(4, "370100"))
    assert not conflict(wide, _exclusive(3, "370100"))
    assert carved_from(_exclusive(3, "370100"), wide)
    assert conflict(wide, _exclusive(3, "370000"))
    assert not conflict(wide, _exclusive(4, "410000"))
    assert not conflict(_exclusive(2, "370000", line_id=1), _exclusive(4, "370100", line_id=2))
    only_ka = _exclusive(2, "370000", channels=frozenset({"KA"}))
    assert not conflict(only_ka, _exclusive(4, "370100", channels=frozenset({"TRADITIONAL"})))


def test_a_carve_out_goes_down_the_tree_only() -> None:
    """The wider grant of the dealer below is no carve-out of the deeper one above."""
    assert conflict(_exclusive(3, "370000"), _exclusive(2, "370100"))


def test_a_zone_across_two_cities_meets_both_and_is_carved_from_the_province() -> None:
    zone = _exclusive(3, "370102", "370202")
    assert conflict(zone, _exclusive(4, "370100"))
    assert conflict(zone, _exclusive(4, "370202"))
    assert not conflict(zone, _exclusive(4, "370103"))
    assert not conflict(zone, _exclusive(2, "370000"))
    assert conflict(zone, _exclusive(2, "370100")), "part of it lies outside: no piece of the city"


def test_a_zone_of_all_counties_is_the_city_itself() -> None:
    all_of_it = tuple(sorted(place.code for place in regions.children("370100")))
    assert conflict(_exclusive(3, *all_of_it), _exclusive(2, "370100"))


def test_online_is_held_nationwide_only() -> None:
    county, country = _exclusive(2, "370102"), _exclusive(4, "CN", channels=frozenset({"ONLINE"}))
    assert not conflict(county, country)
    assert conflict(_exclusive(2, "CN"), country)
    assert not is_within(country, [county])


def test_one_begins_on_the_day_the_other_ends() -> None:
    ended = _exclusive(2, "370000", valid_to=date(2026, 6, 1))
    assert not conflict(ended, _exclusive(4, "370000", valid_from=date(2026, 6, 1)))
    assert conflict(ended, _exclusive(4, "370000", valid_from=date(2026, 5, 31)))


@pytest.mark.parametrize("city", ["441900", "442000", "460400", "620200"])
def test_cities_without_counties_are_ground_like_any(city: str) -> None:
    province = f"{city[:2]}0000"
    assert is_within(_exclusive(3, city), [_exclusive(2, province)])
    assert not is_within(_exclusive(3, province), [_exclusive(2, city)])
    assert extent((city,)).leaves == {city}


@pytest.mark.parametrize("county", ["419001", "429004", "469001", "659001"])
def test_counties_directly_below_a_province(county: str) -> None:
    assert conflict(_exclusive(2, f"{county[:2]}0000"), _exclusive(4, county))
    assert not conflict(_exclusive(2, f"{county[:2]}0100"), _exclusive(4, county))


def test_all_districts_together_are_the_municipality() -> None:
    for city in ("110000", "120000", "310000", "500000"):
        districts = [_exclusive(2, place.code) for place in regions.children(city)]
        assert is_within(_exclusive(3, city), districts)
        assert not is_within(_exclusive(3, city), districts[1:])


def test_a_county_that_moved_to_another_city_ties_the_two_cities_by_nothing() -> None:
    """简阳 was 512081 below 资阳 and is 510185 below 成都."""
    assert not conflict(_exclusive(2, "512000"), _exclusive(4, "510100"))
    assert conflict(_exclusive(2, "512081"), _exclusive(4, "510185")), "the same ground under two codes"


def test_every_extent_is_sound() -> None:
    for province in regions.provinces():
        whole = extent((province.code,))
        assert whole.leaves <= whole.codes <= whole.meeting
        below = [extent((place.code,)) for place in regions.children(province.code)] or [whole]
        assert frozenset().union(*(piece.leaves for piece in below)) == whole.leaves
        assert sum(len(piece.leaves) for piece in below) == len(whole.leaves), "no leaf lies in two of them"


@given(st.lists(st.sampled_from(sorted(place for place in REGIONS)), min_size=2, max_size=2))
def test_candidates_leave_no_meeting_ground_out(codes: list[str]) -> None:
    one, other = (extent((code,)) for code in codes)
    if one.meets(other):
        assert codes[1] in one.meeting
        assert codes[0] in other.meeting


def test_the_same_twice() -> None:
    one = _exclusive(2, "370000")
    assert same(one, one)
    assert not same(one, _exclusive(2, "370100"))
    assert not same(one, _exclusive(2, "370000", channels=frozenset({"KA"})))
    assert not same(
        _exclusive(2, "370000", valid_to=date(2026, 6, 1)), _exclusive(2, "370000", valid_from=date(2026, 6, 1))
    )


def _claim(grant_id: int, kind: Kind, leaves: int, priority: int = 1) -> Claim:
    return Claim(grant_id, grant_id, kind, priority, leaves, FIRST)


@given(
    st.lists(
        st.builds(
            Claim,
            st.integers(1, 50),
            st.integers(1, 5),
            st.sampled_from((Kind.EXCLUSIVE, Kind.SHARED)),
            st.integers(1, 4),
            st.integers(1, 3),
            st.just(FIRST),
        ),
        max_size=6,
        unique_by=lambda claim: claim.grant_id,
    )
)
def test_routing_agrees_with_the_oracle(claims: list[Claim]) -> None:
    choices = route(claims).choices
    assert bool(choices) == bool(claims), "without a claim the brand's pool, with one never"
    if claims:
        deepest = [claim for claim in claims if claim.leaves == min(one.leaves for one in claims)]
        alone = [claim for claim in deepest if claim.kind == Kind.EXCLUSIVE]
        assert set(choices) <= set(deepest)
        assert len(choices) == (1 if alone else len(deepest))
        assert [claim.priority for claim in choices] == sorted(claim.priority for claim in choices)


def test_routing_by_example() -> None:
    province, county = _claim(1, Kind.EXCLUSIVE, 136), _claim(2, Kind.SHARED, 1)
    assert [claim.grant_id for claim in route([province, county]).choices] == [2], "the deepest wins"
    second = _claim(3, Kind.SHARED, 1, priority=2)
    assert [claim.grant_id for claim in route([second, county, province]).choices] == [2, 3]
    assert route([province, _claim(4, Kind.RESERVED, 2_858)]).is_reserved
    assert route([]).choices == ()


def test_grace_is_counted_from_the_first_day_without() -> None:
    ended = date(2026, 3, 1)
    assert is_lawful(FIRST, ended, date(2026, 2, 28), 180)
    assert is_lawful(FIRST, ended, ended + timedelta(days=179), 180)
    assert not is_lawful(FIRST, ended, ended + timedelta(days=180), 180)
    assert not is_lawful(FIRST, ended, ended, 0)
    assert not is_lawful(FIRST, None, FIRST - timedelta(days=1), 180)

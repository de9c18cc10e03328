"""Grants against a naive oracle that expands every grant into line × channel × leaf division × day."""

from datetime import date, timedelta
from functools import cache
from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.kernel import regions
from dms.territories.rules import Ground, Kind, conflict, is_within

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(8)]
LINES, CHANNELS = (1, 2), ("TRADITIONAL", "KA")
REGIONS = ("CN", "370000", "370100", "370102", "370103", "370200", "441900", "440000", "419001", "110000", "110105")
PATHS = {1: "/1/", 2: "/1/2/", 3: "/1/2/3/", 4: "/1/4/"}

Cell = tuple[int, str, str, date]


@cache
def _leaves(code: str) -> frozenset[str]:
    below = regions.children(code)
    if not below:
        return frozenset({code})
    return frozenset().union(*(_leaves(place.code) for place in below))


def _cells(ground: Ground) -> set[Cell]:
    lines = LINES if ground.line_id is None else (ground.line_id,)
    channels = CHANNELS if ground.channel == "*" else (ground.channel,)
    # The country has 2,900 leaves: the ones the strategy can name are enough to tell grounds apart.
    leaves = _leaves(ground.region_code) & _named_leaves()
    return set(product(lines, channels, leaves, (day for day in DAYS if ground.is_valid_on(day))))


@cache
def _named_leaves() -> frozenset[str]:
    return frozenset().union(*(_leaves(code) for code in REGIONS if code != "CN")) | {"650102"}


@st.composite
def grounds(draw: st.DrawFn, kinds: tuple[Kind, ...] = (Kind.EXCLUSIVE, Kind.SHARED)) -> Ground:
    dealer_id = draw(st.sampled_from(sorted(PATHS)))
    start = draw(st.integers(0, 6))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 7)))
    return Ground(
        dealer_id,
        PATHS[dealer_id],
        draw(st.sampled_from((None, *LINES))),
        draw(st.sampled_from(("*", *CHANNELS))),
        draw(st.sampled_from(REGIONS)),
        draw(st.sampled_from(kinds)),
        DAYS[start],
        None if end is None else DAYS[end],
    )


def _oracle_conflict(one: Ground, other: Ground) -> bool:
    if one.dealer_id == other.dealer_id or one.kind != Kind.EXCLUSIVE or other.kind != Kind.EXCLUSIVE:
        return False
    if not _cells(one) & _cells(other):
        return False
    for wide, deep in ((one, other), (other, one)):
        is_deeper = _leaves(deep.region_code) < _leaves(wide.region_code)
        if is_deeper and deep.dealer_path.startswith(wide.dealer_path):
            return False
    return True


@settings(max_examples=400)
@given(grounds(), grounds())
def test_conflict_agrees_with_the_oracle(one: Ground, other: Ground) -> None:
    assert conflict(one, other) == conflict(other, one) == _oracle_conflict(one, other)


@settings(max_examples=400)
@given(grounds(), st.lists(grounds((Kind.EXCLUSIVE, Kind.SHARED, Kind.RESERVED)), max_size=5))
def test_within_agrees_with_the_oracle(ground: Ground, held: list[Ground]) -> None:
    one_line = Ground(1, "/1/", ground.line_id or 1, "KA", ground.region_code, *_rest(ground))
    covered = set[Cell]().union(*(_cells(grant) for grant in held if grant.kind != Kind.RESERVED))
    assert is_within(one_line, held) == (_cells(one_line) <= covered and _lasts(one_line, held))


def _rest(ground: Ground) -> tuple[str, date, date | None]:
    return ground.kind, ground.valid_from, ground.valid_to


def _lasts(ground: Ground, held: list[Ground]) -> bool:
    """The oracle's days end; a ground without an end needs its last day covered by grants without one."""
    if ground.valid_to is not None:
        return True
    endless = [grant for grant in held if grant.valid_to is None and grant.kind != Kind.RESERVED]
    last = Ground(1, "/1/", ground.line_id, ground.channel, ground.region_code, ground.kind, DAYS[-1])
    return _cells(last) <= set[Cell]().union(*(_cells(grant) for grant in endless))


def _exclusive(dealer_id: int, region_code: str, **changes: object) -> Ground:
    facts: dict[str, object] = {"line_id": None, "channel": "*", "valid_from": FIRST, "valid_to": None, **changes}
    return Ground(dealer_id, PATHS[dealer_id], region_code=region_code, kind=Kind.EXCLUSIVE, **facts)  # type: ignore[arg-type]  # each test names what it changes


def test_parent_and_child_regions_conflict_but_for_a_carve_out() -> None:
    """Acceptance seed 6 of the handbook."""
    wide = _exclusive(2, "370000")
    assert conflict(wide, _exclusive(4, "370100"))
    assert not conflict(wide, _exclusive(3, "370100"))
    assert conflict(wide, _exclusive(3, "370000"))
    assert not conflict(wide, _exclusive(4, "410000"))
    assert not conflict(_exclusive(2, "370000", line_id=1), _exclusive(4, "370100", line_id=2))
    assert not conflict(_exclusive(2, "370000", channel="KA"), _exclusive(4, "370100", channel="TRADITIONAL"))


def test_one_begins_on_the_day_the_other_ends() -> None:
    ended = _exclusive(2, "370000", valid_to=date(2026, 6, 1))
    assert not conflict(ended, _exclusive(4, "370000", valid_from=date(2026, 6, 1)))
    assert conflict(ended, _exclusive(4, "370000", valid_from=date(2026, 5, 31)))


@pytest.mark.parametrize("city", ["441900", "460400", "620200"])
def test_cities_without_counties_are_ground_like_any(city: str) -> None:
    province = f"{city[:2]}0000"
    assert is_within(_exclusive(3, city), [_exclusive(2, province)])
    assert not is_within(_exclusive(3, province), [_exclusive(2, city)])


def test_all_districts_together_are_the_municipality() -> None:
    districts = [_exclusive(2, place.code) for place in regions.children("110000")]
    assert is_within(_exclusive(3, "110000"), districts)
    assert not is_within(_exclusive(3, "110000"), districts[1:])

"""Inversion: a tier that pays as much as the tier under it, where their regions and channels meet."""

import pytest

from ordering.pricing.inversion import PaidPrice, Place, inverted, inverts, is_above, place_of

CITY = Place(2, "370100")
PROVINCE = Place(1, "370000")


@pytest.mark.parametrize(
    ("higher", "lower", "expected"),
    [
        (PROVINCE, CITY, True),
        (CITY, PROVINCE, False),
        (Place(1, "CN"), CITY, True),
        (Place(1, "370200"), Place(2, "370000"), True),
        (Place(1, "370200"), CITY, False),
        (Place(1, "140000"), CITY, False),
        (Place(2, "370000"), CITY, False),
        (Place(1, "370000", "KA"), Place(2, "370100", "GROUP"), False),
        (Place(1, "370000", "KA"), Place(2, "370100"), True),
        (Place(4, "370102"), Place(9, "CN"), True),
    ],
)
def test_who_may_sell_on_to_whom(higher: Place, lower: Place, expected: bool) -> None:
    assert is_above(higher, lower) is expected


def test_equal_prices_invert_and_no_price_inverts_nothing() -> None:
    assert inverts(100, 100)
    assert inverts(101, 100)
    assert not inverts(99, 100)
    assert not inverts(None, 100)
    assert not inverts(100, None)


def test_lists_where_payers_of_many_tiers_meet_have_no_place() -> None:
    assert place_of(kind="SALE", tier="", region_code="CN") is None
    assert place_of(kind="FLOOR", tier="CITY", region_code="CN") is None
    assert place_of(kind="GUIDE", tier="", region_code="CN") == Place(9, "CN")
    assert place_of(kind="SALE", tier="COUNTY", region_code="370102") == Place(3, "370102")


def test_pairs_of_one_thing_only() -> None:
    upper = PaidPrice(1, PROVINCE, ("A", "CASE", 1), 200)
    lower = PaidPrice(2, CITY, ("A", "CASE", 1), 198)
    other = PaidPrice(2, CITY, ("B", "CASE", 1), 1)
    fine = PaidPrice(3, Place(3, "370102"), ("A", "CASE", 1), 210)
    assert inverted([lower, upper, other, fine]) == [(upper, lower)]

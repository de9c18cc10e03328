"""Price bands by the buyer's own prices a bottle, and the orders a shelf may stand in."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from core.catalogue.models import Sku
from core.kernel import clock
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.selectors import ShelfFilters, shelf_page
from tests.cast import Cast
from tests.factories.wide import make_many_skus, price_all

ALL = ShelfFilters()
UNITS = ("CASE", "BOTTLE", "BOTH")


def bands(cast: Cast, key: str, filters: ShelfFilters = ALL) -> dict[str, int]:
    return {one.value: one.count for one in shelf_page(actor=cast.actor(key), filters=filters).facets["band"]}


def codes(cast: Cast, sort: str, key: str = "buyer_c1") -> list[str]:
    return [card.sku_code for card in shelf_page(actor=cast.actor(key), filters=ShelfFilters(sort=sort)).cards]


def test_each_buyer_counts_by_its_own_price_a_bottle(cast: Cast) -> None:
    # C1: 178000/6 = 296.67, 108000/6 = 180, 36000/12 = 30, 28800/24 = 12 yuan; one has no price.
    assert bands(cast, "buyer_c1") == {"0-100": 2, "100-300": 2, "300-600": 0, "600-1000": 0, "1000-": 0}
    # P1 pays the national 198000/6 = 330 and 120000/6 = 200.
    assert bands(cast, "buyer_p1") == {"0-100": 2, "100-300": 1, "300-600": 1, "600-1000": 0, "1000-": 0}
    assert bands(cast, "buyer_t1") == {"0-100": 0, "100-300": 0, "300-600": 1, "600-1000": 0, "1000-": 0}


@pytest.mark.parametrize(
    ("case_price", "band"),
    [
        (60_000, "0-100"),
        (60_001, "100-300"),
        (180_000, "100-300"),
        (180_001, "300-600"),
        (600_000, "600-1000"),
        (600_001, "1000-"),
    ],
)
def test_the_upper_end_belongs_to_a_band(cast: Cast, case_price: int, band: str) -> None:
    PriceEntry.objects.filter(price_list=cast.special, sku=cast.skus[1]).delete()
    price_all(cast.special, [cast.skus[1]], {1: case_price})
    page = shelf_page(actor=cast.buyer_c2, filters=ShelfFilters(bands=(band,)))
    assert cast.skus[1].code in [card.sku_code for card in page.cards]


def test_a_band_narrows_and_the_other_facets_count_under_it(cast: Cast) -> None:
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(bands=("0-100",)))
    assert {card.sku_code for card in page.cards} == {cast.skus[3].code, cast.skus[4].code}
    assert {one.value: one.count for one in page.facets["aroma"]} == {"QX": 2, "NX": 0}
    assert [one.value for one in page.facets["band"] if one.is_chosen] == ["0-100"]
    assert bands(cast, "buyer_c1", ShelfFilters(aromas=("NX",)))["100-300"] == 1


def test_the_band_is_that_of_the_price_on_the_card(cast: Cast) -> None:
    """A list that ended, another unit, two lists of one rank: the card and the band never disagree."""
    twin = PriceList.objects.get(pk=cast.city.pk)
    twin.pk, twin.code = None, "CITY-2"
    twin.save()
    price_all(twin, [cast.skus[2]], {5: 66_000, 20: 60_000})
    PriceEntry.objects.filter(price_list=cast.city, sku=cast.skus[1]).update(amount=None)
    PriceEntry.objects.filter(sku=cast.skus[3], unit="CASE").delete()
    for key in ("buyer_c1", "buyer_c2", "buyer_p1", "buyer_t1"):
        for low, high, band in ((0, 100, "0-100"), (100, 300, "100-300"), (300, 600, "300-600")):
            page = shelf_page(actor=cast.actor(key), filters=ShelfFilters(bands=(band,)))
            for card in page.cards:
                assert card.price is not None
                bottle = card.price / (card.bottles_per_case if card.unit == "CASE" else 1)
                assert low * 100 < bottle <= high * 100, (key, card.sku_code)
        priced = [card for card in shelf_page(actor=cast.actor(key), filters=ShelfFilters()).cards if card.is_priced]
        assert sum(bands(cast, key).values()) == len(priced)


def test_who_may_not_see_prices_cannot_learn_them_by_bands(cast: Cast) -> None:
    blind = replace(cast.buyer_c1, codes=cast.buyer_c1.codes - {"prices.purchase"})
    page = shelf_page(actor=blind, filters=ShelfFilters(bands=("0-100",), sort="price"))
    assert "band" not in page.facets
    assert page.total == 5
    assert [card.sku_code for card in page.cards] == codes(cast, "")


def test_sorts_by_price_name_and_age(cast: Cast) -> None:
    by_price = [cast.skus[number].code for number in (4, 3, 2, 1, 5)]
    assert codes(cast, "price") == by_price
    assert codes(cast, "-price") == [*reversed(by_price[:4]), by_price[4]]
    names = list(Sku.objects.filter(status="ON").order_by("name_key", "id").values_list("code", flat=True))
    assert codes(cast, "name") == names
    Sku.objects.filter(pk=cast.skus[4].pk).update(created_at=clock.now() + timedelta(days=9_999), name_en="Aardvark")
    assert codes(cast, "new")[0] == cast.skus[4].code
    with translation.override("en"):
        assert codes(cast, "name")[0] == cast.skus[4].code
    assert codes(cast, "no such order") == codes(cast, "")


def test_pages_of_every_order_hold_each_product_once(cast: Cast) -> None:
    price_all(cast.national, make_many_skus(cast.skus[1], 70), {1: 100_00})
    for sort in ("", "price", "-price", "name", "new"):
        pages = [shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(sort=sort), page=page) for page in (1, 2)]
        shown = [card.sku_code for page in pages for card in page.cards]
        assert len(shown) == len(set(shown)) == 75


def test_what_is_only_near_says_so(cast: Cast) -> None:
    assert shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(text="珍朋")).is_near
    assert not shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(text="珍藏")).is_near


def test_what_is_off_the_shelf_counts_nowhere_though_it_has_a_price(cast: Cast) -> None:
    Sku.objects.filter(pk=cast.skus[1].pk).update(status="OFF")
    page = shelf_page(actor=cast.buyer_c1, filters=ALL)
    assert (page.total, len(page.cards)) == (4, 4)
    assert {name: sum(one.count for one in values) for name, values in page.facets.items() if name != "band"} == {
        "aroma": 4,
        "abv": 4,
        "pack": 4,
        "line": 4,
    }
    assert bands(cast, "buyer_c1")["100-300"] == 1


@pytest.mark.parametrize("seed", range(6))
def test_every_facet_counts_what_choosing_its_value_shows(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    for number, sku in enumerate(make_many_skus(cast.skus[1], 20)):
        per_case, abv = chance.choice((6, 12)), chance.choice((520, 530))
        Sku.objects.filter(pk=sku.pk).update(bottles_per_case=per_case, abv_tenths=abv, sells_in=chance.choice(UNITS))
        price_all((cast.national, cast.city, cast.special)[number % 3], [sku], {1: chance.randrange(1, 900_000)})
    values = {
        name: [one.value for one in found]
        for name, found in shelf_page(actor=cast.buyer_c1, filters=ALL).facets.items()
    }
    some = {name: tuple(chance.sample(found, chance.randrange(len(found)))) for name, found in values.items()}
    filters = filters_of(some)
    for name, told in shelf_page(actor=cast.buyer_c1, filters=filters).facets.items():
        for one in told:
            shown = shelf_page(actor=cast.buyer_c1, filters=filters_of({**some, name: (one.value,)}), with_facets=False)
            assert one.count == shown.total, (name, one.value)


def filters_of(some: dict[str, tuple[str, ...]]) -> ShelfFilters:
    abv = tuple(int(value) for value in some["abv"])
    return ShelfFilters(
        aromas=some["aroma"], abv_tenths=abv, packs=some["pack"], product_lines=some["line"], bands=some["band"]
    )

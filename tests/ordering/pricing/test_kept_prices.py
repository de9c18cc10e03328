"""What a chain says first of every SKU is kept, and never shown once it does not hold any more."""

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from core.catalogue.models import Sku
from core.db import sql
from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceList, PricingSettings
from ordering.pricing.selectors import ShelfFilters, ShelfPage, kept_prices, shelf_page
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.wide import make_many_skus, price_all

ALL = ShelfFilters()
BUYERS = ("buyer_c1", "buyer_c2", "buyer_p1", "buyer_t1")


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As outside of a transaction, where what is read was decided."""
    monkeypatch.setattr(kept_prices, "_may_be_undone", lambda: False)
    kept_prices.forget()
    yield
    kept_prices.forget()


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each page had to walk the lists."""
    seen: list[bool] = []
    keep = kept_prices.keep

    def noted(asked: Mapping[str, object], told: sql.Row | None) -> None:
        seen.append(told is not None)
        keep(asked, told)

    monkeypatch.setattr("ordering.pricing.selectors.shelf.keep", noted)
    return seen


def page(cast: Cast, key: str = "buyer_c1", filters: ShelfFilters = ALL) -> ShelfPage:
    return shelf_page(actor=cast.actor(key), filters=filters)


def bands(told: ShelfPage) -> dict[str, int]:
    return {one.value: one.count for one in told.facets["band"] if one.count}


def test_the_lists_are_walked_once_for_all_of_one_chain(cast: Cast, walks: list[bool]) -> None:
    first = page(cast)
    assert page(cast) == first
    assert page(cast, filters=ShelfFilters(sort="price")).total == first.total
    assert walks == [True, False, False]


def test_a_price_that_was_changed_counts_at_once(cast: Cast, walks: list[bool]) -> None:
    before = bands(page(cast))
    dear = PriceChange(cast.skus[3].code, Unit.CASE, 90_000_00, is_meant=True)
    set_prices(actor=cast.pricing, command=SetPrices(PriceList.objects.get(pk=cast.city.pk).code, (dear,)))
    after = page(cast)
    assert bands(after).get("1000-", 0) == before.get("1000-", 0) + 1
    assert page(cast) == after
    assert walks == [True, True, False]


def test_a_planned_price_counts_from_its_instant_on(cast: Cast, walks: list[bool]) -> None:
    begins = clock.now() + timedelta(days=3)
    dear = PriceChange(cast.skus[3].code, Unit.CASE, 90_000_00, valid_from=begins, is_meant=True)
    set_prices(actor=cast.pricing, command=SetPrices(PriceList.objects.get(pk=cast.city.pk).code, (dear,)))
    before = bands(page(cast))
    with clock.at(begins - timedelta(microseconds=1)):
        assert bands(page(cast)) == before
    with clock.at(begins):
        assert bands(page(cast))["1000-"] == before.get("1000-", 0) + 1
    assert bands(page(cast)) == before  # an instant before it was kept is asked for anew
    assert walks == [True, False, True, True]


def test_another_choice_and_another_list_are_another_chain(cast: Cast, walks: list[bool]) -> None:
    page(cast)
    PricingSettings.objects.update_or_create(pk=1, defaults={"choice": "LOWEST"})
    page(cast)
    PriceList.objects.filter(pk=cast.city.pk).update(is_active=False)
    page(cast)
    assert walks == [True, True, True]


def test_goods_taken_off_the_shelf_count_no_more(cast: Cast, walks: list[bool]) -> None:
    assert page(cast).total == 5
    Sku.objects.filter(pk=cast.skus[1].pk).update(status="OFF")
    told = page(cast)
    assert (told.total, sum(bands(told).values()), walks) == (4, 3, [True, False])


def test_nothing_is_kept_of_what_may_be_undone(cast: Cast, walks: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert kept_prices.kept_parameters({"at": clock.now()})["kept_stamp"] == ""
    kept_prices.keep({"at": clock.now()}, ("stamp", None, "{1}", "{1}", "{1}", "{f}"))
    assert not kept_prices._chains


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("choice", ["FIRST_LIST", "LOWEST"])
def test_what_is_kept_says_what_the_lists_say(cast: Cast, seed: int, choice: str) -> None:
    chance = random.Random(seed)
    PricingSettings.objects.update_or_create(pk=1, defaults={"choice": choice})
    PriceList.objects.filter(pk=cast.national.pk).update(divides_cases=True)
    for sku in make_many_skus(cast.skus[1], 12):
        Sku.objects.filter(pk=sku.pk).update(sells_in=chance.choice(("CASE", "BOTTLE", "BOTH")))
        for price_list in chance.sample((cast.national, cast.city, cast.special), 2):
            price_all(price_list, [sku], {1: chance.randrange(1, 900_000)})
    filters = [ShelfFilters(sort=sort, bands=some) for sort in ("", "price", "-price") for some in ((), ("100-300",))]
    for key in BUYERS:
        for asked in filters:
            kept_prices.forget()
            assert page(cast, key, asked) == page(cast, key, asked)

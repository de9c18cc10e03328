"""Facets, order and what may have been meant, as the page of the shelf shows them."""

import re

import pytest

from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens
from tests.frontend.storefront.test_catalogue import HTMX, shelf


def counts(text: str) -> dict[str, int]:
    """Facet counts of the column, by the value's id."""
    found = re.findall(r'id="facet-([\w-]+)".*?facet__count">(\d+)<', text)
    return {name: int(count) for name, count in found}


def test_bands_count_by_the_buyers_own_price(buyer: HostClient, as_: Opens) -> None:
    assert counts(shelf(buyer))["band-100-300"] == 2
    assert counts(shelf(as_("buyer_p1")))["band-300-600"] == 1


def test_a_value_nothing_is_left_of_stays_with_a_zero(buyer: HostClient) -> None:
    text = shelf(buyer, "?aroma=QX")
    assert counts(text)["aroma-NX"] == 2
    assert counts(text)["abv-520"] == 0
    assert "data-none" in text


def test_what_is_chosen_is_taken_off_one_by_one_or_at_once(buyer: HostClient) -> None:
    text = shelf(buyer, "?aroma=QX&band=0-100&sort=price")
    assert "清香" in text
    assert "¥100 以内" in text
    assert 'href="/products/?sort=price">全部清除' in text
    assert "全部清除</a></nav>" not in shelf(buyer, "?aroma=QX")


def test_a_chosen_value_that_is_not_there_can_still_be_taken_off(buyer: HostClient) -> None:
    assert 'id="facet-abv-380"' in shelf(buyer, "?abv=380&q=珍藏")


def test_the_order_is_chosen_and_kept(cast: Cast, buyer: HostClient) -> None:
    text = shelf(buyer, "?sort=price&aroma=QX")
    assert text.index(cast.skus[4].code) < text.index(cast.skus[3].code) < text.index(cast.skus[1].code)
    assert '<option value="price" selected>' in text
    assert "sort=price" in text


def test_what_may_have_been_meant_is_told(buyer: HostClient) -> None:
    assert "您要找的可能是" in shelf(buyer, "?q=珍朋")
    assert "您要找的可能是" not in shelf(buyer, "?q=珍藏")


def test_the_sheet_of_the_phone_follows_what_is_picked(buyer: HostClient) -> None:
    text = shelf(buyer, "?aroma=QX", headers=HTMX)
    assert 'id="facet-sheet-all" hx-swap-oob="true"' in text
    assert "看 3 个商品" in text


@pytest.mark.parametrize("query", ["?band=free", "?sort=evil", "?pack=axb", "?aroma=%3C%3E"])
def test_what_is_no_value_is_left_aside(buyer: HostClient, query: str) -> None:
    assert shelf(buyer, query).count('class="product"') == 5

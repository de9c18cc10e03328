"""Suggestions under the search box: own price, stock word, where to go; the same statements for one and six."""

import pytest

from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import many_products


def suggested(client: HostClient, text: str) -> str:
    answer = client.get("/products/suggestions/", {"q": text})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_offers_the_product_with_own_price_and_stock_word(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    text = suggested(buyer, "qh20")
    assert f"/products/{cast.skus[1].code}/" in text
    assert "¥1,780.00" in text
    assert "现货" in text
    assert "¥1,680.00" in suggested(as_("buyer_c2"), "qh20")


def test_a_slip_is_forgiven(cast: Cast, buyer: HostClient) -> None:
    assert cast.skus[2].code in suggested(buyer, "真臧")


def test_nothing_typed_offers_nothing(buyer: HostClient) -> None:
    assert 'role="option"' not in suggested(buyer, "  ")


def test_what_nothing_fits_still_leads_on(buyer: HostClient) -> None:
    text = suggested(buyer, "完全没有的")
    assert text.count('role="option"') == 1
    assert "<script>" not in suggested(buyer, "<script>alert(1)</script>")


def test_the_box_is_a_plain_search_without_scripts(buyer: HostClient) -> None:
    text = buyer.get("/").content.decode()
    assert "data-suggest" in text
    assert 'action="/products/"' in text


@pytest.mark.parametrize("person", ["finance_c1"])
def test_who_may_see_no_prices_gets_no_suggestions(as_: Opens, person: str) -> None:
    assert as_(person).get("/products/suggestions/", {"q": "qh"}).status_code == 403
    assert "data-suggest" not in as_(person).get("/").content.decode()


def test_one_and_six_cost_the_same_statements(cast: Cast, buyer: HostClient) -> None:
    suggested(buyer, "珍藏")
    with statements() as few:
        assert suggested(buyer, "珍藏").count('role="option"') == 2
    many_products(cast, 20)
    with statements() as many:
        assert suggested(buyer, "青花").count('role="option"') == 7
    assert len(many) == len(few), "\n".join(many)

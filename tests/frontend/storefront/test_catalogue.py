"""The catalogue: facets and search in the URL, own prices, a stepper that fills the cart, constant statements."""

import re

import pytest

from core.catalogue.models import Sku
from ordering.orders.selectors import cart_of
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import many_products

HTMX = {"hx-request": "true"}


def shelf(client: HostClient, query: str = "", headers: dict[str, str] | None = None) -> str:
    answer = client.get(f"/products/{query}", headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_shows_the_dealers_own_price_and_the_next_step(buyer: HostClient, as_: Opens) -> None:
    assert "¥1,780.00" in shelf(buyer)
    assert "满 10 箱 ¥1,700.00" in shelf(buyer)
    special = shelf(as_("buyer_c2"))
    assert "¥1,680.00" in special
    assert "¥1,780.00" not in special


@pytest.mark.parametrize("words", ["珍藏", "zc", "xhzc", "XH-NX-520", "6901234567908"])
def test_finds_by_words_initials_code_and_barcode(buyer: HostClient, words: str) -> None:
    text = shelf(buyer, f"?q={words}")
    assert "珍藏" in text
    assert "光瓶" not in text


def test_typing_gets_the_shelf_alone(buyer: HostClient) -> None:
    text = shelf(buyer, "?q=zc", headers=HTMX)
    assert text.lstrip().startswith('<div id="shelf"')
    assert "<html" not in text


def test_facets_narrow_and_keep_each_other(buyer: HostClient) -> None:
    text = shelf(buyer, "?aroma=QX&pack=500x12")
    assert "光瓶" in text
    assert "珍藏" not in text
    assert "aroma=QX" in text


@pytest.mark.parametrize("query", ["?aroma=%3Cb%3E&abv=9999&pack=x&line=%27&page=-3", "?q=%00%F0%9F%8D%BE", "?page=９"])
def test_strange_addresses_are_answered_calmly(buyer: HostClient, query: str) -> None:
    assert "<b>" not in shelf(buyer, query)


def test_an_empty_answer_says_what_to_do(buyer: HostClient) -> None:
    assert "看全部商品" in shelf(buyer, "?q=完全没有的")


def test_the_stepper_sets_the_cart_without_leaving(cast: Cast, buyer: HostClient) -> None:
    form = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "３", "next": "/products/?aroma=QX"}
    assert "订货车里 3 箱" in buyer.post("/products/cart/", form, headers=HTMX).content.decode()
    assert buyer.post("/products/cart/", form)["Location"] == "/products/?aroma=QX"
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [3]


def test_more_than_is_free_is_kept_and_told(cast: Cast, buyer: HostClient) -> None:
    form = {"sku": cast.skus[2].code, "unit": "CASE", "quantity": "5"}
    assert "库存不足" in buyer.post("/products/cart/", form, headers=HTMX).content.decode()
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [5]


def test_more_adds_to_what_lies_there(cast: Cast, buyer: HostClient) -> None:
    form = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "2", "more": "1"}
    buyer.post("/products/cart/", form)
    buyer.post("/products/cart/", form)
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [4]


def test_more_is_added_once_a_key(cast: Cast, buyer: HostClient) -> None:
    form = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "2", "more": "1", "key": "k1"}
    first = buyer.post("/products/cart/", form, headers=HTMX).content.decode()
    again = buyer.post("/products/cart/", form, headers=HTMX).content.decode()
    assert "没有重复添加" in again
    buyer.post("/products/cart/", {**form, "sku": cast.skus[3].code})
    new_key = re.findall(r'name="key" value="(\w+)"', first)[0]
    buyer.post("/products/cart/", {**form, "key": new_key})
    lying = {item.sku_code: item.quantity for item in cart_of(cast.buyer_c1).items}
    assert lying == {cast.skus[1].code: 4, cast.skus[3].code: 2}


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_never_leads_to_another_host(cast: Cast, buyer: HostClient, back: str) -> None:
    form = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "1", "next": back}
    assert buyer.post("/products/cart/", form)["Location"] == "/products/"


@pytest.mark.parametrize("sku", ["", "NO-SUCH", "XH-JX-530-0500-NV-06-OLD'"])
def test_an_unknown_product_is_refused_calmly(buyer: HostClient, sku: str) -> None:
    answer = buyer.post("/products/cart/", {"sku": sku, "unit": "CASE", "quantity": "1"}, headers=HTMX)
    assert answer.status_code == 422


def test_one_card_and_fifty_cost_the_same_statements(cast: Cast, buyer: HostClient) -> None:
    shelf(buyer)  # the host's brand is known from now on
    with statements() as few:
        assert shelf(buyer, "?q=珍藏").count('class="product"') == 1
    many_products(cast, 60)
    with statements() as many:
        assert shelf(buyer, "?q=青花").count('class="product"') == 50
    assert len(many) == len(few), "\n".join(many)
    assert Sku.objects.filter(status="ON").count() > 50

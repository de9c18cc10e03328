"""Every page of the storefront opens for whom it is meant, and for nobody else."""

import pytest

from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.frontend.storefront.conftest import Opens

PAGES = ["/", "/products/", "/pad/", "/orders/", "/account/", "/notices/", "/me/"]


@pytest.mark.parametrize("path", PAGES)
def test_opens_for_a_buyer(buyer: HostClient, path: str) -> None:
    answer = buyer.get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert "style=" not in answer.content.decode()


@pytest.mark.parametrize("path", [*PAGES, "/checkout/", "/sales/"])
def test_sends_a_stranger_to_sign_in_and_back(cast: Cast, path: str) -> None:
    answer = visitor(cast.portal).get(path)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={path.replace('/', '%2F')}") or f"next={path}" in answer["Location"]


def test_sends_the_brands_staff_to_their_desk(as_: Opens) -> None:
    assert as_("admin").get("/")["Location"] == "/console/"


@pytest.mark.parametrize("path", [page for page in PAGES if page != "/"])
def test_is_not_there_for_the_brands_staff(as_: Opens, path: str) -> None:
    assert as_("admin").get(path).status_code == 404


def test_a_product_page_tells_ladder_licence_and_warning(cast: Cast, buyer: HostClient) -> None:
    text = buyer.get(f"/products/{cast.skus[1].code}/").content.decode()
    assert "¥1,780.00" in text
    assert "¥1,700.00" in text
    assert "过量饮酒有害健康" in text


def test_a_product_off_the_shelf_is_missing(cast: Cast, buyer: HostClient) -> None:
    assert buyer.get(f"/products/{cast.skus[6].code}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/pad/lines/", "/pad/"),
        ("/pad/line/", "/pad/"),
        ("/pad/aside/", "/pad/"),
        ("/pad/clear/", "/pad/"),
        ("/pad/checkout/", "/pad/"),
        ("/products/cart/", "/products/"),
        ("/notices/read/", "/notices/"),
        ("/orders/SO1/again/", "/orders/SO1/"),
        ("/orders/SO1/cancel/", "/orders/SO1/"),
        ("/sales/SO1/approve/", "/sales/SO1/"),
        ("/sales/SO1/reject/", "/sales/SO1/"),
        ("/sales/SO1/ship/", "/sales/SO1/"),
    ],
)
def test_an_address_of_a_form_opened_by_itself_leads_to_its_page(buyer: HostClient, address: str, page: str) -> None:
    answer = buyer.get(address)
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_a_search_of_signs_alone_finds_nothing(buyer: HostClient) -> None:
    assert 'class="product"' in buyer.get("/products/").content.decode()
    for signs in ("%", "'", "🍶"):
        text = buyer.get("/products/", {"q": signs}).content.decode()
        assert 'class="product"' not in text
        assert "看全部商品" in text

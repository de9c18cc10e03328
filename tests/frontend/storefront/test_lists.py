"""Shopping lists on the storefront: made from the cart or a list, used by colleagues, changed by the owner."""

import re

import pytest

from ordering.lists.models import ShoppingList
from ordering.lists.selectors import list_detail
from ordering.lists.services import MakeList, make_list
from ordering.orders.selectors import cart_of
from ordering.orders.services import CartLine, SaveCart, save_cart
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.wide import make_many_skus, price_all
from tests.frontend.storefront.conftest import Opens, statements


def kept(cast: Cast, *, is_shared: bool = False, name: str = "开门红") -> ShoppingList:
    """A list of C1's purchaser with two products."""
    lines = (CartLine(cast.skus[1].code, 10), CartLine(cast.skus[2].code, 3))
    return make_list(actor=cast.buyer_c1, command=MakeList(name, lines, is_shared))


def test_the_cart_becomes_a_list_and_the_list_a_cart(cast: Cast, buyer: HostClient) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart((CartLine(cast.skus[1].code, 5),)))
    answer = buyer.post("/lists/", {"name": "常规补货", "source": "cart"})
    row = ShoppingList.objects.get()
    assert answer.headers["location"] == f"/lists/{row.pk}/"
    save_cart(actor=cast.buyer_c1, command=SaveCart(()))
    assert buyer.post(f"/lists/{row.pk}/order/").headers["location"] == "/pad/"
    assert [(item.sku_code, item.quantity) for item in cart_of(cast.buyer_c1).items] == [(cast.skus[1].code, 5)]


@pytest.mark.parametrize("path", ["/", "/lists/", "/lists/{id}/"])
def test_a_list_sent_twice_from_one_page_lies_in_the_cart_once(cast: Cast, buyer: HostClient, path: str) -> None:
    row = kept(cast)
    html = buyer.get(path.format(id=row.pk)).content.decode()
    action = html.split(f'action="/lists/{row.pk}/order/"')[1]
    key = re.search(r'name="key" value="(\w+)"', action.split("</form>")[0])
    assert key is not None
    for _time in range(2):
        assert buyer.post(f"/lists/{row.pk}/order/", {"key": key[1]}).status_code == 302
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [10, 3]


def test_the_page_tells_todays_price_and_total(cast: Cast, buyer: HostClient) -> None:
    text = buyer.get(f"/lists/{kept(cast).pk}/").content.decode()
    assert "开门红" in text
    assert "仅自己可见" in text
    assert "按今日价" in text


def test_a_line_is_set_and_taken_out(cast: Cast, buyer: HostClient) -> None:
    row = kept(cast)
    for quantity in ("１２", "12"):
        sent = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": quantity}
        assert buyer.post(f"/lists/{row.pk}/line/", sent).status_code == 302
    buyer.post(f"/lists/{row.pk}/line/", {"sku": cast.skus[2].code, "unit": "CASE", "quantity": "0"})
    assert [line.quantity for line in list_detail(cast.buyer_c1, row.pk).lines] == [12]


@pytest.mark.parametrize(
    "sent", [{"quantity": "x"}, {"quantity": "-1"}, {"quantity": "9" * 11}, {"sku": "NO"}, {"unit": "BOX", "sku": ""}]
)
def test_what_is_no_line_is_refused_in_place(cast: Cast, buyer: HostClient, sent: dict[str, str]) -> None:
    row = kept(cast)
    whole = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "1", **sent}
    answer = buyer.post(f"/lists/{row.pk}/line/", whole)
    assert answer.status_code == 422
    assert 'data-tone="bad"' in answer.content.decode()
    assert [line.quantity for line in list_detail(cast.buyer_c1, row.pk).lines] == [10, 3]


def test_a_refused_name_stays_typed(cast: Cast, buyer: HostClient) -> None:
    kept(cast)
    answer = buyer.post("/lists/", {"name": "开门红", "source": ""})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="开门红"' in text
    assert "已有名为“开门红”的清单" in text
    assert buyer.post("/lists/", {"name": "", "source": "list:999"}).status_code == 404
    assert ShoppingList.objects.count() == 1


def test_a_colleague_uses_and_copies_but_sees_no_form(cast: Cast, as_: Opens) -> None:
    row = kept(cast, is_shared=True)
    admin = as_("admin_c1")
    text = admin.get(f"/lists/{row.pk}/").content.decode()
    assert "由 采购员乙 共享" in text
    assert f"/lists/{row.pk}/delete/" not in text
    assert admin.post(f"/lists/{row.pk}/delete/").status_code == 403
    assert admin.post("/lists/", {"name": "我的", "source": f"list:{row.pk}"}).status_code == 302
    assert ShoppingList.objects.get(name="我的").line_count == 2


def test_the_owner_renames_shares_and_deletes(cast: Cast, buyer: HostClient) -> None:
    row = kept(cast)
    buyer.post(f"/lists/{row.pk}/", {"name": "春节", "is_shared": "on", "version": "1"})
    row.refresh_from_db()
    assert (row.name, row.is_shared) == ("春节", True)
    stale = buyer.post(f"/lists/{row.pk}/", {"name": "元宵", "version": "1"})
    assert stale.status_code == 422
    assert 'value="元宵"' in stale.content.decode()
    assert buyer.post(f"/lists/{row.pk}/delete/").status_code == 302
    assert buyer.get(f"/lists/{row.pk}/").status_code == 404


def test_a_product_goes_onto_a_list_from_its_page(cast: Cast, buyer: HostClient) -> None:
    row = kept(cast)
    path = f"/products/{cast.skus[3].code}/"
    assert "加入清单" in buyer.get(path).content.decode()
    sent = {"sku": cast.skus[3].code, "list": str(row.pk), "unit": "CASE"}
    assert buyer.post("/lists/add/", sent).headers["location"] == path
    assert [line.sku_code for line in list_detail(cast.buyer_c1, row.pk).lines][-1] == cast.skus[3].code


@pytest.mark.parametrize("which", ["", "x", "9" * 30, "-1"])
def test_a_list_that_is_none_is_missing(cast: Cast, buyer: HostClient, which: str) -> None:
    assert buyer.post("/lists/add/", {"sku": cast.skus[1].code, "list": which}).status_code == 404


def test_a_long_list_costs_the_same_statements(cast: Cast, buyer: HostClient) -> None:
    skus = make_many_skus(cast.skus[1], 50)
    price_all(cast.national, skus, {1: 100_00})
    pages = []
    for count in (1, 50):
        lines = tuple(CartLine(sku.code, 1) for sku in skus[:count])
        row = make_list(actor=cast.buyer_c1, command=MakeList(f"{count} 行", lines))
        buyer.get(f"/lists/{row.pk}/")
        with statements() as seen:
            assert buyer.get(f"/lists/{row.pk}/").status_code == 200
        pages.append(len(seen))
    with statements() as seen:
        buyer.get("/lists/")
    assert pages[0] == pages[1]
    assert len(seen) <= pages[0]

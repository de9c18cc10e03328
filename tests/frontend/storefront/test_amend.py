"""Changing a waiting order through the pages of either side: look, agree, done once; and who was first."""

import re
from typing import Any

from core.events.models import Event
from ordering.orders.models import Order, OrderLine
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from ordering.pricing.models import PriceEntry
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens

CASE_1, CASE_3 = 178_000, 36_000


def placed(cast: Cast, key: str = "buyer_c1") -> str:
    """Two cases of SKU 1; of the brand a case of SKU 3 too."""
    wishes = ((1, 2), (3, 1)) if key == "buyer_c1" else ((1, 2),)
    lines = tuple(OrderedLine(cast.skus[sku].code, quantity) for sku, quantity in wishes)
    return place_order(actor=cast.actor(key), command=PlaceOrder(lines=lines)).number


def inputs(html: str) -> dict[str, list[str]]:
    """The form as a browser would send it."""
    form = html.split('id="amend"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], []).append(value[1] if value else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def send(client: HostClient, path: str, form: dict[str, list[str]], act: str, **more: Any) -> Any:
    return client.post(path, {**form, "act": act, **more})


def test_the_buyer_sees_old_beside_new_and_agrees(cast: Cast, buyer: HostClient) -> None:
    number = placed(cast)
    path = f"/orders/{number}/change/"
    assert path in buyer.get(f"/orders/{number}/").content.decode()
    form = inputs(buyer.get(path).content.decode())
    assert (form["sku"], form["quantity"]) == ([cast.skus[1].code, cast.skus[3].code], ["2", "1"])
    looked = send(buyer, path, {**form, "quantity": ["5", "0"]}, "look", more=f"{cast.skus[2].code} 1").content.decode()
    assert "删除" in looked
    assert "新增" in looked
    total = 5 * CASE_1 + 108_000
    form = inputs(looked)
    assert form["expected_total"] == [str(total)]
    assert Order.objects.get(number=number).version == 1
    assert send(buyer, path, form, "send").status_code == 302
    assert send(buyer, path, form, "send").status_code == 302
    order = Order.objects.get(number=number)
    assert (order.total, order.version) == (total, 2)
    assert list(OrderLine.objects.filter(order=order).order_by("line_no").values_list("quantity", flat=True)) == [5, 1]
    story = buyer.get(f"/orders/{number}/").content.decode()
    assert "买方修改了订单" in story
    assert "2 箱 → 5 箱" in story
    assert Event.objects.filter(kind="ordering.order_amended.v1").count() == 1


def test_a_price_that_moves_while_the_buyer_looks_is_agreed_to_anew(cast: Cast, buyer: HostClient) -> None:
    path = f"/orders/{placed(cast)}/change/"
    looked = send(buyer, path, inputs(buyer.get(path).content.decode()), "look").content.decode()
    PriceEntry.objects.filter(price_list=cast.city, sku=cast.skus[1]).update(amount=190_000)
    refused = send(buyer, path, inputs(looked), "send")
    assert refused.status_code == 422
    assert "请重新确认" in refused.content.decode()
    assert inputs(refused.content.decode())["expected_total"] == [str(2 * 190_000 + CASE_3)]
    assert send(buyer, path, inputs(refused.content.decode()), "send").status_code == 302


def test_what_cannot_be_is_told_at_its_line_and_nothing_typed_is_lost(cast: Cast, buyer: HostClient) -> None:
    path = f"/orders/{placed(cast)}/change/"
    form = inputs(buyer.get(path).content.decode())
    more = f"{cast.skus[2].code} 1\n没有的酒 3 箱"
    told = send(buyer, path, {**form, "quantity": ["abc", "１２"]}, "look", more=more, note="走后门")
    html = told.content.decode()
    assert 'aria-invalid="true"' in html
    assert "没有的酒" in html
    assert "走后门" in html
    assert inputs(html)["quantity"] == ["abc", "12", "1"]
    assert html.count(cast.skus[2].code) == 2, "what was read is a row by now, and no longer text"
    assert 'value="send"' not in html


def test_nothing_changes_while_something_typed_could_not_be_read(cast: Cast, buyer: HostClient) -> None:
    number = placed(cast)
    path = f"/orders/{number}/change/"
    looked = send(buyer, path, inputs(buyer.get(path).content.decode()), "look").content.decode()
    told = send(buyer, path, inputs(looked), "send", more="没有的酒 5 箱", note="走后门")
    assert told.status_code == 422
    assert "没有的酒" in told.content.decode()
    assert Order.objects.get(number=number).version == 1


def test_an_order_that_was_approved_meanwhile_leads_back(cast: Cast, buyer: HostClient) -> None:
    number = placed(cast)
    path = f"/orders/{number}/change/"
    looked = send(buyer, path, inputs(buyer.get(path).content.decode()), "look").content.decode()
    approve(actor=cast.sales_admin, command=Approve(number))
    gone = send(buyer, path, {**inputs(looked), "quantity": ["3", "1"]}, "send")
    assert (gone.status_code, gone.headers["Location"]) == (302, f"/orders/{number}/")
    assert "不能再修改" in buyer.get(f"/orders/{number}/").content.decode()
    assert "change/" not in buyer.get(f"/orders/{number}/").content.decode()


def test_a_dealer_changes_what_it_sells_with_a_reason(cast: Cast, as_: Opens) -> None:
    number = placed(cast, "buyer_t1")
    seller, path = as_("admin_c1"), f"/orders/{number}/change/"
    looked = send(seller, path, {**inputs(seller.get(path).content.decode()), "quantity": ["1"]}, "look")
    refused = send(seller, path, inputs(looked.content.decode()), "send")
    assert refused.status_code == 422
    done = send(seller, path, inputs(refused.content.decode()), "send", reason="库存只够一箱")
    assert (done.status_code, done.headers["Location"]) == (302, f"/sales/{number}/")
    assert "库存只够一箱" in as_("buyer_t1").get(f"/orders/{number}/").content.decode()


def test_the_desk_changes_with_a_reason_and_reads_who_was_first(cast: Cast, as_: Opens) -> None:
    number = placed(cast)
    desk, path = as_("sales_admin"), f"/console/orders/{number}/change/"
    assert path in desk.get(f"/console/orders/{number}/").content.decode()
    looked = send(
        desk, path, {**inputs(desk.get(path).content.decode()), "quantity": ["1", "1"]}, "look", reason="缺货"
    )
    form = inputs(looked.content.decode())
    assert send(desk, path, form, "send").status_code == 302
    panel = desk.get(f"/console/orders/{number}/").content.decode()
    assert "品牌方修改" in panel
    assert "2 箱 → 1 箱" in panel
    late = send(as_("region_manager"), path, {**form, "key": ["other"]}, "send")
    assert (late.status_code, late.headers["Location"]) == (302, f"/console/orders/{number}/")
    told = as_("region_manager").get(f"/console/orders/{number}/").content.decode()
    assert "销售内勤" in told


def test_strangers_and_seats_without_the_right_find_no_form(cast: Cast, as_: Opens) -> None:
    number = placed(cast)
    assert as_("buyer_c2").get(f"/orders/{number}/change/").status_code == 404
    assert as_("finance_c1").get(f"/orders/{number}/change/").status_code == 403
    assert as_("warehouse").get(f"/console/orders/{number}/change/").status_code == 403

"""The order desk: approve, reject, allocate, ship and cancel, by plain forms and by htmx."""

from typing import Any

from django.utils.translation import gettext

from dms.stock.models import Stock
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Allocate, Place, allocate
from ordering.orders.errors import OwnApproval
from ordering.orders.models import Order
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.goods import make_stock, make_warehouse
from tests.frontend.console.conftest import HTMX, Opens, confirmed, placed


def order(number: str) -> Order:
    """The row as it stands."""
    return Order.objects.get(number=number)


def act(client: HostClient, number: str, do: str, **said: str) -> Any:
    """Send one of the desk's forms."""
    version = str(order(number).version)
    return client.post(f"/console/orders/{number}/", {"act": do, "version": version, **said})


def test_lists_what_waits_and_opens_it_beside(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    html = desk.get("/console/orders/?view=approve").content.decode()
    assert number in html
    assert 'hx-target="#desk-detail"' in html
    whole = desk.get(f"/console/orders/{number}/?view=approve").content.decode()
    assert "泉城名酒" in whole
    assert 'data-open="detail"' in whole
    assert 'aria-selected="true"' in whole


def test_htmx_gets_the_detail_alone(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    html = desk.get(f"/console/orders/{number}/", headers=HTMX).content.decode()
    assert "<html" not in html
    assert 'data-key="a"' in html


def test_approves_and_shows_the_next_step(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    answer = act(desk, number, "approve")
    assert answer.status_code == 302
    assert order(number).status == "CONFIRMED"
    assert 'data-key="l"' in desk.get(f"/console/orders/{number}/").content.decode()


def test_approving_by_htmx_brings_detail_row_and_toast(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    said = {"act": "approve", "version": str(order(number).version)}
    answer = desk.post(f"/console/orders/{number}/?view=approve", said, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Push-Url"] == f"/console/orders/{number}/?view=approve"
    assert f'id="row-{number}"' in html
    assert "hx-swap-oob" in html
    assert f"订单 {number} 已批准。" in html


def test_an_act_brings_the_chips_and_the_rail_along(cast: Cast, desk: HostClient) -> None:
    number, _other = placed(cast), placed(cast)
    path = f"/console/orders/{number}/?view=approve"
    assert desk.get(path).context["page"].counts["approve"] == 2
    answer = desk.post(path, {"act": "approve", "version": str(order(number).version)}, headers=HTMX)
    html = answer.content.decode()
    assert 'id="desk-chips" hx-swap-oob="true"' in html
    assert answer.context["page"].counts["approve"] == 1
    assert 'hx-swap-oob="innerHTML:.rail__nav"' in html
    assert [item.count for item in answer.context["nav"] if item.icon == "receipt"] == [1]


def test_a_bulk_act_brings_the_rail_along(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    said = {"act": "approve", "number": f"{number}:{order(number).version}"}
    answer = desk.post("/console/orders/", said, headers={"HX-Request": "true", "HX-Target": "desk-list"})
    assert 'hx-swap-oob="innerHTML:.rail__nav"' in answer.content.decode()
    assert 'id="desk-chips"' in answer.content.decode()


def test_the_keys_of_the_desk_are_named_before_anything_is_opened(cast: Cast, desk: HostClient) -> None:
    html = desk.get("/console/orders/").content.decode()
    for key in ("a", "r", "l", "s", "p", "n"):
        assert f'data-key-name="{key}"' in html


def test_a_second_click_changes_nothing_and_says_so(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    version = str(order(number).version)
    desk.post(f"/console/orders/{number}/", {"act": "approve", "version": version})
    again = desk.post(f"/console/orders/{number}/", {"act": "approve", "version": version})
    assert again.status_code == 422
    assert order(number).status == "CONFIRMED"


def test_rejecting_needs_a_reason_and_keeps_the_form(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    refused = act(desk, number, "reject", reason="")
    assert refused.status_code == 422
    assert 'name="reason"' in refused.content.decode()
    assert order(number).status == "SUBMITTED"
    assert act(desk, number, "reject", reason="缺货").status_code == 302
    assert order(number).status == "REJECTED"
    assert "缺货" in desk.get(f"/console/orders/{number}/").content.decode()


def test_nobody_approves_their_own_order(cast: Cast, desk: HostClient) -> None:
    lines = (OrderedLine(cast.skus[1].code, 1),)
    number = place_order(actor=cast.admin, command=PlaceOrder(lines=lines, buyer_code="C1")).number
    answer = act(desk, number, "approve")
    assert answer.status_code == 422
    assert gettext(OwnApproval.text) in answer.content.decode()
    assert order(number).status == "SUBMITTED"


def test_bulk_approval_names_each_refused_order(cast: Cast, desk: HostClient) -> None:
    good, gone = placed(cast, (3, 1)), confirmed(cast, (3, 2))
    answer = desk.post("/console/orders/", {"number": [good, gone]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert order(good).status == "CONFIRMED"
    assert f'<a class="link code" href="/console/orders/{gone}/">' in html


def test_ships_in_parts_with_carrier_and_number(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 5))
    form = desk.get(f"/console/orders/{number}/?do=ship").content.decode()
    assert 'name="c-1" value="5"' in form
    sent = act(desk, number, "ship", warehouse="W1", **{"c-1": "２", "b-1": "3", "carrier": "顺丰", "tracking": "SF1"})
    assert sent.status_code == 302
    shipment = Shipment.objects.get(order__number=number)
    assert (shipment.bottles, shipment.carrier, shipment.tracking_number) == (15, "顺丰", "SF1")
    assert order(number).fulfilment_status == "PART_SHIPPED"
    assert act(desk, number, "ship", warehouse="W1", **{"c-1": "2", "b-1": "3"}).status_code == 302
    assert order(number).fulfilment_status == "SHIPPED"


def test_shipping_too_much_is_refused_on_its_line(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    before = Stock.objects.get(sku=cast.skus[1], warehouse=cast.w1).on_hand
    answer = act(desk, number, "ship", warehouse="W1", **{"c-1": "3", "b-1": "", "carrier": "德邦"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="3"' in html
    assert "德邦" in html
    assert "field__error" in html
    assert Stock.objects.get(sku=cast.skus[1], warehouse=cast.w1).on_hand == before


def test_shipping_nothing_or_nonsense_is_refused(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    assert act(desk, number, "ship", warehouse="W1", **{"c-1": "", "b-1": ""}).status_code == 422
    assert act(desk, number, "ship", warehouse="W1", **{"c-1": "-1"}).status_code == 422
    assert act(desk, number, "ship", warehouse="W1", **{"c-1": "1.5"}).status_code == 422
    assert act(desk, number, "ship", warehouse="NONE", **{"c-1": "1"}).status_code == 422
    assert not Shipment.objects.exists()


def test_a_repeated_shipping_form_ships_once(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 4))
    said = {"act": "ship", "version": str(order(number).version), "warehouse": "W1", "c-1": "2", "b-1": ""}
    assert desk.post(f"/console/orders/{number}/", said).status_code == 302
    assert desk.post(f"/console/orders/{number}/", said).status_code == 422
    assert Shipment.objects.filter(order__number=number).count() == 1


def test_allocates_from_a_chosen_warehouse(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    assert act(desk, number, "allocate", warehouse="W1").status_code == 302
    assert order(number).fulfilment_status == "ALLOCATED"


def test_cancels_with_a_reason(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    assert act(desk, number, "cancel", reason="客户取消").status_code == 302
    assert order(number).status == "CANCELLED"


def test_shows_only_what_the_role_may_do(cast: Cast, as_: Opens) -> None:
    number = placed(cast)
    for_rep = as_("rep").get(f"/console/orders/{number}/").content.decode()
    assert 'data-key="n"' in for_rep
    assert not any(f'data-key="{key}"' in for_rep for key in "arlsAS")
    assert 'data-key="a"' in as_("region_manager").get(f"/console/orders/{number}/").content.decode()
    refused = as_("rep").post(f"/console/orders/{number}/", {"act": "approve", "version": "1"})
    assert refused.status_code == 422
    assert order(number).status == "SUBMITTED"


def test_what_a_dealer_sells_is_not_there(cast: Cast, desk: HostClient) -> None:
    lines = (OrderedLine(cast.skus[1].code, 1),)
    number = place_order(actor=cast.buyer_t1, command=PlaceOrder(lines=lines)).number
    assert desk.get(f"/console/orders/{number}/").status_code == 404
    assert number not in desk.get("/console/orders/").content.decode()
    assert number not in desk.get("/console/audit/").content.decode()


def test_searches_and_sorts_by_the_url(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    assert number in desk.get(f"/console/orders/?q={number}").content.decode()
    assert number in desk.get("/console/orders/?q=泉城&sort=-total").content.decode()
    assert number not in desk.get("/console/orders/?q=没有").content.decode()
    assert number in desk.get("/console/orders/?sort=nonsense&page=abc&view=what").content.decode()


def test_ships_from_two_warehouses_in_one_go_or_not_at_all(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 10))
    make_stock(make_warehouse(cast.root, "W2", "济南仓"), cast.skus[1], 60)
    places = (Place(1, "W1", 24), Place(1, "W2", 36))
    allocate(actor=cast.warehouse, command=Allocate(number, "", places))
    form = desk.get(f"/console/orders/{number}/?do=ship").content.decode()
    assert 'name="c-1-W1" value="4"' in form
    assert 'name="c-1-W2" value="6"' in form
    assert "济南仓" in form
    said = {"warehouse": "*", "c-1-W1": "4", "c-1-W2": "7", "carrier-W1": "顺丰", "carrier-W2": "赵师傅"}
    refused = act(desk, number, "ship", **said)
    assert refused.status_code == 422
    assert "赵师傅" in refused.content.decode()
    assert not Shipment.objects.filter(order__number=number).exists()
    assert act(desk, number, "ship", **{**said, "c-1-W2": "6"}).status_code == 302
    sent = Shipment.objects.filter(order__number=number).order_by("number")
    assert [(one.warehouse.code, one.bottles, one.carrier) for one in sent] == [
        ("W1", 24, "顺丰"),
        ("W2", 36, "赵师傅"),
    ]
    assert order(number).fulfilment_status == "SHIPPED"

"""Placing, reading and moving orders through the API: every happy way, and what happens on refusals."""

from typing import Any

import pytest

from core.kernel.money import NotMoney
from core.web.bodies import Body
from ordering.orders.models import Order
from tests.api.calling import Api
from tests.cast import Cast
from tests.ordering.watching import statements, world

CASES = 2


def line(cast: Cast, sku: int = 1, quantity: Any = CASES, **more: Any) -> dict[str, Any]:
    return {"sku": cast.skus[sku].code, "unit": "CASE", "quantity": quantity, **more}


def place(cast: Cast, sku: int = 3) -> tuple[Api, dict[str, Any]]:
    buyer = Api(cast, cast.buyer_c1)
    return buyer, buyer.post("orders", {"lines": [line(cast, sku)]}, 201)


def codes_by_place(answer: dict[str, Any]) -> set[tuple[str, int | None, str | None]]:
    return {(fault["code"], fault["line"], fault["field"]) for fault in answer["errors"]}


def test_an_order_tells_what_it_costs_and_can_be_read_again(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    body = {"lines": [line(cast), line(cast, 3, 1)], "note": "急", "reference": "PO-7", "wished_on": None}
    placed = buyer.post("orders", body, 201)
    assert placed["total"] == {"amount": "3920.00", "currency": "CNY"}
    assert [(one["line"], one["amount"]["amount"], one["price_list"]) for one in placed["lines"]] == [
        (1, "3560.00", "CITY"),
        (2, "360.00", "NAT"),
    ]
    assert placed["status"] == "SUBMITTED"
    assert buyer.answer["Location"] == f"/api/v1/orders/{placed['number']}"
    read = buyer.get(f"orders/{placed['number']}")
    assert (read["reference"], read["note"], read["source"]) == ("PO-7", "急", "API")
    assert read["lines"][0]["bottles"] == 12
    assert [one["kind"] for one in read["happened"]] == ["ordering.order_placed.v1"]


def test_the_same_key_is_one_order_and_one_answer(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    first = buyer.post("orders", {"lines": [line(cast)]}, 201, key="k1")
    assert "Idempotency-Replayed" not in buyer.answer
    again = buyer.post("orders", {"lines": [line(cast)]}, 201, key="k1")
    assert buyer.answer["Idempotency-Replayed"] == "true"
    assert again == first
    other = buyer.post("orders", {"lines": [line(cast, 1, 3)]}, 422, key="k1")
    assert other["code"] == "idempotency.body_differs"
    assert Order.objects.count() == 1


def test_a_post_without_a_key_is_not_read(cast: Cast) -> None:
    buyer, before = Api(cast, cast.buyer_c1), world()
    refused = buyer.post("orders", {"lines": [line(cast)]}, 400, key="")
    assert refused["code"] == "idempotency.key_missing"
    assert world() == before


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "order.quantity"),
        (-1, "order.quantity"),
        (100_000_000, "order.quantity"),
        (1.5, "body.not_whole"),
        ("2", "body.not_whole"),
        (True, "body.not_whole"),
        (10**18, "body.not_whole"),
        (None, "body.missing"),
    ],
)
def test_a_quantity_that_is_none_is_refused_by_line(cast: Cast, quantity: Any, code: str) -> None:
    buyer, before = Api(cast, cast.buyer_c1), world()
    body = {"lines": [line(cast), line(cast, 3, quantity)]}
    refused = buyer.post("orders", body, 422)
    assert (code, 2, "quantity") in codes_by_place(refused)
    assert world() == before


def test_every_fault_of_a_body_is_told_at_once(cast: Cast) -> None:
    body = {"lines": [line(cast, unit="BARREL", price=1), {"quantity": 1}, 7], "notes": "x", "wished_on": "2026-13-01"}
    refused = Api(cast, cast.buyer_c1).post("orders", body, 422)
    assert codes_by_place(refused) == {
        ("body.not_a_choice", 1, "unit"),
        ("body.unknown_field", 1, "price"),
        ("body.missing", 2, "sku"),
        ("body.not_an_object", 3, None),
        ("body.missing", 3, "sku"),
        ("body.missing", 3, "quantity"),
        ("body.unknown_field", None, "notes"),
        ("body.not_a_day", None, "wished_on"),
    }


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"lines": NaN}', "application/json", 400),
        (b'{"note": "\\u0000"}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"lines=1", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_json_object_is_no_order(cast: Cast, data: bytes, content_type: str, status: int) -> None:
    buyer, before = Api(cast, cast.buyer_c1), world()
    buyer.send("post", "orders", status, data, "k", content_type)
    assert world() == before


def test_faults_of_goods_come_by_line_and_nothing_happens(cast: Cast) -> None:
    buyer, before = Api(cast, cast.buyer_c1), world()
    body = {"lines": [line(cast, 5, 1), line(cast, 2, 99), {"sku": "NONE", "quantity": 1}]}
    refused = buyer.post("orders", body, 422)
    assert {(code, at) for code, at, _ in codes_by_place(refused)} >= {
        ("price.missing", 1),
        ("stock.insufficient", 2),
        ("order.sku_unknown", 3),
    }
    assert world() == before


def test_the_cart_becomes_the_order(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    assert buyer.get("cart")["lines"] == []
    saved = buyer.put("cart", {"lines": [line(cast)], "version": 0})
    assert saved["version"] == 1
    assert buyer.put("cart", {"lines": [line(cast)], "version": 0}, 409)["code"] == "conflict.version"
    added = buyer.post("cart/lines", {"lines": [line(cast, 1, 1), line(cast, 3, 1)]})
    assert {one["sku"]: one["quantity"] for one in added["lines"]} == {cast.skus[1].code: 3, cast.skus[3].code: 1}
    placed = buyer.post("orders", {}, 201)
    assert len(placed["lines"]) == 2
    assert buyer.get("cart")["lines"] == []
    assert buyer.post("orders", {}, 409)["code"] == "order.cart_empty"


def test_a_check_prices_and_says_everything_without_a_key_or_a_trace(cast: Cast) -> None:
    buyer, before = Api(cast, cast.buyer_c1), world()
    found = buyer.post("order-checks", {"lines": [line(cast), line(cast, 2, 99)]}, key="")
    assert not found["is_good"]
    assert found["lines"][0]["is_good"]
    assert {fault["code"] for fault in found["lines"][1]["faults"]} == {"stock.insufficient"}
    text = f"{cast.skus[1].code}\t3 箱\n没有这个酒 2箱\n"
    pasted = buyer.post("order-checks", {"text": text}, key="")
    assert (pasted["lines"][0]["quantity"], pasted["lines"][0]["pasted_line"]) == (3, 1)
    assert pasted["unread"][0]["pasted_line"] == 2
    assert buyer.post("order-checks", {"text": "x", "lines": []}, 422, key="")["errors"][0]["field"] == "text"
    assert world() == before


def test_an_order_lives_until_it_is_received(cast: Cast) -> None:
    buyer, placed = place(cast)
    number = placed["number"]
    staff, store = Api(cast, cast.sales_admin), Api(cast, cast.warehouse)
    assert staff.post(f"orders/{number}/approval", {"version": 1})["status"] == "CONFIRMED"
    allocated = staff.post(f"orders/{number}/allocation", {"warehouse": "W1"})
    assert allocated["fulfilment_status"] == "ALLOCATED"
    part = {"warehouse": "W1", "lines": [{"line": 1, "bottles": 12}], "carrier": "顺丰", "tracking_number": "SF1"}
    sent = store.post(f"orders/{number}/shipments", part, 201)
    assert (sent["bottles"], sent["amount"]["amount"]) == (12, "360.00")
    assert store.answer["Location"] == f"/api/v1/shipments/{sent['number']}"
    rest = store.post(f"orders/{number}/shipments", {"warehouse": "W1"}, 201)
    assert rest["fulfilment_status"] == "SHIPPED"
    assert len(buyer.get(f"orders/{number}/shipments")["items"]) == 2
    assert buyer.get(f"shipments/{sent['number']}")["tracking_number"] == "SF1"
    assert buyer.post(f"shipments/{sent['number']}/receipt")["status"] == "SIGNED"
    short = {"lines": [{"line": 1, "bottles": 11}], "note": "破一瓶"}
    signed = buyer.post(f"shipments/{rest['number']}/receipt", short)
    assert (signed["status"], signed["short_bottles"]) == ("SIGNED_WITH_CLAIM", 1)
    assert buyer.post(f"shipments/{rest['number']}/receipt", short, 409)["code"].startswith("shipment.")
    own = next(one for one in buyer.get("account")["items"] if one["buyer"] == "泉城名酒")
    assert own["receivable"] == {"amount": "720.00", "currency": "CNY"}
    assert len(buyer.get("account/statement")["rows"]) == 2


def test_a_part_ships_by_batch_changes_its_carrier_and_the_rest_is_closed(cast: Cast) -> None:
    buyer, placed = place(cast)
    desk, store = Api(cast, cast.sales_admin), Api(cast, cast.actor("warehouse"))
    number = placed["number"]
    desk.post(f"orders/{number}/approval", {}, 200)
    wrong = {"places": [{"line": 1, "warehouse": "W1", "bottles": 24, "batch": "B9"}]}
    assert codes_by_place(store.post(f"orders/{number}/allocation", wrong, 422)) == {
        ("shipment.batch_unknown", 1, "batch")
    }
    right = {"places": [{"line": 1, "warehouse": "W1", "bottles": 24, "batch": ""}]}
    store.post(f"orders/{number}/allocation", right, 200)
    sent = store.post(f"orders/{number}/shipments", {"warehouse": "W1", "lines": [{"line": 1, "bottles": 6}]}, 201)
    carried = store.put(f"shipments/{sent['number']}/carrier", {"carrier": "德邦", "tracking_number": "DB1"}, 200)
    assert (carried["carrier"], carried["tracking_number"]) == ("德邦", "DB1")
    assert desk.post(f"orders/{number}/closure", {"consent": " "}, 422)["code"] == "order.consent"
    closed = desk.post(f"orders/{number}/closure", {"consent": "王女士 电话", "reason": "缺货"}, 200)
    assert (closed["status"], closed["fulfilment_status"]) == ("CLOSED_SHORT", "SHIPPED")
    assert buyer.post(f"orders/{number}/closure", {"consent": "x"}, 403)["code"] == "order.not_the_seller"


def test_a_rejection_needs_a_reason_and_a_cancellation_gives_back(cast: Cast) -> None:
    buyer, placed = place(cast)
    staff = Api(cast, cast.sales_admin)
    refused = staff.post(f"orders/{placed['number']}/rejection", {}, 422)
    assert codes_by_place(refused) == {("order.reason", None, "reason")}
    assert staff.post(f"orders/{placed['number']}/rejection", {"reason": "无货"})["status"] == "REJECTED"
    _, other = place(cast)
    assert buyer.post(f"orders/{other['number']}/cancellation", {"reason": "多订"})["status"] == "CANCELLED"
    assert buyer.post(f"orders/{other['number']}/cancellation", {}, 409)["code"] == "order.state"


def test_a_list_is_read_by_cursor_without_a_gap(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    numbers = [buyer.post("orders", {"lines": [line(cast, 3, 1)]}, 201)["number"] for _ in range(5)]
    seen: list[str] = []
    path = "orders?limit=2&status=SUBMITTED&role=purchases"
    after, found = "", dict[str, Any]()
    for _ in range(3):
        found = buyer.get(path + after)
        seen += [one["number"] for one in found["items"]]
        after = f"&after={found['next']}"
    assert seen == numbers[::-1]
    assert found["next"] is None
    refused = buyer.get("orders?stauts=SUBMITTED&status=LOST&since=heute", 422)
    assert {fault["field"] for fault in refused["errors"]} == {"stauts", "status", "since"}
    for strange in ("after=nonsense", "after=WyJ4Iiwid29yZHMiXQ", "since=0001-01-01", "until=9999-12-31"):
        buyer.get(f"orders?{strange}", 422)


def test_strangers_find_nothing_and_change_nothing(cast: Cast) -> None:
    _, placed = place(cast)
    number = placed["number"]
    stranger, before = Api(cast, cast.buyer_c2), world()
    stranger.get(f"orders/{number}", 404)
    stranger.post(f"orders/{number}/cancellation", {}, 404)
    assert stranger.get(f"orders/{number}/shipments", 404)["code"] == "missing"
    assert stranger.get("orders")["items"] == []
    assert world() == before


def test_what_a_dealer_sells_is_not_the_brand_s_to_see(cast: Cast) -> None:
    shop = Api(cast, cast.buyer_t1)
    number = shop.post("orders", {"lines": [line(cast, 1, 1)]}, 201)["number"]
    staff = Api(cast, cast.admin)
    staff.get(f"orders/{number}", 404)
    staff.post(f"orders/{number}/approval", {}, 404)
    assert staff.get("orders")["items"] == []
    seller = Api(cast, cast.admin_c1)
    assert seller.get(f"orders/{number}")["buyer"]["code"] == "T1"
    assert seller.post(f"orders/{number}/approval")["status"] == "CONFIRMED"


def test_roles_decide_who_may(cast: Cast) -> None:
    buyer, placed = place(cast)
    number = placed["number"]
    assert buyer.post(f"orders/{number}/approval", {}, 403)["code"] == "actor.not_permitted"
    Api(cast, cast.finance_c1).post("orders", {"lines": [line(cast)]}, 403)
    Api(cast, cast.auditor).post(f"orders/{number}/cancellation", {}, 403)
    Api(cast, cast.buyer_c1, codes=("orders.read",)).post("orders", {"lines": [line(cast)]}, 403)


@pytest.mark.parametrize("lines", [1, 10])
def test_an_order_costs_the_same_few_statements(cast: Cast, lines: int) -> None:
    buyer = Api(cast, cast.buyer_c1)
    body = {"lines": [line(cast, 3, 1) for _ in range(lines)]}
    buyer.post("orders", body, 201)
    with statements() as seen:
        buyer.post("orders", body, 201)
    assert len(seen) == 13


def test_an_amount_nested_beyond_printing_is_told_by_field() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    body = Body({"amount": deep})
    body.money("amount", "CNY")
    with pytest.raises(NotMoney) as caught:
        body.finish()
    assert caught.value.field == "amount"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"expected_total": {"amount": "1780", "currency": "JPY"}}, ("order.currency", None, "expected_total")),
        ({"rebate": {"amount": "100", "currency": "JPY"}}, ("order.currency", None, "rebate")),
        ({"rebate": {"amount": "-1.00", "currency": "CNY"}}, ("order.rebate_negative", None, "rebate")),
    ],
)
def test_amounts_are_in_the_orders_currency_and_not_below_zero(
    cast: Cast, said: dict[str, Any], fault: tuple[str, int | None, str]
) -> None:
    buyer, body = Api(cast, cast.buyer_c1), {"lines": [line(cast)], **said}
    assert codes_by_place(buyer.post("orders", body, 422)) == {fault}
    if "rebate" in said:
        told = buyer.post("order-checks", body, key="")["faults"]
        assert [one["code"] for one in told] == [fault[0]]
    placed = buyer.post("orders", {"lines": [line(cast)]}, 201)
    changed = {"version": 1, "lines": [line(cast, 1, 3)], **said}
    assert codes_by_place(buyer.post(f"orders/{placed['number']}/amendments", changed, 422)) >= {fault}
    assert Order.objects.get().total == 356_000


def test_two_amounts_are_said_in_one_currency(cast: Cast) -> None:
    amounts = {"expected_total": {"amount": "1780.00", "currency": "CNY"}, "rebate": {"amount": "1", "currency": "USD"}}
    refused = Api(cast, cast.buyer_c1).post("orders", {"lines": [line(cast)], **amounts}, 422)
    assert codes_by_place(refused) == {("body.not_a_choice", None, "currency")}
    assert not Order.objects.exists()

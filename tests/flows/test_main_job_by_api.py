"""The main job through the API: own prices, order, approval, two trucks, receipt; stock, account and history agree."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from core.messages.models import Message
from tests.flows.world import Room, room, until

pytestmark = pytest.mark.flows


def test_a_dealer_orders_and_receives_by_api(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    with django_db_blocker.unblock(), room("api", tmp_path, with_worker=True) as world:
        number = order_own_prices(world)
        confirm(world, number)
        ship_and_receive_in_two_parts(world, number)
        everything_agrees(world, number)


def order_own_prices(world: Room) -> str:
    """The buyer reads what they pay, checks a pasted block, orders; another dealer sees nothing of it."""
    shelf: Any = world.get("buyer_c1", "/api/v1/catalogue/skus").json
    prices = {item["code"]: item["price"] for item in shelf["items"]}
    first = world.cast.skus[1].code
    assert prices[first]["amount"] == "1780.00"
    text = f"{first}\t10 箱\n{world.cast.skus[3].code}\t5\n没有这个酒 3"
    checked: Any = world.post("buyer_c1", "/api/v1/order-checks", {"text": text}).json
    assert [line["amount"]["amount"] for line in checked["lines"]] == ["17000.00", "1800.00"]
    assert [line["text"] for line in checked["unread"]] == ["没有这个酒 3"]
    lines = [
        {"sku": first, "unit": "CASE", "quantity": 10},
        {"sku": world.cast.skus[3].code, "unit": "CASE", "quantity": 5},
    ]
    placed = world.post("buyer_c1", "/api/v1/orders", {"lines": lines, "reference": "PO-1"})
    assert placed.status == 201, placed.body
    order: Any = placed.json
    assert order["total"] == {"amount": "18800.00", "currency": "CNY"}
    assert world.get("buyer_c2", f"/api/v1/orders/{order['number']}").status == 404
    return str(order["number"])


def confirm(world: Room, number: str) -> None:
    """Not by the buyer, once by the sales admin; a second approval is refused."""
    assert world.post("buyer_c1", f"/api/v1/orders/{number}/approval").status == 403
    approved: Any = world.post("sales_admin", f"/api/v1/orders/{number}/approval")
    assert (approved.status, approved.json["status"]) == (200, "CONFIRMED")
    assert world.post("region_manager", f"/api/v1/orders/{number}/approval").code == "order.state"


def ship_and_receive_in_two_parts(world: Room, number: str) -> None:
    """Two trucks, each signed for by the buyer."""
    first: Any = world.post(
        "warehouse",
        f"/api/v1/orders/{number}/shipments",
        {"warehouse": "W1", "lines": [{"line": 1, "bottles": 42}], "carrier": "顺丰", "tracking_number": "SF1"},
    ).json
    second: Any = world.post("warehouse", f"/api/v1/orders/{number}/shipments", {"warehouse": "W1"}).json
    for shipment in (first, second):
        signed = world.post("buyer_c1", f"/api/v1/shipments/{shipment['number']}/receipt", {})
        assert signed.status == 200, signed.body


def everything_agrees(world: Room, number: str) -> None:
    """Order, account, the buyer's stock, the messages a real worker carried, and the invariants."""
    order: Any = world.get("buyer_c1", f"/api/v1/orders/{number}").json
    assert (order["status"], order["fulfilment_status"]) == ("CONFIRMED", "RECEIVED")
    assert [line["received_bottles"] for line in order["lines"]] == [60, 60]
    account: Any = world.get("finance_c1", "/api/v1/account").json
    assert "18800.00" in str(account)
    stock: Any = world.get("warehouse_c1", "/api/v1/stock").json
    assert {item["sku"]: item["on_hand"] for item in stock["items"]}[world.cast.skus[3].code] == 60
    assert until(lambda: Message.objects.filter(template="fulfilment.on_its_way").count() >= 2)
    world.assert_whole()

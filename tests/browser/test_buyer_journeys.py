"""What a buyer does from one page to the next, on a phone and at a desk; every button is clicked twice."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ordering.fulfilment.models import Shipment
from ordering.orders.models import Order
from tests.browser.test_journeys import orders_of, put_into_the_cart
from tests.browser.test_pad import lying, until_lying
from tests.chromium import DESK, PHONE, Visit, visit
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_pads")]
SIZES = (pytest.param(PHONE, id="390"), pytest.param(DESK, id="1440"))


def twice(page: Page, what: str) -> None:
    """Click a button twice, as impatient hands do."""
    page.locator(what).locator("visible=true").first.dblclick()


def placed(buyer: Visit) -> str:
    """Check out what lies in the cart; the order's number."""
    buyer.page.goto("/checkout/")
    twice(buyer.page, "button[form=checkout]")
    buyer.page.wait_for_url("**/orders/*/")
    return buyer.page.url.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("size", SIZES)
def test_a_shopping_list_becomes_an_order(program: Browser, world: Room, origin: str, size: dict[str, Any]) -> None:
    three, name = world.cast.skus[3], f"周补货 {size['viewport']['width']}"
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **size) as buyer:
        before = orders_of(world, "buyer_c1")
        put_into_the_cart(buyer, world, 2)
        buyer.page.goto("/lists/")
        buyer.page.locator("#list-name").fill(name)
        twice(buyer.page, "form:has(#list-name) button[type=submit]")
        buyer.page.wait_for_url(re.compile(r"/lists/\d+/$"))
        buyer.page.goto("/pad/")
        buyer.tap("form[action$='/pad/clear/'] button")
        until_lying(world, "buyer_c1", {})
        buyer.page.goto("/lists/")
        row = buyer.page.locator("[data-row]", has_text=name)
        expect(row).to_have_count(1)
        row.locator("button[type=submit]").dblclick()
        buyer.page.wait_for_url("**/pad/**")
        assert lying(world, "buyer_c1")[three.code] in (2, 4), "a second click adds the list once more at most"
        number = placed(buyer)
        assert orders_of(world, "buyer_c1") == before + 1
        expect(buyer.page.locator("main")).to_contain_text(number)
        buyer.assert_clean()


@pytest.mark.parametrize("size", SIZES)
def test_the_way_back_after_the_checkout_orders_nothing(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **size) as buyer:
        put_into_the_cart(buyer, world)
        before = orders_of(world, "buyer_c1")
        placed(buyer)
        buyer.page.go_back()
        again = buyer.page.locator("button[form=checkout]").locator("visible=true")
        if again.count():
            again.dblclick()
            buyer.page.wait_for_url("**/orders/**")
        buyer.page.reload()
        assert orders_of(world, "buyer_c1") == before + 1
        buyer.assert_clean()


@pytest.mark.parametrize("size", SIZES)
def test_an_order_is_read_out_as_it_stands_and_signed_for_once(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    with visit(program, origin, cookie=world.cookie("admin_c1"), **size) as buyer:
        put_into_the_cart(buyer, world, 3)
        number = placed(buyer)
        assert_read_out(buyer.page, "已提交", "审核")
        world.post("sales_admin", f"/api/v1/orders/{number}/approval")
        world.post("warehouse", f"/api/v1/orders/{number}/shipments", {"warehouse": "W1"})
        buyer.page.reload()
        buyer.tap("[aria-labelledby=h-shipments] a[href^='/receive/']")
        buyer.page.wait_for_url("**/receive/**")
        twice(buyer.page, "form:has(input[name=all]) button")
        buyer.page.wait_for_url(f"**/orders/{number}/")
        assert_read_out(buyer.page, "已签收", "发票")
        with XINGHE.inside():
            shipment = Shipment.objects.get(order__number=number)
            assert shipment.signed_at is not None
            assert Order.objects.get(number=number).status == "CONFIRMED"
        twice(buyer.page, "form[action$='/again/'] button")
        buyer.page.wait_for_url("**/pad/**")
        expect(buyer.page.locator(".pad__line")).to_have_count(1)
        buyer.assert_clean()


def assert_read_out(page: Page, *words: str) -> None:
    """What a screen reader is given: one heading, landmarks and lists with names, the progress and its next step."""
    told = page.locator("body").aria_snapshot()
    assert len(re.findall(r"^\s*- heading .*\[level=1\]", told, re.MULTILINE)) == 1, told
    for role in ("main", "navigation", "list"):
        assert re.search(rf"^\s*- {role}\b", told, re.MULTILINE), role
    unnamed = re.findall(r"^\s*- (?:button|link|textbox|img|region|spinbutton)(?: \[[^\]]*\])*:?$", told, re.MULTILINE)
    assert unnamed == [], told
    for word in words:
        assert word in told, told

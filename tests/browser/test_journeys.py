"""What people do with pages that nobody plans: sessions that end, double clicks, the way back, two tabs."""

import pytest
from playwright.sync_api import Browser, expect

from ordering.orders.models import Order
from tests.chromium import PHONE, Visit, visit
from tests.flows.world import Room

pytestmark = pytest.mark.browser


def put_into_the_cart(buyer: Visit, world: Room, cases: int = 1) -> None:
    """Type one line into the pad."""
    buyer.page.goto("/pad/")
    buyer.type("#pad-text", f"{world.cast.skus[3].code} {cases}箱")
    buyer.page.keyboard.press("Enter")
    expect(buyer.page.locator(".pad__line")).to_have_count(1)


def orders_of(world: Room, who: str) -> int:
    """How many orders the house of this seat has placed."""
    return Order.objects.filter(buyer_id=world.cast.seats[who].dealer_id).exclude(number=None).count()


def test_an_expired_session_at_the_checkout_comes_back_with_the_cart(
    program: Browser, world: Room, origin: str
) -> None:
    with visit(program, origin, cookie=world.cookie("buyer_p1"), **PHONE) as buyer:
        before = orders_of(world, "buyer_p1")
        put_into_the_cart(buyer, world, 2)
        buyer.page.goto("/checkout/")
        buyer.page.locator("textarea[name=note]").fill("请走后门卸货")
        buyer.context.clear_cookies(name="jm")
        buyer.tap("button[form=checkout]")
        buyer.page.wait_for_url("**/sign-in/**")
        buyer.context.add_cookies([{"name": "jm", "value": world.cookie("buyer_p1"), "url": origin}])
        buyer.page.goto("/checkout/")
        expect(buyer.page.locator("#checkout-lines .co-item")).to_have_count(1)
        expect(buyer.page.locator("textarea[name=note]")).to_have_value("请走后门卸货")
        assert orders_of(world, "buyer_p1") == before
        buyer.assert_clean()


def test_a_double_click_places_one_order_and_the_way_back_none(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        before = orders_of(world, "buyer_c1")
        put_into_the_cart(buyer, world)
        buyer.tap("button[form=pad-go]")
        buyer.page.wait_for_url("**/checkout/")
        buyer.page.locator("button[form=checkout]").locator("visible=true").dblclick()
        buyer.page.wait_for_url("**/orders/*/")
        assert orders_of(world, "buyer_c1") == before + 1
        buyer.page.go_back()
        again = buyer.page.locator("button[form=checkout]").locator("visible=true")
        if again.count():
            again.click()
            buyer.page.wait_for_url("**/orders/**")
        assert orders_of(world, "buyer_c1") == before + 1
        buyer.assert_clean()


def test_two_tabs_edit_one_cart(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        put_into_the_cart(buyer, world)
        other = buyer.context.new_page()
        other.goto("/pad/")
        other.locator("#pad-text").fill(f"{world.cast.skus[1].code} 3箱")
        other.keyboard.press("Enter")
        expect(other.locator(".pad__line")).to_have_count(2)
        quantity = buyer.page.locator(".pad__line [data-stepper] input").first
        with buyer.page.expect_response("**/pad/line/"):
            quantity.fill("4")
            quantity.press("Tab")
        other.reload()
        expect(other.locator(".pad__line [data-stepper] input").nth(0)).to_have_value("4")
        expect(other.locator(".pad__line [data-stepper] input").nth(1)).to_have_value("3")
        buyer.assert_clean()

"""Finding and keeping views by keyboard alone, on the running product; on a phone with the thumb."""

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import DESK, PHONE, visit
from tests.flows.world import Room

pytestmark = pytest.mark.browser


def placed(world: Room) -> str:
    """The number of an order of C1."""
    line = {"sku": world.cast.skus[3].code, "unit": "CASE", "quantity": 1}
    return str(world.post("buyer_c1", "/api/v1/orders", {"lines": [line]}).json["number"])


def test_an_order_is_found_and_opened_without_a_mouse(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as seen:
        page = seen.page
        page.goto("/console/stock/")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-q")).to_be_focused()
        page.keyboard.type(number[-6:])
        expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text(number)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/console/orders/{number}/**")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-list")).to_contain_text("页面")
        page.keyboard.press("Escape")
        page.goto("/console/")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-list")).to_contain_text("最近打开")
        seen.assert_clean()


def test_a_view_is_kept_and_its_removal_undone(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as seen:
        page = seen.page
        page.goto("/console/dealers/?status=ACTIVE&q=c")
        page.get_by_text("保存为视图").click()
        page.locator(".views__form [name=name]").fill("在合作")
        page.locator(".views__form button[type=submit]").click()
        tab = page.locator(".views__tabs .tabs__tab", has_text="在合作")
        expect(tab).to_have_attribute("aria-current", "page")
        page.locator(".views__tools summary").last.click()
        page.locator(".views__own button[value=remove]").click()
        expect(tab).to_have_count(0)
        page.locator("#toasts button[type=submit]").click()
        expect(tab).to_have_count(1)
        seen.assert_clean()


def test_a_buyer_finds_by_thumb(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as seen:
        page = seen.page
        page.goto("/")
        page.locator(".topbar details.menu > summary").last.click()
        page.locator(".topbar [data-palette]").click()
        page.locator("#palette-q").fill(number)
        page.locator("#palette-list [role=option]", has_text=number).first.click()
        page.wait_for_url(f"**/orders/{number}/**")
        assert seen.overflow() <= 0
        seen.assert_clean()

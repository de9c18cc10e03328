"""The order pad used by quick hands: while a paste is under way, from two windows, by keys alone, with a scanner."""

import time

import pytest
from playwright.sync_api import Browser, Route, expect

from ordering.orders.models import Order, OrderLine
from tests.chromium import DESK, PHONE, Visit, visit
from tests.flows.world import Room

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_pads")]
LINES = ".pad__line"
SCANNER = """code => {
  for (const key of [...code, "Enter"]) {
    const field = document.activeElement;
    const heard = field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    if (heard && key !== "Enter" && field.matches("input, textarea")) field.value += key;
  }
}"""
"""A scanner's keys, at a pace a busy machine cannot stretch."""
QUANTITY = ".pad__line input[name=quantity]"


def lying(world: Room, who: str) -> dict[str, int]:
    """What lies in somebody's cart, read from the database."""
    seat = world.cast.seats[who].pk
    rows = OrderLine.objects.filter(order__seat_id=seat, order__status=Order.Status.DRAFT)
    return dict(rows.values_list("sku_code", "quantity"))


def until_lying(world: Room, who: str, wanted: dict[str, int]) -> None:
    """Wait until exactly that lies in the cart."""
    for _ in range(100):
        if lying(world, who) == wanted:
            return
        time.sleep(0.1)
    assert lying(world, who) == wanted


def open_pad(buyer: Visit, *texts: str) -> None:
    """An empty pad, then these lines typed into it."""
    buyer.page.goto("/pad/")
    empty = buyer.page.locator("form[action$='/pad/clear/'] button")
    if empty.count():
        empty.click()
        expect(buyer.page.locator(LINES)).to_have_count(0)
    for number, text in enumerate(texts, start=1):
        buyer.page.locator("#pad-text").fill(text)
        buyer.page.keyboard.press("Enter")
        expect(buyer.page.locator(LINES)).to_have_count(number)


def test_quantities_set_while_a_paste_is_under_way_are_not_lost(program: Browser, world: Room, origin: str) -> None:
    one, three, four = (world.cast.skus[number].code for number in (1, 3, 4))
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        open_pad(buyer, f"{one} 4箱")

        def slow(route: Route) -> None:
            time.sleep(1.2)
            route.continue_()

        buyer.page.route("**/pad/lines/", slow)
        buyer.paste("#pad-text", f"{three}\t2箱\n{four}\t1箱\n没有这个\t3箱")
        more = buyer.page.locator(LINES).first.locator("[data-step='1']")
        more.click()
        more.click()
        expect(buyer.page.locator(LINES)).to_have_count(4)
        expect(buyer.page.locator(QUANTITY).first).to_have_value("6")
        until_lying(world, "buyer_c1", {one: 6, three: 2, four: 1})
        buyer.assert_clean()


def test_one_line_changed_in_two_windows_is_asked_about(program: Browser, world: Room, origin: str) -> None:
    code = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **DESK) as buyer:
        open_pad(buyer, f"{code} 4箱")
        other = buyer.context.new_page()
        other.goto("/pad/")
        other.locator(QUANTITY).first.fill("9")
        with other.expect_response("**/pad/line/"):
            other.locator(QUANTITY).first.press("Tab")
        buyer.page.locator(QUANTITY).first.fill("5")
        buyer.page.locator(QUANTITY).first.press("Tab")
        refusal = buyer.page.locator("#pad-error .refusal")
        expect(refusal).to_contain_text("9 箱")
        expect(buyer.page.locator(QUANTITY).first).to_have_value("9")
        assert lying(world, "buyer_c1") == {code: 9}
        refusal.get_by_role("button").click()
        until_lying(world, "buyer_c1", {code: 5})
        expect(buyer.page.locator("#pad-error .refusal")).to_have_count(0)
        buyer.assert_clean()


def test_the_pad_is_used_by_keys_alone(program: Browser, world: Room, origin: str) -> None:
    one, three, four = (world.cast.skus[number].code for number in (1, 3, 4))
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **DESK) as buyer:
        open_pad(buyer, f"{one} 4箱", f"{three} 2箱", f"{four} 1箱")
        keys, focused = buyer.page.keyboard, buyer.page.locator("*:focus")
        expect(focused).to_have_id("pad-text")
        buyer.page.locator(QUANTITY).first.focus()
        keys.press("ArrowDown")
        keys.type("7")
        keys.press("Enter")
        expect(buyer.page.locator(f"#l-{four}-CASE [data-stepper] input")).to_be_focused()
        until_lying(world, "buyer_c1", {one: 4, three: 7, four: 1})
        keys.press("ArrowUp")
        expect(buyer.page.locator(f"#l-{three}-CASE [data-stepper] input")).to_be_focused()
        keys.press("Shift+Delete")
        expect(buyer.page.locator(LINES)).to_have_count(2)
        expect(buyer.page.locator(f"#l-{four}-CASE [data-stepper] input")).to_be_focused()
        keys.press("Tab")
        keys.press("Control+z")
        expect(buyer.page.locator(LINES)).to_have_count(3)
        until_lying(world, "buyer_c1", {one: 4, three: 7, four: 1})
        buyer.page.locator(QUANTITY).first.focus()
        keys.press("Escape")
        expect(focused).to_have_id("pad-text")
        buyer.assert_clean()


def test_a_scanner_that_types_is_heard_wherever_the_focus_is(program: Browser, world: Room, origin: str) -> None:
    one, three = world.cast.skus[1], world.cast.skus[3]
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **DESK) as buyer:
        open_pad(buyer, f"{one.code} 4箱")
        buyer.page.locator(QUANTITY).first.focus()
        for _ in range(2):
            buyer.page.evaluate(SCANNER, three.gtin14)
        until_lying(world, "buyer_c1", {one.code: 4, three.code: 2})
        expect(buyer.page.locator(QUANTITY).first).to_have_value("4")
        buyer.page.evaluate(SCANNER, "6999999999997")
        expect(buyer.page.locator("#pad-error")).to_contain_text("6999999999997")
        assert lying(world, "buyer_c1") == {one.code: 4, three.code: 2}
        buyer.assert_clean()


def test_bad_lines_are_removed_together_and_come_back(program: Browser, world: Room, origin: str) -> None:
    one, two = world.cast.skus[1].code, world.cast.skus[2].code
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        open_pad(buyer)
        buyer.paste("#pad-text", f"{one}\t4箱\n{two}\t700箱\n没有这个\t3箱")
        expect(buyer.page.locator(LINES)).to_have_count(3)
        buyer.tap("form[action$='/pad/bad/'] button")
        expect(buyer.page.locator(LINES)).to_have_count(1)
        buyer.tap("[data-pad-undo] button")
        expect(buyer.page.locator(LINES)).to_have_count(3)
        until_lying(world, "buyer_c1", {one: 4, two: 700})
        buyer.assert_clean()


def test_a_list_that_is_refused_goes_back_into_the_field(program: Browser, world: Room, origin: str) -> None:
    code = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **DESK) as buyer:
        open_pad(buyer)
        text = "\n".join([f"{code} 1"] * 600)
        buyer.paste("#pad-text", text)
        expect(buyer.page.locator("#pad-error")).to_contain_text("600")
        expect(buyer.page.locator("#pad-text")).to_have_value(text)
        assert lying(world, "buyer_c1") == {}
        buyer.assert_clean()


def test_a_list_sent_while_the_house_is_away_waits_on_the_device(program: Browser, world: Room, origin: str) -> None:
    code = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **DESK) as buyer:
        open_pad(buyer)
        buyer.page.route("**/pad/lines/", lambda route: route.fulfill(status=502, body="away"))
        buyer.paste("#pad-text", f"{code}\t4箱\n{code}\t1箱")
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(1)
        assert lying(world, "buyer_c1") == {}
        buyer.page.unroute("**/pad/lines/")
        buyer.page.reload()
        until_lying(world, "buyer_c1", {code: 5})
        expect(buyer.page.locator("#pad-queue [data-state=sent]")).to_have_count(1)


def test_a_quantity_set_without_a_connection_waits_and_says_so(program: Browser, world: Room, origin: str) -> None:
    one = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        open_pad(buyer, f"{one} 4箱")
        line = buyer.page.locator(f"#l-{one}-CASE")
        buyer.context.set_offline(True)
        line.locator("[data-stepper] input").fill("5")
        line.locator("[data-stepper] input").press("Enter")
        expect(line.locator("[data-waits]")).to_be_visible()
        buyer.tap("#pad-bar button")
        expect(buyer.page.locator("#toasts")).to_contain_text("没有网络")
        assert lying(world, "buyer_c1") == {one: 4}
        buyer.context.set_offline(False)
        until_lying(world, "buyer_c1", {one: 5})
        expect(line.locator("[data-waits]")).to_have_count(0)
        line.locator(".pad__hint button").click()
        until_lying(world, "buyer_c1", {one: 10})
        expect(buyer.page.locator("[data-pad-undo]")).to_contain_text("5 箱 → 10 箱")
        buyer.assert_clean()

"""The order desk without a mouse: approve, reject, allocate, ship, print, many at once; two clerks; and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ordering.fulfilment.models import Shipment
from ordering.orders.models import Order
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from tests.browser.looking import LOOKS, look_at
from tests.chromium import DESK, PHONE, visit
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = pytest.mark.browser


def placed(world: Room, *, is_confirmed: bool = False) -> str:
    """A fresh order of P1; approved where asked."""
    with XINGHE.inside():
        lines = (OrderedLine(world.cast.skus[3].code, 2),)
        number = place_order(actor=world.cast.actor("buyer_p1"), command=PlaceOrder(lines=lines)).number
        if is_confirmed:
            approve(actor=world.cast.sales_admin, command=Approve(number))
    return number


def status_of(number: str) -> str:
    """How the order stands in the database."""
    with XINGHE.inside():
        return Order.objects.values_list("status", flat=True).get(number=number)


def assert_focus_kept(page: Page) -> None:
    """Once the page has settled the focus is on something."""
    expect(page.locator(":focus")).to_have_count(1)


def open_by_keys(page: Page, number: str, view: str = "") -> None:
    """Search with /, go to what was found with Enter, open with Enter; the row keeps the focus."""
    page.goto(f"/console/orders/{view}")
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator(f"#open-{number}")).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#desk-detail .panel__head .code")).to_have_text(number)
    expect(page.locator("#desk-said")).to_contain_text(number)
    expect(page.locator(f"#open-{number}")).to_be_focused()


def test_approves_allocates_ships_and_prints_by_keys_alone(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        at.context.add_init_script("window.print = () => { window.hasPrinted = true; };")
        page = at.page
        open_by_keys(page, number, "?view=approve")
        page.keyboard.press("a")
        expect(page.locator("#do-allocate")).to_be_visible()
        expect(page.locator("#toasts")).to_contain_text("已批准")
        assert status_of(number) == "CONFIRMED"
        expect(page.locator(f"#open-{number}")).to_be_focused()
        page.keyboard.press("l")
        expect(page.locator(".deskact input[name=warehouse]").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".deskact")).to_have_count(0)
        assert_focus_kept(page)
        page.keyboard.press("l")
        expect(page.locator(".deskact input[name=warehouse]").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#do-ship.btn--primary")).to_be_visible()
        page.keyboard.press("s")
        expect(page.locator(".deskact .shipform input").first).to_be_focused()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        expect(page.locator("#do-close")).to_be_visible()
        assert_focus_kept(page)
        page.keyboard.press("p")
        page.wait_for_url("**/print/delivery/**")
        expect(page.locator(".slip")).to_have_count(1)
        page.keyboard.press("p")
        assert page.evaluate("window.hasPrinted") is True
        at.assert_clean()
    with XINGHE.inside():
        assert list(Shipment.objects.filter(order__number=number).values_list("bottles", flat=True)) == [12]


def test_a_key_pressed_before_the_order_is_there_acts_on_it_and_not_on_the_one_before(
    program: Browser, world: Room, origin: str
) -> None:
    before, wanted = placed(world), placed(world)
    late: list[Route] = []

    def keep(route: Route) -> None:
        if late:
            route.continue_()
        late.append(route)

    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        page = at.page
        page.goto(f"/console/orders/{before}/")
        expect(page.locator(f"#open-{before}")).to_be_focused()
        page.route(f"**/orders/{wanted}/**", keep)
        with page.expect_request(f"**/orders/{wanted}/**"):
            page.locator(f"#open-{wanted}").press("Enter")
        page.keyboard.press("a")
        late[0].continue_()
        expect(page.locator("#toasts")).to_contain_text(wanted)
        expect(page.locator("#do-allocate")).to_be_visible()
        at.assert_clean()
    assert (status_of(before), status_of(wanted)) == ("SUBMITTED", "CONFIRMED")


def test_keeps_its_place_while_the_scripts_are_still_on_their_way(program: Browser, world: Room, origin: str) -> None:
    number = placed(world, is_confirmed=True)
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        page = at.page
        page.route("**/ui/js/htmx*.js", lambda route: route.abort())
        page.goto(f"/console/orders/{number}/")
        expect(page.locator(f"#open-{number}")).to_be_focused()
        page.keyboard.press("l")
        expect(page.locator(".deskact input[name=warehouse]").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(f"#open-{number}")).to_be_focused()
        expect(page.locator(".deskact")).to_have_count(0)
        at.assert_clean()


def test_rejects_with_a_usual_reason_by_keys_alone(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("sales_admin"), **DESK) as at:
        page = at.page
        open_by_keys(page, number)
        page.keyboard.press("r")
        expect(page.locator(".deskact input[name=usual]").first).to_be_focused()
        page.keyboard.press("a")
        assert status_of(number) == "SUBMITTED"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("请先回款")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("驳回")
        assert_focus_kept(page)
        at.assert_clean()
    with XINGHE.inside():
        assert "请先回款" in Order.objects.get(number=number).decision_reason


def test_many_at_once_tells_each_and_a_double_click_is_harmless(program: Browser, world: Room, origin: str) -> None:
    first, second = placed(world), placed(world, is_confirmed=True)
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        page = at.page
        page.goto("/console/orders/")
        for number in (first, second):
            page.locator(f"#row-{number} [data-check]").focus()
            page.keyboard.press("x")
        page.keyboard.press("Shift+A")
        asked = page.locator("#dlg-approve")
        expect(asked).to_contain_text("2 张订单")
        expect(asked).to_contain_text("¥")
        expect(page.locator("#desk-told")).to_have_count(0)
        asked.locator("button[value=approve]").click()
        told = page.locator("#desk-told")
        expect(told).to_be_focused()
        expect(told.locator("li[data-tone=good]")).to_contain_text(first)
        expect(told.locator("li[data-tone=bad]")).to_contain_text("销售内勤")
        for number in (first, second):
            page.locator(f"#row-{number} [data-check]").check()
        page.locator(".odesk__bulk button[value=ship]").dblclick()
        expect(page.locator("#desk-told li[data-tone=good]")).to_have_count(2)
        at.assert_clean()
    with XINGHE.inside():
        assert Shipment.objects.filter(order__number__in=[first, second]).count() == 2


def test_the_second_clerk_is_told_who_was_first(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with (
        visit(program, origin, cookie=world.cookie("sales_admin"), **DESK) as one,
        visit(program, origin, cookie=world.cookie("region_manager"), **DESK) as two,
    ):
        for clerk in (one, two):
            clerk.page.goto(f"/console/orders/{number}/")
        one.page.keyboard.press("a")
        expect(one.page.locator("#toasts")).to_contain_text("已批准")
        two.page.keyboard.press("a")
        said = two.page.locator("#desk-detail [role=alert]").first
        expect(said).to_contain_text("销售内勤")
        expect(two.page.locator(f"#row-{number}")).to_contain_text("未发货")
        expect(two.page.locator("#panel-title")).to_be_focused()
        one.assert_clean()
        two.assert_clean()


def test_help_lists_the_keys_and_escape_leaves(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        open_by_keys(at.page, number)
        at.page.keyboard.press("?")
        expect(at.page.locator("#keys")).to_be_visible()
        at.page.keyboard.press("Escape")
        expect(at.page.locator("#keys")).to_be_hidden()
        at.assert_clean()


def test_a_phone_opens_approves_and_goes_back_to_the_list(program: Browser, world: Room, origin: str) -> None:
    number = placed(world)
    with visit(program, origin, cookie=world.cookie("sales_admin"), **PHONE) as at:
        at.page.goto("/console/orders/?view=approve")
        at.tap(at.page.locator(f"#open-{number}"))
        expect(at.page.locator("#panel-title")).to_be_visible()
        expect(at.page.locator("#desk-list")).to_be_hidden()
        at.tap("#do-approve")
        expect(at.page.locator("#toasts")).to_contain_text("已批准")
        assert at.overflow() <= 0
        at.tap(".odesk__back")
        expect(at.page.locator("#desk-list")).to_be_visible()
        assert status_of(number) == "CONFIRMED"
        at.assert_clean()


@pytest.mark.parametrize(("screen", "scheme", "language"), LOOKS)
def test_every_state_of_the_desk_fits_and_speaks(
    program: Browser, world: Room, origin: str, screen: dict[str, Any], scheme: str, language: str
) -> None:
    waits, confirmed = placed(world), placed(world, is_confirmed=True)
    some = {"warehouse": "W1", "lines": [{"line": 1, "bottles": 6}]}
    world.post("warehouse", f"/api/v1/orders/{confirmed}/shipments", some)
    names = {"waits": waits, "open": confirmed}
    paths = (
        "/console/orders/{waits}/?do=reject",
        "/console/orders/{waits}/?do=note",
        "/console/orders/{open}/?show=then",
        "/console/orders/{open}/?do=allocate",
        "/console/orders/{open}/?do=ship",
        "/console/orders/{open}/?do=close",
        "/console/orders/?q=none-such",
        "/console/print/picking/?number={open}",
        "/console/print/delivery/?number={open}",
        "/console/quiet/",
        "/console/messages/?view=undelivered",
    )
    with visit(program, origin, cookie=world.cookie("admin"), **{**screen, "color_scheme": scheme}) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        assert look_at(seen, paths, names) == []

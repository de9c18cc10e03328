"""The ES modules in a real browser, on the living page, under the policy the product sends."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, expect

from tests.frontend.ui.living import ORIGIN, wait_until

pytestmark = pytest.mark.browser


def test_a_dialog_opens_and_closes_by_button_key_and_click_beside(page: Page) -> None:
    dialog = page.locator("#demo-dialog")
    page.click("[data-open=demo-dialog]")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.click("[data-open=demo-dialog]")
    page.mouse.click(10, 450)
    expect(dialog).to_be_hidden()


def test_one_menu_is_open_at_a_time_and_escape_gives_the_focus_back(page: Page) -> None:
    account = page.locator(".topbar details.menu:has([data-set-theme])")
    account.locator("summary").click()
    expect(account.locator(".menu__list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(account.locator(".menu__list")).to_be_hidden()
    expect(account.locator("summary")).to_be_focused()


def test_the_theme_is_kept_in_a_cookie_the_server_reads(page: Page) -> None:
    page.click(".topbar details.menu:has([data-set-theme]) summary")
    page.click("[data-set-theme=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")
    page.click("[data-set-theme=system]")
    assert "theme=" not in page.evaluate("document.cookie")


def test_a_stepper_speaks_once_for_each_press_and_stops_at_its_limits(page: Page) -> None:
    page.evaluate("window.heard = []; addEventListener('change', (e) => heard.push(e.target.value))")
    stepper = page.locator("[data-stepper]").first
    stepper.locator("[data-step='1']").click()
    assert stepper.locator("input").input_value() == "13"
    stepper.locator("input").fill("1")
    stepper.locator("[data-step='-1']").click()
    assert stepper.locator("input").input_value() == "0"
    expect(stepper.locator("[data-step='-1']")).to_be_disabled()
    assert page.evaluate("heard") == ["13", "1", "0"]


def test_cases_become_bottles_and_loose_bottles_a_whole_case(page: Page) -> None:
    stepper = page.locator("[data-stepper][data-per-case]").first
    stepper.locator("select").select_option("CASE")
    assert stepper.locator("input").input_value() == "1"  # three loose bottles
    stepper.locator("select").select_option("BOTTLE")
    assert stepper.locator("input").input_value() == "6"


def test_a_list_is_walked_and_ticked_by_keyboard(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "烟台芝罘佳酿商行"
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 1 项")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "济南泉鑫糖酒有限公司"
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.press("j")  # typing is typing
    assert page.locator("#site-search").input_value() == "j"


def test_what_was_typed_survives_a_reload_and_can_be_discarded(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())  # unsaved changes warn
    page.fill("[name=blank-remark]", "周五前送到")
    wait_until(page, "localStorage.getItem('draft:styleguide')?.includes('周五前送到') === true")
    page.reload()
    expect(page.locator("[name=blank-remark]")).to_have_value("周五前送到")
    page.click("text=不要了")
    expect(page.locator("[name=blank-remark]")).to_have_value("")
    assert page.evaluate("localStorage.getItem('draft:styleguide')") is None


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page) -> None:
    sent = page.evaluate(
        """() => {
            let sent = 0;
            addEventListener("submit", (event) => { sent += 1; event.preventDefault(); });
            const form = document.querySelector("form[data-draft]");
            for (const field of form.elements) field.required = false;
            const button = form.querySelector("[type=submit]");
            for (let press = 0; press < 3; press += 1) button.click();
            return [sent, button.getAttribute("aria-busy")];
        }"""
    )
    assert sent == [1, "true"]


def test_a_toast_sent_with_a_reply_lands_in_its_region_and_is_dismissed(page: Page) -> None:
    with translation.override("zh-hans"):
        toast = render_to_string("ui/components/toast.html", {"text": "已保存", "icon": "check-o", "tone": "good"})
    page.evaluate("(html) => document.getElementById('toasts').insertAdjacentHTML('beforeend', html)", toast)
    expect(page.locator("#toasts")).to_contain_text("已保存")
    page.click("#toasts [data-dismiss]")
    expect(page.locator("#toasts")).not_to_contain_text("已保存")


@pytest.mark.parametrize(
    ("event", "words"), [("htmx:sendError", "网络没有接通"), ("htmx:responseError", "系统出了点问题")]
)
def test_a_failed_request_says_whose_fault_it_is(page: Page, event: str, words: str) -> None:
    page.evaluate("name => document.dispatchEvent(new Event(name))", event)
    expect(page.locator("#toasts")).to_contain_text(words)


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    for width in (360, 390, 768, 800, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


LONG_FORM = """
<main><form method="post" action="/deep/"><input name="name" value="{name}"><input name="code" value="A1">
<textarea name="note"></textarea><button type="submit">S</button></form></main>
"""


@pytest.mark.parametrize(("name_now", "back"), [("泉城", "新的说明"), ("青岛", "")])
def test_every_long_form_keeps_a_draft_that_fits_only_what_it_began_from(page: Page, name_now: str, back: str) -> None:
    def filled(name: str) -> str:
        body: str = page.evaluate("document.documentElement.outerHTML")
        start, _, rest = body.partition("<main")
        return start + LONG_FORM.format(name=name) + rest.partition("</main>")[2]

    first, later = filled("泉城"), filled(name_now)
    bodies = iter([first, later])
    page.route("**/styleguide/long/", lambda route: route.fulfill(body=next(bodies), content_type="text/html"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{ORIGIN}/styleguide/long/")
    page.fill("[name=note]", "新的说明")
    wait_until(page, "Object.keys(localStorage).some((name) => name.includes('/styleguide/long/'))")
    page.goto(f"{ORIGIN}/styleguide/long/")
    page.wait_for_timeout(300)
    assert page.locator("[name=note]").input_value() == back


ROWS = """
<main><form method="post" action="/rows/"><input name="quantity" value="40"><input name="quantity" value="3">
<input name="quantity" value="5"><button type="submit">S</button></form></main>
"""


def test_lines_whose_fields_share_a_name_come_back_each_as_its_own(page: Page) -> None:
    before, _, rest = str(page.evaluate("document.documentElement.outerHTML")).partition("<main")
    body = before + ROWS + rest.partition("</main>")[2]
    page.route("**/styleguide/rows/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{ORIGIN}/styleguide/rows/")
    page.locator("[name=quantity]").nth(1).fill("4")
    wait_until(page, "Object.keys(localStorage).some((name) => name.includes('/styleguide/rows/'))")
    page.goto(f"{ORIGIN}/styleguide/rows/")
    expect(page.locator("[name=quantity]").nth(1)).to_have_value("4")
    assert page.locator("[name=quantity]").evaluate_all("all => all.map((one) => one.value)") == ["40", "4", "5"]

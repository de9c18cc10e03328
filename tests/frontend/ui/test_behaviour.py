"""The ES modules in a real browser, on the living page, under the policy the product sends."""

import mimetypes
import os
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pytest_django import Settings

from frontend.ui import views
from tests.frontend.ui.stylesheets import STATIC

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
ORIGIN = "http://kit.localhost"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'"
HTMX = files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; what Playwright starts is ended with the module."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        # Playwright keeps a loop running in this thread; nothing here asks the database.
        stack.enter_context(pytest.MonkeyPatch.context()).setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        stack.callback(chromium.close)
        yield chromium


@pytest.fixture
def html(settings: Settings) -> str:
    """The living page in Chinese."""
    (engine,) = settings.TEMPLATES
    processors = ["django.template.context_processors.request", "django.template.context_processors.i18n"]
    settings.TEMPLATES = [{**engine, "OPTIONS": {"context_processors": processors}}]
    with translation.override("zh-hans"):
        return views.styleguide(RequestFactory().get("/styleguide/")).content.decode()


@pytest.fixture
def page(browser: Browser, html: str) -> Iterator[Page]:
    """The living page, open at 1440 px; anything the policy forbids or a script throws fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.route("**/*", lambda route: answer(route, html))
    opened.goto(f"{ORIGIN}/styleguide/")
    yield opened
    context.close()
    assert faults == []


def answer(route: Route, html: str) -> None:
    """The page and the kit's own files; nothing else is there."""
    path = urlsplit(route.request.url).path
    if path == "/styleguide/":
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})
        return
    name = path.removeprefix("/static/")
    if name == "django_htmx/htmx-2.min.js":
        route.fulfill(body=HTMX.read_text(), content_type="text/javascript")
    elif name.startswith("ui/") and (STATIC.parent / name).is_file():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=(STATIC.parent / Path(name)).read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404, body="")


def wait_until(page: Page, expression: str) -> None:
    """Wait five seconds at most; Playwright's own waiting evaluates text, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


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
    account = page.locator(".topbar details.menu")
    account.locator("summary").click()
    expect(account.locator(".menu__list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(account.locator(".menu__list")).to_be_hidden()
    expect(account.locator("summary")).to_be_focused()


def test_the_theme_is_kept_in_a_cookie_the_server_reads(page: Page) -> None:
    page.click(".topbar summary")
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

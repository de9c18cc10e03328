"""The living page is complete and open to everybody: every class stands on it, axe finds nothing, keys reach all."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import PATIENCE_MS
from tests.frontend.ui.conftest import Renders
from tests.frontend.ui.living import ORIGIN, answer
from tests.frontend.ui.stylesheets import STATIC

pytestmark = pytest.mark.browser

ELSEWHERE = {"brandlogo", "calm", "calm__box", "calm__code", "desk--flush", "found", "palette__none"}
"""A brand's own picture, the calm pages, the order desk, the plain page of findings, an empty palette."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SKIPPED_RULES = {"region", "heading-order", "landmark-unique", "page-has-heading-one"}
"""Of best practice: samples of whole parts of pages stand here side by side."""
_CLASS = re.compile(r"\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:__[a-z-]+)?(?:--[a-z0-9-]+)?)")
_NOT_CLASSES = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", re.DOTALL)
LOOKS = [
    ("storefront", "zh-hans", "light", 1440),
    ("storefront", "en", "dark", 390),
    ("console", "zh-hans", "dark", 390),
    ("console", "en", "light", 1440),
]


def opened(browser: Browser, html: str, width: int, **options: Any) -> Page:
    """The page at a width."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/*", lambda route: answer(route, html))
    page.goto(f"{ORIGIN}/styleguide/")
    return page


def test_every_class_of_the_kit_stands_on_it(renders: Renders) -> None:
    named: set[str] = set()
    for sheet in ("components", "lists", "shells"):
        named |= set(_CLASS.findall(_NOT_CLASSES.sub("", (STATIC / f"{sheet}.css").read_text(encoding="utf-8"))))
    html = "".join(renders(shell, "zh-hans", "") for shell in ("storefront", "console", "platform"))
    used = {name for classes in re.findall(r'class="([^"]*)"', html) for name in classes.split()}
    assert sorted(named - used - ELSEWHERE) == []


@pytest.mark.parametrize(("shell", "language", "theme", "width"), LOOKS)
def test_axe_finds_nothing(
    browser: Browser, renders: Renders, shell: str, language: str, theme: str, width: int
) -> None:
    page = opened(browser, renders(shell, language, theme), width)
    found = find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    page.evaluate((Path(found.origin).parent / "axe.min.js").read_text())
    result: Any = page.evaluate("rules => axe.run(document, rules)", RULES)
    faults = [
        f"{one['id']}: {node['html'][:160]}"
        for one in result["violations"]
        if one["id"] not in SKIPPED_RULES
        for node in one["nodes"]
    ]
    page.context.close()
    assert faults == []


LOOK_AT_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at.type === "date") return "";  // a date's own parts carry the ring
  const ring = (one) => {
    const look = getComputedStyle(one);
    return look.boxShadow !== "none" || look.outlineStyle !== "none";
  };
  const box = at.getBoundingClientRect();
  const around = at.closest(".stepper, .check, .palette__input, .field__box");
  const isSeen = box.bottom > 0 && box.top < innerHeight && (ring(at) || (around && ring(around)));
  return isSeen || getComputedStyle(at).opacity === "0" ? "" : at.outerHTML.slice(0, 120);
}"""
TOO_SMALL = """() => {
  const targets = "button, summary, input:not([type=hidden]), select, .btn, .chip, .tabs__tab, .menu__item, .iconbtn";
  return [...document.querySelectorAll(`${targets}, .pager a, .rail__link`)]
    .filter((one) => one.offsetParent !== null && !one.closest("dialog"))
    .filter((one) => !one.matches(".link, .tree__row, .sr-only"))
    .map((one) => {
      const target = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") ?? one : one;
      const more = Math.min(0, parseFloat(getComputedStyle(target, "::after").inset) || 0);
      return [target.getBoundingClientRect().height - 2 * more, one.outerHTML.slice(0, 100)];
    }).filter(([height]) => height < 43.5);
}"""
STRANGE_ORDER = "[...document.querySelectorAll('[tabindex]')].filter((one) => one.tabIndex > 0).length"


def test_every_stop_of_the_keyboard_is_seen(page: Page) -> None:
    unseen = []
    for _ in range(140):
        page.keyboard.press("Tab")
        fault = page.evaluate(LOOK_AT_FOCUS)
        unseen += [fault] if fault else []
    assert unseen == []
    assert page.evaluate(STRANGE_ORDER) == 0


def test_the_palette_is_a_combobox(page: Page) -> None:
    page.locator("[data-open=demo-dialog]").focus()
    page.keyboard.press("Control+k")
    field = page.locator("#palette-q")
    expect(field).to_be_focused()
    page.keyboard.type("qx")
    expect(page.locator("#palette-list [role=option]").first).to_have_attribute("aria-selected", "true")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#palette-list [role=option]").last).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-palette-status]")).to_have_text("找到 4 项")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("[data-open=demo-dialog]")).to_be_focused()


def test_the_keys_are_told_and_typing_is_typing(page: Page) -> None:
    page.locator("#sg-q").focus()
    page.keyboard.type("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("[data-open=demo-dialog]").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("勾选该行")


def test_a_range_is_ticked_and_all_that_fit_can_be_meant(page: Page) -> None:
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 3 项")
    page.locator("[data-check-all]").check()
    page.locator("[data-take-all]").click()
    assert page.locator("[data-all-matching]").input_value() == "1"
    expect(page.locator("[data-bulk-count]")).to_have_text("已选全部 214 条")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-all-matching]").input_value() == ""
    page.locator("[data-untick]").click()
    expect(page.locator("[data-bulk]")).to_be_hidden()


@pytest.mark.parametrize("shell", ["storefront", "console", "platform"])
def test_it_may_be_enlarged_and_narrow(browser: Browser, renders: Renders, shell: str) -> None:
    page = opened(browser, renders(shell, "zh-hans", "light"), 720)
    for width in (720, 320, 195):  # 1440 px at 200 %, 1280 px at 400 %, a phone at 200 %
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    page.context.close()


def test_a_thumb_hits_everything_on_a_phone(browser: Browser, renders: Renders) -> None:
    page = opened(browser, renders("console", "zh-hans", "light"), 390, has_touch=True, is_mobile=True)
    small = page.evaluate(TOO_SMALL)
    page.context.close()
    assert small == []


def test_who_wants_no_motion_gets_none(browser: Browser, renders: Renders) -> None:
    page = opened(browser, renders("storefront", "zh-hans", "light"), 1440, reduced_motion="reduce")
    page.wait_for_timeout(200)
    assert page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0
    page.context.close()


@pytest.mark.parametrize("shell", ["storefront", "console"])
def test_on_paper_there_is_the_document_alone_in_ink(browser: Browser, renders: Renders, shell: str) -> None:
    page = opened(browser, renders(shell, "zh-hans", "dark"), 690)  # A4 between its margins
    page.emulate_media(media="print")
    for gone in (".topbar", ".rail", ".bottombar", ".tabs", ".pager", ".btn", ".findlink"):
        assert page.evaluate(f"[...document.querySelectorAll('{gone}')].every((one) => !one.offsetParent)"), gone
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.table--stack tr')).display") == "table-row"
    expect(page.locator("h1")).to_be_visible()
    page.context.close()

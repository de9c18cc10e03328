"""The portal as an app: without a connection the pad is filled on the device, with one it is sent once."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_pad import LINES, lying, open_pad, until_lying
from tests.chromium import PHONE, Visit, visit
from tests.flows.world import Room

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_pads")]
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found.filter((path) => path !== "/theme.css" && !path.startsWith("/static/"));
}"""
"""What the worker keeps besides what every visitor gets."""

SHELLS = "async () => (await caches.keys()).length"
HELD = """() => new Promise((done) => {
  const asked = indexedDB.open("jiumai-pad");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("pads").objectStore("pads").getAll();
    rows.onsuccess = () => (asked.result.close(), done(rows.result.map((one) => one.lines.length).join()));
  };
})"""
PUT_AWAY = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.hidden;
}"""
LOSES_THE_ANSWER = """() => {
  const real = htmx.ajax;
  htmx.ajax = async (...asked) => { await real.apply(htmx, asked); throw new Error("lost"); };
}"""


def until_told(buyer: Visit, script: str, wanted: object) -> None:
    """Wait for what a promise of the page brings: ``wait_for_function`` takes the promise itself for a yes."""
    for _ in range(100):
        if buyer.page.evaluate(script) == wanted:
            return
        buyer.page.wait_for_timeout(200)
    assert buyer.page.evaluate(script) == wanted


def until_held(buyer: Visit, lines: str) -> None:
    """Wait until the device keeps a pad of so many lines, or none."""
    until_told(buyer, HELD, lines)


def with_worker(buyer: Visit) -> None:
    """Wait until the worker answers for this page and has kept its shell."""
    buyer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until_told(buyer, SHELLS, 1)
    buyer.page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_lines_pasted_without_a_connection_arrive_once(program: Browser, world: Room, origin: str) -> None:
    one, three = world.cast.skus[1].code, world.cast.skus[3].code
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        open_pad(buyer)
        buyer.context.set_offline(True)
        buyer.page.locator("#pad-text").fill(f"{one} 4箱\n{three} 2箱")
        buyer.page.keyboard.press("Enter")
        waiting = buyer.page.locator("#pad-queue [data-state=waiting]")
        expect(waiting).to_have_count(1)
        assert lying(world, "admin_c1") == {}
        buyer.context.set_offline(False)
        expect(buyer.page.locator("#pad-queue [data-state=sent]")).to_have_count(1)
        expect(buyer.page.locator(LINES)).to_have_count(2)
        until_lying(world, "admin_c1", {one: 4, three: 2})
        buyer.page.reload()
        expect(buyer.page.locator("#pad-queue [data-state=sent]")).to_have_count(1)
        until_lying(world, "admin_c1", {one: 4, three: 2})
        buyer.assert_clean()


def test_a_list_whose_answer_was_lost_is_not_added_twice(program: Browser, world: Room, origin: str) -> None:
    one = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        open_pad(buyer)
        buyer.page.evaluate(LOSES_THE_ANSWER)
        buyer.page.locator("#pad-text").fill(f"{one} 4箱")
        buyer.page.keyboard.press("Enter")
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(1)
        until_lying(world, "admin_c1", {one: 4})
        buyer.page.reload()
        sent = buyer.page.locator("#pad-queue [data-state=sent]")
        expect(sent.first).to_be_visible()
        until_lying(world, "admin_c1", {one: 4})


def test_a_page_opened_without_a_connection_takes_an_order(program: Browser, world: Room, origin: str) -> None:
    three = world.cast.skus[3]
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        open_pad(buyer)
        with_worker(buyer)
        buyer.page.wait_for_function("() => localStorage.getItem('pad-seat')")
        buyer.context.set_offline(True)
        buyer.page.goto("/orders/")
        expect(buyer.page.locator("#offline-pad")).to_be_visible()
        assert "¥" not in buyer.page.content()
        buyer.page.locator("#offline-find").fill(three.name[:3])
        buyer.page.locator("#offline-found button").first.click()
        buyer.page.locator("#offline-text").fill(f"{three.code} 3 箱")
        buyer.tap("#offline-pad [type=submit]")
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(1)
        buyer.page.locator("#offline-text").fill(f"{three.code} 9 箱")
        buyer.tap("#offline-pad [type=submit]")
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(2)
        buyer.tap("#pad-queue [data-state=waiting]:first-child [data-deed=forget]")
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(1)
        buyer.context.set_offline(False)
        buyer.tap("#back-online a.btn--primary")
        expect(buyer.page.locator(LINES)).to_have_count(1)
        until_lying(world, "admin_c1", {three.code: 3})
        buyer.assert_clean()


def test_the_pad_as_last_seen_is_changed_without_a_connection(program: Browser, world: Room, origin: str) -> None:
    one, three = world.cast.skus[1].code, world.cast.skus[3].code
    asked: list[str] = []
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        buyer.page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/pad/kept/") else None)
        open_pad(buyer)
        buyer.page.locator("#pad-text").fill(f"{one} 4箱\n{three} 2箱")
        buyer.page.keyboard.press("Enter")
        expect(buyer.page.locator(LINES)).to_have_count(2)
        with_worker(buyer)
        buyer.page.evaluate(PUT_AWAY)
        until_held(buyer, "2")
        assert len(asked) <= 2, "when the page opened, and when it was put away"
        buyer.context.set_offline(True)
        buyer.page.goto("/orders/")
        held = buyer.page.locator("#held li")
        expect(held).to_have_count(2)
        expect(held.first.locator(".pad__price")).to_contain_text("¥")
        held.filter(has_text=one).locator("input").fill("7")
        held.filter(has_text=three).locator("[data-held-drop]").click()
        expect(buyer.page.locator("#held [data-waits]")).to_have_count(2)
        expect(buyer.page.locator("#pad-queue [data-state=waiting]")).to_have_count(1)
        buyer.page.reload()
        expect(buyer.page.locator("#held [data-waits]")).to_have_count(2)
        buyer.tap("#pad-queue [data-deed=forget]")
        expect(buyer.page.locator("#held [data-waits]")).to_have_count(0)
        held.filter(has_text=one).locator("input").fill("7")
        held.filter(has_text=three).locator("[data-held-drop]").click()
        expect(buyer.page.locator("#held [data-waits]")).to_have_count(2)
        buyer.context.set_offline(False)
        buyer.page.goto("/pad/")
        until_lying(world, "admin_c1", {one: 7})
        expect(buyer.page.locator("#pad-queue [data-state=sent]")).to_have_count(1)
        buyer.page.goto("/me/")
        buyer.page.locator("main form[data-sign-out] button").click()
        buyer.page.wait_for_url("**/sign-in/**")
        until_held(buyer, "")
        buyer.assert_clean()


def test_the_worker_keeps_the_shell_only_and_forgets_it_on_sign_out(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        for path in ("/pad/", "/orders/", "/products/", "/account/"):
            buyer.page.goto(path)
        with_worker(buyer)
        until_told(buyer, KEPT, ["/offline/"])
        buyer.page.goto("/me/")
        buyer.page.locator("main form[data-sign-out] button").click()
        buyer.page.wait_for_url("**/sign-in/**")
        until_told(buyer, KEPT, [])
        assert buyer.page.evaluate("localStorage.getItem('pad-seat')") is None
        buyer.assert_clean()


def test_the_portal_can_be_put_on_the_home_screen(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("admin_c1"), **PHONE) as buyer:
        buyer.page.goto("/pad/")
        session = buyer.context.new_cdp_session(buyer.page)
        found = session.send("Page.getAppManifest")
        assert found["errors"] == []
        assert world.brand.name in found["data"]
        found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [one["errorId"] for one in found] == ["in-incognito"], "which the test's browser is"


INSTALLED_WHILE = """async ([source, status]) => {
  const kept = new Map(), heard = {};
  const cache = { put: async (at, answer) => kept.set(at, answer.status), match: async (at) => kept.get(at) };
  const fetched = async (at) => {
    const said = at.endsWith(".css") ? status : 200;
    return { url: at, status: said, ok: said < 400 };
  };
  const self = { addEventListener: (name, act) => (heard[name] = act), skipWaiting: () => null };
  new Function("self", "caches", "fetch", source)(self, { open: async () => cache }, fetched);
  let installing;
  heard.install({ waitUntil: (promise) => (installing = promise) });
  const isInstalled = await installing.then(() => true, () => false);
  return [isInstalled, [...kept.values()].some((one) => one >= 400), kept.size > 0];
}"""


def test_the_worker_is_installed_with_good_answers_or_not_at_all(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        buyer.page.goto("/pad/")
        source = buyer.page.evaluate("async () => (await fetch('/sw.js')).text()")
        buyer.page.goto("about:blank")  # its own pages run no code made of words
        assert buyer.page.evaluate(INSTALLED_WHILE, [source, 200]) == [True, False, True]
        for status in (404, 429, 503):
            assert buyer.page.evaluate(INSTALLED_WHILE, [source, status]) == [False, False, False]


def test_without_scripts_nothing_lies_over_the_price_on_a_phone(program: Browser, world: Room, origin: str) -> None:
    cookie, path = world.cookie("buyer_c1"), f"/products/{world.cast.skus[1].code}/"
    with visit(program, origin, cookie=cookie, java_script_enabled=False, **PHONE) as buyer:
        buyer.page.goto(path)
        price, form = (buyer.page.locator(f".goods__buy {one}").bounding_box() for one in (".goods__price", "form"))
        assert price
        assert form
        assert price["y"] + price["height"] <= form["y"], "one below the other"
        assert buyer.overflow() <= 0

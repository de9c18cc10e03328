"""Headless Chromium for tests and for the pictures of the tour: pages that are watched while they are used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    WebError,
    expect,
    sync_playwright,
)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
)
PATIENCE_MS = 45_000
"""How long anything may take on a busy machine before a test gives up; no test measures time with it."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
WATCH_THE_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
_SENT_BY_THE_SERVER = "Failed to load resource"
"""A refusal (4xx) is logged by the browser too; what may not come is caught by the response's own status."""


@dataclass
class Visit:
    """One person's browser: a page, what went wrong in it, and how often it was tapped."""

    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)
    taps: int = 0

    def tap(self, what: str | Locator) -> None:
        """Tap (or click) what is visible, and count it."""
        target = self.page.locator(what).locator("visible=true").first if isinstance(what, str) else what
        self.taps += 1
        target.click()

    def type(self, what: str, text: str) -> None:
        """Tap a field and write into it: one tap."""
        self.tap(what)
        self.page.locator(what).locator("visible=true").first.fill(text)

    def paste(self, what: str, text: str) -> None:
        """Tap a field, hold it, choose paste: three taps. The clipboard is the real one."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.tap(what)
        self.taps += 2
        self.page.keyboard.press("ControlOrMeta+V")

    def overflow(self) -> int:
        """How many CSS pixels the page is wider than the screen."""
        size = self.page.viewport_size
        width = int(self.page.evaluate("document.documentElement.scrollWidth"))
        return width - size["width"] if size else 0

    def assert_clean(self) -> None:
        """No error in the console, no breach of the policy, no broken answer since it was opened."""
        assert self.faults == []

    def _heed(self, message: ConsoleMessage) -> None:
        if message.type == "error" and _SENT_BY_THE_SERVER not in message.text:
            self.faults.append(f"console: {message.text}")

    def _heed_error(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _heed_answer(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.faults.append(f"{response.status} {response.url}")


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser. Open it before the database: the thread has another connection while a browser is there."""
    path = next(filter(None, map(which, PROGRAMS)), None)
    if path is None:
        raise RuntimeError("no Chromium here: make test installs it where it may")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright runs an event loop in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    try:
        with sync_playwright() as playwright:
            program = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            yield program
            program.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@contextmanager
def visit(program: Browser, origin: str, *, cookie: str = "", **options: Any) -> Iterator[Visit]:
    """A browser of somebody's own at ``origin``, with their session where ``cookie`` is given.

    ``options`` are the context's: PHONE or DESK, ``color_scheme``, ``locale``.
    """
    context = program.new_context(base_url=origin, **{"locale": "zh-CN", **options})
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    context.add_init_script(WATCH_THE_POLICY)
    if cookie:
        context.add_cookies([{"name": "jm", "value": cookie, "url": origin}])
    found = Visit(context, context.new_page())
    context.on("console", found._heed)
    context.on("weberror", found._heed_error)
    context.on("response", found._heed_answer)
    try:
        yield found
    finally:
        context.close()

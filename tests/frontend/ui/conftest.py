"""The living page in a real browser, under the policy the product sends, without a server and a database."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings

from frontend.ui import views
from tests.chromium import PATIENCE_MS
from tests.frontend.ui.living import CHROMIUM, ORIGIN, answer

Renders = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; what Playwright starts is ended with the module."""
    expect.set_options(timeout=PATIENCE_MS)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        # Playwright keeps a loop running in this thread; nothing here asks the database.
        stack.enter_context(pytest.MonkeyPatch.context()).setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        stack.callback(chromium.close)
        yield chromium


@pytest.fixture
def renders(settings: Settings) -> Renders:
    """The living page by shell, language and chosen theme."""
    (engine,) = settings.TEMPLATES
    processors = ["django.template.context_processors.request", "django.template.context_processors.i18n"]
    settings.TEMPLATES = [{**engine, "OPTIONS": {"context_processors": processors}}]

    def render(shell: str, language: str, theme: str) -> str:
        request = RequestFactory().get("/styleguide/", {"shell": shell})
        request.COOKIES["theme"] = theme
        with translation.override(language):
            return views.styleguide(request).content.decode()

    return render


@pytest.fixture
def html(renders: Renders) -> str:
    """The living page in Chinese."""
    return renders("storefront", "zh-hans", "")


@pytest.fixture
def page(browser: Browser, html: str) -> Iterator[Page]:
    """The living page, open at 1440 px; anything the policy forbids or a script throws fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.route("**/*", lambda route: answer(route, html))
    opened.goto(f"{ORIGIN}/styleguide/")
    yield opened
    context.close()
    assert faults == []

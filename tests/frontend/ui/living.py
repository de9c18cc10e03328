"""Serving the living page to a browser that has no server behind it."""

import mimetypes
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, Route

from frontend.ui import finding_samples

CHROMIUM = "/usr/bin/chromium"
ORIGIN = "http://kit.localhost"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'"


def answer(route: Route, html: str) -> None:
    """The page, what its palette finds, and the kit's own files; nothing else is there."""
    url = urlsplit(route.request.url)
    if url.path == "/styleguide/":
        body = findings() if "part" in parse_qs(url.query) else html
        route.fulfill(body=body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})
        return
    name = url.path.removeprefix("/static/")
    if name.startswith("ui/") and isinstance(found := finders.find(name), str):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404, body="")


def findings() -> str:
    """What the palette gets."""
    with translation.override("zh-hans"):
        return render_to_string("ui/parts/palette_options.html", {"groups": finding_samples.groups()})


def wait_until(page: Page, expression: str) -> None:
    """Wait half a minute at most; Playwright's own waiting evaluates text, which the policy forbids."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")

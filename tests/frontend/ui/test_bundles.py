"""What is kept apart is sent as one, found like any file."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders

from frontend.ui.bundles import BUNDLES, part
from tests.clients import visitor
from tests.portals import TestPortal

LARGEST_STORE = 15_500
"""Bytes, compressed: what stands between a phone on a slow line and its first words."""


def test_a_bundle_holds_its_parts_in_their_order() -> None:
    for bundle, parts in BUNDLES.items():
        found = finders.find(bundle)
        assert isinstance(found, str)
        text = Path(found).read_text(encoding="utf-8")
        places = [text.index(part(name)) for name in parts]
        assert places == sorted(places)
    assert finders.find("ui/kitt.css") is None


def test_a_buyers_phone_fetches_no_page_of_a_desk(xinghe: TestPortal) -> None:
    store, whole = (
        Path(str(finders.find(name))).read_text(encoding="utf-8") for name in ("ui/store.css", "ui/kit.css")
    )
    assert ".odesk" not in store
    assert ".odesk" in whole
    assert store in whole
    assert "/*" not in whole
    assert whole.count("{") == whole.count("}")
    assert len(gzip.compress(store.encode(), 6)) <= LARGEST_STORE
    page = visitor(xinghe).get("/offline/").content.decode()
    assert "ui/store.css" in page
    assert "ui/kit.css" not in page


def test_what_is_collected_holds_every_bundle_once() -> None:
    listed = [path for finder in finders.get_finders() for path, _storage in finder.list([])]
    assert [listed.count(name) for name in BUNDLES] == [1] * len(BUNDLES)


def test_a_page_links_the_stylesheet_and_none_of_its_parts(xinghe: TestPortal) -> None:
    page = visitor(xinghe).get("/styleguide/").content.decode()
    assert page.count("ui/kit.css") == 1
    assert not any(name in page for parts in BUNDLES.values() for name in parts)


def test_htmx_waits_until_the_stylesheet_is_under_way(xinghe: TestPortal) -> None:
    page = visitor(xinghe).get("/styleguide/").content.decode()
    late = finders.find("ui/js/late.js")
    assert isinstance(late, str)
    assert page.count("ui/js/late.js") == 1
    assert "htmx.js" not in page
    assert 'import "./htmx.js";' in Path(late).read_text(encoding="utf-8")
    assert part("ui/js/htmx_at_window.js").endswith("window.htmx = htmx;\n")

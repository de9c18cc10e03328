"""Stylesheets kept apart are sent as one, found like any file."""

from pathlib import Path

from django.contrib.staticfiles import finders

from frontend.ui.bundles import BUNDLES, HERE
from tests.clients import visitor
from tests.portals import TestPortal


def test_a_bundle_holds_its_parts_in_their_order() -> None:
    for name, parts in BUNDLES.items():
        found = finders.find(name)
        assert isinstance(found, str)
        text = Path(found).read_text(encoding="utf-8")
        places = [text.index((HERE / part).read_text(encoding="utf-8")) for part in parts]
        assert places == sorted(places)
    assert finders.find("ui/kitt.css") is None


def test_what_is_collected_holds_every_bundle_once() -> None:
    listed = [path for finder in finders.get_finders() for path, _storage in finder.list([])]
    assert [listed.count(name) for name in BUNDLES] == [1] * len(BUNDLES)


def test_a_page_links_the_bundle_and_none_of_its_parts(xinghe: TestPortal) -> None:
    page = visitor(xinghe).get("/styleguide/").content.decode()
    for name, parts in BUNDLES.items():
        assert page.count(name) == 1
        assert not any(part in page for part in parts)

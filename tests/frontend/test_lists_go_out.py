"""Every page with a list has its export button, and every button a list behind it that the page's side knows."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.jobs.exports import known_exports
from core.kernel.actor import Side
from core.web.desk import Window
from frontend.platform.desk.windows import windows

FACES = {"console": Side.BRAND, "storefront": Side.DEALER}
OF_ONE_THING = {
    "count.html": "the lines of one sheet; it is printed",
    "family.html": "the products of one family, a part of the list of products",
    "messages.html": "one's own messages",
    "quiet.html": "a choice of messages one does not want",
    "notice_receipts.html": "the readers of one notice; they stand in the list of notices",
    "exports.html": "the list of files itself",
    "list_versions.html": "what became of one list; the audit trail is taken out as a whole",
    "gaps.html": "a map: places nobody holds",
    "territories.html": "a map: who holds a place, taken out as grants",
    "duplicates.html": "pairs to be told apart or merged on the page",
}
CARDS = frozenset(
    {"addresses.html", "colleagues.html", "licences.html", "notices.html", "stand_ins.html", "tokens.html"}
)
"""Pages whose list is a card of rows."""
DESK_PAGES = {"jobs.html": "brand_jobs", "deliveries.html": "deliveries"}
"""The desk's lists beside its windows."""
_BUTTON = re.compile(r'{% export_button "(\w+)"')


def pages(face: str) -> dict[str, str]:
    """Template by file name of the face's whole pages that show a list: one to walk through, or a card of rows."""
    folder = Path(settings.BASE_DIR) / "frontend" / face / "templates" / face
    texts = {path.name: path.read_text() for path in folder.glob("*.html")}
    return {name: text for name, text in texts.items() if "data-list" in text or name in CARDS}


@pytest.mark.parametrize("face", FACES)
def test_every_list_has_its_button(face: str) -> None:
    found = pages(face)
    assert found
    assert {name for name, text in found.items() if not _BUTTON.search(text)} <= OF_ONE_THING.keys()


def test_what_is_let_off_is_still_there_without_a_button() -> None:
    names = {name for face in FACES for name, text in pages(face).items() if not _BUTTON.search(text)}
    folder = Path(settings.BASE_DIR) / "frontend" / "console" / "templates" / "console"
    assert all(name in names or (folder / name).exists() for name in OF_ONE_THING)


@pytest.mark.parametrize(("face", "side"), FACES.items())
def test_every_button_has_a_list_behind_it(face: str, side: Side) -> None:
    folder = Path(settings.BASE_DIR) / "frontend" / face / "templates"
    asked = {name for path in folder.rglob("*.html") for name in _BUTTON.findall(path.read_text())}
    assert asked <= {one.name for one in known_exports() if one.side is side}


def desk_lists() -> set[str]:
    """Names of the lists at the desk: a table each, and the pages over all schemas."""
    folder = Path(settings.BASE_DIR) / "frontend" / "platform" / "templates" / "desk"
    pages = {path.name: path.read_text() for path in folder.glob("*.html")}
    tables = {name for name, text in pages.items() if "desk-table" in text}
    assert tables == DESK_PAGES.keys()
    assert all('include "desk/export.html"' in pages[name] for name in tables)
    return {str(window.opts.model_name) for window in windows()} | set(DESK_PAGES.values())


def test_every_list_of_the_desk_has_its_button_and_a_list_behind_it() -> None:
    assert desk_lists() == {one.name for one in known_exports() if one.side is Side.PLATFORM}
    template = Path(settings.BASE_DIR) / "core" / "web" / "templates" / Window.change_list_template
    assert 'include "desk/export.html"' in template.read_text()
    assert {window.change_list_template for window in windows()} == {Window.change_list_template}

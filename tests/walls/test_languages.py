"""Every page of every host in both languages: no Chinese on the English one but data, no English on the Chinese."""

from collections.abc import Iterable
from typing import Any

import pytest

from core.db.acts import public
from tests.cast import Cast
from tests.walls import desk_lines, platform_lines
from tests.walls.hall import Guest, Hall, forget_tries
from tests.walls.office import Office
from tests.walls.reading import data_of, words_of_page
from tests.walls.registry import CELLS, Cell
from tests.walls.test_desk import send as send_at_desk
from tests.walls.test_platform import send as send_to_platform
from tests.walls.tongues import wrong_in_chinese, wrong_in_english
from tests.walls.walking import Walk, text_of, undone

LANGUAGES = ("en", "zh-hans")
FEWEST = {"brand": 40, "platform": 8, "desk": 25}
"""Fewer pages than these, and the walk has gone nowhere."""


def readers(cell: Cell) -> str:
    """Who opens the page: whoever sees most of it."""
    return next((key for key in ("admin", "admin_c1") if key in cell.who), cell.who[0])


def pages(walk: Walk, language: str) -> dict[str, list[str]]:
    """The words of every page, by its line."""
    found = {}
    for cell in CELLS:
        if cell.method != "GET" or cell.name.startswith("api_"):
            continue
        client = walk.clients[readers(cell)]
        client.cookies["jm_language"] = language
        answer = walk.send(client, cell)
        if answer.status_code == 200 and "text/html" in answer.get("Content-Type", ""):
            found[str(cell)] = words_of_page(text_of(answer))
    return found


def told(answers: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """The words of those answers that are pages, by name."""
    return {
        name: words_of_page(text_of(answer))
        for name, answer in answers
        if answer.status_code == 200 and "text/html" in answer.get("Content-Type", "")
    }


def judged(host: str, language: str, shown: dict[str, list[str]], data: str) -> None:
    """Nothing is wrong on the pages of a host."""
    assert len(shown) >= FEWEST[host], sorted(shown)
    wrong = wrong_in_english(shown, data) if language == "en" else wrong_in_chinese(shown, data)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brands_pages_speak_the_readers_language(walk: Walk, language: str) -> None:
    judged("brand", language, pages(walk, language), data_of())


def answer_of_platform(guest: Guest, line: platform_lines.Line, language: str) -> Any:
    """The page as the guest reads it, with their own ids."""
    browser = guest.browser()
    browser.cookies["jm_language"] = language
    forget_tries()
    with undone():
        return send_to_platform(browser, line, guest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_platforms_pages_speak_the_readers_language(cast: Cast, chishui_cast: Cast, language: str) -> None:
    hall = Hall.build(cast, chishui_cast)
    with public():
        shown = told(
            (f"{line} for {guest.key}", answer_of_platform(guest, line, language))
            for line in platform_lines.LINES
            if line.method == "GET"
            for guest in hall.guests.values()
        )
        data = data_of(cast.portal.schema) + data_of(chishui_cast.portal.schema)
    judged("platform", language, shown, data)


def answer_of_desk(office: Office, line: desk_lines.Line, language: str) -> Any:
    """The page as the operator reads it who may everything."""
    browser = office.operators["system"]()
    browser.cookies["jm_language"] = language
    forget_tries()
    with undone():
        return send_at_desk(browser, office, line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_operators_desk_speaks_the_readers_language(cast: Cast, chishui_cast: Cast, language: str) -> None:
    office = Office.build(cast, chishui_cast)
    with public():
        shown = told(
            (str(line), answer_of_desk(office, line, language)) for line in desk_lines.LINES if line.method == "GET"
        )
        data = data_of(cast.portal.schema) + data_of(chishui_cast.portal.schema)
    judged("desk", language, shown, data)

"""Every page of a brand's host in both languages: no Chinese on the English one but data, no English on the Chinese."""

from pathlib import Path

import pytest

from tests.walls.reading import CHINESE, data_of, msgids, words_of_page
from tests.walls.registry import CELLS, Cell
from tests.walls.walking import Walk, text_of

ROOT = Path(__file__).resolve().parents[2]
NAMES_OF_LANGUAGES = {"简体中文", "English"}
KEYS = {"Enter", "Shift", "Ctrl", "Esc", "Delete"}
"""What stands on the keys themselves."""
MADE_OF_DATA = {"度", "酒", "脉", "工业南路", "收货员", "仓库"}
"""What is drawn of data: strength on a label, the platform's seal; and the cast's addresses, which lie sealed."""
EXAMPLES = ("12箱+3瓶",)
"""How a quantity may be written, whatever the language of the page."""
BILINGUAL = {"GET console:import"}
"""Names the headings a file may have, in whatever language it was made."""


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


def without_examples(text: str) -> str:
    """The text without the examples of what is read in any language."""
    for example in EXAMPLES:
        text = text.replace(example, "")
    return text


@pytest.fixture
def data(walk: Walk) -> str:
    """What the world holds."""
    return data_of()


def test_english_pages_speak_english(walk: Walk, data: str) -> None:
    shown = pages(walk, "en")
    assert len(shown) > 40
    wrong = {
        f"{name}: {run} in {text[:100]!r}"
        for name, words in shown.items()
        if name not in BILINGUAL
        for text in words
        for run in CHINESE.findall(without_examples(text))
        if run not in data and run not in NAMES_OF_LANGUAGES | MADE_OF_DATA
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_chinese_pages_speak_chinese(walk: Walk, data: str) -> None:
    english, shown = msgids(ROOT) - NAMES_OF_LANGUAGES - KEYS, pages(walk, "zh-hans")
    assert len(shown) > 40
    wrong = {
        f"{name}: {text!r}" for name, words in shown.items() for text in words if text in english and text not in data
    }
    assert not wrong, "\n".join(sorted(wrong))

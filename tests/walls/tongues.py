"""What is wrong with the language of pages: Chinese on the English ones but data, English on the Chinese ones."""

from pathlib import Path

from tests.walls.reading import CHINESE, msgids

ROOT = Path(__file__).resolve().parents[2]
NAMES_OF_LANGUAGES = {"简体中文", "English"}
KEYS = {"Enter", "Shift", "Ctrl", "Esc", "Delete"}
"""What stands on the keys themselves."""
ICONS = {"close"}
"""Names of signs in the desk's font, which draws them."""
MADE_OF_DATA = {"度", "酒脉", "凤香", "董", "清香", "浓香", "酱香", "兼香", "酒", "脉", "工业南路", "收货员", "仓库"}
"""What is drawn: strength and aroma on a label, the platform's seal; and the cast's addresses, which lie sealed."""
EXAMPLES = ("12箱+3瓶",)
"""How a quantity may be written, whatever the language of the page."""
BILINGUAL = ("GET console:import", "GET storefront:lists_import", "GET ui:styleguide")
"""Names the headings a file may have, in whatever language it was made; shows made-up goods and people."""


def without_examples(text: str) -> str:
    """The text without the examples of what is read in any language."""
    for example in EXAMPLES:
        text = text.replace(example, "")
    return text


def wrong_in_english(shown: dict[str, list[str]], data: str) -> list[str]:
    """Every run of Chinese on English pages (their words by name) that is no data."""
    return sorted(
        f"{name}: {run} in {text[:100]!r}"
        for name, words in shown.items()
        if not name.startswith(BILINGUAL)
        for text in words
        for run in CHINESE.findall(without_examples(text))
        if run not in data and run not in NAMES_OF_LANGUAGES | MADE_OF_DATA
    )


def wrong_in_chinese(shown: dict[str, list[str]], data: str) -> list[str]:
    """Every English string on Chinese pages that has a Chinese of its own."""
    english = msgids(ROOT) - NAMES_OF_LANGUAGES - KEYS - ICONS
    return sorted(
        f"{name}: {text!r}" for name, words in shown.items() for text in words if text in english and text not in data
    )

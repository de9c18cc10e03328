"""Unfold ships no catalogue: every string of the version in use is in ours."""

from pathlib import Path

import unfold
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.template import templatize

from infra.dev import translations

ROOT = Path(unfold.__file__).parent
SAME_IN_CHINESE = frozenset({"ID"})


def strings() -> set[translations.Key]:
    """Every marked string of the package but for its parts we do not install."""
    found = set()
    for path in ROOT.rglob("*"):
        if "contrib" in path.parts or path.suffix not in {".py", ".html"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = f"({templatize(text, origin=str(path))}\n)"
        found |= {key for _, key in translations._extract(text)}
    return found


def test_every_string_of_unfold_is_there_in_chinese() -> None:
    with override("zh-hans"):
        english = [key.msgid for key in strings() if _is_english(key)]
    assert sorted(set(english) - SAME_IN_CHINESE) == []


def _is_english(key: translations.Key) -> bool:
    if key.plural:
        return ngettext(key.msgid, key.plural, 2) == key.plural
    return gettext(key.msgid) == key.msgid

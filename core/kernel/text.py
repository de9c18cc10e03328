"""Marking of user-visible words below Django: the words stay English here, a door translates them."""

import unicodedata

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}


def N_(msgid: str) -> str:  # noqa: N802 - the name Babel's extractor knows
    """Mark ``msgid`` for extraction and return it unchanged."""
    return msgid


def normalised(text: str) -> str:
    """Return ``text`` as people meant it: full-width forms folded (NFKC), control characters dropped, spaces single."""
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(" " if ch in "\t\r\n" else ch for ch in folded if ch in "\t\r\n" or unicodedata.category(ch) not in _CONTROL)
    return " ".join(kept.split())

"""Marking of user-visible words below Django: the words stay English here, a door translates them."""

import unicodedata

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
_TO_SPACES = str.maketrans("\t\r\n", "   ")


def N_(msgid: str) -> str:  # noqa: N802 - the name Babel's extractor knows
    """Mark ``msgid`` for extraction and return it unchanged."""
    return msgid


def whole_of(text: str) -> int | None:
    """A whole number of plain digits that a column can hold; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def prose(text: str) -> str:
    """Return ``text`` as sentences are written: control characters dropped, spaces single, full-width marks kept."""
    spaced = text.translate(_TO_SPACES)
    return " ".join("".join(ch for ch in spaced if unicodedata.category(ch) not in _CONTROL).split())


def normalised(text: str) -> str:
    """Return ``text`` as people meant it: full-width forms folded (NFKC), control characters dropped, spaces single."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text  # most cells of most tables
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not folded.isprintable():
        spaced = folded.translate(_TO_SPACES)
        folded = "".join(ch for ch in spaced if ch.isprintable() or unicodedata.category(ch) not in _CONTROL)
    return " ".join(folded.split())

"""Codes in words, for cells: the kit's own tables, asked once for each code of a file."""

from collections.abc import Callable

from frontend.ui.vocabulary import term as term_of
from frontend.ui.words import status_word


def status(kind: str) -> Callable[[str], str]:
    """The word of a status of ``kind``; one without a word reads as itself."""

    def word(code: str) -> str:
        try:
            return status_word(kind, code)
        except KeyError:
            return code

    return word


def term(kind: str) -> Callable[[str], str]:
    """The word of a code of ``kind``."""
    return lambda code: term_of(kind, code)

"""Finding things by a few letters: what the command palette and its plain page show, the same on both faces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.utils.translation import pgettext

from core.catalogue.rules.search import sound_of
from core.kernel.text import normalised
from frontend.ui.shapes import NavItem

A_GROUP = 5
"""So many of a sort: the palette is one look; more is the list's own search."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to go to. ``note`` stands at the end of the line, ``code`` is its number."""

    label: str
    url: str
    icon: str
    note: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Things of one sort; ``more_url`` is the list that shows them all."""

    title: str
    items: Sequence[Found]
    more_url: str = ""


def asked(request: HttpRequest) -> str:
    """What was typed."""
    return normalised(request.GET.get("q", ""))[:LONGEST]


def is_fragment(request: HttpRequest) -> bool:
    """Whether the palette asks for the findings alone."""
    return request.GET.get("part") == "options"


def pages_named(text: str, pages: Iterable[NavItem]) -> FoundGroup:
    """The pages of the seat whose name, its pinyin or its initials hold ``text``; all of them for nothing."""
    words = text.casefold().replace(" ", "")
    named = [one for one in pages if not words or words in _said(one.label)]
    if words:  # what begins so first: a letter stands somewhere in every name
        named = sorted(named, key=lambda one: f"\n{words}" not in f"\n{_said(one.label)}")[:A_GROUP]
    items = [Found(one.label, one.url, one.icon) for one in named]
    return FoundGroup(pgettext("finding", "Pages"), items)


def groups_with(groups: Iterable[FoundGroup]) -> list[FoundGroup]:
    """Those in which something was found."""
    return [group for group in groups if group.items]


@lru_cache(maxsize=256)
def _said(label: str) -> str:
    """The label, its pinyin and its initials in one text; Latin words with the first letters of each."""
    plain = label.casefold()
    sounds = [sound_of(character) for character in plain if not character.isspace()]
    whole, initials = ("".join(letters) for letters in zip(*sounds, strict=True)) if sounds else ("", "")
    heads = "".join(word[0] for word in plain.split())
    return "\n".join((plain.replace(" ", ""), whole, initials, heads))

"""A passing word after an act, with the way back in it: the toast of the next page carries a one-button form."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_MARK = "undo:"


@dataclass(frozen=True, slots=True)
class Undo:
    """Where the way back is posted, and the hidden fields that go with it."""

    url: str
    fields: tuple[tuple[str, str], ...] = ()


def told_with_undo(request: HttpRequest, text: str, *, url: str, fields: Mapping[str, str] | None = None) -> None:
    """Say ``text`` on the next page, with a button that posts ``fields`` to ``url`` (an own address) to undo it.

    The door behind ``url`` decides anew whether it may be done: the fields are the reader's own words by then.
    """
    way = orjson.dumps({"url": url, "fields": list((fields or {}).items())}).decode()
    messages.success(request, text, extra_tags=f"{_MARK}{way}")


def undo_of(message: Message) -> Undo | None:
    """The way back a message carries."""
    tags = message.extra_tags or ""
    if not tags.startswith(_MARK):
        return None
    way = orjson.loads(tags.removeprefix(_MARK))
    return Undo(way["url"], tuple((str(name), str(value)) for name, value in way["fields"]))

"""The templates of all rooms, by name: a message keeps its template's name and is read in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, override


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """What a room says on one occasion: msgids with named places (``%(number)s``).

    ``is_shown``: stands among the messages in the portal; not so where the room has a page of its own for the news.
    """

    name: str
    subject: str
    body: str
    is_mailed: bool = True
    is_shown: bool = True

    def words(self, context: Mapping[str, object], language: str | None = None) -> Words:
        """The message in ``language`` (None: the present one)."""
        if language is None:
            return self._filled(context)
        with override(language):
            return self._filled(context)

    def _filled(self, context: Mapping[str, object]) -> Words:
        return Words(subject=gettext(self.subject) % context, body=gettext(self.body) % context)


_templates: dict[str, MessageTemplate] = {}


def message_template(
    name: str, *, subject: str, body: str, is_mailed: bool = True, is_shown: bool = True
) -> MessageTemplate:
    """Make and register a template at import time. ``name`` is ``room.occasion``; the words are msgids (``N_``)."""
    if name in _templates:
        raise ValueError(f"two message templates are called {name}")
    _templates[name] = MessageTemplate(name, subject, body, is_mailed, is_shown)
    return _templates[name]


def template(name: str) -> MessageTemplate | None:
    """The template called ``name``, or None when it is gone."""
    return _templates.get(name)

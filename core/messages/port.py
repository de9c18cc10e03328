"""The port through which a message finds its reader: who sits where is known to identity, not to core."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Recipient:
    """How the person on a seat is reached. ``language`` is a code of settings.LANGUAGES; no e-mail: empty.

    ``home`` is the portal's address without a slash at its end, for the links of mails.
    """

    language: str
    email: str = ""
    home: str = ""


def recipients(seat_ids: Collection[UUID]) -> Mapping[UUID, Recipient]:
    """Recipients of the open seats among ``seat_ids``. Asks ``settings.RECIPIENT_LOADER``; outside a transaction."""
    load: Callable[[Collection[UUID]], Mapping[UUID, Recipient]] = import_string(settings.RECIPIENT_LOADER)
    return load(seat_ids)

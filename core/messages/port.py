"""The ports of the room: who sits where is known to identity, and who carries text messages to an adapter."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Recipient:
    """How the person on a seat is reached. ``language`` is a code of settings.LANGUAGES; no e-mail, no phone: empty.

    ``home`` is the portal's address without a slash at its end, for the links of mails.
    """

    language: str
    email: str = ""
    home: str = ""
    phone: str = ""

    def address(self, *, is_text: bool) -> str:
        """Where a mail or a text message goes."""
        return self.phone if is_text else self.email


@dataclass(frozen=True, slots=True)
class Reader:
    """A person and the seat they are written to; ``seats`` are all they have here."""

    person_id: UUID
    seat_id: UUID
    seats: tuple[UUID, ...]


def recipients(seat_ids: Collection[UUID]) -> Mapping[UUID, Recipient]:
    """Recipients of the open seats among ``seat_ids``. Asks ``settings.RECIPIENT_LOADER``; outside a transaction."""
    load: Callable[[Collection[UUID]], Mapping[UUID, Recipient]] = import_string(settings.RECIPIENT_LOADER)
    return load(seat_ids)


class SmsFailed(Exception):
    """The carrier did not take the message now; it is tried again later."""


class SmsSender(Protocol):
    """Carries text messages out of the house."""

    def send(self, *, number: str, text: str, template: str, places: Mapping[str, object]) -> None:
        """Send ``text`` to ``number`` (E.164); carriers that keep texts themselves take ``template`` and ``places``.

        Raises ``SmsFailed``.
        """


class KeptHere:
    """The adapter of development: nothing leaves, ``/outbox/`` shows what would have."""

    def send(self, *, number: str, text: str, template: str, places: Mapping[str, object]) -> None:
        """Send nothing."""


def sms_sender() -> SmsSender | None:
    """The adapter of ``settings.SMS_SENDER``, or None where no text messages can be sent."""
    if not settings.SMS_SENDER:
        return None
    made: SmsSender = import_string(settings.SMS_SENDER)()
    return made

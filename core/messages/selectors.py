"""Questions about one's own messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from core.kernel.actor import Actor
from core.messages.models import Message
from core.messages.registry import Words, template
from core.vault.services import unseal

HIDDEN = "••••••"
"""Stands where a secret stood."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message as its reader sees it, in the present language."""

    id: UUID
    subject: str
    body: str
    link: str
    at: datetime
    is_read: bool


def messages_of(actor: Actor) -> QuerySet[Message]:
    """The in-app messages of the actor's seat, the newest first."""
    return Message.objects.filter(seat_id=actor.seat_id, way=Message.Way.IN_APP).order_by("-created_at", "-id")


def inbox(actor: Actor, *, limit: int = 50, offset: int = 0) -> list[InboxItem]:
    """A page of the actor's messages. One query."""
    return [inbox_item(message) for message in messages_of(actor)[offset : offset + limit]]


def link_of(actor: Actor, message_id: UUID) -> str:
    """Where one of the actor's messages leads; empty where it leads nowhere, or is nobody's of theirs. One query."""
    return messages_of(actor).filter(pk=message_id).values_list("link", flat=True).first() or ""


def unread_count(actor: Actor) -> int:
    """How many messages the actor has not read. One query."""
    return messages_of(actor).filter(read_at__isnull=True).count()


def undelivered(since: datetime) -> QuerySet[Message]:
    """Mails and text messages to people with a seat that left nobody's hand since then, the newest first.

    For whoever looks after the house's seats; the caller asks for the permission.
    """
    lost = Message.objects.exclude(way=Message.Way.IN_APP).filter(seat_id__isnull=False, created_at__gte=since)
    return lost.filter(status=Message.Status.FAILED).order_by("-created_at", "-id")


def inbox_item(message: Message) -> InboxItem:
    """The message in the present language."""
    words = words_of(message)
    return InboxItem(
        id=message.pk,
        subject=words.subject,
        body=words.body,
        link=message.link,
        at=message.created_at,
        is_read=message.read_at is not None,
    )


def secrets_of(message: Message) -> dict[str, str]:
    """The secret places of the message, empty once it has left the house."""
    opened: dict[str, str] = json.loads(unseal(message.secrets_sealed)) if message.secrets_sealed else {}
    return opened


def words_of(message: Message, language: str | None = None, secrets: Mapping[str, str] | None = None) -> Words:
    """The message's words in ``language``; those kept with it when its template is gone or has other places now.

    ``secrets`` fill the places of which the message itself only keeps dots.
    """
    known = template(message.template)
    if known is not None:
        try:
            return known.words({**message.context, **(secrets or {})}, language)
        except (KeyError, TypeError, ValueError):
            pass
    return Words(subject=message.subject, body=message.body)


def due(now: datetime) -> QuerySet[Message]:
    """Messages to be sent out of the house by ``now``, those left by a dead worker among them."""
    waiting = Q(status__in=[Message.Status.QUEUED, Message.Status.SENDING])
    return Message.objects.filter(waiting, due_at__lte=now).order_by("due_at", "id")

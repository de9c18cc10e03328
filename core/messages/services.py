"""Telling people: rows inside the act, the way out of the house after it."""

import logging
from collections.abc import Collection, Mapping
from functools import partial
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from core.db.acts import act
from core.events import broker
from core.kernel import clock
from core.kernel.actor import Actor
from core.messages import port, rules
from core.messages.models import Message
from core.messages.port import Recipient
from core.messages.registry import MessageTemplate
from core.messages.selectors import due, messages_of, words_of
from core.vault.services import seal

log = logging.getLogger(__name__)

DISPATCH_TASK = "core.messages.tasks.dispatch"
_BATCH = 50

Place = str | int


def notify(
    *, template: MessageTemplate, seat_ids: Collection[UUID], context: Mapping[str, Place], link: str = ""
) -> int:
    """Tell the people on these seats, in the portal at once and by mail after the commit; how many seats.

    Called inside an act (usually a handler's) and rolled back with it. An act of the past (``clock.at``) tells
    nobody. ``context`` fills the template's places; no secrets, it is kept. ``link`` is a path of the brand's host.
    """
    seats = sorted(set(seat_ids), key=str)
    if clock.is_fixed() or not seats:
        return 0
    ways = (Message.Way.IN_APP, Message.Way.MAIL) if template.is_mailed else (Message.Way.IN_APP,)
    Message.objects.bulk_create([_new(template, seat, context, link, way) for seat in seats for way in ways])
    if template.is_mailed:
        transaction.on_commit(partial(broker.send, DISPATCH_TASK), robust=True)
    return len(seats)


def mark_read(*, actor: Actor, message_id: UUID | None = None) -> int:
    """Mark one of the actor's own messages as read, or all of them; how many were unread."""
    unread = messages_of(actor).filter(read_at__isnull=True)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.order_by().update(read_at=clock.now())


def dispatch() -> int:
    """Send what is due in the present schema; how many messages left. Outside any transaction."""
    sent = 0
    while batch := _claimed():
        readers = port.recipients({message.seat_id for message in batch if message.seat_id})
        sent += sum(_sent(message, readers.get(message.seat_id)) for message in batch if message.seat_id)
    return sent


def _new(
    template: MessageTemplate, seat_id: UUID, context: Mapping[str, Place], link: str, way: Message.Way
) -> Message:
    words = template.words(context, settings.LANGUAGE_CODE)
    now = clock.now()
    is_here = way is Message.Way.IN_APP
    return Message(
        way=way,
        status=Message.Status.SENT if is_here else Message.Status.QUEUED,
        template=template.name,
        context=dict(context),
        seat_id=seat_id,
        subject=words.subject[:200],
        body=words.body,
        link=link,
        created_at=now,
        sent_at=now if is_here else None,
        due_at=None if is_here else now,
    )


def _claimed() -> list[Message]:
    """Take a batch for this worker: committed before anything is sent, so that two workers never send the same."""
    now = clock.now()
    with act():
        batch = list(due(now).select_for_update(skip_locked=True)[:_BATCH])
        for message in batch:
            message.status, message.attempts, message.due_at = (
                Message.Status.SENDING,
                message.attempts + 1,
                now + rules.STUCK_AFTER,
            )
        Message.objects.bulk_update(batch, ["status", "attempts", "due_at"])
    return batch


def _sent(message: Message, reader: Recipient | None) -> bool:
    if reader is None or not reader.email:
        _settle(message, Message.Status.NO_ADDRESS)
        return False
    words = words_of(message, reader.language)
    message.subject, message.body, message.recipient = words.subject[:200], words.body, seal(reader.email)
    text = f"{message.body}\n\n{reader.home}{message.link}" if message.link else message.body
    try:
        send_mail(message.subject, text, settings.DEFAULT_FROM_EMAIL, [reader.email])
    except (SMTPException, OSError) as error:
        log.warning("message %s could not be sent: %s", message.pk, type(error).__name__)
        _put_off(message)
        return False
    message.sent_at = clock.now()
    _settle(message, Message.Status.SENT)
    return True


def _put_off(message: Message) -> None:
    pause = rules.pause(message.attempts)
    if pause is None:
        _settle(message, Message.Status.FAILED)
        return
    message.status, message.due_at = Message.Status.QUEUED, clock.now() + pause
    message.save(update_fields=["status", "due_at"])


def _settle(message: Message, status: Message.Status) -> None:
    message.status, message.due_at = status, None
    message.save(update_fields=["status", "due_at", "sent_at", "subject", "body", "recipient"])

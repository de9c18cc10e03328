"""Telling people: rows inside the act, the way out of the house after it."""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet

from core.db.acts import act
from core.events import broker
from core.kernel import clock
from core.kernel.actor import Actor
from core.messages import port, rules
from core.messages.models import Message
from core.messages.port import Reader, Recipient, SmsFailed
from core.messages.registry import MessageTemplate, Words
from core.messages.selectors import HIDDEN, due, messages_of, secrets_of, words_of
from core.vault.services import CannotUnseal, seal, unseal

log = logging.getLogger(__name__)

DISPATCH_TASK = "core.messages.tasks.dispatch"
_BATCH = 50
_AT_ONCE = 1000

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
    shown = (Message.Way.IN_APP,) if template.is_shown else ()
    ways = (*shown, Message.Way.MAIL) if template.is_mailed else shown
    words = template.words(context, settings.LANGUAGE_CODE)
    Message.objects.bulk_create(
        [_new(template, words, seat, context, link, way) for seat in seats for way in ways], batch_size=_AT_ONCE
    )
    if template.is_mailed:
        transaction.on_commit(partial(broker.send, DISPATCH_TASK), robust=True)
    return len(seats)


def text_once(
    *, template: MessageTemplate, readers: Collection[Reader], context: Mapping[str, Place], about: Collection[str]
) -> int:
    """Send each of these people one text message about a thing, after the commit; how many. It costs money.

    ``about`` names the places of ``context`` that say which thing: who was texted about it under this template, on
    whichever seat, is not texted again. Nobody, where nobody carries text messages or in an act of the past. Inside an
    act.
    """
    if clock.is_fixed() or not readers or port.sms_sender() is None:
        return 0
    texts = Message.objects.filter(way=Message.Way.SMS, template=template.name)
    same = texts.filter(context__contains={name: context[name] for name in about})
    seats = [seat for one in readers for seat in one.seats]
    before = set(same.filter(seat_id__in=seats).values_list("seat_id", flat=True))
    words = template.words(context, settings.LANGUAGE_CODE)
    new = [
        _new(template, words, one.seat_id, context, "", Message.Way.SMS)
        for one in readers
        if before.isdisjoint(one.seats)
    ]
    Message.objects.bulk_create(new, batch_size=_AT_ONCE)
    transaction.on_commit(partial(broker.send, DISPATCH_TASK), robust=True)
    return len(new)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody reached without a seat. ``address``: e-mail, or number in E.164; empty: nothing leaves the house."""

    address: str
    way: Message.Way
    language: str
    person_id: UUID | None = None


def write_to(
    *,
    addressee: Addressee,
    template: MessageTemplate,
    context: Mapping[str, Place],
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Write to one address, after the commit of the caller's act. One statement, whether there is an address or not.

    ``secrets`` (links with a token, codes) fill places too; they rest sealed and are forgotten when it has been sent.
    """
    kept = {**context, **dict.fromkeys(secrets or {}, HIDDEN)}
    words = template.words(kept, addressee.language)
    now = clock.now()
    is_known = bool(addressee.address)
    Message.objects.create(
        way=addressee.way,
        status=Message.Status.QUEUED if is_known else Message.Status.NO_ADDRESS,
        template=template.name,
        context=kept,
        secrets_sealed=seal(json.dumps(secrets)) if secrets and is_known else "",
        person_id=addressee.person_id,
        language=addressee.language,
        recipient=seal(addressee.address),
        subject=words.subject[:200],
        body=words.body,
        created_at=now,
        due_at=now if is_known else None,
    )
    transaction.on_commit(partial(broker.send, DISPATCH_TASK), robust=True)


def recall(*, templates: Collection[MessageTemplate], context: Mapping[str, Place]) -> int:
    """What waits to leave the house under these templates with this in its context is never sent; how many.

    Inside an act. What is being sent at the moment, and what was sent, stays.
    """
    waiting = Message.objects.filter(due_at__isnull=False, status=Message.Status.QUEUED)
    named = waiting.filter(template__in=[one.name for one in templates], context__contains=dict(context))
    return named.delete()[0]


def mark_read(*, actor: Actor, message_id: UUID | None = None) -> int:
    """Mark one of the actor's own messages as read, or all of them; how many were unread."""
    unread = messages_of(actor).filter(read_at__isnull=True)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.order_by().update(read_at=clock.now())


def forget_addresses(*, person_id: UUID, seat_ids: Collection[UUID] = ()) -> int:
    """The inner piece of erasing a person: no address of theirs stays with a message, nothing more is sent; how many.

    Inside an act. A message that still waits is given up.
    """
    return _given_up(Message.objects.filter(Q(person_id=person_id) | Q(seat_id__in=list(seat_ids))))


def forget_letters_to(addresses: Collection[str]) -> int:
    """The same for letters that went to these addresses before anybody was known by them; how many. Inside an act."""
    letters = Message.objects.filter(seat_id__isnull=True, person_id__isnull=True).exclude(recipient="")
    sealed = letters.values_list("pk", "recipient").iterator() if addresses else ()
    return _given_up(Message.objects.filter(pk__in=[pk for pk, recipient in sealed if _opened(recipient) in addresses]))


def _given_up(messages: QuerySet[Message]) -> int:
    waiting = messages.filter(status__in=[Message.Status.QUEUED, Message.Status.SENDING])
    waiting.update(status=Message.Status.NO_ADDRESS, due_at=None)
    return messages.filter(~Q(recipient="") | ~Q(secrets_sealed="")).update(recipient="", secrets_sealed="")


def _opened(sealed: str) -> str:
    try:
        return unseal(sealed)
    except CannotUnseal:  # nobody can read it any more
        return ""


def dispatch() -> int:
    """Send what is due in the present schema; how many messages left. Outside any transaction."""
    sent = 0
    while batch := _claimed():
        seats = {message.seat_id for message in batch if message.seat_id}
        readers = port.recipients(seats) if seats else {}
        sent += sum(_sent(message, _reader(message, readers)) for message in batch)
    return sent


def forget_letters() -> int:
    """Drop letters to addresses (nobody's seat) that were settled long ago in the present schema; how many."""
    settled = Message.objects.filter(seat_id__isnull=True, due_at__isnull=True)
    with act():
        return settled.filter(created_at__lt=clock.now() - rules.LETTERS_KEPT).delete()[0]


def _reader(message: Message, readers: Mapping[UUID, Recipient]) -> Recipient | None:
    """Whoever sits in the message's seat now, or whose address it carries."""
    if message.seat_id is not None:
        return readers.get(message.seat_id)
    address = unseal(message.recipient)
    return Recipient(language=message.language or settings.LANGUAGE_CODE, email=address, phone=address)


def _new(
    template: MessageTemplate, words: Words, seat_id: UUID, context: Mapping[str, Place], link: str, way: Message.Way
) -> Message:
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
    address = reader.address(is_text=message.way == Message.Way.SMS) if reader else ""
    if reader is None or not address:
        _settle(message, Message.Status.NO_ADDRESS)
        return False
    kept = words_of(message, reader.language)
    message.subject, message.body, message.recipient = kept.subject[:200], kept.body, seal(address)
    try:
        _carry(message, reader)
    except (SMTPException, SmsFailed, OSError) as error:
        log.warning("message %s could not be sent: %s", message.pk, type(error).__name__)
        _put_off(message)
        return False
    message.sent_at = clock.now()
    if settings.IS_PRODUCTION:
        message.secrets_sealed = ""  # elsewhere /outbox/ is the only place to read them
    _settle(message, Message.Status.SENT)
    return True


def _carry(message: Message, reader: Recipient) -> None:
    """Over the wall of the house, secrets in their places. Raises what its way raises."""
    secrets = secrets_of(message)
    words = words_of(message, reader.language, secrets)
    if message.way == Message.Way.SMS:
        sender = port.sms_sender()
        if sender is None:
            raise SmsFailed
        places = {**message.context, **secrets}
        sender.send(number=reader.phone, text=words.body, template=message.template, places=places)
        return
    text = f"{words.body}\n\n{reader.home}{message.link}" if message.link else words.body
    send_mail(words.subject[:200], text, settings.DEFAULT_FROM_EMAIL, [reader.email])


def _put_off(message: Message) -> None:
    pause = rules.pause(message.attempts)
    if pause is None:
        _settle(message, Message.Status.FAILED)
        return
    message.status, message.due_at = Message.Status.QUEUED, clock.now() + pause
    _write(message, "status", "due_at")


def _settle(message: Message, status: Message.Status) -> None:
    message.status, message.due_at = status, None
    if status is Message.Status.FAILED:
        message.secrets_sealed = ""
    _write(message, "status", "due_at", "sent_at", "subject", "body", "recipient", "secrets_sealed")


def _write(message: Message, *fields: str) -> None:
    """Note what became of a message, unless its person was erased while it was being sent: that has given it up."""
    being_sent = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING)
    being_sent.update(**{field: getattr(message, field) for field in fields})

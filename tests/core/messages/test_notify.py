"""Telling people."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.events import broker
from core.kernel import clock
from core.kernel.errors import Missing
from core.messages import port, registry, rules
from core.messages.models import Message
from core.messages.port import Recipient
from core.messages.registry import MessageTemplate, message_template
from core.messages.selectors import inbox, unread_count
from core.messages.services import dispatch, mark_read, notify
from core.messages.tasks import dispatch_late
from core.messages.views import outbox
from core.vault.services import unseal
from tests.conftest import TODAY
from tests.core.actors import an_actor
from tests.portals import TestPortal

ADMIN, CLERK = an_actor("周海棠"), an_actor("李敏")
READERS = {
    ADMIN.seat_id: Recipient(language="zh-hans", email="zhou@example.com"),
    CLERK.seat_id: Recipient(language="en"),
}


@pytest.fixture
def template() -> Iterator[MessageTemplate]:
    """A template whose words are in core's own catalogue."""
    made = message_template(
        "testing.busy", subject="Outbox", body="The file is larger than %(limit_mb)s MB. Make it smaller or split it."
    )
    yield made
    del registry._templates["testing.busy"]


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, Recipient]:
    """Who sits where; a test may change it."""
    known = dict(READERS)

    def recipients(seat_ids: Collection[UUID]) -> dict[UUID, Recipient]:
        return {seat_id: known[seat_id] for seat_id in seat_ids if seat_id in known}

    monkeypatch.setattr(port, "recipients", recipients)
    return known


def _tell(template: MessageTemplate, *seats: UUID) -> int:
    return notify(template=template, seat_ids=seats or [ADMIN.seat_id], context={"limit_mb": 20}, link="/orders/1/")


def _mails() -> list[Message]:
    return list(Message.objects.filter(way=Message.Way.MAIL).order_by("id"))


def test_a_reader_reads_in_his_own_language(xinghe: TestPortal, template: MessageTemplate) -> None:
    assert _tell(template, ADMIN.seat_id, CLERK.seat_id, ADMIN.seat_id) == 2
    with override("zh-hans"):
        item = inbox(ADMIN)[0]
    assert (item.subject, item.link, item.is_read) == ("发件箱", "/orders/1/", False)
    assert item.body == "文件超过 20 MB。请压缩或拆分后再上传。"
    with override("en"):
        assert inbox(CLERK)[0].body == "The file is larger than 20 MB. Make it smaller or split it."


def test_a_message_outlives_its_template(xinghe: TestPortal) -> None:
    _tell(MessageTemplate("gone", subject="Outbox", body="%(limit_mb)s"))
    assert (inbox(ADMIN)[0].subject, inbox(ADMIN)[0].body) == ("发件箱", "20")


def test_mail_leaves_after_the_commit_in_the_reader_s_language(
    xinghe: TestPortal,
    template: MessageTemplate,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _tell(template, ADMIN.seat_id, CLERK.seat_id, uuid4())
        assert mail.outbox == []
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["zhou@example.com"], "发件箱")]
    assert sorted(row.status for row in _mails()) == ["NO_ADDRESS", "NO_ADDRESS", "SENT"]
    sent = Message.objects.get(way=Message.Way.MAIL, status=Message.Status.SENT)
    assert sent.sent_at and sent.due_at is None
    assert "zhou" not in sent.recipient
    assert unseal(sent.recipient) == "zhou@example.com"
    assert dispatch() == 0, "nothing is sent twice"


def test_acts_of_the_past_tell_nobody(xinghe: TestPortal, template: MessageTemplate) -> None:
    with clock.at(TODAY):
        assert _tell(template) == 0
    assert not Message.objects.exists()


def test_what_is_rolled_back_was_never_said(xinghe: TestPortal, template: MessageTemplate) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _tell(template)
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_many_seats_are_one_statement(xinghe: TestPortal, template: MessageTemplate) -> None:
    Message.objects.count()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        _tell(template, *(uuid4() for _ in range(40)))
    assert len([query for query in queries if query["sql"].startswith("INSERT")]) == 1
    assert Message.objects.count() == 80


def test_mail_that_fails_is_tried_again_and_given_up_in_the_end(
    xinghe: TestPortal, template: MessageTemplate, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    _tell(template)
    assert dispatch() == 0
    (waiting,) = _mails()
    assert (waiting.status, waiting.attempts) == ("QUEUED", 1)
    assert waiting.due_at and timedelta(seconds=50) < waiting.due_at - clock.now() <= timedelta(minutes=1)
    assert dispatch() == 0
    Message.objects.filter(pk=waiting.pk).update(attempts=rules.MOST_ATTEMPTS - 1, due_at=clock.now())
    dispatch()
    (given_up,) = _mails()
    assert (given_up.status, given_up.due_at) == ("FAILED", None)


def test_what_a_dead_worker_left_is_found(xinghe: TestPortal, template: MessageTemplate) -> None:
    _tell(template)
    Message.objects.filter(way=Message.Way.MAIL).update(status="SENDING", due_at=clock.now() + timedelta(minutes=9))
    dispatch_late()
    assert mail.outbox == []
    Message.objects.filter(way=Message.Way.MAIL).update(due_at=clock.now() - timedelta(seconds=1))
    dispatch_late()
    assert len(mail.outbox) == 1


def test_with_the_broker_away_the_sweep_sends_it(
    xinghe: TestPortal,
    template: MessageTemplate,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with monkeypatch.context() as away, django_capture_on_commit_callbacks(execute=True):
        away.setattr(broker, "send", lambda *_arguments, **_options: False)
        _tell(template)
    assert mail.outbox == []
    dispatch_late()
    assert len(mail.outbox) == 1


def test_only_one_s_own_messages_are_read(xinghe: TestPortal, template: MessageTemplate) -> None:
    _tell(template, ADMIN.seat_id, CLERK.seat_id)
    _tell(template, ADMIN.seat_id)
    assert (unread_count(ADMIN), unread_count(CLERK)) == (2, 1)
    assert mark_read(actor=CLERK, message_id=inbox(ADMIN)[0].id) == 0
    assert mark_read(actor=ADMIN, message_id=inbox(ADMIN)[0].id) == 1
    assert mark_read(actor=ADMIN) == 1
    assert (unread_count(ADMIN), unread_count(CLERK)) == (0, 1)
    assert [item.is_read for item in inbox(ADMIN)] == [True, True]


def test_the_outbox_page_exists_in_development_only(
    xinghe: TestPortal, template: MessageTemplate, settings: Settings
) -> None:
    _tell(template)
    dispatch()
    page = outbox(RequestFactory().get("/outbox/"))
    assert "zhou@example.com" in page.content.decode()
    settings.ENVIRONMENT = "prod"
    with pytest.raises(Missing):
        outbox(RequestFactory().get("/outbox/"))

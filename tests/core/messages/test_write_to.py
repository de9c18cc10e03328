"""Writing to an address: people without a seat, by mail and by text message, with secrets that are not kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.db.acts import PUBLIC, act, public
from core.db.acts import connection as guarded
from core.events import broker
from core.kernel import clock
from core.kernel.ids import uuid7
from core.messages import port, registry, services
from core.messages.models import Message
from core.messages.port import SmsFailed
from core.messages.registry import MessageTemplate, message_template
from core.messages.selectors import HIDDEN
from core.messages.services import (
    DISPATCH_TASK,
    Addressee,
    forget_addresses,
    forget_letters,
    forget_letters_to,
    write_to,
)
from core.messages.tasks import dispatch, dispatch_late
from core.messages.tasks import forget_letters as forget_all_letters
from core.messages.views import outbox

LINK = "https://jiumai.example/reset/s3cret/"
BY_MAIL = Addressee(address="sun@example.com", way=Message.Way.MAIL, language="en")
BY_SMS = Addressee(address="+8613806414471", way=Message.Way.SMS, language="en")
NOBODY = Addressee(address="", way=Message.Way.MAIL, language="en")

Capture = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def template() -> Iterator[MessageTemplate]:
    made = message_template("testing.link", subject="Outbox", body="For %(name)s: %(link)s")
    yield made
    del registry._templates["testing.link"]


@pytest.fixture
def in_public(db: None) -> None:
    guarded.set_schema_to_public()


def _write(template: MessageTemplate, addressee: Addressee) -> None:
    with act():
        write_to(addressee=addressee, template=template, context={"name": "Sun"}, secrets={"link": LINK})


def _only() -> Message:
    return Message.objects.get()


def test_a_mail_carries_the_secret_and_the_row_never_shows_it(
    in_public: None, template: MessageTemplate, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _write(template, BY_MAIL)
        assert LINK not in repr(Message.objects.values())
    assert [(letter.to, letter.body) for letter in mail.outbox] == [(["sun@example.com"], f"For Sun: {LINK}")]
    row = repr(Message.objects.values())
    assert LINK not in row
    assert "sun@example.com" not in row
    assert (_only().status, _only().body) == ("SENT", f"For Sun: {HIDDEN}")
    assert LINK in outbox(RequestFactory().get("/outbox/")).content.decode(), "development can read it"


def test_in_production_the_secret_is_gone_once_it_has_been_sent(
    in_public: None, template: MessageTemplate, settings: Settings, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.IS_PRODUCTION = True
    with django_capture_on_commit_callbacks(execute=True):
        _write(template, BY_MAIL)
    assert _only().secrets_sealed == ""


class Carrier:
    """An adapter that can be told to fail."""

    sent: list[tuple[str, str, str, Mapping[str, object]]] = []
    is_down = False

    def send(self, *, number: str, text: str, template: str, places: Mapping[str, object]) -> None:
        if self.is_down:
            raise SmsFailed
        self.sent.append((number, text, template, places))


def test_a_text_message_goes_through_the_adapter_and_is_tried_again(
    in_public: None,
    template: MessageTemplate,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    settings.SMS_SENDER = f"{__name__}.Carrier"
    monkeypatch.setattr(Carrier, "sent", [])
    monkeypatch.setattr(Carrier, "is_down", True)
    with django_capture_on_commit_callbacks(execute=True):
        _write(template, BY_SMS)
    assert (_only().status, _only().attempts, Carrier.sent) == ("QUEUED", 1, [])
    monkeypatch.setattr(Carrier, "is_down", False)
    Message.objects.update(due_at=_only().created_at)
    asked: list[str | None] = []
    monkeypatch.setattr(broker, "send", lambda task, *_, schema=None, **__: asked.append(schema))
    dispatch_late()
    assert asked == [PUBLIC]
    dispatch()
    assert Carrier.sent == [
        ("+8613806414471", f"For Sun: {LINK}", "testing.link", {"name": "Sun", "link": LINK}),
    ]


def test_without_an_adapter_there_is_no_sender(settings: Settings) -> None:
    assert port.sms_sender() is not None
    settings.SMS_SENDER = ""
    assert port.sms_sender() is None


def test_nobody_known_costs_the_same_statements_and_sends_nothing(
    in_public: None,
    template: MessageTemplate,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(broker, "send", lambda task, *_, **__: asked.append(task))
    shapes = []
    for addressee in (BY_MAIL, NOBODY):
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
            _write(template, addressee)
        shapes.append([query["sql"].split("(")[0] for query in queries if "SAVEPOINT" not in query["sql"]])
    assert shapes[0] == shapes[1]
    assert asked == [DISPATCH_TASK, DISPATCH_TASK]
    with public():
        assert sorted(Message.objects.values_list("status", flat=True)) == ["NO_ADDRESS", "QUEUED"]
        assert Message.objects.get(status="NO_ADDRESS").secrets_sealed == ""


def test_letters_are_forgotten_after_ninety_days_and_waiting_ones_are_not(
    in_public: None, template: MessageTemplate, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _write(template, BY_MAIL)
    _write(template, BY_MAIL)
    assert forget_letters() == 0
    with clock.at(clock.now() + timedelta(days=91)):
        forget_all_letters()
    assert [message.status for message in Message.objects.all()] == ["QUEUED"]


def test_whoever_is_erased_while_a_letter_is_being_sent_leaves_no_address(
    in_public: None, template: MessageTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has the address in hand; what it notes after sending does not bring it back."""
    person_id = uuid7()
    _write(template, replace(BY_MAIL, person_id=person_id))

    def erased_meanwhile(*_: object) -> None:
        with act():
            assert forget_addresses(person_id=person_id) == 1

    monkeypatch.setattr(services, "_carry", erased_meanwhile)
    dispatch()
    letter = _only()
    assert (letter.status, letter.recipient, letter.secrets_sealed) == ("NO_ADDRESS", "", "")


def test_letters_to_an_address_are_found_under_their_seals(in_public: None, template: MessageTemplate) -> None:
    _write(template, BY_MAIL)
    _write(template, replace(BY_MAIL, address="other@example.com"))
    with act():
        assert forget_letters_to({"sun@example.com"}) == 1
    with act():
        assert forget_letters_to(set()) == 0
    kept = [
        (letter.status, letter.due_at is None, bool(letter.recipient), bool(letter.secrets_sealed))
        for letter in Message.objects.order_by("created_at")
    ]
    assert kept == [("NO_ADDRESS", True, False, False), ("QUEUED", False, True, True)]

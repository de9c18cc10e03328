"""Urgent notices as text messages: where the brand switched it on, once a person, nothing of anybody in the logs."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from core.kernel.errors import NotPermitted, OutOfScope, VersionConflict
from core.messages import port
from core.messages.models import Message
from core.messages.port import Recipient, SmsFailed
from core.messages.services import dispatch
from dms.notices import services
from dms.notices.models import Notice, NoticeSettings
from dms.notices.services import ChangeNotice, ChangeNoticeRules, WriteNotice, change_notice_rules
from tenants.access.models import Seat
from tests.cast import Cast
from tests.dms.notices.test_telling import out, today_runs

__all__ = ["today_runs"]
pytestmark = pytest.mark.usefixtures("today_runs")
URGENT = WriteNotice("停售通知", "即日停售。", tone="BAD", tiers=("CITY",))
PHONE = "+8613800138021"


@dataclass
class Carrier:
    """Takes what it is given, or fails."""

    sent = list[tuple[str, str]]()
    fails = False

    def send(self, *, number: str, text: str, template: str, places: Mapping[str, object]) -> None:
        if Carrier.fails:
            raise SmsFailed(f"no way to {number}")
        Carrier.sent.append((number, text))


@pytest.fixture(autouse=True)
def carrier(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> type[Carrier]:
    settings.SMS_SENDER = f"{__name__}.Carrier"
    monkeypatch.setattr(Carrier, "sent", [])
    monkeypatch.setattr(Carrier, "fails", False)
    return Carrier


def switch_on(cast: Cast) -> None:
    change_notice_rules(actor=cast.admin, command=ChangeNoticeRules(texts_urgent=True, version=0))


def texts() -> list[Message]:
    return list(Message.objects.filter(way=Message.Way.SMS).order_by("id"))


def people(cast: Cast, *houses: int) -> set[object]:
    return {seat.pk for seat in cast.seats.values() if seat.dealer_id in houses}


def test_nothing_is_texted_until_the_brand_switches_it_on(cast: Cast) -> None:
    out(cast, URGENT)
    assert services.tell_due() == 2
    assert not texts()


def test_an_urgent_one_is_texted_once_to_everybody_it_is_for(cast: Cast) -> None:
    switch_on(cast)
    row = out(cast, URGENT)
    services.tell_due()
    assert {one.seat_id for one in texts()} == people(cast, cast.c1.pk, cast.c2.pk)
    assert texts()[0].body == "紧急公告“停售通知”，请登录订货平台查看。"
    count = len(texts())
    Notice.objects.filter(pk=row.pk).update(told_at=None)
    services.tell_due()
    assert len(texts()) == count


def test_one_that_is_not_urgent_costs_nothing(cast: Cast) -> None:
    switch_on(cast)
    for tone in ("INFO", "GOOD", "WARN"):
        out(cast, WriteNotice("放假", "照常。", tone=tone))
    services.tell_due()
    assert not texts()


def test_nobody_is_texted_twice_about_one_notice_also_when_it_asks_again(cast: Cast) -> None:
    switch_on(cast)
    row = out(cast, URGENT)
    services.tell_due()
    Message.objects.filter(way=Message.Way.SMS).update(status=Message.Status.SENT, due_at=None)
    count = len(texts())
    again = WriteNotice("停售通知（更正）", "后日停售。", tone="BAD", tiers=("CITY",))
    services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, row.version, again, asks_again=True))
    assert services.tell_due() == 2
    assert len(texts()) == count


def test_a_person_with_two_seats_gets_one(cast: Cast) -> None:
    switch_on(cast)
    person = cast.seats["buyer_c1"].person_id
    Seat.objects.filter(pk=cast.seats["buyer_c2"].pk).update(person_id=person)
    out(cast, URGENT)
    services.tell_due()
    both = {cast.seats["buyer_c1"].pk, cast.seats["buyer_c2"].pk}
    assert len([one for one in texts() if one.seat_id in both]) == 1


def test_a_withdrawn_one_is_not_texted_any_more(cast: Cast) -> None:
    switch_on(cast)
    row = out(cast, URGENT)
    services.tell_due()
    services.withdraw_notice(actor=cast.admin, notice_id=row.pk)
    assert not texts()


def test_without_a_carrier_nothing_waits(cast: Cast, settings: Settings) -> None:
    settings.SMS_SENDER = ""
    switch_on(cast)
    out(cast, URGENT)
    assert services.tell_due() == 2
    assert not texts()


def test_it_goes_to_the_phone_and_its_log_names_nobody(
    cast: Cast, carrier: type[Carrier], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    switch_on(cast)
    out(cast, URGENT)
    services.tell_due()
    first, *others = texts()
    Message.objects.exclude(way=Message.Way.SMS).delete()
    reach = {first.seat_id: Recipient("zh-hans", "a@example.com", phone=PHONE)}
    monkeypatch.setattr(port, "recipients", lambda _seats: reach)
    carrier.fails = True
    with caplog.at_level(logging.DEBUG):
        dispatch()
    assert not carrier.sent
    assert "13800138021" not in caplog.text
    carrier.fails = False
    Message.objects.filter(pk=first.pk).update(due_at=first.created_at)
    dispatch()
    assert carrier.sent == [(PHONE, "紧急公告“停售通知”，请登录订货平台查看。")]
    assert {one.status for one in texts() if one.pk != first.pk} == {"NO_ADDRESS"}
    assert others


@pytest.mark.parametrize("key", ["sales_admin", "warehouse"])
def test_only_who_keeps_the_settings_may_switch(cast: Cast, key: str) -> None:
    with pytest.raises((NotPermitted, OutOfScope)):
        change_notice_rules(actor=cast.actor(key), command=ChangeNoticeRules(texts_urgent=True))
    assert not NoticeSettings.objects.exists()


def test_an_old_form_is_refused(cast: Cast) -> None:
    switch_on(cast)
    with pytest.raises(VersionConflict):
        change_notice_rules(actor=cast.admin, command=ChangeNoticeRules(texts_urgent=False, version=0))
    assert NoticeSettings.objects.get().texts_urgent

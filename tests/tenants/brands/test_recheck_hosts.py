"""Hosts of brands asked again: who loses the record is told after days, and cut off by nobody."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from core.db.acts import public
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor
from core.messages.models import Message
from tenants.access.services.hosts import warn_of_lost_host
from tenants.brands.dns import ZoneUnreachable
from tenants.brands.errors import RecordGone, RecordMissing
from tenants.brands.events import DOMAIN_LOST
from tenants.brands.models import Domain
from tenants.brands.rules import record_name, record_value
from tenants.brands.services import add_domain, check_domain, recheck_hosts, rechecking
from tests.cast import Cast
from tests.conftest import TODAY
from tests.portals import XINGHE

HOST = "order.example.com"
ZONE: dict[str, list[str]] = {}
ASKED: list[str] = []


def zone(name: str) -> list[str]:
    """The name servers of these tests; a name that is not known to them does not answer."""
    ASKED.append(name)
    if name not in ZONE:
        raise ZoneUnreachable(name)
    return ZONE[name]


@pytest.fixture
def admin(cast: Cast, settings: Settings) -> Actor:
    settings.TXT_RESOLVER = f"{__name__}.zone"
    ZONE.clear()
    ASKED.clear()
    return cast.actor("admin")


def verified(admin: Actor, host: str = HOST) -> Domain:
    """A host whose record stands."""
    claimed = add_domain(actor=admin, host=host)
    ZONE[record_name(host)] = [record_value(claimed.challenge)]
    return check_domain(actor=admin, host=host)


def asked_on(day: float) -> Domain:
    """The host after the run of a day, counted from the cast's."""
    with clock.at(TODAY + timedelta(days=day)):
        recheck_hosts()
    with public():
        return Domain.objects.get(domain=HOST)


def told() -> list[dict[str, object]]:
    """What was recorded of lost hosts."""
    with public():
        return list(Event.objects.filter(kind=DOMAIN_LOST).values_list("payload", flat=True))


def test_a_record_gone_for_three_days_is_told_once_and_the_host_goes_on(admin: Actor) -> None:
    before = verified(admin)
    ZONE[record_name(HOST)] = []
    assert [asked_on(day).fault for day in (1, 2, 3)] == [RecordMissing.code] * 3
    assert told() == []
    gone = asked_on(4)
    assert (gone.fault, gone.missing_since) == (RecordGone.code, TODAY + timedelta(days=1))
    assert gone.verified_at == before.verified_at, "nobody is cut off by a task"
    asked_on(5)
    assert told() == [{"host": HOST, "brand_schemas": [XINGHE.schema]}]


def test_a_record_that_is_back_begins_anew(admin: Actor) -> None:
    verified(admin)
    there = ZONE[record_name(HOST)]
    ZONE[record_name(HOST)] = []
    asked_on(1)
    ZONE[record_name(HOST)] = there
    back = asked_on(3)
    assert (back.fault, back.missing_since) == ("", None)
    ZONE[record_name(HOST)] = ["v=spf1 -all"]
    asked_on(4)
    assert asked_on(6).fault == "brands.record_differs"
    assert told() == []


def test_silent_name_servers_say_nothing(admin: Actor) -> None:
    verified(admin)
    ZONE[record_name(HOST)] = []
    asked_on(1)
    ZONE.clear()
    silent = asked_on(8)
    assert (silent.fault, silent.missing_since) == (RecordMissing.code, TODAY + timedelta(days=1))
    assert told() == []


def test_a_run_asks_a_few_that_waited_longest(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rechecking, "MOST_A_RUN", 1)
    verified(admin)
    with clock.at(TODAY + timedelta(hours=1)):
        verified(admin, "shop.example.com")
    add_domain(actor=admin, host="claimed.example.com")
    ASKED.clear()
    for hours in (2, 30, 31, 32):
        with clock.at(TODAY + timedelta(hours=hours)):
            recheck_hosts()
    assert [record_name(HOST), record_name("shop.example.com")] == ASKED


def test_the_administrators_are_told_in_their_portal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "is_fixed", lambda: False)  # an act of the past tells nobody
    assert warn_of_lost_host(HOST) == 1
    message = Message.objects.get(way=Message.Way.IN_APP)
    assert message.seat_id == cast.actor("admin").seat_id
    assert HOST in message.subject
    assert message.link == "/console/settings/hosts/"

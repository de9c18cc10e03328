"""A sign-in reaches several hosts and ends on all of them at once."""

from datetime import timedelta

import pytest

from core.db.acts import public
from core.kernel import clock
from core.kernel.errors import Missing
from core.vault.services import seal
from tenants.people.agents import device_of, masked_address
from tenants.people.errors import SignInOver
from tenants.people.models import HostSession, SignIn, Ticket, User
from tenants.people.sessions import RECHECK_S
from tenants.people.sign_ins import (
    IDLE,
    KEPT,
    LONGEST,
    devices_of,
    end_all_sessions,
    end_sign_in,
    note_host,
    purge,
)
from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor
from tests.factories.people import PASSWORD, make_person

PHONE = "13806414471"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.60"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"


@pytest.fixture
def buyer(cast: Cast) -> User:
    return make_person(cast.buyer_c1.person_name, phone=PHONE)


def is_in(client: HostClient) -> bool:
    return bool(client.get("/api/v1/me").status_code == 200)


def sign_in_of(client: HostClient) -> SignIn:
    with public():
        return SignIn.objects.get(pk=client.session["sign_in"])


@pytest.fixture
def everywhere(cast: Cast, chishui_cast: Cast, buyer: User) -> list[HostClient]:
    """One sign-in of the buyer on both brands' hosts."""
    here = signed_in(cast.portal, cast.seats["buyer_c1"])
    with chishui_cast.portal.inside():
        there = signed_in(chishui_cast.portal, chishui_cast.seats["buyer_c1"])
    with public():
        HostSession.objects.filter(session_key=there.session.session_key).update(sign_in=sign_in_of(here))
        session = there.session
        SignIn.objects.filter(pk=session["sign_in"]).delete()
        session["sign_in"] = here.session["sign_in"]
        session.save()
    assert is_in(here)
    assert is_in(there)
    return [here, there]


def test_signing_in_writes_down_device_and_place(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    form = {"identifier": PHONE, "password": PASSWORD}
    client.post("/sign-in/", form, headers={"user-agent": IPHONE}, REMOTE_ADDR="113.120.7.9")
    (device,) = devices_of(buyer.pk)
    assert (device.agent, device.network) == ("wechat/ios", "113.120.*.*")
    assert device.hosts == (cast.portal.host,)
    assert device.sign_in_id == sign_in_of(client).pk
    assert "113.120" not in sign_in_of(client).address_sealed


def test_signing_out_ends_all_hosts_of_the_sign_in(everywhere: list[HostClient]) -> None:
    here, there = everywhere
    assert here.post("/sign-out/").status_code == 302
    assert not is_in(here)
    assert not is_in(there)


def test_signing_out_leaves_other_devices_alone(cast: Cast, everywhere: list[HostClient]) -> None:
    telephone = signed_in(cast.portal, cast.seats["buyer_c1"])
    everywhere[0].post("/sign-out/")
    assert is_in(telephone)


def test_one_ends_another_device_and_no_strangers(cast: Cast, buyer: User, everywhere: list[HostClient]) -> None:
    stranger = signed_in(cast.portal, cast.seats["buyer_p1"])
    with pytest.raises(Missing):
        end_sign_in(person_id=buyer.pk, sign_in_id=sign_in_of(stranger).pk)
    assert is_in(stranger)
    end_sign_in(person_id=buyer.pk, sign_in_id=sign_in_of(everywhere[0]).pk)
    assert [is_in(client) for client in everywhere] == [False, False]
    with pytest.raises(Missing):
        end_sign_in(person_id=buyer.pk, sign_in_id=sign_in_of(stranger).pk)


def test_ending_all_others_keeps_this_one(cast: Cast, buyer: User, everywhere: list[HostClient]) -> None:
    this = signed_in(cast.portal, cast.seats["buyer_c1"])
    assert end_all_sessions(buyer.pk, but=sign_in_of(this).pk) == 1
    assert is_in(this)
    assert not any(is_in(client) for client in everywhere)
    assert [device.sign_in_id for device in devices_of(buyer.pk)] == [sign_in_of(this).pk]


def test_ending_all_ends_all_and_tickets_with_them(cast: Cast, buyer: User, everywhere: list[HostClient]) -> None:
    now = clock.now()
    with public():
        Ticket.objects.create(
            digest="0" * 64,
            person=buyer,
            sign_in=sign_in_of(everywhere[0]),
            host="x",
            browser_digest="0" * 64,
            created_at=now,
            expires_at=now,
        )
    assert end_all_sessions(buyer.pk) == 1
    assert not any(is_in(client) for client in everywhere)
    with public():
        assert not Ticket.objects.exists()
        assert not HostSession.objects.filter(sign_in__person=buyer).exists()


def test_a_session_that_begins_while_its_sign_in_ends_is_refused(cast: Cast, buyer: User) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    sign_in_id = sign_in_of(client).pk
    end_all_sessions(buyer.pk)
    with pytest.raises(SignInOver):
        note_host(sign_in_id=sign_in_id, session_key="a" * 32, host="x")


def test_after_ninety_days_the_password_is_asked_again(cast: Cast, buyer: User) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    day, start = timedelta(days=1), clock.now()
    for days in range(0, 90, 10):
        with clock.at(start + days * day):
            assert is_in(client), days
    with clock.at(start + LONGEST):
        assert not is_in(client)
        assert devices_of(buyer.pk) == []


def test_a_session_nobody_used_for_two_weeks_is_over(cast: Cast, buyer: User) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    with clock.at(clock.now() + IDLE - timedelta(seconds=1)):
        assert is_in(client)
        with clock.at(clock.now() + timedelta(seconds=RECHECK_S) + IDLE):
            assert not is_in(client)


def test_being_seen_is_written_every_five_minutes_at_most(cast: Cast, buyer: User) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    began = sign_in_of(client).seen_at
    with clock.at(began + timedelta(seconds=RECHECK_S)):
        assert is_in(client)
        assert sign_in_of(client).seen_at == began
    later = began + timedelta(seconds=RECHECK_S + 1)
    with clock.at(later):
        assert is_in(client)
        assert sign_in_of(client).seen_at == later


def test_old_sign_ins_and_tickets_are_forgotten(cast: Cast, buyer: User) -> None:
    now = clock.now()
    with public():
        old = SignIn.objects.create(person=buyer, started_at=now - KEPT, seen_at=now - KEPT, ended_at=now - 2 * KEPT)
        long = SignIn.objects.create(person=buyer, started_at=now - 2 * LONGEST, seen_at=now - LONGEST)
        fresh = SignIn.objects.create(person=buyer, started_at=now, seen_at=now, address_sealed=seal("10.0.0.1"))
        purge(now)
        assert set(SignIn.objects.values_list("pk", flat=True)) == {long.pk, fresh.pk}
        long.refresh_from_db()
        assert long.ended_at is not None
        assert old.pk not in {long.pk, fresh.pk}


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (IPHONE, "wechat/ios"),
        (WINDOWS, "chrome/windows"),
        (WINDOWS + " Edg/142.0", "edge/windows"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114 Safari/537.36", "chrome/harmony"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Version/17 Safari/605.1.15", "safari/mac"),
        ("curl/8.0", "other/other"),
        ("", "other/other"),
    ],
)
def test_a_device_is_two_words(agent: str, device: str) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("113.120.7.9", "113.120.*.*"),
        ("240e:03b0:1:2::5", "240e:3b0:*"),
        ("::1", "0:0:*"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_a_place_is_its_network_only(address: str, network: str) -> None:
    assert masked_address(address) == network

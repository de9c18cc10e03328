"""Tokens: bound to one seat and a part of its codes, ended by time, by hand, or with the seat."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from core.db.acts import PUBLIC, connection, public
from core.events.models import Event
from core.events.relay import relay
from core.kernel import clock
from core.kernel.errors import Missing
from core.messages.models import Message
from tenants.access.errors import BadTokenLife, CodesTooWide, TokenOver
from tenants.access.events import TOKEN_REVOKED
from tenants.access.models import ApiToken
from tenants.access.services import close_seat, issue_token, revoke_token, rotate_token, warn_of_ending_tokens
from tenants.people.models import User
from tenants.people.operators import lock_person, unlock_person
from tests.cast import Cast
from tests.clients import visitor
from tests.factories.operators import make_operator
from tests.portals import TestPortal


@pytest.fixture(autouse=True)
def _probe(settings: Settings) -> None:
    settings.URLCONF_BRAND = "tests.core.web.probe_urls"


def call(portal: TestPortal, authorization: str) -> int:
    answer = visitor(portal).get("/api/v1/echo", headers={"authorization": authorization})
    assert (answer.status_code == 200) is (answer["Content-Type"] == "application/json")
    return int(answer.status_code)


def test_a_token_acts_for_its_seat_with_its_codes_only(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1, codes=("orders.read",))
    answer = visitor(cast.portal).get("/api/v1/echo", headers={"authorization": f"Bearer {token}"}).json()
    assert answer == {"seat": str(cast.buyer_c1.seat_id), "codes": ["orders.read"], "token": ApiToken.objects.get().pk}


def test_the_secret_is_nowhere_in_the_database(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM access_apitoken t")
        assert token.rsplit("_", 1)[1] not in cursor.fetchone()[0]


def test_a_wrong_token_is_nobody(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1)
    prefix, key, secret = token.split("_")
    wrong = [
        "",
        "Bearer",
        "Bearer x",
        f"Basic {token}",
        f"Bearer {prefix}_{key}_{'0' * 48}",
        f"Bearer {prefix}_{'0' * 16}_{secret}",
        f"Bearer {token}0",
        f"Bearer {token.upper()}",
    ]
    assert {call(cast.portal, one) for one in wrong} == {401}
    assert call(cast.portal, f"bearer {token}") == 200


def test_a_session_does_not_lend_itself_to_a_wrong_token(cast: Cast) -> None:
    client = cast.client(cast.admin)
    assert client.get("/api/v1/echo", headers={"authorization": "Bearer nonsense"}).status_code == 401


def test_a_token_ends_with_its_time(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1, days=1)
    with clock.at(clock.now() + timedelta(hours=23, minutes=59)):
        assert call(cast.portal, f"Bearer {token}") == 200
    with clock.at(clock.now() + timedelta(hours=24)):
        assert call(cast.portal, f"Bearer {token}") == 401


def test_a_revoked_token_ends_at_once(cast: Cast) -> None:
    token, text = issue_token(actor=cast.buyer_c1, seat_id=cast.buyer_c1.seat_id, name="ERP", codes=(), days=30)
    revoke_token(actor=cast.buyer_c1, key=token.key)
    assert call(cast.portal, f"Bearer {text}") == 401


def test_a_token_ends_with_its_seat(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1)
    close_seat(actor=cast.admin, seat_id=cast.buyer_c1.seat_id)
    assert call(cast.portal, f"Bearer {token}") == 401


def test_a_token_of_one_brand_is_nothing_on_the_others_host(cast: Cast, chishui: TestPortal) -> None:
    token = cast.token(cast.buyer_c1)
    assert call(chishui, f"Bearer {token}") == 401


def test_rights_the_seat_lost_are_lost_to_its_tokens(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1, codes=("orders.place", "ledger.read"))
    seat = cast.seats["buyer_c1"]
    seat.roles = ["dealer_finance"]
    seat.save()
    answer = visitor(cast.portal).get("/api/v1/echo", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["codes"] == ["ledger.read"]


def test_a_token_never_exceeds_its_seat(cast: Cast) -> None:
    with pytest.raises(CodesTooWide):
        cast.token(cast.buyer_c1, codes=("orders.approve",))
    for days in (0, -1, 367):
        with pytest.raises(BadTokenLife):
            cast.token(cast.buyer_c1, days=days)
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_that_acts_in_somebody_elses_name(cast: Cast) -> None:
    pairs = (("admin", "rep"), ("admin_c1", "buyer_c1"), ("buyer_c1", "finance_c1"), ("admin_c1", "rep"))
    for by, seat in pairs:
        with pytest.raises(Missing):
            issue_token(actor=cast.actor(by), seat_id=cast.seats[seat].pk, name="x", codes=(), days=1)
    assert not ApiToken.objects.exists()


def test_nobody_revokes_a_token_of_another_house(cast: Cast) -> None:
    token, _ = issue_token(actor=cast.buyer_c2, seat_id=cast.buyer_c2.seat_id, name="x", codes=(), days=1)
    for stranger in ("admin_c1", "buyer_c1"):
        with pytest.raises(Missing):
            revoke_token(actor=cast.actor(stranger), key=token.key)
    assert ApiToken.objects.get().revoked_at is None


def test_a_forged_session_call_is_refused_and_a_true_one_taken(cast: Cast) -> None:
    client = cast.client(cast.buyer_c1, enforce_csrf_checks=True)
    body = '{"lines": []}'
    assert client.post("/api/v1/echo", body, content_type="application/json").status_code == 403
    client.get("/sign-in/")
    page = visitor(cast.portal).get("/sign-in/")
    token = page.cookies["jmc"].value
    client.cookies["jmc"] = token
    answer = client.post("/api/v1/echo", body, content_type="application/json", headers={"x-csrftoken": token})
    assert answer.status_code == 200


def test_an_owner_is_told_once_that_a_token_ends(xinghe: TestPortal) -> None:
    cast = Cast.build(xinghe)
    long, short = cast.token(cast.admin, days=90), cast.token(cast.admin, days=10)
    assert warn_of_ending_tokens() == 0
    now = clock.now()
    nearly_over = {"created_at": now - timedelta(days=77), "expires_at": now + timedelta(days=13)}
    ApiToken.objects.filter(key=long.split("_")[1]).update(**nearly_over)
    assert (warn_of_ending_tokens(), warn_of_ending_tokens()) == (1, 0)
    told = Message.objects.filter(way=Message.Way.IN_APP)
    assert [message.seat_id for message in told] == [cast.seats["admin"].pk]
    assert long.split("_")[1] in told[0].body
    assert short.split("_")[1] not in told[0].body


def test_the_last_use_is_noted_at_most_every_ten_minutes(cast: Cast) -> None:
    token = cast.token(cast.buyer_c1)
    call(cast.portal, f"Bearer {token}")
    first = ApiToken.objects.get().last_used_at
    assert first == clock.now()
    with clock.at(clock.now() + timedelta(minutes=9)):
        call(cast.portal, f"Bearer {token}")
        assert ApiToken.objects.get().last_used_at == first
    with clock.at(clock.now() + timedelta(minutes=11)):
        call(cast.portal, f"Bearer {token}")
        assert ApiToken.objects.get().last_used_at == clock.now()


def test_only_its_own_person_rotates_a_token_and_only_while_it_lives(cast: Cast) -> None:
    token, old = issue_token(actor=cast.buyer_c1, seat_id=cast.buyer_c1.seat_id, name="ERP", codes=(), days=30)
    for other in (cast.admin, cast.finance_c1, cast.admin_c1):
        with pytest.raises(Missing):
            rotate_token(actor=other, key=token.key)
    rotate_token(actor=cast.buyer_c1, key=token.key, overlap_hours=0)
    assert call(cast.portal, f"Bearer {old}") == 401
    revoke_token(actor=cast.buyer_c1, key=token.key)
    with pytest.raises(TokenOver):
        rotate_token(actor=cast.buyer_c1, key=token.key)


def test_a_locked_account_loses_its_tokens_in_every_brand_for_good(cast: Cast, chishui: TestPortal) -> None:
    operator = make_operator("安保管", "security")
    token, others = cast.token(cast.buyer_c1), cast.token(cast.buyer_c2)
    person_id = cast.actor("buyer_c1").person_id
    with public():
        User.objects.create(pk=person_id, name="采购员", created_at=clock.now())
        lock_person(actor=operator, person_id=person_id, reason="工单 4711")
    relay(PUBLIC)
    assert call(cast.portal, f"Bearer {token}") == 401
    with public():
        unlock_person(actor=operator, person_id=person_id, reason="工单 4711")
    relay(PUBLIC)
    assert call(cast.portal, f"Bearer {token}") == 401
    assert call(cast.portal, f"Bearer {others}") == 200
    assert Event.objects.filter(kind=TOKEN_REVOKED).count() == 1

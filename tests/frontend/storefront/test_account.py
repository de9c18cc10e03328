"""Account, messages and profile: what the seat may know, in its own words."""

from datetime import timedelta

import pytest

from billing.ledger.services import PayIn, pay_in
from core.kernel import clock
from core.messages.models import Message
from dms.territories.models import Grant
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens


def test_the_statement_tells_what_was_paid_in(cast: Cast, buyer: HostClient) -> None:
    command = PayIn(buyer_dealer_id=cast.c1.pk, amount=1_234_500, reference="BANK-7")
    pay_in(actor=cast.finance, command=command)
    text = buyer.get("/account/").content.decode()
    assert "+¥12,345.00" in text
    assert "¥112,345.00" in text  # with the credit of 100,000.00


@pytest.mark.parametrize("query", ["since=x&until=", "since=2026-02-30", "since=2026-01-10&until=2026-01-01"])
def test_a_period_that_is_none_is_told_beside_the_field(buyer: HostClient, query: str) -> None:
    answer = buyer.get(f"/account/?{query}")
    assert answer.status_code == 200
    assert ('aria-invalid="true"' in answer.content.decode()) == ("x" in query or "30" in query or "10" in query)


def test_the_account_is_hidden_from_who_may_not_see_it(as_: Opens) -> None:
    warehouse = as_("warehouse_c1")
    assert warehouse.get("/account/").status_code == 403
    assert 'href="/account/"' not in warehouse.get("/").content.decode()


def test_the_administrator_finds_the_colleagues_of_their_own_house(as_: Opens) -> None:
    administrator = as_("admin_c1")
    assert 'href="/colleagues/"' in administrator.get("/me/").content.decode()
    shown = administrator.get("/colleagues/").content.decode()
    assert "采购员乙" in shown
    assert "采购员丙" not in shown
    assert "/colleagues/invite/" in shown
    assert "/colleagues/invite/" not in as_("buyer_c1").get("/colleagues/").content.decode()


def test_english_readers_get_english(buyer: HostClient) -> None:
    buyer.cookies["jm_language"] = "en"
    text = buyer.get("/pad/").content.decode()
    assert "Quick order" in text
    assert "快速下单" not in text


@pytest.mark.parametrize("given", ["", "not-a-uuid", "00000000-0000-0000-0000-000000000000"])
def test_reading_messages_never_fails(buyer: HostClient, given: str) -> None:
    assert buyer.post("/notices/read/", {"id": given})["Location"] == "/notices/"


def test_an_old_message_leads_where_it_should(cast: Cast, buyer: HostClient) -> None:
    now = clock.now()
    rows = [
        Message(
            way=Message.Way.IN_APP,
            template="gone",
            seat_id=cast.buyer_c1.seat_id,
            subject="旧事",
            body="…",
            link=f"/orders/?page={number}",
            created_at=now - timedelta(hours=number),
        )
        for number in range(60)
    ]
    Message.objects.bulk_create(rows)
    assert buyer.post("/notices/read/", {"id": str(rows[55].pk)})["Location"] == "/orders/?page=55"
    foreign = Message.objects.create(
        way=Message.Way.IN_APP,
        template="gone",
        seat_id=cast.seats["buyer_c2"].pk,
        subject="旧事",
        body="…",
        link="/orders/?page=1",
        created_at=now,
    )
    assert buyer.post("/notices/read/", {"id": str(foreign.pk)})["Location"] == "/notices/"


def test_a_house_sees_its_own_ground(cast: Cast, as_: Opens) -> None:
    Grant.objects.filter(dealer=cast.c1).update(kind="EXCLUSIVE", channels=["KA"])
    html = as_("buyer_c1").get("/me/").content.decode()
    assert "我的授权区域" in html
    assert "山东省济南市" in html
    Grant.objects.filter(dealer=cast.t1).delete()
    assert "我的授权区域" not in as_("buyer_t1").get("/me/").content.decode()

"""The desk's home: what to do today with the list behind each figure, weeks by currency, who has gone quiet."""

import re
from dataclasses import replace

from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.quantity import Unit
from core.messages.models import Message
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from frontend.console.views.netprices import inverted_count, inverted_known
from ordering.orders.models import Order
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.policies import PercentOff
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_policy
from tests.frontend.console.conftest import Opens, confirmed, placed
from tests.ordering.watching import statements


def figures(html: str) -> dict[str, tuple[int, str]]:
    """Count and list of every task."""
    found = re.findall(r'id="task-(\w+)" href="([^"]+)".*?tile__value">(\d+)<', html)
    return {name: (int(count), url.replace("&amp;", "&")) for name, url, count in found}


def test_every_figure_leads_to_a_list_of_just_as_many(cast: Cast, desk: HostClient) -> None:
    placed(cast, (3, 1))
    confirmed(cast, (3, 1))
    tasks = figures(desk.get("/console/").content.decode())
    assert {name: count for name, (count, _url) in tasks.items()} == {
        "approve": 1,
        "expiring": 0,
        "ship": 1,
        "late": 0,
        "road": 0,
        "licences": 0,
        "stock": 0,
    }
    for name in ("approve", "expiring", "ship", "late", "road"):
        count, url = tasks[name]
        assert len(re.findall(r'id="row-', desk.get(url).content.decode())) == count, name


def test_two_currencies_are_never_added_up(cast: Cast, desk: HostClient) -> None:
    placed(cast, (3, 1))
    dollars = placed(cast, (3, 2))
    Order.objects.filter(number=dollars).update(currency="USD")
    html = desk.get("/console/").content.decode()
    assert "¥360.00 · US$720.00" in html or "¥360.00 · $720.00" in html
    assert "¥1,080.00" not in html
    other = desk.get("/console/?currency=USD").content.decode()
    assert 'aria-current="true"' in other
    assert "720.00" in other.split("home-sum__value")[1][:80]


def test_the_strip_of_today_is_asked_anew_alone(cast: Cast, desk: HostClient) -> None:
    placed(cast)
    part = desk.get("/console/?part=today", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<section id="today"')
    assert "<html" not in part
    with statements() as seen:
        desk.get("/console/?part=today", headers={"HX-Request": "true"})
    assert len(seen) <= 6


def test_inverted_prices_are_counted_after_the_page_is_there(cast: Cast, desk: HostClient) -> None:
    code, ground = cast.skus[1].code, Scope(regions=("370200",))
    heard = Heard(code, "370100", clock.business_day(), Unit.BOTTLE, 1)
    record_quotes(actor=cast.pricing, rows=[heard])
    desk.get("/console/")
    with statements() as seen:
        page = desk.get("/console/").content.decode()
    assert "inverted" not in figures(page)
    assert "?part=inverted" in page
    assert not any("sellthrough_marketquote" in text for text in seen)
    late = desk.get("/console/?part=inverted", headers={"HX-Request": "true"}).content.decode()
    assert figures(late) == {"inverted": (1, "/console/market/inversions/")}
    again = desk.get("/console/").content.decode()
    assert figures(again)["inverted"][0] == 1
    assert "?part=inverted" not in again
    assert inverted_known(replace(cast.pricing, scope=ground)) is None, "other limits, another figure"
    assert inverted_count(replace(cast.pricing, scope=ground)) == 0
    assert inverted_known(cast.pricing) == 1


def test_quiet_dealers_are_listed_by_weeks(cast: Cast, desk: HostClient) -> None:
    placed(cast)
    html = desk.get("/console/quiet/?weeks=4").content.decode()
    assert "胶州湾酒行" in html
    assert "泉城名酒" not in html
    assert "从未下单" in html


def test_messages_that_reached_nobody_are_shown_to_who_looks_after_seats(
    cast: Cast, desk: HostClient, as_: Opens
) -> None:
    Message.objects.create(
        way=Message.Way.MAIL,
        status=Message.Status.FAILED,
        template="orders.waits",
        context={"number": "SO1", "total": "¥1.00"},
        seat_id=cast.seats["sales_admin"].pk,
        subject="x",
        body="x",
        created_at=clock.now(),
    )
    count, url = figures(desk.get("/console/").content.decode())["messages"]
    html = desk.get(url).content.decode()
    assert count == 1
    assert "销售内勤" in html
    assert as_("rep").get(url).status_code == 404


def test_the_second_person_is_told_what_waits(cast: Cast, as_: Opens) -> None:
    policy = make_policy(cast.root, "WAITS", PercentOff(500))
    PromotionPolicy.objects.filter(pk=policy.pk).update(status="SUBMITTED")
    assert figures(as_("finance").get("/console/").content.decode())["policies"] == (
        1,
        "/console/promotions/?status=SUBMITTED",
    )
    assert "policies" not in figures(as_("pricing").get("/console/").content.decode())

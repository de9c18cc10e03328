"""Where a price comes from, landed prices and inversions, as pages."""

from datetime import date

import pytest
from django.core.cache import cache

from core.kernel.quantity import Unit
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from ordering.promotions.rules.policies import Gift, PercentOff
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_policy
from tests.frontend.console.conftest import Opens
from tests.frontend.console.test_budgets import cost

TODAY = date(2026, 1, 12)


@pytest.fixture
def pricing(as_: Opens) -> HostClient:
    return as_("pricing")


def test_a_price_is_traced_from_list_to_list(cast: Cast, pricing: HostClient) -> None:
    assert "查谁的、哪个产品的价格？" in pricing.get("/console/prices/trace/").content.decode()
    asked = f"dealer=C1&sku={cast.skus[1].code}&quantity=10&day=2026-01-12"
    page = pricing.get(f"/console/prices/trace/?{asked}").content.decode()
    assert all(words in page for words in ("¥1,700.00", "10 箱起", "生效", "有价格，但前面的价盘优先", "¥17,000.00"))
    assert page.index("CITY") < page.index("NAT")
    assert "timechart__line" in page


def test_what_has_no_price_says_why(cast: Cast, pricing: HostClient) -> None:
    page = pricing.get(f"/console/prices/trace/?dealer=C1&sku={cast.skus[5].code}&day=2026-01-12").content.decode()
    assert "没有该产品的价格" in page
    long_ago = pricing.get(f"/console/prices/trace/?dealer=C1&sku={cast.skus[1].code}&day=2020-01-01").content.decode()
    assert "价格自 2026-01-01 起生效" in long_ago


@pytest.mark.parametrize(
    "asked", ["dealer=T1&sku={sku}&day=2026-01-12", "dealer=C1&sku=NO&day=2026-01-12", "dealer=C1&sku={sku}&day=x"]
)
def test_a_question_that_cannot_be_answered_is_refused_at_its_field(
    cast: Cast, pricing: HostClient, asked: str
) -> None:
    answer = pricing.get(f"/console/prices/trace/?{asked.format(sku=cast.skus[1].code)}")
    assert (answer.status_code, "aria-invalid" in answer.content.decode()) == (422, True)


def test_landed_prices_stand_by_tier_and_for_one_dealer(cast: Cast, pricing: HostClient) -> None:
    make_policy(cast.root, "春季九五折", PercentOff(500))
    make_policy(cast.root, "十搭一", Gift(10, 1))
    record_quotes(actor=cast.pricing, rows=[Heard(cast.skus[1].code, "370000", TODAY, Unit.BOTTLE, 20_000)])
    asked = f"sku={cast.skus[1].code}&quantity=50"
    page = pricing.get(f"/console/prices/landed/?{asked}&region=370100").content.decode()
    assert all(words in page for words in ("春季九五折", "十搭一", "¥1,615.00", "¥1,468.18", "倒挂", "0.817"))
    assert page.count(told := "层级间无价差") == 2, "province over city, county over terminal"
    own = pricing.get(f"/console/prices/landed/?{asked}&dealer=C2").content.decode()
    assert "¥1,680.00" in own
    assert told not in own
    assert pricing.get(f"/console/prices/landed/?{asked}&dealer=T1").status_code == 422
    assert pricing.get("/console/prices/landed/?sku=NO").status_code == 422


def test_inverted_prices_are_listed_with_their_filters(cast: Cast, pricing: HostClient) -> None:
    cache.clear()
    assert "没有倒挂" in pricing.get("/console/market/inversions/").content.decode()
    rows = [Heard(cast.skus[number].code, "370100", TODAY, Unit.BOTTLE, 2_900) for number in (1, 3)]
    record_quotes(actor=cast.pricing, rows=rows)
    page = pricing.get("/console/market/inversions/").content.decode()
    assert page.count("data-row-link") == 2
    assert page.index("0.102") < page.index("0.966")
    assert pricing.get("/console/market/inversions/?q=光瓶").content.decode().count("data-row-link") == 1
    assert pricing.get("/console/market/inversions/?region=370200").content.decode().count("data-row-link") == 0
    assert pricing.get("/console/market/inversions/?cases=abc&tier=x&show=y").status_code == 200
    cache.clear()
    desk = pricing.get("/console/?part=inverted", headers={"HX-Request": "true"})
    (task,) = [one for one in desk.context["tasks"] if one.name == "inverted"]
    assert (task.count, task.url) == (2, "/console/market/inversions/")


def test_the_desk_and_the_list_cost_the_same_for_many_quotes(cast: Cast, pricing: HostClient) -> None:
    rows = [Heard(cast.skus[number].code, "370100", TODAY, Unit.BOTTLE, 100) for number in (1, 2, 3, 4)]
    record_quotes(actor=cast.pricing, rows=rows[:1])
    few = cost(pricing, "market/inversions/")
    record_quotes(actor=cast.pricing, rows=rows)
    assert cost(pricing, "market/inversions/") == few


def test_the_way_to_a_trace_stands_on_product_and_dealer(cast: Cast, pricing: HostClient) -> None:
    code = cast.skus[1].code
    assert f"/console/prices/trace/?sku={code}" in pricing.get(f"/console/products/code/{code}/").content.decode()
    assert "/console/prices/trace/?dealer=C1" in pricing.get("/console/dealers/code/C1/?tab=prices").content.decode()

"""Market quotes at a desk: several rows at once, what is refused stays typed, the course of a product drawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.kernel.quantity import Unit
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from frontend.console.timecharts import time_chart
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens
from tests.frontend.console.test_budgets import cost

HEAD = {"quoted_on": "2026-01-12", "region_code": "山东省济南市", "source": "批发市场", "rows": "3", "act": "save"}
TODAY = date(2026, 1, 12)


@pytest.fixture
def pricing(as_: Opens) -> HostClient:
    return as_("pricing")


def rows_of(*rows: tuple[str, str, str]) -> dict[str, str]:
    """Names of the inputs for (product, quote, unit)."""
    return {
        f"{name}-{place}": value
        for place, row in enumerate(rows)
        for name, value in zip(("sku", "amount", "unit"), row, strict=True)
    }


def test_codes_and_names_are_entered_together_with_what_is_pasted(cast: Cast, pricing: HostClient) -> None:
    typed = rows_of((cast.skus[1].code, "850", "BOTTLE"), (cast.skus[2].name, "1,180.50", "CASE"))
    pasted = f"{cast.skus[3].code}\t16.5\t瓶\n\n"
    answer = pricing.post("/console/market/new/", {**HEAD, **typed, "text": pasted, "once": "k1"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/market/")
    found = MarketQuote.objects.order_by("id").values_list("sku__code", "region_code", "unit", "amount", "source")
    assert list(found) == [
        (cast.skus[1].code, "370100", "BOTTLE", 85_000, "批发市场"),
        (cast.skus[2].code, "370100", "CASE", 118_050, "批发市场"),
        (cast.skus[3].code, "370100", "BOTTLE", 1_650, "批发市场"),
    ]
    again = pricing.post("/console/market/new/", {**HEAD, **typed, "text": pasted, "once": "k1"})
    assert (again.status_code, MarketQuote.objects.count()) == (302, 3)
    page = pricing.get("/console/market/").content.decode()
    assert all(words in page for words in ("山东省济南市", "¥1,180.50", "价格专员"))


def test_what_is_refused_is_told_at_its_row_and_nothing_typed_is_lost(cast: Cast, pricing: HostClient) -> None:
    typed = rows_of((cast.skus[1].code, "850", "BOTTLE"), ("没有的酒", "12", "CASE"), (cast.skus[2].code, "0", "CASE"))
    answer = pricing.post("/console/market/new/", {**HEAD, **typed})
    page = answer.content.decode()
    assert (answer.status_code, MarketQuote.objects.exists()) == (422, False)
    assert all(
        words in page for words in ("“没有的酒”不是有效的商品编码", "批价必须大于零", 'value="850"', 'value="没有的酒"')
    )
    fields = [tag for tag in page.split("<input")[1:] if 'aria-invalid="true"' in tag.split(">")[0]]
    assert [tag.split('id="')[1].split('"')[0] for tag in fields] == ["sku-1", "amount-2"]
    ahead = pricing.post(
        "/console/market/new/", {**HEAD, **rows_of((cast.skus[1].code, "1", "CASE")), "quoted_on": "2026-02-01"}
    )
    assert (ahead.status_code, "2026-02-01 还没到" in ahead.content.decode()) == (422, True)
    assert pricing.post("/console/market/new/", HEAD).status_code == 422


@pytest.mark.parametrize("act", ["save", "more"])
def test_more_rows_than_one_act_takes_are_refused_and_stay_on_the_page(
    cast: Cast, pricing: HostClient, act: str
) -> None:
    typed = rows_of((cast.skus[1].code, "850", "BOTTLE"))
    lines = [f"{cast.skus[2].code}\t{amount}" for amount in range(1_001, 1_301)]
    said = {**HEAD, **typed, "act": act, "paste_unit": "CASE"}
    answer = pricing.post("/console/market/new/", {**said, "text": "\n".join(lines)})
    page = answer.content.decode()
    assert (answer.status_code, MarketQuote.objects.exists()) == (422, False)
    assert "一次最多录入 300 条" in page
    assert f">{lines[0]}" in page
    assert f"{lines[-1]}</textarea>" in page
    assert 'value="850"' in page
    assert '<option value="CASE" selected>' in page[page.index("paste-u") :]
    answer = pricing.post("/console/market/new/", {**said, "act": "more", "text": "\n\n".join(lines[1:])})
    page = answer.content.decode()
    assert (answer.status_code, 'name="sku-299"' in page, "</textarea>" in page) == (200, True, True)
    assert 'value="1300"' in page


def test_a_regional_seat_is_told_where_it_may_not_write(cast: Cast, as_: Opens) -> None:
    cast.seat_limited()
    manager = as_("manager_jinan")
    words = {**HEAD, "region_code": "山东省青岛市", **rows_of((cast.skus[1].code, "1", "CASE"))}
    answer = manager.post("/console/market/new/", words)
    assert (answer.status_code, MarketQuote.objects.exists()) == (422, False)
    assert manager.post("/console/market/new/", {**words, "region_code": "济南市"}).status_code == 302


def test_a_quote_is_taken_back_from_the_list(cast: Cast, pricing: HostClient) -> None:
    record_quotes(actor=cast.pricing, rows=[Heard(cast.skus[1].code, "CN", TODAY, Unit.BOTTLE, 85_000)])
    row = MarketQuote.objects.get()
    assert pricing.post(f"/console/market/{row.pk}/withdraw/").status_code == 302
    assert "¥850.00" not in pricing.get("/console/market/").content.decode()
    assert "已撤回" in pricing.get("/console/market/?all=1").content.decode()
    assert pricing.post("/console/market/999999/withdraw/").status_code == 404


def test_the_course_of_a_product_is_drawn_by_division(cast: Cast, pricing: HostClient) -> None:
    code = cast.skus[1].code
    assert "这段时间没有批价" in pricing.get(f"/console/market/code/{code}/").content.decode()
    first = Heard(code, "370100", TODAY - timedelta(days=40), Unit.BOTTLE, 85_000)
    rows = [first, replace(first, quoted_on=TODAY, amount=84_000), replace(first, region_code="CN", amount=86_000)]
    record_quotes(actor=cast.pricing, rows=rows)
    page = pricing.get(f"/console/market/code/{code}/").content.decode()
    assert page.count("timechart__dot--1") + page.count("timechart__dot--2") == 2 * 3
    one = pricing.get(f"/console/market/code/{code}/?region=CN&days=30").content.decode()
    assert "这段时间没有批价" in one
    odd = pricing.get(f"/console/market/code/{code}/", {"days": '1&region=370100"'}).content.decode()
    assert "days=1%26region%3D370100%22" in odd
    assert pricing.get("/console/market/code/NO-SUCH/").status_code == 404


@pytest.mark.parametrize("path", ["market/", "market/?q=青花&since=2026-01-01", "market/code/{code}/"])
def test_the_pages_cost_the_same_for_many_quotes(cast: Cast, pricing: HostClient, path: str) -> None:
    address = path.format(code=cast.skus[1].code)
    first = Heard(cast.skus[1].code, "370100", TODAY, Unit.BOTTLE, 85_000)
    record_quotes(actor=cast.pricing, rows=[first])
    few = cost(pricing, address)
    more = [
        replace(first, quoted_on=TODAY - timedelta(days=n), sku_code=cast.skus[1 + n % 3].code) for n in range(1, 60)
    ]
    record_quotes(actor=cast.pricing, rows=more)
    assert cost(pricing, address) == few
    assert few <= 9


def test_a_chart_of_one_day_and_of_equal_amounts_still_has_a_scale() -> None:
    flat = time_chart([("甲", [(TODAY, 85_000, "x"), (TODAY + timedelta(days=1), 85_000, "x")])], currency="CNY")
    alone = time_chart([("甲", [(TODAY, 5, "x")])], currency="CNY", is_stepped=True)
    for chart in (flat, alone):
        assert chart is not None
        assert len(chart.lines) >= 2
        assert all(12 <= mark.y <= 216 for one in chart.courses for mark in one.marks)
    assert time_chart([("甲", [])], currency="CNY") is None

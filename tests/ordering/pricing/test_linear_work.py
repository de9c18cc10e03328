"""The work of a page of prices grows with the page, also where PostgreSQL knows nothing yet about a brand's tables."""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from core.db import sql
from core.kernel import clock
from core.kernel.quantity import Unit
from dms.dealers.selectors import trading_dealer
from ordering.pricing.selectors import PriceAsk, ShelfFilters, resolve, shelf_page
from tests.cast import Cast
from tests.factories.wide import make_many_skus, price_all

FEW, MANY = 10, 50
LADDER = {1: 100_00, 10: 90_00}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What every statement touched since: rows that came out of its steps and rows a join threw away."""
    touched: list[float] = []
    ask = sql.rows

    def explained(statement: str, parameters: Mapping[str, object]) -> list[sql.Row]:
        plan = ask(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)[0][0]
        told = json.loads(plan) if isinstance(plan, str) else plan
        touched.append(sum(_touched(node) for node in _nodes(told[0]["Plan"])))
        return ask(statement, parameters)

    monkeypatch.setattr(sql, "rows", explained)
    return touched


def _nodes(plan: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield plan
    for child in plan.get("Plans", []):  # type: ignore[attr-defined]  # a list of plans
        yield from _nodes(child)


def _touched(node: Mapping[str, object]) -> float:
    rows = float(str(node["Actual Rows"])) + float(str(node.get("Rows Removed by Join Filter", 0)))
    return rows * float(str(node["Actual Loops"]))


def test_pricing_lines_is_linear_without_statistics(cast: Cast, work: list[float]) -> None:
    skus = make_many_skus(cast.skus[1], MANY)
    price_all(cast.national, skus, LADDER)
    buyer = trading_dealer(buyer_id=cast.c1.pk, seller_id=None, day=clock.business_day())

    def worked(count: int) -> float:
        work.clear()
        lines = [PriceAsk(number, sku.pk, Unit.CASE, 12) for number, sku in enumerate(skus[:count])]
        resolve(seller_id=buyer.supplier_id, buyer=buyer, lines=lines, at=clock.now(), currency="CNY")
        return sum(work)

    assert worked(MANY) <= worked(FEW) * MANY / FEW


def test_a_page_of_the_shelf_touches_a_few_rows_for_each_card(cast: Cast, work: list[float]) -> None:
    price_all(cast.national, make_many_skus(cast.skus[1], MANY), LADDER)
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(), with_facets=False)
    assert len(page.cards) == MANY
    # a table of one block may be looked through for each card; ladders made anew for each card touched 344,323 rows
    assert max(work) < 10 * MANY * MANY


def test_counting_by_price_is_linear_without_statistics(cast: Cast, work: list[float]) -> None:
    skus = make_many_skus(cast.skus[1], MANY)
    price_all(cast.national, skus, LADDER)
    price_all(cast.city, skus, LADDER)

    def worked(count: int) -> float:
        codes = tuple(sku.code for sku in skus[:count])
        work.clear()
        shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(sku_codes=codes, bands=("100-300", "0-100"), sort="price"))
        return sum(work)

    assert worked(MANY) <= worked(FEW) * MANY / FEW


def test_the_statement_of_every_order_is_short_enough_to_be_kept() -> None:
    """psycopg reads a longer one anew at every call, which takes longer than sending it."""
    module = import_module("ordering.pricing.selectors.offers")
    assert len(module._OFFERS) <= MAX_CACHED_STATEMENT_LENGTH

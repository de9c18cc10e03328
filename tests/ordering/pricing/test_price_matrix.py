"""The matrix: SKU × list at an instant, with what is scheduled and what is derived, for the seller's own lists only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.actor import Actor, Scope
from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import price_history
from ordering.pricing.selectors.matrix import (
    Block,
    Mark,
    MatrixCell,
    MatrixRow,
    RowFilter,
    Step,
    marked_block,
    matrix_block,
    matrix_lists,
    own_amounts,
    steps_of,
)
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.factories.wide import make_many_skus, price_all
from tests.ordering.watching import statements

ONE_CASE = Step("CASE", 1)


def block(actor: Actor, *codes: str, text: str = "", **asked: object) -> Block:
    """The rows for some lists (all without any)."""
    lists = [one for one in matrix_lists(actor) if not codes or one.code in codes]
    return matrix_block(actor=actor, lists=lists, asked=RowFilter(text), **asked)  # type: ignore[arg-type]  # test


def cells(row: MatrixRow, price_list: PriceList) -> list[tuple[str, int, int | None, bool]]:
    """What a list says of a row."""
    return [(one.unit, one.min_quantity, one.amount, one.is_derived) for one in row.cells.get(price_list.pk, ())]


def test_every_sku_by_every_active_list(cast: Cast) -> None:
    PriceList.objects.filter(code="C2").update(is_active=False)
    assert [one.code for one in matrix_lists(cast.pricing)] == ["NAT", "CITY"]
    found = block(cast.pricing)
    assert found.total == 6
    rows = {row.sku_code: row for row in found.rows}
    assert cells(rows[cast.skus[1].code], cast.city) == [("CASE", 1, 178_000, False), ("CASE", 10, 170_000, False)]
    assert cells(rows[cast.skus[3].code], cast.national) == [("CASE", 1, 36_000, False), ("BOTTLE", 1, 3_200, False)]
    assert rows[cast.skus[5].code].cells == {}


def test_drafts_stand_behind_what_is_sold(cast: Cast) -> None:
    codes = [row.sku_code for row in block(cast.pricing).rows]
    Sku.objects.filter(code=codes[0]).update(status="DRAFT", rank=0)
    assert [row.sku_code for row in block(cast.pricing).rows] == [*codes[1:], codes[0]]


def test_what_is_scheduled_stands_beside_what_rules(cast: Cast) -> None:
    code, later = cast.skus[1].code, clock.now() + timedelta(days=20)
    set_prices(actor=cast.pricing, command=SetPrices("NAT", (PriceChange(code, Unit.CASE, 210_000, valid_from=later),)))
    (row,) = block(cast.pricing, "NAT", text=code).rows
    (cell,) = row.cells[cast.national.pk]
    assert (cell.amount, cell.next_amount, cell.next_from) == (198_000, 210_000, later)
    (then,) = block(cast.pricing, "NAT", text=code, at=later).rows
    (cell,) = then.cells[cast.national.pk]
    assert (cell.amount, cell.next_from) == (210_000, None)


def test_another_sellers_lists_are_not_there(cast: Cast) -> None:
    assert "C1-NAT" not in [one.code for one in matrix_lists(cast.pricing)]
    assert [one.code for one in matrix_lists(cast.admin_c1)] == ["C1-NAT"]
    with pytest.raises(Missing):
        price_history(actor=cast.pricing, list_code="C1-NAT", sku_code=cast.skus[1].code)
    with pytest.raises(NotPermitted):
        matrix_lists(cast.warehouse)


def test_who_may_change_what(cast: Cast) -> None:
    assert {one.code: one.is_editable for one in matrix_lists(cast.pricing)} == {"NAT": True, "CITY": True, "C2": True}
    limited = replace(cast.pricing, scope=Scope(regions=("370200",)))
    assert {one.code: one.is_editable for one in matrix_lists(limited)} == {"NAT": False, "CITY": False, "C2": True}
    assert not any(one.is_editable for one in matrix_lists(cast.rep))


def test_constant_statements(cast: Cast) -> None:
    lists = matrix_lists(cast.pricing)
    with statements() as few:
        matrix_block(actor=cast.pricing, lists=lists, asked=RowFilter())
    price_all(cast.national, make_many_skus(cast.skus[1], 150), {1: 5, 10: 4})
    with statements() as many:
        found = matrix_block(actor=cast.pricing, lists=lists, asked=RowFilter(), offset=100, limit=200)
    assert len(few) == len(many)
    assert len(many) <= 5
    assert (len(found.rows), found.total, found.offset) == (56, 156, 100)


def test_a_derived_list_charges_its_parents_price_by_the_factor(cast: Cast) -> None:
    sku = cast.skus[1]
    near = make_list(cast.root, "NEAR", "派生", parent=cast.city, factor_ppm=1_050_000, round_to=1000, round_mode="UP")
    far = make_list(cast.root, "FAR", "再派生", parent=near, factor_ppm=1_000_000)
    (row,) = block(cast.pricing, "FAR", "NEAR", text=sku.code).rows
    assert cells(row, near) == [("CASE", 1, 187_000, True), ("CASE", 10, 179_000, True)]
    assert cells(row, far) == cells(row, near)
    make_price(near, sku, {1: 190_000})
    (row,) = block(cast.pricing, "FAR", text=sku.code).rows
    assert cells(row, far) == [("CASE", 1, 190_000, True)]
    make_price(far, sku, {10: 180_000})
    (row,) = block(cast.pricing, "FAR", text=sku.code).rows
    assert cells(row, far) == [("CASE", 10, 180_000, False)]


def test_a_list_that_divides_its_cases_has_bottle_prices(cast: Cast) -> None:
    PriceList.objects.filter(pk=cast.city.pk).update(divides_cases=True)
    (row,) = block(cast.pricing, "CITY", text=cast.skus[1].code).rows
    assert cells(row, cast.city) == [
        ("CASE", 1, 178_000, False),
        ("CASE", 10, 170_000, False),
        ("BOTTLE", 1, 29_667, True),
        ("BOTTLE", 60, 28_333, True),
    ]


def test_rows_where_a_tier_pays_as_much_as_the_one_under_it(cast: Cast) -> None:
    county = make_list(cast.root, "COUNTY", "县级价", scope="TIER", tier=Dealer.Tier.COUNTY, region_code="370000")
    make_price(county, cast.skus[1], {1: 178_000})
    make_price(county, cast.skus[2], {1: 108_001})
    lists = matrix_lists(cast.pricing)
    found = marked_block(mark=Mark.INVERTED, actor=cast.pricing, lists=lists, steps=[ONE_CASE], asked=RowFilter())
    assert [row.sku_code for row in found.rows] == [cast.skus[1].code]
    assert found.total == 1


def test_the_floor_of_a_list_stands_under_its_prices(cast: Cast) -> None:
    floor = make_list(cast.root, "FLOOR", "红线价", kind="FLOOR")
    make_price(floor, cast.skus[1], {1: 178_001})
    make_price(floor, cast.skus[2], {1: 108_000})
    lists = matrix_lists(cast.pricing)
    assert [one.code for one in lists] == ["FLOOR", "NAT", "CITY", "C2"]
    (row,) = (found := block(cast.pricing, "CITY", text=cast.skus[1].code)).rows
    assert found.floors == {(cast.city.pk, row.sku_id, "CASE"): 178_001}
    below = marked_block(mark=Mark.FLOOR, actor=cast.pricing, lists=lists, steps=[ONE_CASE], asked=RowFilter())
    assert [row.sku_code for row in below.rows] == [cast.skus[1].code]


def test_steps_and_what_a_list_says_itself(cast: Cast) -> None:
    lists = matrix_lists(cast.pricing)
    city = [one for one in lists if one.code == "CITY"]
    assert steps_of(city) == [Step("CASE", 1), Step("CASE", 10), Step("BOTTLE", 1)]
    code = cast.skus[1].code
    assert own_amounts(city, [code]) == {
        ("CITY", code, Step("CASE", 1)): 178_000,
        ("CITY", code, Step("CASE", 10)): 170_000,
    }
    assert own_amounts(city, [code], at=clock.now() - timedelta(days=9_000)) == {}
    assert MatrixCell("CASE", 1, 1, None, None, None).is_derived is False

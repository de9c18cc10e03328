"""Thresholds: set, taken away, told once, and again only after stock has risen."""

from typing import Any

import pytest

from core.db.acts import act
from core.events.models import Event
from core.kernel.errors import DomainError
from dms.stock import selectors, services
from dms.stock.events import STOCK_LOW
from dms.stock.models import StockThreshold
from dms.stock.selectors import StockFilter
from dms.stock.services import AdjustStock, Counted, Demand, SetThresholds, ThresholdLine
from tests.cast import Cast
from tests.factories.goods import make_stock, make_warehouse
from tests.ordering.watching import statements


def _set(cast: Cast, number: int, bottles: int, warehouse: str = "", seat: str = "warehouse") -> int:
    command = SetThresholds((ThresholdLine(cast.skus[number].code, bottles),), warehouse)
    return services.set_thresholds(actor=cast.actor(seat), command=command)


def _told() -> list[dict[str, Any]]:
    return [event.payload for event in Event.objects.filter(kind=STOCK_LOW).order_by("pk")]


def _adjust(cast: Cast, number: int, bottles: int) -> None:
    command = AdjustStock("W1", (Counted(cast.skus[number].code, bottles),), "试")
    services.adjust_stock(actor=cast.warehouse, command=command)


def test_a_house_hears_once_and_again_only_after_stock_has_risen(cast: Cast) -> None:
    _set(cast, 1, 600)
    assert services.check_thresholds() == 0
    _adjust(cast, 1, -1)
    assert [services.check_thresholds() for _ in range(3)] == [1, 0, 0]
    (told,) = _told()
    assert (told["dealer_id"], told["count"]) == (cast.root.pk, 1)
    assert told["lines"] == [
        {"sku": cast.skus[1].code, "name": cast.skus[1].name, "warehouse": "", "bottles": 600, "free": 599}
    ]
    _adjust(cast, 1, 1)
    assert services.check_thresholds() == 0
    _adjust(cast, 1, -10)
    assert services.check_thresholds() == 1
    assert len(_told()) == 2


def test_what_is_reserved_is_not_free(cast: Cast) -> None:
    _set(cast, 2, 7)
    with act():
        services.reserve(
            seller_id=cast.root.pk,
            document_type="ORDER",
            document_number="SO1",
            demand=[Demand(1, cast.skus[2].pk, 6)],
            region_code="370100",
        )
    assert services.check_thresholds() == 1
    alerts = selectors.stock_alerts(cast.warehouse)
    assert (alerts.low, alerts.out) == (1, 0)
    assert [(row.sku_code, row.free, row.threshold, row.warehouse_code) for row in alerts.rows] == [
        (cast.skus[2].code, 6, 7, "")
    ]


def test_one_warehouse_may_run_low_while_the_others_have_plenty(cast: Cast) -> None:
    make_stock(make_warehouse(cast.root, "W2", "前置仓"), cast.skus[1], 6)
    _set(cast, 1, 12, "W2")
    assert services.check_thresholds() == 1
    seen = selectors.stock_page(actor=cast.warehouse, filters=StockFilter(only="low"))
    assert [(line.sku_code, line.state) for line in seen.rows] == [(cast.skus[1].code, "LOW")]
    assert selectors.stock_page(actor=cast.warehouse, filters=StockFilter("", "W1", "low")).rows == []


def test_a_product_never_stocked_is_out_once_it_has_a_threshold(cast: Cast) -> None:
    cast.skus[4].stock.all().delete()
    _set(cast, 4, 24)
    (line,) = selectors.stock_page(actor=cast.warehouse, filters=StockFilter(cast.skus[4].code)).rows
    assert (line.state, line.places, line.threshold) == ("OUT", (), 24)
    assert services.check_thresholds() == 1


def test_nothing_takes_a_threshold_away(cast: Cast) -> None:
    _set(cast, 1, 10)
    _set(cast, 1, 20)
    assert list(StockThreshold.objects.values_list("bottles", flat=True)) == [20]
    _set(cast, 1, 0)
    assert not StockThreshold.objects.exists()


def test_a_dealer_watches_its_own_stock_and_hears_alone(cast: Cast) -> None:
    _set(cast, 1, 61, seat="warehouse_c1")
    _set(cast, 3, 2000)
    assert services.check_thresholds() == 2
    assert [told["dealer_id"] for told in _told()] == [cast.root.pk, cast.c1.pk]
    assert [row.free for row in selectors.stock_alerts(cast.buyer_c1).rows] == [60]
    assert selectors.stock_alerts(cast.buyer_c2).rows == ()


@pytest.mark.parametrize(
    ("number", "bottles", "code"), [(0, 1, "stock.sku_missing"), (1, -1, "stock.quantity_invalid")]
)
def test_refuses_what_cannot_be(cast: Cast, number: int, bottles: int, code: str) -> None:
    line = ThresholdLine(cast.skus[number].code if number else "NO", bottles)
    with pytest.raises(DomainError) as refusal:
        services.set_thresholds(actor=cast.warehouse, command=SetThresholds((line,)))
    assert [(fault.code, fault.line) for fault in refusal.value.problems()] == [(code, 1)]
    with pytest.raises(DomainError) as refusal:
        _set(cast, 1, 6, "D-C1")
    assert refusal.value.code == "stock.warehouse_missing"
    with pytest.raises(DomainError):
        _set(cast, 1, 6, seat="rep")
    assert not StockThreshold.objects.exists()


def test_any_number_of_thresholds_takes_the_same_statements(cast: Cast) -> None:
    def cost(*numbers: int) -> int:
        lines = tuple(ThresholdLine(cast.skus[number].code, 1000) for number in numbers)
        with statements() as seen:
            services.set_thresholds(actor=cast.warehouse, command=SetThresholds(lines))
            services.check_thresholds()
        return len(seen) - sum("event" in one.lower() for one in seen)

    assert cost(1) == cost(2, 3, 4, 5) <= 6


def test_the_chips_count_every_state(cast: Cast) -> None:
    _set(cast, 1, 601)
    counts = selectors.stock_counts(actor=cast.warehouse, filters=StockFilter())
    rows = selectors.stock_page(actor=cast.warehouse, filters=StockFilter()).rows
    assert counts.total == len(rows)
    assert counts.low == sum(row.state == "LOW" for row in rows) == 1
    assert counts.short == sum(row.state == "OUT" for row in rows)
    codes = selectors.stock_codes(actor=cast.warehouse, filters=StockFilter(only="low"), limit=5)
    assert codes == [cast.skus[1].code]

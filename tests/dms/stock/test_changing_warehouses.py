"""Warehouses: changed as they were seen, closed only when nothing lies there any more."""

import pytest
from django.db import connection

from core.kernel.errors import DomainError
from dms.stock import services
from dms.stock.models import Movement, Warehouse
from dms.stock.selectors import StockFilter, stock_counts, stock_page, warehouse_sums
from dms.stock.selectors.moved import MovementFilter, movement_slice
from dms.stock.services import ChangeWarehouse, Counted, DraftTransfer, OpenCount, TransferStock
from tests.cast import Cast
from tests.factories.goods import make_stock, make_warehouse
from tests.ordering.watching import statements


def _refused(call: object, **named: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        call(**named)  # type: ignore[operator]
    return refusal.value


def test_facts_change_as_they_were_seen(cast: Cast) -> None:
    command = ChangeWarehouse("W1", "太原总仓", "CLOUD", "140100", 5, 1)
    services.change_warehouse(actor=cast.warehouse, command=command)
    row = Warehouse.objects.get(code="W1")
    assert (row.name, row.kind, row.priority, row.version) == ("太原总仓", "CLOUD", 5, 2)
    assert _refused(services.change_warehouse, actor=cast.warehouse, command=command).code == "stock.warehouse_changed"
    stranger = ChangeWarehouse("D-C1", "太原总仓", "CLOUD", "140100", 5, 1)
    assert _refused(services.change_warehouse, actor=cast.warehouse, command=stranger).code == "stock.warehouse_missing"


def test_a_warehouse_is_closed_empty(cast: Cast) -> None:
    fault = _refused(services.close_warehouse, actor=cast.warehouse, code="W1")
    assert (fault.code, fault.fields["bottles"]) == ("stock.warehouse_in_use", 1992)
    make_warehouse(cast.root, "W2", "前置仓")
    goods = TransferStock("W1", "W2", (Counted(cast.skus[1].code, 6),))
    number = services.draft_transfer(actor=cast.warehouse, command=DraftTransfer(goods)).number
    assert _refused(services.close_warehouse, actor=cast.warehouse, code="W2").fields["transfers"] == 1
    services.cancel_transfer(actor=cast.warehouse, number=number)
    sheet = services.open_count(actor=cast.warehouse, command=OpenCount("W2"))
    assert _refused(services.close_warehouse, actor=cast.warehouse, code="W2").fields["counts"] == 1
    services.cancel_count(actor=cast.warehouse, number=sheet.number)
    assert services.close_warehouse(actor=cast.warehouse, code="W2").is_active is False
    command = TransferStock("W1", "W2", (Counted(cast.skus[1].code, 6),))
    refused = _refused(services.transfer_stock, actor=cast.warehouse, command=command)
    assert refused.code == "stock.warehouse_missing"
    assert services.reopen_warehouse(actor=cast.warehouse, code="W2").is_active is True


def test_the_sums_of_all_warehouses_take_one_statement(cast: Cast) -> None:
    make_stock(make_warehouse(cast.root, "W2", "前置仓"), cast.skus[1], 18)
    with statements() as seen:
        rows = warehouse_sums(cast.warehouse)
    assert {row.warehouse.code: (row.skus, row.on_hand) for row in rows} == {"W1": (5, 1992), "W2": (1, 18)}
    assert len(seen) == 1


def test_leafing_back_through_movements_costs_one_statement_at_any_depth(cast: Cast) -> None:
    stock = cast.skus[1].stock.get(warehouse=cast.w1)
    first = Movement.objects.order_by("pk").first()
    assert first is not None
    facts = {"document_type": "COUNT", "document_number": "X", "at": first.at, "kind": "COUNT"}
    Movement.objects.bulk_create(Movement(stock=stock, bottles=1 if place % 2 else -1, **facts) for place in range(120))
    asked, found, place = MovementFilter(sku_code=cast.skus[1].code), [], None
    while True:
        with statements() as seen:
            part = movement_slice(cast.warehouse, asked, older_than=place)
        assert len(seen) == 1
        found += [row.pk for row in part.rows]
        place = part.older_than
        if place is None:
            break
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == Movement.objects.filter(stock=stock).count()
    none = movement_slice(cast.admin_c1, MovementFilter(sku_code=cast.skus[1].code, warehouse_code="W1"))
    assert none.rows == []


def test_a_hundred_thousand_rows_take_two_statements(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_stock (warehouse_id, owner_id, sku_id, batch, condition, on_hand, reserved)"
            " SELECT %s, %s, %s, 'B' || n, 'AVAILABLE', 0, 0 FROM generate_series(1, 100000) AS n",
            [cast.w1.pk, cast.root.pk, cast.skus[4].pk],
        )
    with statements() as seen:
        page = stock_page(actor=cast.warehouse, filters=StockFilter("XH-QX-530-0500"))
        counts = stock_counts(actor=cast.warehouse, filters=StockFilter())
    assert (len(page.rows), counts.total, len(seen)) == (1, 6, 2)

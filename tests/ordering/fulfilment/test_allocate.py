"""Deciding which warehouse serves an order."""

import pytest

from core.kernel.errors import DomainError, NotPermitted
from dms.stock.models import Reservation
from ordering.fulfilment.selectors import ready_lines
from ordering.fulfilment.services import Allocate, Place, allocate
from tests.factories.goods import make_stock, make_warehouse
from tests.ordering.fulfilment.conftest import Deal, assert_whole


def test_confirming_what_was_reserved_marks_the_order(deal: Deal) -> None:
    progress = allocate(actor=deal.cast.sales_admin, command=Allocate(deal.number))
    assert progress.fulfilment_status == deal.order.fulfilment_status == "ALLOCATED"
    again = allocate(actor=deal.cast.sales_admin, command=Allocate(deal.number))
    assert again.fulfilment_status == "ALLOCATED"


def test_lines_move_to_another_warehouse_and_ship_from_there(deal: Deal) -> None:
    far = make_warehouse(deal.cast.root, "W2", "二仓")
    make_stock(far, deal.cast.skus[1], 30)
    allocate(actor=deal.cast.warehouse, command=Allocate(deal.number, places=(Place(1, "W2", 30),)))
    ready = {line.line_no: line.kept for line in ready_lines(deal.cast.warehouse, deal.number)}
    assert ready == {1: {"W1": 30, "W2": 30}, 2: {"W1": 60}}
    assert deal.ship(warehouse="W2").bottles == 30
    assert_whole()


def test_refuses_more_than_the_warehouse_has_and_changes_nothing(deal: Deal) -> None:
    make_stock(make_warehouse(deal.cast.root, "W2", "二仓"), deal.cast.skus[1], 12)
    before = list(Reservation.objects.order_by("pk").values())
    with pytest.raises(DomainError) as refused:
        allocate(actor=deal.cast.warehouse, command=Allocate(deal.number, warehouse_code="W2"))
    assert {fault.code for fault in refused.value.problems()} == {"stock.insufficient"}
    assert list(Reservation.objects.order_by("pk").values()) == before
    assert deal.order.fulfilment_status == "NONE"


def test_refuses_unknown_lines_warehouses_and_quantities_by_line(deal: Deal) -> None:
    places = (Place(9, "W1", 1), Place(1, "D-C1", 6), Place(2, "W1", 0))
    with pytest.raises(DomainError) as refused:
        allocate(actor=deal.cast.warehouse, command=Allocate(deal.number, places=places))
    assert [(fault.line, fault.code) for fault in refused.value.problems()] == [
        (9, "shipment.line_unknown"),
        (1, "shipment.warehouse_unknown"),
        (2, "shipment.quantity"),
    ]


def test_refuses_roles_without_the_right(deal: Deal) -> None:
    with pytest.raises(NotPermitted):
        allocate(actor=deal.cast.finance, command=Allocate(deal.number))

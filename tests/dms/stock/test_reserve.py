"""Reserving for an order: all lines or none, from the nearest warehouse, in two statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db.acts import act
from core.kernel.errors import DomainError, Refusal
from dms.stock import selectors, services
from dms.stock.models import Reservation, Stock
from dms.stock.services import Demand, Taken
from tests.cast import Cast
from tests.factories.goods import make_stock, make_warehouse


def _reserve(cast: Cast, *demand: Demand, number: str = "SO1", region: str = "370100") -> tuple[Taken, ...]:
    with act():
        return services.reserve(
            seller_id=cast.root.pk,
            document_type="ORDER",
            document_number=number,
            demand=demand,
            region_code=region,
        )


def _figures() -> list[tuple[int, int, int]]:
    return list(Stock.objects.order_by("pk").values_list("pk", "on_hand", "reserved"))


def test_keeps_the_bottles_of_every_line(cast: Cast) -> None:
    taken = _reserve(cast, Demand(1, cast.skus[1].pk, 60), Demand(2, cast.skus[3].pk, 7))
    assert [(t.line_no, t.warehouse_id, t.bottles) for t in taken] == [(1, cast.w1.pk, 60), (2, cast.w1.pk, 7)]
    free = selectors.free_by_sku(seller_id=cast.root.pk, sku_ids=[cast.skus[1].pk, cast.skus[3].pk])
    assert free == {cast.skus[1].pk: 540, cast.skus[3].pk: 1193}
    assert selectors.open_reservations(document_type="ORDER", document_number="SO1") == taken


def test_takes_two_statements_for_any_number_of_lines(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        _reserve(cast, Demand(1, cast.skus[1].pk, 6), Demand(2, cast.skus[2].pk, 6), Demand(3, cast.skus[3].pk, 6))
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 2


def test_lines_of_one_sku_are_added_up_before_they_are_judged(cast: Cast) -> None:
    before = _figures()
    with pytest.raises(Refusal) as refusal:
        _reserve(cast, Demand(1, cast.skus[2].pk, 6), Demand(2, cast.skus[3].pk, 12), Demand(3, cast.skus[2].pk, 12))
    assert [(f.code, f.line, f.fields) for f in refusal.value.faults] == [
        ("stock.insufficient", line, {"sku": cast.skus[2].code, "wanted": 18, "free": 12}) for line in (1, 3)
    ]
    assert _figures() == before
    assert not Reservation.objects.exists()


def test_a_sku_never_stocked_has_none_free(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _reserve(cast, Demand(1, cast.skus[4].pk, 24))
    assert refusal.value.problems()[0].fields == {"sku": cast.skus[4].code, "wanted": 24, "free": 0}


def test_draws_on_the_nearest_warehouse_first_and_on_several(cast: Cast) -> None:
    near = make_warehouse(cast.root, "W-JN", "济南云仓")
    near.region_code, near.priority = "370102", 500
    near.save()
    row = make_stock(near, cast.skus[1], 30)
    taken = _reserve(cast, Demand(1, cast.skus[1].pk, 24), Demand(2, cast.skus[1].pk, 12))
    w1_row = Stock.objects.get(warehouse=cast.w1, sku=cast.skus[1])
    assert [(t.line_no, t.stock_id, t.bottles) for t in taken] == [(1, row.pk, 24), (2, row.pk, 6), (2, w1_row.pk, 6)]


@pytest.mark.parametrize("change", [{"kind": "TRANSIT"}, {"kind": "DEFECT"}, {"is_active": False}])
def test_leaves_warehouses_alone_that_do_not_sell(cast: Cast, change: dict[str, object]) -> None:
    for name, value in change.items():
        setattr(cast.w1, name, value)
    cast.w1.save()
    with pytest.raises(DomainError) as refusal:
        _reserve(cast, Demand(1, cast.skus[1].pk, 6))
    assert refusal.value.problems()[0].fields["free"] == 0
    assert selectors.free_by_sku(seller_id=cast.root.pk, sku_ids=[cast.skus[1].pk]) == {cast.skus[1].pk: 0}


def test_a_dealer_reserves_its_own_stock_only(cast: Cast) -> None:
    with act():
        services.reserve(
            seller_id=cast.c1.pk,
            document_type="ORDER",
            document_number="SO2",
            demand=[Demand(1, cast.skus[1].pk, 60)],
            region_code="370102",
        )
    assert list(Stock.objects.filter(reserved__gt=0).values_list("warehouse_id", "reserved")) == [(cast.d_c1.pk, 60)]


def test_release_gives_everything_back_once(cast: Cast) -> None:
    before = _figures()
    _reserve(cast, Demand(1, cast.skus[1].pk, 60), Demand(2, cast.skus[3].pk, 7))
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 67
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 0
    assert _figures() == before


def test_ship_lowers_on_hand_and_reserved_together(cast: Cast) -> None:
    (taken,) = _reserve(cast, Demand(1, cast.skus[1].pk, 60))
    take = services.Take(1, taken.stock_id, 36)
    with act():
        services.ship(document_number="SO1", shipment_number="SH1", takes=[take], actor=cast.warehouse)
    stock = Stock.objects.get(pk=taken.stock_id)
    assert (stock.on_hand, stock.reserved) == (564, 24)
    movement = stock.movements.get(kind="SHIPMENT")
    assert (movement.bottles, movement.document_number, movement.person_id) == (-36, "SH1", cast.warehouse.person_id)
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 24


def test_ship_refuses_more_than_is_reserved(cast: Cast) -> None:
    (taken,) = _reserve(cast, Demand(1, cast.skus[1].pk, 60))
    before = _figures()
    with pytest.raises(Refusal) as refusal, act():
        services.ship(
            document_number="SO1",
            shipment_number="SH1",
            takes=[services.Take(1, taken.stock_id, 61)],
            actor=cast.warehouse,
        )
    assert [(f.code, f.line) for f in refusal.value.faults] == [("stock.not_reserved", 1)]
    assert _figures() == before


def test_receive_raises_what_is_there_and_makes_what_is_not(cast: Cast) -> None:
    arrivals = [
        services.Arrival(cast.skus[1].pk, 6),
        services.Arrival(cast.skus[1].pk, 12),
        services.Arrival(cast.skus[2].pk, 6, batch="20260101"),
    ]
    with act():
        services.receive(
            owner_id=cast.c1.pk,
            warehouse_id=cast.d_c1.pk,
            lines=arrivals,
            document_type="SHIPMENT",
            document_number="SH1",
            actor=cast.warehouse_c1,
        )
    rows = Stock.objects.filter(warehouse=cast.d_c1).order_by("sku__code")
    assert {(r.sku_id, r.batch, r.on_hand) for r in rows} == {
        (cast.skus[1].pk, "", 78),
        (cast.skus[2].pk, "20260101", 6),
    }
    for row in rows:
        assert sum(row.movements.values_list("bottles", flat=True)) == row.on_hand


def test_move_reservation_takes_what_is_missing_there_from_elsewhere(cast: Cast) -> None:
    other = make_warehouse(cast.root, "W2", "分仓")
    row = make_stock(other, cast.skus[1], 30)
    _reserve(cast, Demand(1, cast.skus[1].pk, 48))
    w1_row = Stock.objects.get(warehouse=cast.w1, sku=cast.skus[1])
    with act():
        after = services.move_reservation(
            document_type="ORDER", document_number="SO1", placements=[services.Placement(1, other.pk, 24)]
        )
    assert {(t.stock_id, t.bottles) for t in after} == {(w1_row.pk, 24), (row.pk, 24)}
    assert set(selectors.open_reservations(document_type="ORDER", document_number="SO1")) == set(after)
    assert {(s.pk, s.reserved) for s in Stock.objects.filter(reserved__gt=0)} == {(w1_row.pk, 24), (row.pk, 24)}


@pytest.mark.parametrize(("bottles", "code"), [(31, "stock.insufficient"), (49, "stock.not_reserved")])
def test_move_reservation_refuses_what_cannot_be(cast: Cast, bottles: int, code: str) -> None:
    other = make_warehouse(cast.root, "W2", "分仓")
    make_stock(other, cast.skus[1], 30)
    _reserve(cast, Demand(1, cast.skus[1].pk, 48))
    before = _figures()
    with pytest.raises(DomainError) as refusal, act():
        services.move_reservation(
            document_type="ORDER", document_number="SO1", placements=[services.Placement(1, other.pk, bottles)]
        )
    assert [(f.code, f.line) for f in refusal.value.problems()] == [(code, 1)]
    assert _figures() == before

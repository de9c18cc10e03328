"""Allocating by batch, emptying every warehouse, many orders at once, and the papers that go with the goods."""

import pytest

from core.db.acts import act
from core.kernel.errors import DomainError
from dms.stock import services as stock
from dms.stock.models import Stock, Warehouse
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.selectors import delivery_notes, picking_lists, shelves
from ordering.fulfilment.services import (
    Allocate,
    Place,
    ShipEverything,
    allocate,
    ship_each,
    ship_everything,
)
from ordering.orders.models import OrderingSettings
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from tests.cast import Cast
from tests.factories.goods import make_warehouse
from tests.ordering.fulfilment.conftest import Deal, assert_whole


@pytest.fixture
def second(cast: Cast) -> Warehouse:
    """W2 of the brand with two batches of SKU 1."""
    with act():
        warehouse = make_warehouse(cast.root, "W2", "济南仓")
        stock.receive(
            owner_id=cast.root.pk,
            warehouse_id=warehouse.pk,
            lines=[stock.Arrival(cast.skus[1].pk, 30, "B1"), stock.Arrival(cast.skus[1].pk, 24, "B2")],
            document_type="TEST",
            document_number="BATCHES",
            actor=None,
        )
    return warehouse


def put(deal: Deal, *places: Place) -> None:
    """Allocate by place."""
    allocate(actor=deal.cast.actor("warehouse"), command=Allocate(deal.number, places=places))


def kept(deal: Deal, line_no: int = 1) -> dict[tuple[str, str], int]:
    """Bottles kept for a line by warehouse and batch."""
    rows = shelves(deal.cast.actor("warehouse"), deal.number)
    return {(row.warehouse_code, row.batch): row.kept for row in rows if row.line_no == line_no and row.kept}


def test_bottles_lie_where_and_in_which_batch_they_are_wished(deal: Deal, second: Warehouse) -> None:
    put(deal, Place(1, "W2", 12, "B1"), Place(1, "W2", 24, "B2"))
    assert kept(deal) == {("W1", ""): 24, ("W2", "B1"): 12, ("W2", "B2"): 24}
    put(deal, Place(1, "W1", 60, ""))
    assert kept(deal) == {("W1", ""): 60}
    assert Stock.objects.filter(warehouse=second, reserved__gt=0).count() == 0


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place(1, "W2", 31, "B1"), "stock.insufficient"),
        (Place(1, "W2", 1, "B9"), "shipment.batch_unknown"),
        (Place(1, "D-C1", 1, ""), "shipment.warehouse_unknown"),
        (Place(1, "W1", 0, ""), "shipment.quantity"),
    ],
)
def test_refuses_what_is_not_there(deal: Deal, second: Warehouse, place: Place, code: str) -> None:
    before = kept(deal)
    with pytest.raises(DomainError) as refused:
        put(deal, place)
    assert code in [fault.code for fault in refused.value.problems()]
    assert kept(deal) == before
    assert second.is_active


def test_a_line_names_batches_for_all_of_its_places_or_for_none(deal: Deal, second: Warehouse) -> None:
    with pytest.raises(DomainError, match=r"shipment\.batch_unknown"):
        put(deal, Place(1, second.code, 6, "B1"), Place(1, "W1", 6))


def test_everything_leaves_one_truck_a_warehouse(deal: Deal, second: Warehouse) -> None:
    put(deal, Place(1, second.code, 12, "B1"))
    sent = ship_everything(actor=deal.cast.warehouse, command=ShipEverything(deal.number, "顺丰", "SF1"))
    assert sorted(one.bottles for one in sent) == [12, 108]
    assert deal.order.fulfilment_status == sent[-1].fulfilment_status == "SHIPPED"
    assert sum(one.amount for one in sent) == deal.order.total
    assert_whole()
    with pytest.raises(DomainError, match=r"shipment\.nothing_to_ship"):
        ship_everything(actor=deal.cast.warehouse, command=ShipEverything(deal.number))


def test_one_refused_order_does_not_stop_the_others(deal: Deal, cast: Cast) -> None:
    waits = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[3].code, 1),))).number
    stale = ShipEverything("SO-NONE")
    found = ship_each(actor=cast.warehouse, commands=[ShipEverything(waits), stale, ShipEverything(deal.number)])
    assert [(one.number, one.is_done) for one in found] == [(waits, False), ("SO-NONE", False), (deal.number, True)]
    assert [one.refusal.code for one in found if one.refusal] == ["order.state", "missing"]
    assert list(Shipment.objects.values_list("number", flat=True)) == list(found[2].made)


def test_the_picking_list_stands_by_warehouse_and_product(deal: Deal, second: Warehouse, cast: Cast) -> None:
    put(deal, Place(1, second.code, 12, "B1"))
    other = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[3].code, 1),))).number
    approve(actor=cast.sales_admin, command=Approve(other))
    lists = picking_lists(cast.warehouse, [deal.number, other, "SO-NONE"])
    assert sorted((one.warehouse_code, one.bottles) for one in lists) == [("W1", 48 + 60 + 12), ("W2", 12)]
    first = next(one for one in lists if one.warehouse_code == "W1")
    codes = [line.sku_code for line in first.lines]
    assert codes == sorted(codes)
    assert [order.number for order in first.orders] == sorted([deal.number, other])


def test_the_delivery_note_tells_no_price_unless_the_brand_says_so(deal: Deal, cast: Cast) -> None:
    sent = deal.ship((1, 7))
    (note,) = delivery_notes(cast.warehouse, shipments=[sent.number])
    assert (note.order_number, note.bottles, note.amount) == (deal.number, 7, None)
    assert [line.amount for line in note.lines] == [None]
    OrderingSettings.objects.update(shows_prices_on_notes=True)
    (note,) = delivery_notes(cast.warehouse, orders=[deal.number])
    assert note.amount == note.lines[0].amount == 198_333
    assert delivery_notes(cast.actor("warehouse_c1"), shipments=[sent.number]) == ()

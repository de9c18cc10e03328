"""Counts, adjustments and transfers: what lies there, said anew."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from core.db import sql
from core.db.acts import act
from core.events.models import Event
from core.kernel.errors import DomainError
from dms.stock import selectors, services
from dms.stock.models import Movement, Stock, Warehouse
from dms.stock.selectors import StockFilter
from dms.stock.selectors.moved import MovementFilter, movement_slice
from dms.stock.services import AdjustStock, Counted, CountStock, Demand, TransferStock
from tests.cast import Cast
from tests.factories.goods import make_warehouse


def _on_hand(cast: Cast, number: int, warehouse: Warehouse | None = None, batch: str = "") -> int | None:
    rows = Stock.objects.filter(warehouse=warehouse or cast.w1, sku=cast.skus[number], batch=batch)
    return rows.values_list("on_hand", flat=True).first()


def _everything() -> tuple[list[object], ...]:
    return tuple(list(model.objects.order_by("pk").values()) for model in (Stock, Movement, Event))


def _reserve(cast: Cast, number: int, bottles: int) -> None:
    with act():
        services.reserve(
            seller_id=cast.root.pk,
            document_type="ORDER",
            document_number="SO1",
            demand=[Demand(1, cast.skus[number].pk, bottles)],
            region_code="370100",
        )


def _count(cast: Cast, *lines: Counted, number: str = "", seat: str = "warehouse") -> services.StockDocument:
    command = CountStock("W1", lines, number, "年末盘点")
    return services.count_stock(actor=cast.actor(seat), command=command)


def test_a_count_is_what_lies_there_and_writes_the_difference(cast: Cast) -> None:
    document = _count(
        cast, Counted(cast.skus[1].code, 590), Counted(cast.skus[2].code, 12), Counted(cast.skus[4].code, 24)
    )
    assert (document.changed, document.is_repeated) == (2, False)
    assert (_on_hand(cast, 1), _on_hand(cast, 2), _on_hand(cast, 4)) == (590, 12, 24)
    rows = Movement.objects.filter(document_number=document.number).order_by("bottles")
    assert [(row.bottles, row.kind, row.reason) for row in rows] == [
        (-10, "COUNT", "年末盘点"),
        (24, "COUNT", "年末盘点"),
    ]


def test_a_new_batch_gets_a_row_of_its_own_and_nothing_counted_gets_none(cast: Cast) -> None:
    _count(cast, Counted(cast.skus[1].code, 6, "B1"), Counted(cast.skus[3].code, 0, "B2"))
    assert _on_hand(cast, 1, batch="B1") == 6
    assert _on_hand(cast, 3, batch="B2") is None


def test_a_count_sent_again_changes_nothing(cast: Cast) -> None:
    first = _count(cast, Counted(cast.skus[1].code, 590), Counted(cast.skus[2].code, 6), number="BATCH-1")
    before = _everything()
    again = _count(cast, Counted(cast.skus[2].code, 6), Counted(cast.skus[1].code, 590), number="BATCH-1")
    assert (again.number, again.changed, again.is_repeated) == (first.number, 2, True)
    with pytest.raises(DomainError) as refusal:
        _count(cast, Counted(cast.skus[1].code, 1), number="BATCH-1")
    assert refusal.value.code == "stock.batch_reused"
    assert _everything() == before


def test_a_count_does_not_go_below_what_is_promised(cast: Cast) -> None:
    _reserve(cast, 1, 60)
    before = _everything()
    with pytest.raises(DomainError) as refusal:
        _count(cast, Counted(cast.skus[2].code, 6), Counted(cast.skus[1].code, 59))
    (fault,) = refusal.value.problems()
    assert (fault.code, fault.line) == ("stock.below_reserved", 2)
    assert fault.fields == {"sku": cast.skus[1].code, "reserved": 60}
    assert _everything() == before
    _count(cast, Counted(cast.skus[1].code, 60))
    assert _on_hand(cast, 1) == 60


def test_a_count_of_any_length_takes_the_same_statements(cast: Cast) -> None:
    def statements(*numbers: int) -> int:
        lines = [Counted(cast.skus[number].code, 1000 + number) for number in numbers]
        with CaptureQueriesContext(connection) as queries:
            _count(cast, *lines)
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    assert statements(1) == statements(1, 2, 3, 4, 5, 6) <= 7


@pytest.mark.parametrize(
    ("bottles", "sku", "code"),
    [(-1, 1, "stock.quantity_invalid"), (10**9, 1, "stock.quantity_invalid"), (1, None, "stock.sku_missing")],
)
def test_a_count_refuses_what_cannot_be(cast: Cast, bottles: int, sku: int | None, code: str) -> None:
    before = _everything()
    with pytest.raises(DomainError) as refusal:
        _count(cast, Counted(cast.skus[sku].code if sku else "NO", bottles))
    assert [(fault.code, fault.line) for fault in refusal.value.problems()] == [(code, 1)]
    assert _everything() == before


def test_a_key_stands_once_in_a_count(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _count(cast, Counted(cast.skus[1].code, 1), Counted(cast.skus[1].code, 2))
    assert [(fault.code, fault.line) for fault in refusal.value.problems()] == [("stock.line_twice", 2)]


def test_an_empty_count_and_a_strangers_warehouse_are_refused(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _count(cast)
    assert refusal.value.code == "stock.nothing_to_do"
    with pytest.raises(DomainError) as refusal:
        _count(cast, Counted(cast.skus[1].code, 1), seat="admin_c1")
    assert refusal.value.code == "stock.warehouse_missing"


def test_adjusts_by_differences_with_a_reason(cast: Cast) -> None:
    command = AdjustStock("W1", (Counted(cast.skus[1].code, -2), Counted(cast.skus[3].code, 5)), "破损 2 瓶")
    document = services.adjust_stock(actor=cast.warehouse, command=command)
    assert (_on_hand(cast, 1), _on_hand(cast, 3)) == (598, 1205)
    event = Event.objects.get()
    assert (event.kind, event.aggregate_id) == ("dms.stock_adjusted.v1", document.number)
    assert event.payload["reason"] == "破损 2 瓶"


@pytest.mark.parametrize(
    ("bottles", "reason", "code"),
    [
        (-1, " ", "stock.reason_missing"),
        (0, "x", "stock.quantity_invalid"),
        (-541, "x", "stock.below_reserved"),
    ],
)
def test_an_adjustment_refuses_what_cannot_be(cast: Cast, bottles: int, reason: str, code: str) -> None:
    _reserve(cast, 1, 60)
    before = _everything()
    with pytest.raises(DomainError) as refusal:
        services.adjust_stock(
            actor=cast.warehouse, command=AdjustStock("W1", (Counted(cast.skus[1].code, bottles),), reason)
        )
    assert refusal.value.problems()[0].code == code
    assert _everything() == before


@pytest.fixture
def w2(cast: Cast) -> Warehouse:
    return make_warehouse(cast.root, "W2", "分仓")


def _transfer(cast: Cast, bottles: int, to: str = "W2", seat: str = "warehouse") -> services.StockDocument:
    command = TransferStock("W1", to, (Counted(cast.skus[1].code, bottles),), "调拨")
    return services.transfer_stock(actor=cast.actor(seat), command=command)


def test_transfers_what_is_free(cast: Cast, w2: Warehouse) -> None:
    _reserve(cast, 1, 60)
    document = _transfer(cast, 540)
    assert (_on_hand(cast, 1), _on_hand(cast, 1, w2)) == (60, 540)
    kinds = Movement.objects.filter(document_number=document.number).order_by("bottles")
    assert [(row.kind, row.bottles) for row in kinds] == [("TRANSFER_OUT", -540), ("TRANSFER_IN", 540)]


@pytest.mark.parametrize(
    ("bottles", "to", "code"),
    [
        (541, "W2", "stock.insufficient"),
        (1, "W1", "stock.same_warehouse"),
        (1, "D-C1", "stock.warehouse_missing"),
        (0, "W2", "stock.quantity_invalid"),
    ],
)
def test_a_transfer_refuses_what_cannot_be(cast: Cast, w2: Warehouse, bottles: int, to: str, code: str) -> None:
    _reserve(cast, 1, 60)
    before = _everything()
    with pytest.raises(DomainError) as refusal:
        _transfer(cast, bottles, to)
    assert refusal.value.problems()[0].code == code
    assert _everything() == before


@pytest.mark.parametrize("verb", ["count", "adjust", "transfer"])
def test_needs_the_permission(cast: Cast, w2: Warehouse, verb: str) -> None:
    with pytest.raises(DomainError) as refusal:
        if verb == "count":
            _count(cast, Counted(cast.skus[1].code, 1), seat="sales_admin")
        elif verb == "adjust":
            command = AdjustStock("W1", (Counted(cast.skus[1].code, 1),), "x")
            services.adjust_stock(actor=cast.sales_admin, command=command)
        else:
            _transfer(cast, 1, seat="sales_admin")
    assert refusal.value.code == "actor.not_permitted"


def test_movements_are_never_edited(cast: Cast) -> None:
    for statement in ("UPDATE stock_movement SET bottles = 1", "DELETE FROM stock_movement"):
        with pytest.raises(IntegrityError, match="never edited"), act():
            sql.execute(statement, {})


def test_check_stock_sees_what_does_not_fit(cast: Cast) -> None:
    stock = Stock.objects.get(warehouse=cast.w1, sku=cast.skus[1])
    Stock.objects.filter(pk=stock.pk).update(on_hand=599, reserved=1)
    assert selectors.check_stock() == [
        f"stock {stock.pk}: 599 on hand, movements say 600",
        f"stock {stock.pk}: 1 reserved, reservations say 0",
    ]
    Stock.objects.filter(pk=stock.pk).update(on_hand=600, reserved=0)


def test_a_house_sees_its_own_stock(cast: Cast, w2: Warehouse) -> None:
    _reserve(cast, 1, 60)
    _transfer(cast, 100)
    page = selectors.stock_page(actor=cast.warehouse, filters=StockFilter(text="qx-530-0500"))
    (line,) = page.rows
    assert (line.sku_code, line.on_hand, line.reserved, line.free) == (cast.skus[1].code, 600, 60, 540)
    assert [(place.warehouse_code, place.free) for place in line.places] == [("W1", 440), ("W2", 100)]
    own = selectors.stock_page(actor=cast.warehouse_c1, filters=StockFilter())
    assert [(row.sku_code, row.on_hand) for row in own.rows] == [(cast.skus[1].code, 60)]
    short = selectors.stock_page(actor=cast.warehouse, filters=StockFilter(only="short"))
    assert [row.sku_code for row in short.rows] == [cast.skus[4].code]
    newest = movement_slice(cast.warehouse, MovementFilter(cast.skus[1].code, "W2")).rows
    assert [(row.kind, row.bottles) for row in newest] == [("TRANSFER_IN", 100)]


def test_pages_of_stock_follow_each_other(cast: Cast) -> None:
    pages = [selectors.stock_page(actor=cast.warehouse, filters=StockFilter(), page=n, size=4) for n in (1, 2)]
    assert [page.has_next for page in pages] == [True, False]
    codes = [row.sku_code for page in pages for row in page.rows]
    assert codes == sorted(sku.code for sku in cast.skus.values())

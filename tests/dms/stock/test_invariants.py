"""Whatever is done in whatever order, stock stays sound: on-hand is its movements, reserved its open reservations."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import given

from core.db.acts import act
from core.kernel.errors import DomainError
from dms.stock import selectors, services
from dms.stock.models import Stock, Warehouse
from dms.stock.services import AdjustStock, Arrival, Counted, CountStock, Demand, Placement, Take, TransferStock
from tests.cast import Cast
from tests.factories.goods import make_warehouse

VERBS = ("reserve", "release", "ship", "move", "receive", "count", "adjust", "transfer")
STEPS = st.tuples(
    st.sampled_from(VERBS), st.sampled_from(["SO1", "SO2"]), st.integers(1, 3), st.integers(1, 400), st.booleans()
)
Step = tuple[str, str, int, int, bool]


class _UndoneError(Exception):
    """Takes an example's rows away again."""


class _Yard:
    """Two warehouses of the brand and the verbs by name."""

    def __init__(self, cast: Cast, w2: Warehouse) -> None:
        self.cast, self.places = cast, (cast.w1, w2)

    def do(self, verb: str, document: str, sku: int, bottles: int, *, flag: bool) -> None:
        here, there = self.places if flag else self.places[::-1]
        line = Counted(self.cast.skus[sku].code, bottles)
        keeper = self.cast.warehouse
        if verb == "count":
            services.count_stock(actor=keeper, command=CountStock(here.code, (line,)))
        elif verb == "adjust":
            change = Counted(line.sku_code, bottles if flag else -bottles)
            services.adjust_stock(actor=keeper, command=AdjustStock(here.code, (change,), "x"))
        elif verb == "transfer":
            services.transfer_stock(actor=keeper, command=TransferStock(here.code, there.code, (line,)))
        else:
            with act():
                self._inner(verb, document, sku, bottles, here)

    def _inner(self, verb: str, document: str, sku: int, bottles: int, here: Warehouse) -> None:
        sku_id = self.cast.skus[sku].pk
        named = {"document_type": "ORDER", "document_number": document}
        kept = selectors.open_reservations(**named)
        if verb == "reserve" and not kept:
            number = f"{document}-{Stock.objects.count()}-{bottles}"
            demand = [Demand(1, sku_id, bottles), Demand(2, sku_id, 1)]
            services.reserve(
                seller_id=self.cast.root.pk,
                document_type="ORDER",
                document_number=number if self._is_used(document) else document,
                demand=demand,
                region_code="370100",
            )
        elif verb == "release":
            services.release(**named)
        elif verb == "ship" and kept:
            takes = [Take(kept[0].line_no, kept[0].stock_id, min(bottles, kept[0].bottles + 1))]
            services.ship(**named, shipment_number=f"SH{bottles}", takes=takes, actor=self.cast.warehouse)
        elif verb == "move" and kept:
            wish = Placement(kept[0].line_no, here.pk, min(bottles, kept[0].bottles))
            services.move_reservation(**named, placements=[wish])
        elif verb == "receive":
            services.receive(
                owner_id=self.cast.root.pk,
                warehouse_id=here.pk,
                lines=[Arrival(sku_id, bottles)],
                document_type="SHIPMENT",
                document_number=f"SH{bottles}",
                actor=None,
            )

    def _is_used(self, document: str) -> bool:
        """A document reserves once in its life."""
        return Stock.objects.filter(reservations__document_number=document).exists()


@given(steps=st.lists(STEPS, max_size=14))
def test_any_sequence_keeps_stock_sound(cast: Cast, steps: list[Step]) -> None:
    with pytest.raises(_UndoneError), transaction.atomic():
        # Inside a test's own block acts are savepoints, so that every example starts from the same stock.
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yard = _Yard(cast, make_warehouse(cast.root, "W2", "分仓"))
        for verb, document, sku, bottles, flag in steps:
            try:
                yard.do(verb, document, sku, bottles, flag=flag)
            except DomainError as refusal:
                assert {fault.code.split(".")[0] for fault in refusal.problems()} == {"stock"}
            assert selectors.check_stock() == []
        raise _UndoneError

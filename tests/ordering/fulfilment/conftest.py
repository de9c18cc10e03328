"""A confirmed order of the cast, and questions about where everything stands."""

from dataclasses import dataclass

import pytest

from billing.ledger.models import Entry, Hold, TradingAccount
from billing.ledger.selectors import check_books
from dms.stock.models import Movement, Stock
from dms.stock.selectors import check_stock
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Receive, Received, Ship, Shipped, Wish, receive, ship
from ordering.orders.models import Order, OrderLine
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from tests.cast import Cast


@dataclass
class Deal:
    """C1 buys 100 bottles-worth of cases of SKU 1 and SKU 3 from the brand; approved by the sales admin."""

    cast: Cast
    number: str

    def ship(self, *wishes: tuple[int, int], warehouse: str = "W1", by: str = "warehouse") -> Shipped:
        """Send bottles by line off; no wishes: everything."""
        lines = tuple(Wish(line_no, bottles) for line_no, bottles in wishes)
        return ship(actor=self.cast.actor(by), command=Ship(self.number, warehouse, lines, "顺丰", "SF123"))

    def receive(self, number: str, *wishes: tuple[int, int], note: str = "", by: str = "buyer_c1") -> Received:
        """Sign for a shipment."""
        lines = tuple(Wish(line_no, bottles) for line_no, bottles in wishes)
        return receive(actor=self.cast.actor(by), command=Receive(number, lines, note))

    @property
    def order(self) -> Order:
        """The order as it stands."""
        return Order.objects.get(number=self.number)

    def line(self, line_no: int) -> OrderLine:
        """One line as it stands."""
        return OrderLine.objects.get(order__number=self.number, line_no=line_no)

    def everything(self) -> tuple[list[object], ...]:
        """All rows a refusal must leave alone."""
        return tuple(
            list(model.objects.order_by("pk").values())
            for model in (Order, OrderLine, Shipment, Stock, Movement, TradingAccount, Hold, Entry)
        )


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """10 cases of SKU 1 (60 bottles at 1,700.00 a case) and 5 cases of SKU 3 (60 bottles at 360.00 a case)."""
    lines = (OrderedLine(cast.skus[1].code, 10), OrderedLine(cast.skus[3].code, 5))
    placed = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines))
    approve(actor=cast.sales_admin, command=Approve(placed.number))
    return Deal(cast, placed.number)


def assert_whole() -> None:
    """Books and stock agree with what happened."""
    assert check_books() == []
    assert check_stock() == []

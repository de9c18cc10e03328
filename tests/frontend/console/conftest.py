"""Clients of the console: people of the cast, signed in on the brand's host, with orders on the desk."""

from collections.abc import Callable

import pytest

from ordering.orders.services import Approve, OrderedLine, PlaceOrder, approve, place_order
from tests.cast import Cast
from tests.clients import HostClient, signed_in

Opens = Callable[[str], HostClient]
HTMX = {"HX-Request": "true", "HX-Target": "desk-detail"}
"""What htmx says when it asks for the detail alone."""


@pytest.fixture
def as_(cast: Cast) -> Opens:
    """``as_("sales_admin")`` is that person's browser."""
    return lambda key: signed_in(cast.portal, cast.seats[key])


@pytest.fixture
def desk(as_: Opens) -> HostClient:
    """The administrator's browser: may do everything."""
    return as_("admin")


def placed(cast: Cast, *wishes: tuple[int, int]) -> str:
    """The number of an order of C1: SKU numbers with quantities."""
    lines = tuple(OrderedLine(cast.skus[number].code, quantity) for number, quantity in wishes or ((1, 2), (3, 1)))
    return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number


def confirmed(cast: Cast, *wishes: tuple[int, int]) -> str:
    """The same, approved by the sales desk."""
    number = placed(cast, *wishes)
    approve(actor=cast.sales_admin, command=Approve(number=number))
    return number

"""Clients of the console: people of the cast, signed in on the brand's host, with orders on the desk."""

from collections.abc import Callable

import pytest

from ordering.orders.services import OrderedLine, PlacedOrder, PlaceOrder, approve, place_order
from ordering.orders.services.deciding import Approve
from tests.cast import Cast
from tests.clients import HostClient, signed_in

Opens = Callable[[str], HostClient]
Places = Callable[..., PlacedOrder]


@pytest.fixture
def as_(cast: Cast) -> Opens:
    """``as_("sales_admin")`` is that person's browser."""
    return lambda key: signed_in(cast.portal, cast.seats[key])

"""Orders to start from."""

from core.kernel.actor import Actor
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tests.cast import Cast


def placed_number(cast: Cast, *wishes: tuple[int, int], actor: Actor | None = None) -> str:
    """The number of an order of SKU numbers and quantities; by C1's buyer unless told."""
    lines = tuple(OrderedLine(cast.skus[number].code, quantity) for number, quantity in wishes or ((1, 2), (3, 1)))
    return place_order(actor=actor or cast.buyer_c1, command=PlaceOrder(lines=lines)).number

"""What the warehouse and the receiver are refused, by line and as a whole."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class WarehouseUnknown(DomainError):
    """No such warehouse of the seller's."""

    code = "shipment.warehouse_unknown"
    text = N_("Choose one of your warehouses.")


class BatchUnknown(DomainError):
    """The batch does not lie in this warehouse, or the line names batches for some of its places only."""

    code = "shipment.batch_unknown"
    text = N_("This batch does not lie in this warehouse. Look at the free stock again.")


class LineUnknown(DomainError):
    """The order has no such line."""

    code = "shipment.line_unknown"
    text = N_("This order has no line %(number)s.")


class LineTwice(DomainError):
    """One act names the same line twice."""

    code = "shipment.line_twice"
    text = N_("Line %(number)s stands here twice.")


class QuantityInvalid(DomainError):
    """Nothing, or less than nothing, cannot be shipped."""

    code = "shipment.quantity"
    text = N_("Enter a whole number of bottles of 1 or more.")


class NotThere(DomainError):
    """The line has less reserved in this warehouse than is to leave; both in bottles."""

    code = "shipment.not_reserved_here"
    kind = Kind.CONFLICT
    text = N_(
        "Only %(reserved)s bottles of %(sku)s are kept for this order in this warehouse. Allocate the rest first."
    )


class NothingToShip(DomainError):
    """The order keeps nothing in this warehouse (any more)."""

    code = "shipment.nothing_to_ship"
    kind = Kind.CONFLICT
    text = N_("Nothing is kept for this order in this warehouse. Choose another warehouse, or allocate first.")


class OrderNotReady(DomainError):
    """Goods move only for a confirmed order."""

    code = "order.state"
    kind = Kind.CONFLICT
    text = N_("Goods can be moved once the order is confirmed. Reload to see where it stands.")


class AlreadySigned(DomainError):
    """A shipment is signed once."""

    code = "shipment.state"
    kind = Kind.CONFLICT
    text = N_("This shipment has been signed already.")


class ReceivedTooMuch(DomainError):
    """More cannot arrive than has left; ``shipped`` in bottles."""

    code = "receipt.too_much"
    text = N_("%(shipped)s bottles of %(sku)s were shipped; more cannot arrive.")


class NoteNeeded(DomainError):
    """A short receipt says what is wrong, so that the claim can be settled."""

    code = "receipt.note_needed"
    text = N_("Say what is missing or broken.")

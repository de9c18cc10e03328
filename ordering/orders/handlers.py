"""Who is told when an order moves: the seller's approvers of a new one, the buyer's people of what became of it."""

from core.events.registry import HeardEvent, handles
from core.kernel.money import with_sign
from core.kernel.text import N_
from core.messages.registry import MessageTemplate, message_template
from dms.dealers.events import DEALER_SUPPLIER_CHANGED
from ordering.orders.events import (
    FUNDS_ASKED,
    ORDER_AMENDED,
    ORDER_APPROVED,
    ORDER_CANCELLED,
    ORDER_CLOSED_SHORT,
    ORDER_EXPIRED,
    ORDER_PLACED,
    ORDER_REJECTED,
)
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import WAITING
from ordering.orders.services import follow_supplier
from ordering.orders.services.asking import tell_finance
from ordering.orders.services.telling import tell_house

WAITS = message_template(
    "orders.waits",
    subject=N_("Order %(number)s waits for your approval"),
    body=N_("Order %(number)s over %(total)s waits for approval."),
)
AMENDED_BY_BUYER = message_template(
    "orders.amended_by_buyer",
    subject=N_("Order %(number)s was changed and waits for your approval"),
    body=N_("The buyer changed order %(number)s: it was %(was)s and is %(total)s now."),
)
AMENDED_BY_SELLER = message_template(
    "orders.amended_by_seller",
    subject=N_("Order %(number)s was changed by the seller"),
    body=N_("Order %(number)s was %(was)s and is %(total)s now. The reason given: %(reason)s."),
)
APPROVED = message_template(
    "orders.approved",
    subject=N_("Order %(number)s is confirmed"),
    body=N_("Order %(number)s over %(total)s is confirmed and will be shipped."),
)
REJECTED = message_template(
    "orders.rejected",
    subject=N_("Order %(number)s was rejected"),
    body=N_("Order %(number)s was rejected: %(reason)s. Stock and money are free again."),
)
CANCELLED = message_template(
    "orders.cancelled",
    subject=N_("Order %(number)s was cancelled"),
    body=N_("Order %(number)s over %(total)s was cancelled. Stock and money are free again."),
    is_mailed=False,
)
EXPIRED = message_template(
    "orders.expired",
    subject=N_("Order %(number)s has expired"),
    body=N_("Nobody approved order %(number)s in time. Stock and money are free again; you can order once more."),
)
CLOSED_SHORT = message_template(
    "orders.closed_short",
    subject=N_("The rest of order %(number)s is closed"),
    body=N_("%(bottles)s bottles of order %(number)s will not be delivered. Their stock and money are free again."),
)


@handles(ORDER_PLACED)
def tell_approvers(event: HeardEvent) -> None:
    """A new order that waits is shown to those who may approve it."""
    if event.payload["status"] in WAITING:
        _tell(event, WAITS, dealer_id=event.seller_id, code=Permission.APPROVE)


@handles(ORDER_AMENDED)
def tell_of_amendment(event: HeardEvent) -> None:
    """The other side hears of it: those who may approve, or the buyer's people with the reason."""
    if event.payload["by_buyer"]:
        _tell(event, AMENDED_BY_BUYER, dealer_id=event.seller_id, code=Permission.APPROVE)
    else:
        _tell(event, AMENDED_BY_SELLER, dealer_id=event.buyer_id, code=Permission.PLACE)


@handles(ORDER_APPROVED)
def tell_of_approval(event: HeardEvent) -> None:
    """The buyer's people hear that goods will come."""
    _tell(event, APPROVED, dealer_id=event.buyer_id, code=Permission.PLACE)


@handles(ORDER_REJECTED)
def tell_of_rejection(event: HeardEvent) -> None:
    """The buyer's people hear why not."""
    _tell(event, REJECTED, dealer_id=event.buyer_id, code=Permission.PLACE)


@handles(ORDER_CANCELLED)
def tell_of_cancellation(event: HeardEvent) -> None:
    """Both sides hear it, whichever of them took it back."""
    _tell(event, CANCELLED, dealer_id=event.buyer_id, code=Permission.PLACE)
    _tell(event, CANCELLED, dealer_id=event.seller_id, code=Permission.APPROVE)


@handles(ORDER_CLOSED_SHORT)
def tell_of_the_rest(event: HeardEvent) -> None:
    """The buyer's people hear what will not come."""
    context: dict[str, str | int] = {"number": event.aggregate_id, "bottles": event.payload["closed_bottles"]}
    tell_house(
        event,
        CLOSED_SHORT,
        dealer_id=event.buyer_id,
        code=Permission.PLACE,
        order_number=event.aggregate_id,
        context=context,
    )


@handles(ORDER_EXPIRED)
def tell_of_expiry(event: HeardEvent) -> None:
    """The buyer's people can order again."""
    _tell(event, EXPIRED, dealer_id=event.buyer_id, code=Permission.PLACE)


@handles(DEALER_SUPPLIER_CHANGED)
def carts_follow(event: HeardEvent) -> None:
    """What lay in the carts of the house is bought from the new supplier."""
    told = event.payload
    follow_supplier(buyer_id=told["dealer_id"], seller_id=told["supplier_id"])


@handles(FUNDS_ASKED)
def tell_of_missing_funds(event: HeardEvent) -> None:
    """The house's finance people hear what an order lacks."""
    tell_finance(event)


def _tell(event: HeardEvent, template: MessageTemplate, *, dealer_id: int | None, code: str) -> None:
    told = event.payload
    context = {
        "number": event.aggregate_id,
        "total": with_sign(told["total"], told["currency"]),
        "was": with_sign(int(told.get("was_total") or 0), told["currency"]),
        "reason": str(told.get("reason", "")),
    }
    tell_house(event, template, dealer_id=dealer_id, code=code, order_number=event.aggregate_id, context=context)

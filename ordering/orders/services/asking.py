"""The account does not cover an order: the buyer asks those who keep the money, and stays with the cart meanwhile."""

from core.db.acts import act
from core.events.registry import HeardEvent
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.ids import uuid7
from core.kernel.money import with_sign
from core.kernel.text import N_
from core.messages.registry import message_template
from core.messages.services import notify
from ordering.orders.errors import NothingMissing
from ordering.orders.events import FUNDS_ASKED, FUNDS_REQUEST
from ordering.orders.permissions import Permission
from ordering.orders.rules.evaluating import NO_WISHES, Wishes
from ordering.orders.selectors.carts import cart_of
from ordering.orders.selectors.checking import check_lines
from ordering.orders.selectors.funds import payers_of
from ordering.pricing.permissions import Permission as PricePermission

ACCOUNT_PATH = "/account/"
"""The house's own page of its account."""
ASKED = message_template(
    "orders.funds_asked",
    subject=N_("%(missing)s are missing for an order"),
    body=N_("A colleague has an order over %(total)s ready and asks for %(missing)s that the account lacks."),
)


def ask_for_funds(*, actor: Actor, wishes: Wishes = NO_WISHES, address_id: int | None = None) -> int:
    """Ask the finance people of the buyer's house for what the cart costs more than the account covers; minor units.

    It is the cart as the checkout shows it: with the buyer's wishes, for its address, without lines that are bad.
    Raises ``NothingMissing`` when it covers the cart, or when the seat may not know what it covers.
    """
    actor.require(Permission.PLACE)
    actor.require(PricePermission.PURCHASE, writes=False)
    checked = check_lines(actor=actor, lines=cart_of(actor).asked(), address_id=address_id, wishes=wishes)
    total = checked.evaluated.only([line.line_no for line in checked.lines if line.is_good]).priced.total
    missing = total - (checked.available if checked.available is not None else total)
    if missing <= 0:
        raise NothingMissing
    with act():
        payload = {
            "buyer_id": actor.dealer_id,
            "total": total,
            "missing": missing,
            "currency": checked.priced.currency,
        }
        record(
            kind=FUNDS_ASKED,
            aggregate_type=FUNDS_REQUEST,
            aggregate_id=uuid7().hex,
            version=1,
            actor=actor,
            payload=payload,
            buyer_id=actor.dealer_id,
        )
    return missing


def tell_finance(event: HeardEvent) -> None:
    """Everybody of the house who sees its account and its prices, except who asked. Inside a handler's act."""
    if event.buyer_id is None:
        return
    told = payers_of(event.buyer_id, but=event.seat_id)
    currency = event.payload["currency"]
    context = {
        "total": with_sign(event.payload["total"], currency),
        "missing": with_sign(event.payload["missing"], currency),
    }
    notify(template=ASKED, seat_ids=told, context=context, link=ACCOUNT_PATH)

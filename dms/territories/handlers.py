"""Who is told of changes on the map: the houses they concern."""

from core.catalogue.models import ProductLine
from core.events.registry import HeardEvent, handles
from core.kernel.text import N_
from core.messages.registry import MessageTemplate, message_template
from core.messages.services import notify
from dms.dealers.models import Dealer
from dms.territories.events import SUPPLY_CHANGED, SUPPLY_WITHDRAWN
from tenants.access.selectors import seat_ids_with

TELLS = ("orders.place", "orders.approve")
"""Rights of the seats that are told: those who buy, and those who sell on."""

TAKES_OVER = message_template(
    "territories.takes_over",
    subject=N_("You supply %(outlet)s from %(day)s on"),
    body=N_(
        "From %(day)s on your company supplies %(outlet)s%(line)s. Before that day %(former)s does. Reason: %(reason)s"
    ),
)
HANDS_OVER = message_template(
    "territories.hands_over",
    subject=N_("%(supplier)s supplies %(outlet)s from %(day)s on"),
    body=N_(
        "Until the day before %(day)s your company supplies %(outlet)s%(line)s, then %(supplier)s."
        " Open orders stay with you. Reason: %(reason)s"
    ),
)
OWN_SUPPLIER = message_template(
    "territories.own_supplier",
    subject=N_("From %(day)s on %(supplier)s supplies you"),
    body=N_(
        "From %(day)s on %(supplier)s supplies your company%(line)s; until then %(former)s."
        " Orders placed before are delivered by whom they were placed with. Reason: %(reason)s"
    ),
)
STAYS = message_template(
    "territories.supplier_stays",
    subject=N_("%(former)s goes on supplying %(outlet)s"),
    body=N_(
        "The change of %(day)s was taken back: %(supplier)s does not take over %(outlet)s%(line)s, %(former)s goes on."
    ),
)


@handles(SUPPLY_CHANGED)
def tell_of_supply(event: HeardEvent) -> None:
    """The dealer that takes over, the one that hands over, and the outlet itself."""
    told, context = event.payload, _context(event)
    _tell(told["supplier_id"], TAKES_OVER, context)
    _tell(told["former_id"], HANDS_OVER, context)
    _tell(told["outlet_id"], OWN_SUPPLIER, context)


@handles(SUPPLY_WITHDRAWN)
def tell_of_no_change(event: HeardEvent) -> None:
    """The same three, that nothing changes."""
    told, context = event.payload, _context(event)
    for house in dict.fromkeys((told["supplier_id"], told["former_id"], told["outlet_id"])):
        _tell(house, STAYS, context)


def _context(event: HeardEvent) -> dict[str, str | int]:
    told = event.payload
    ids = {name: told[name] for name in ("outlet_id", "supplier_id", "former_id")}
    houses = Dealer.objects.in_bulk([house for house in ids.values() if house is not None])
    names = {name: houses[house].name if house in houses else "—" for name, house in ids.items()}
    line = ProductLine.objects.filter(code=told["line"]).values_list("name", flat=True).first()
    return {
        "outlet": names["outlet_id"],
        "supplier": names["supplier_id"],
        "former": names["former_id"],
        "day": told["valid_from"],
        "line": f" · {line}" if line else "",
        "reason": told["reason"] or "—",
    }


def _tell(dealer_id: int | None, template: MessageTemplate, context: dict[str, str | int]) -> None:
    if dealer_id is not None:
        seats = {seat for code in TELLS for seat in seat_ids_with(dealer_id=dealer_id, code=code)}
        notify(template=template, seat_ids=seats, context=context)

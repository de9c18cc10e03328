"""Which role carries which permission codes (岗位 → 权限). Codes are the words of the rooms that declare them.

``room.*`` is every code of a room and ``*.read`` every reading code; both are unfolded against ``CODES``, so that a
new code reaches a role only where the table says so.
"""

from core.kernel.actor import Side
from core.kernel.text import N_

_ALL = """
    catalogue.read catalogue.edit catalogue.import
    dealers.read dealers.edit dealers.import
    territories.read territories.edit
    stock.read stock.adjust stock.count stock.transfer
    ledger.read ledger.pay_in ledger.set_limit
    prices.read prices.edit
    orders.read orders.place orders.approve orders.cancel
    fulfilment.read fulfilment.allocate fulfilment.ship fulfilment.receive
    access.read access.edit
    jobs.read files.upload settings.edit
"""
CODES: frozenset[str] = frozenset(_ALL.split())
"""Every permission code there is."""

_BRAND: dict[str, str] = {
    "brand_admin": "*",
    "brand_product": "catalogue.* jobs.read files.upload",
    "brand_pricing": "prices.* catalogue.read dealers.read jobs.read files.upload",
    "brand_sales_admin": (
        "orders.read orders.approve orders.cancel dealers.read stock.read prices.read catalogue.read territories.read"
        " ledger.read fulfilment.read fulfilment.allocate jobs.read"
    ),
    "brand_region_manager": (
        "orders.read orders.approve dealers.read stock.read prices.read catalogue.read territories.read ledger.read"
        " fulfilment.read"
    ),
    "brand_rep": "orders.read dealers.read catalogue.read prices.read stock.read",
    "brand_finance": "ledger.* orders.read dealers.read fulfilment.read",
    "brand_warehouse": "stock.* fulfilment.* orders.read catalogue.read jobs.read files.upload",
    "brand_auditor": "*.read",
}
_DEALER: dict[str, str] = {
    "dealer_admin": (
        "catalogue.read dealers.read orders.* fulfilment.* stock.* ledger.read prices.* access.* jobs.read files.upload"
    ),
    "dealer_buyer": (
        "catalogue.read prices.read orders.read orders.place orders.cancel fulfilment.read fulfilment.receive"
        " ledger.read stock.read"
    ),
    "dealer_finance": "ledger.read orders.read",
    "dealer_warehouse": "stock.read fulfilment.read fulfilment.receive fulfilment.ship orders.read catalogue.read",
}
ROLE_WORDS: dict[str, str] = {
    "brand_admin": N_("Administrator"),
    "brand_product": N_("Product manager"),
    "brand_pricing": N_("Price policy"),
    "brand_sales_admin": N_("Sales desk"),
    "brand_region_manager": N_("Regional manager"),
    "brand_rep": N_("Sales representative"),
    "brand_finance": N_("Brand finance"),
    "brand_warehouse": N_("Warehouse keeper"),
    "brand_auditor": N_("Auditor"),
    "dealer_admin": N_("Dealer administrator"),
    "dealer_buyer": N_("Purchaser"),
    "dealer_finance": N_("Dealer finance"),
    "dealer_warehouse": N_("Dealer warehouse"),
}


def _unfold(patterns: str) -> frozenset[str]:
    found: set[str] = set()
    for pattern in patterns.split():
        room, _, verb = pattern.partition(".")
        hits = {code for code in CODES if _fits(code, room, verb or "*")}
        if not hits:
            raise ValueError(f"no permission code fits {pattern!r}")
        found |= hits
    return frozenset(found)


def _fits(code: str, room: str, verb: str) -> bool:
    code_room, _, code_verb = code.partition(".")
    return room in ("*", code_room) and verb in ("*", code_verb)


ROLE_CODES: dict[str, frozenset[str]] = {role: _unfold(text) for role, text in {**_BRAND, **_DEALER}.items()}
SIDE_ROLES: dict[Side, frozenset[str]] = {Side.BRAND: frozenset(_BRAND), Side.DEALER: frozenset(_DEALER)}


def codes_of(roles: list[str] | tuple[str, ...]) -> frozenset[str]:
    """Permission codes of ``roles`` together; a role that no longer exists carries nothing."""
    return frozenset[str]().union(*(ROLE_CODES.get(role, frozenset()) for role in roles))


CONFLICTS: tuple[frozenset[str], ...] = ()
"""Pairs of codes one seat does not hold together (职责分离); administrators excepted, who answer for the whole."""

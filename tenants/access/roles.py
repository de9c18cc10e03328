"""Which role carries which permission codes (岗位 → 权限), and which may not meet in one pair of hands.

Codes are the words of the rooms that declare them. ``room.*`` is every code of a room and ``*.read`` every reading
code; both are unfolded against ``CODES``, so that a new code reaches a role only where the table says so. Source:
handbook of the trade, §14.1; decisions on duties: docs/decisions/0008.
"""

from collections.abc import Iterable

from core.kernel.actor import Side
from core.kernel.text import N_

_ALL = """
    catalogue.read catalogue.edit catalogue.import
    dealers.read dealers.edit dealers.import dealers.edit_own
    territories.read territories.edit
    stock.read stock.adjust stock.count stock.transfer stock.thresholds
    ledger.read ledger.pay_in ledger.set_limit
    prices.read prices.edit prices.approve prices.purchase
    promotions.read promotions.write promotions.approve
    orders.read orders.place orders.approve orders.cancel orders.note
    fulfilment.read fulfilment.allocate fulfilment.ship fulfilment.receive
    notices.read notices.write
    market.read market.write market.import
    access.read access.edit
    jobs.read files.upload settings.edit
"""
CODES: frozenset[str] = frozenset(_ALL.split())
"""Every permission code there is."""
_CLERK = (
    "catalogue.read prices.read promotions.read orders.read orders.place fulfilment.read fulfilment.receive"
    " stock.read"  # no own price
)

_BRAND: dict[str, str] = {
    "brand_admin": "*",
    "brand_product": "catalogue.* notices.read jobs.read files.upload",
    "brand_pricing": (
        "prices.read prices.edit prices.purchase promotions.read promotions.write market.* catalogue.read dealers.read"
        " notices.read jobs.read files.upload"
    ),
    "brand_sales_admin": (
        "orders.read orders.approve orders.cancel orders.note dealers.read stock.read prices.read catalogue.read"
        " territories.read ledger.read fulfilment.read fulfilment.allocate notices.* promotions.read market.read"
        " market.write jobs.read"
    ),
    "brand_region_manager": (
        "orders.read orders.approve orders.note dealers.read stock.read prices.read catalogue.read territories.read"
        " ledger.read fulfilment.read notices.* promotions.read market.read market.write"
    ),
    "brand_rep": (
        "orders.read orders.place orders.note dealers.read catalogue.read prices.read stock.read notices.read"
        " promotions.read market.read market.write"
    ),
    "brand_finance": (
        "ledger.* prices.read prices.approve promotions.read promotions.approve catalogue.read orders.read orders.note"
        " dealers.read fulfilment.read jobs.read files.upload"
    ),
    "brand_warehouse": "stock.* fulfilment.* orders.read orders.note catalogue.read jobs.read files.upload",
    "brand_inspector": (
        "dealers.read territories.read orders.read fulfilment.read stock.read catalogue.read market.* jobs.read"
        " files.upload"
    ),
    "brand_analyst": (
        "catalogue.read dealers.read territories.read stock.read ledger.read prices.read orders.read fulfilment.read"
        " promotions.read jobs.read"
    ),
    "brand_auditor": "*.read",
}
_DEALER: dict[str, str] = {
    "dealer_admin": (
        "catalogue.read dealers.read dealers.edit_own orders.* fulfilment.* stock.* ledger.read prices.* promotions.*"
        " access.* jobs.read files.upload"
    ),
    "dealer_buyer": (
        "catalogue.read prices.read prices.purchase promotions.read orders.read orders.place orders.cancel"
        " fulfilment.read fulfilment.receive ledger.read stock.read stock.thresholds"
    ),
    "dealer_finance": "ledger.read orders.read prices.purchase",
    "dealer_warehouse": (
        "stock.read stock.thresholds fulfilment.read fulfilment.receive fulfilment.ship orders.read catalogue.read"
    ),
    "dealer_rep": "catalogue.read dealers.read orders.read fulfilment.read stock.read",
    "dealer_driver": "fulfilment.read",
    "outlet_owner": (
        "catalogue.read dealers.read dealers.edit_own prices.read prices.purchase promotions.read orders.read"
        " orders.place orders.cancel fulfilment.read fulfilment.receive stock.* ledger.read access.* jobs.read"
        " files.upload"
    ),
    "outlet_clerk": f"{_CLERK} prices.purchase",
    "outlet_clerk_unpriced": _CLERK,
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
    "brand_inspector": N_("Channel inspector"),
    "brand_analyst": N_("Data analyst"),
    "brand_auditor": N_("Auditor"),
    "dealer_admin": N_("Dealer administrator"),
    "dealer_buyer": N_("Purchaser"),
    "dealer_finance": N_("Dealer finance"),
    "dealer_warehouse": N_("Dealer warehouse"),
    "dealer_rep": N_("Dealer's sales representative"),
    "dealer_driver": N_("Driver"),
    "outlet_owner": N_("Shop owner"),
    "outlet_clerk": N_("Shop clerk"),
    "outlet_clerk_unpriced": N_("Shop clerk without purchase prices"),
}
PARTNER_WORDS: dict[str, str] = {
    "partner_logistics": N_("Logistics provider"),
    "partner_cloud_warehouse": N_("Cloud warehouse"),
    "partner_finance": N_("Financial institution"),
    "partner_quality": N_("Quality inspection body"),
}
"""Partners see documents that are explicitly shared with them; they have names here and no seats."""


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
ADMINISTRATORS: frozenset[str] = frozenset({"brand_admin", "dealer_admin", "outlet_owner"})
"""Above ``CONFLICTS``: a small house has one pair of hands. The duties per document hold for them too."""

CONFLICTS: tuple[frozenset[str], ...] = tuple(
    frozenset(pair)
    for pair in (
        ("orders.place", "orders.approve"),
        ("prices.edit", "orders.approve"),
        ("ledger.pay_in", "orders.approve"),
        ("ledger.set_limit", "orders.approve"),
        ("ledger.pay_in", "orders.place"),
        ("ledger.set_limit", "orders.place"),
        ("prices.edit", "prices.approve"),
        ("promotions.write", "promotions.approve"),
    )
)
"""Pairs of codes one seat does not hold together (职责分离): who asks, who agrees and who counts the money differ."""
ROLE_CONFLICTS: tuple[frozenset[str], ...] = tuple(
    frozenset(pair)
    for pair in (
        ("brand_inspector", "brand_region_manager"),
        ("brand_inspector", "brand_rep"),
        *(("brand_auditor", role) for role in _BRAND if role != "brand_auditor"),
    )
)
"""Roles that stand apart whatever their codes: the inspector is independent of the region, the auditor of everybody."""
BARRED: dict[str, frozenset[str]] = {
    "brand_auditor": frozenset(code for code in CODES if not _fits(code, "*", "read")),
    "brand_inspector": frozenset(
        {
            *("orders.place", "orders.approve", "prices.edit", "prices.approve", "promotions.write"),
            *("promotions.approve", "territories.edit"),
        }
    ),
}
"""What a role keeps its seat from, by whatever way it came: through a role of the brand's own, or lent."""


def codes_of(roles: list[str] | tuple[str, ...]) -> frozenset[str]:
    """Permission codes of ``roles`` together; a role that no longer exists carries nothing."""
    return frozenset[str]().union(*(ROLE_CODES.get(role, frozenset()) for role in roles))


def apart_in(roles: Iterable[str]) -> frozenset[str]:
    """The roles among ``roles`` that must not meet on one seat; empty when all may."""
    held = frozenset(roles)
    return next((pair for pair in ROLE_CONFLICTS if pair <= held), frozenset())

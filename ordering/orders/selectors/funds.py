"""Who of a house can be asked for money."""

from uuid import UUID

from billing.ledger.permissions import Permission as LedgerPermission
from ordering.pricing.permissions import Permission as PricePermission
from tenants.access.selectors import seat_ids_with


def payers_of(dealer_id: int, *, but: UUID | None) -> set[UUID]:
    """Seats of the house that see its account and its prices, without ``but``, who asks; two statements."""
    sighted = set(seat_ids_with(dealer_id=dealer_id, code=PricePermission.PURCHASE))
    return sighted & set(seat_ids_with(dealer_id=dealer_id, code=LedgerPermission.READ)) - {but}

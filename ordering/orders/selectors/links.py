"""Where the people of a house find an order: three faces show it, each at its own path of the brand's host."""

from dms.dealers.models import Dealer


def order_link(number: str, *, of: int, seller_id: int | None) -> str:
    """Path of the order for the people of house ``of``: the buyer's page, the console, or a selling dealer's page."""
    if of != seller_id:
        return f"/orders/{number}/"
    is_brand = Dealer.objects.filter(pk=of, tier=Dealer.Tier.BRAND).exists()
    return f"/console/orders/{number}/" if is_brand else f"/sales/{number}/"

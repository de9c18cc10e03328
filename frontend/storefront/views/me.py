"""The person in the seat: who, for whom, in which language, with which colleagues, goods arriving where."""

from django.http import HttpResponse

from core.kernel.actor import Side
from core.vault.services import masked_phone, unseal
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.selectors import has_customers, own_addresses
from frontend.storefront.ground import ground_card
from frontend.storefront.shell import shown


@page(side=Side.DEALER)
def me(request: SignedInRequest) -> HttpResponse:
    """Profile, read-only but for language and appearance."""
    actor = request.actor
    addresses = [
        (one, masked_phone(unseal(one.phone_sealed)) if one.phone_sealed else "") for one in own_addresses(actor)
    ]
    context = {
        **ground_card(request),
        "addresses": addresses,
        "sells": has_customers(actor.dealer_id),
        "has_stock": actor.can("stock.read"),
        "can_see_account": actor.can("ledger.read"),
    }
    return shown(request, "storefront/me.html", context, at="me")

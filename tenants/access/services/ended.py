"""Offers that are over: remembered for a while, so that a link says why it opens nothing, then without any name."""

from datetime import timedelta

from django.db.models import Q

from core.db.acts import act
from core.kernel import clock
from tenants.access.models import Invitation
from tenants.access.selectors import is_pending
from tenants.access.services.invitations import withdraw
from tenants.people.erasing import NAMELESS

OFFERS_KEPT = timedelta(days=90)
"""How long an offer that was taken, withdrawn or has run out keeps the account name it was for."""
_BATCH = 500


def forget_offers() -> int:
    """Take name, phone and e-mail off what ended long ago in the present schema; how many. One act a batch."""
    long_ago = clock.now() - OFFERS_KEPT
    is_over = Q(accepted_at__lt=long_ago) | Q(withdrawn_at__lt=long_ago)
    is_over |= Q(expires_at__lt=long_ago, accepted_at__isnull=True, withdrawn_at__isnull=True)
    count = 0
    while True:
        with act():
            named = Invitation.objects.select_for_update().filter(is_over).exclude(identifier_index="")
            offers = list(named.order_by("pk")[:_BATCH])
            for offer in offers:
                if is_pending(offer):
                    withdraw(offer, None)  # nothing that is open is without its account name
                scrub_offer(offer)
        count += len(offers)
        if len(offers) < _BATCH:
            return count


def scrub_offer(offer: Invitation) -> None:
    """Whom an ended offer was for goes; the inner piece, inside an act, on the locked row."""
    offer.identifier_sealed, offer.identifier_index, offer.name = "", "", NAMELESS
    offer.save(update_fields=["identifier_sealed", "identifier_index", "name"])

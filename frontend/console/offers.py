"""What the console's forms suggest: codes with the names people know them by. One query each."""

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import skus_visible_to
from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import dealers_visible_to

MOST = 1000
"""Suggestions a page carries; a code beyond them is typed."""


def offered_dealers(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the dealers the actor sees, by code; nothing without the right to read them."""
    if not actor.can(DealerPermission.READ):
        return []
    rows = dealers_visible_to(actor).exclude(tier=Dealer.Tier.BRAND).exclude(status=Dealer.Status.CLOSED)
    return list(rows.order_by("code").values_list("code", "name")[:MOST])


def offered_skus(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the products the actor sees, in shelf order; nothing without the right to read them."""
    if not actor.can(CataloguePermission.READ):
        return []
    rows = skus_visible_to(actor).select_related(None).order_by("rank", "id")
    if (get_language() or "").startswith("en"):
        return list(rows.values_list("code", Coalesce(NullIf("name_en", Value("")), "name"))[:MOST])
    return list(rows.values_list("code", "name")[:MOST])

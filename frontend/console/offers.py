"""What the console's forms suggest: codes with the names people know them by. One query each."""

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import search, skus_visible_to
from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import DealerFilter, dealer_rows, dealers_visible_to
from dms.notices.selectors import labels_to_address
from frontend.ui.finding import Found
from frontend.ui.vocabulary import term

MOST_FOUND = 12
"""Findings a box of search offers at once."""
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


def found_dealers(actor: Actor, text: str) -> list[Found]:
    """Dealers by name, pinyin or code, as their list is searched; nothing without the right to read them. One query."""
    if not actor.can(DealerPermission.READ) or not text:
        return []
    rows = dealer_rows(actor, DealerFilter(text=text)).exclude(tier=Dealer.Tier.BRAND)[:MOST_FOUND]
    return [Found(row.name, "", "users", term("tier", row.tier), row.code) for row in rows]


def found_labels(actor: Actor, text: str) -> list[Found]:
    """Labels dealers bear that hold the letters; a label is its own code."""
    if not actor.can(DealerPermission.READ):
        return []
    words = text.casefold()
    found = [label for label in labels_to_address(actor) if words in label.casefold()]
    return [Found("", "", "users", "", label) for label in found[:MOST_FOUND]]


def found_skus(actor: Actor, text: str) -> list[Found]:
    """Products by name, pinyin, barcode or code, as the pad finds them."""
    if not actor.can(CataloguePermission.READ) or not text:
        return []
    is_english = (get_language() or "").startswith("en")
    rows = search(actor, text, limit=MOST_FOUND)
    return [Found((is_english and row.name_en) or row.name, "", "box", "", row.code) for row in rows]


FINDERS = {"dealers": found_dealers, "labels": found_labels, "skus": found_skus}
"""What the boxes of search in a policy's form ask, by the word in their address."""

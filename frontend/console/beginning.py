"""What a brand that has only just been opened does first, in the order of the work (开通指引)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.models import Sku
from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import skus_visible_to
from core.kernel.actor import Actor
from core.kernel.text import N_
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import dealers_visible_to
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import warehouses_visible_to
from dms.territories.permissions import Permission as TerritoryPermission
from dms.territories.selectors import grants_visible_to
from ordering.orders.selectors import orders_visible_to
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import lists_visible_to
from tenants.access.permissions import Permission as AccessPermission
from tenants.access.selectors import invitations_visible_to, seats_visible_to


@dataclass(frozen=True, slots=True)
class Beginning:
    """One thing to do: its words, why or how, where it is done, and whether it was."""

    name: str
    hint: str
    url: str
    is_done: bool


def beginning_of(actor: Actor) -> list[Beginning]:
    """The first steps this seat may take, with what is done of them; none once the house has had an order.

    One statement a step and one for the order: ask where no order is known of. Seats with limits see too little to be
    told that nothing is there.
    """
    if actor.scope.is_limited or orders_visible_to(actor).exists():
        return []
    return [
        Beginning(_(name), _(hint), reverse(url), look(actor))
        for rights, name, hint, url, look in _STEPS
        if all(actor.can(right) for right in rights)
    ]


def _has_products(actor: Actor) -> bool:
    return skus_visible_to(actor).filter(status=Sku.Status.ON).exists()


def _has_stock(actor: Actor) -> bool:
    return warehouses_visible_to(actor).filter(stock__on_hand__gt=0).exists()


def _has_prices(actor: Actor) -> bool:
    return lists_visible_to(actor).filter(kind="SALE", entries__amount__isnull=False).exists()


def _has_dealers(actor: Actor) -> bool:
    return dealers_visible_to(actor).exclude(pk=actor.dealer_id).exists()


def _has_grants(actor: Actor) -> bool:
    return grants_visible_to(actor).exists()


def _is_somebody_asked(actor: Actor) -> bool:
    house = {"dealer_id": actor.dealer_id}
    return seats_visible_to(actor).exclude(**house).exists() or invitations_visible_to(actor).exclude(**house).exists()


_STEPS: tuple[tuple[tuple[str, str], str, str, str, Callable[[Actor], bool]], ...] = (
    (
        (CataloguePermission.READ, CataloguePermission.EDIT),
        N_("Put products on the shelf"),
        N_("One by one, or all of them from a spreadsheet."),
        "console:products",
        _has_products,
    ),
    (
        (StockPermission.READ, StockPermission.ADJUST),
        N_("Enter what lies in your warehouses"),
        N_("Only what is free can be ordered."),
        "console:stock",
        _has_stock,
    ),
    (
        (PricePermission.READ, PricePermission.EDIT),
        N_("Write down your prices"),
        N_("By tier first; groups and single dealers may differ."),
        "console:prices",
        _has_prices,
    ),
    (
        (DealerPermission.READ, DealerPermission.EDIT),
        N_("Enter your dealers"),
        N_("Province, city, county, terminal: whoever buys from whom."),
        "console:dealers",
        _has_dealers,
    ),
    (
        (TerritoryPermission.READ, TerritoryPermission.EDIT),
        N_("Say who may sell what where"),
        N_("A dealer orders the lines it is authorised for."),
        "console:territories",
        _has_grants,
    ),
    (
        (AccessPermission.READ, AccessPermission.EDIT),
        N_("Invite your dealers' buyers"),
        N_("They choose a password themselves and order at once."),
        "console:seats",
        _is_somebody_asked,
    ),
)
"""The rights a step needs, its words, its page, and how one sees that it was taken."""

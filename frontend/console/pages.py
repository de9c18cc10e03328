"""Pages of the console that stand in no rail, for finding them by name."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Actor
from frontend.console.longacts import IMPORTS
from frontend.ui.shapes import NavItem


def further_pages(actor: Actor) -> Iterator[NavItem]:
    """What the seat may open besides the rail: new things, parts of settings, imports."""
    entries = (
        (_("New product"), "new_product", "plus", "catalogue.edit"),
        (_("Duplicates"), "duplicates", "copy", "catalogue.edit"),
        (_("Families"), "families", "box", "catalogue.edit"),
        (_("Product lines"), "lines", "layers", "catalogue.edit"),
        (_("Producers"), "producers", "building", "catalogue.edit"),
        (_("New price list"), "new_list", "plus", "prices.edit"),
        (_("New promotion"), "new_promotion", "plus", "promotions.write"),
        (_("Promotion simulator"), "simulator", "percent", "promotions.read prices.read"),
        (_("Where a price comes from"), "price_trace", "search", "prices.read dealers.read"),
        (_("Landed prices"), "waterfall", "layers", "promotions.read prices.read dealers.read"),
        (_("Price inversions"), "inversions", "warn", "market.read promotions.read prices.read"),
        (_("Enter market quotes"), "new_quotes", "plus", "market.write"),
        (_("New dealer"), "new_dealer", "plus", "dealers.edit"),
        (_("New notice"), "new_notice", "plus", "notices.write"),
        (_("Adjust stock"), "adjust", "layers", "stock.adjust"),
        (_("Invite somebody"), "invite", "plus", "access.edit"),
        (_("Invitations"), "invitations", "users", "access.read"),
        (_("Own roles"), "roles", "users", "access.read"),
        (_("Who can do what"), "rights", "shield", "access.read"),
        (_("Stand-ins"), "stand_ins", "user", ""),
        (_("Logo, colour and texts"), "look", "edit", "settings.edit"),
        (_("Hosts and directory"), "hosts", "globe", "settings.edit"),
        (_("Messages"), "messages", "bell", ""),
    )
    for label, page, icon, code in entries:
        if all(map(actor.can, code.split())):
            yield NavItem(label, reverse(f"console:{page}"), icon)
    for one in IMPORTS.values():
        if actor.can(one.permission):
            yield NavItem(str(one.title), reverse("console:import", args=[one.slug]), "upload")

"""What limits a seat, in words: for the page of rights and for its file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.kernel.actor import Actor, Scope
from dms.dealers.selectors import dealers_visible_to
from frontend.ui.places import place_name
from tenants.access.reasons import Held


def limits_of(scope: Scope, below: dict[int, str]) -> tuple[str, ...]:
    """The limits of a seat; empty: none. ``below`` names the dealers seats are limited to."""
    found = [place_name(code, full=True) for code in scope.regions]
    found += [_("line %(code)s") % {"code": code} for code in scope.product_lines]
    if scope.dealer_subtree_id is not None:
        found.append(_("below %(dealer)s") % {"dealer": below.get(scope.dealer_subtree_id, "—")})
    return tuple(found)


def names_below(actor: Actor, held: Iterable[Held]) -> dict[int, str]:
    """Names of the dealers that seats are limited to. One query, or none."""
    wanted = {one.scope.dealer_subtree_id for one in held if one.scope.dealer_subtree_id is not None}
    if not wanted or not actor.can("dealers.read"):
        return {}
    return dict(dealers_visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))

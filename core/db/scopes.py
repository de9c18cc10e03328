"""The limits of a seat as conditions of a question: one predicate for every room (docs/decisions/0008).

A row that belongs to a dealer has the dealer's ``path`` and ``region_code``, or leads to a row that has them.
"""

from django.db.models import Q

from core.kernel.actor import Actor, Scope


def dealers_within(actor: Actor, at: str = "", *, own: str = "") -> Q:
    """The dealer at ``at`` (``"buyer__"``; empty: the row itself) lies inside the seat's regions and subtree.

    ``own`` names the column of the dealer's id: a house is always inside its own limits. Empty without limits.
    """
    limits = _limits(actor.scope, at)
    return limits | Q(**{own: actor.dealer_id}) if limits and own else limits


def _limits(scope: Scope, at: str) -> Q:
    limits = Q()
    if scope.limits_regions:
        limits &= Q(**{f"{at}region_code__in": sorted(scope.region_codes)})
    if scope.subtree:
        limits &= Q(**{f"{at}path__contains": scope.subtree})
    return limits


def lines_within(actor: Actor, at: str = "") -> Q:
    """The product line whose code stands at ``at`` (``"product_line__code"``) is one of the seat's."""
    return Q(**{f"{at}__in": actor.scope.product_lines}) if actor.scope.product_lines else Q()


def dealer_condition(row: str, own: str) -> str:
    """``dealers_within`` for SQL: ``row`` names a table with path and division, ``own`` the dealer's id."""
    return f"""(%(scope_is_open)s OR {own} = %(scope_house)s
     OR ((%(scope_regions)s::text[] IS NULL OR {row}.region_code = ANY(%(scope_regions)s::text[]))
         AND strpos({row}.path, %(scope_subtree)s) > 0))"""


def line_condition(code: str) -> str:
    """``lines_within`` for SQL: ``code`` is the column with the product line's code."""
    return f"(%(scope_lines)s::text[] IS NULL OR {code} = ANY(%(scope_lines)s::text[]))"


def parameters(actor: Actor) -> dict[str, object]:
    """What both conditions ask with."""
    scope = actor.scope
    return {
        "scope_is_open": not scope.limits_dealers,
        "scope_house": actor.dealer_id,
        "scope_regions": sorted(scope.region_codes) if scope.limits_regions else None,
        "scope_subtree": scope.subtree or "/",
        "scope_lines": list(scope.product_lines) or None,
    }

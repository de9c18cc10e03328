"""Questions about the channel tree as one opens it: level by level, or what was sought with those above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery

from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.dealers.selectors.channel import DealerFilter, dealer_rows, dealers_visible_to

MOST = 200
"""Dealers of one level a page draws; the list below a dealer has them all."""


@dataclass(slots=True)
class Branch:
    """A dealer in the tree: how many hang directly below it and in its whole subtree, as far as the actor sees.

    ``branches``: those drawn already; empty with ``children`` above 0: not opened yet. ``is_found``: what was sought.
    """

    code: str
    name: str
    tier: str
    status: str
    region_code: str
    children: int
    below: int
    is_found: bool = True
    branches: list["Branch"] = field(default_factory=list)


def top_branches(actor: Actor) -> list[Branch]:
    """The topmost dealers the actor sees, the root's own level opened. Two queries. Raises ``NotPermitted``."""
    seen = dealers_visible_to(actor)
    rows = _counted(seen, seen.filter(~Exists(seen.filter(pk=OuterRef("parent_id")))))
    tops = [_branch(row) for row in rows]
    if len(tops) == 1 and tops[0].children:
        tops[0].branches = branches_below(actor, tops[0].code)
    return tops


def branches_below(actor: Actor, code: str) -> list[Branch]:
    """Those directly below a dealer, by name; nothing below one the actor does not see. One query."""
    seen = dealers_visible_to(actor)
    parents = seen.filter(code=normalised(code)).values("pk")
    return [_branch(row) for row in _counted(seen, seen.filter(parent__in=parents))]


def _counted(seen: QuerySet[Dealer], rows: QuerySet[Dealer]) -> list[Dealer]:
    def how_many(below: QuerySet[Dealer]) -> Subquery:
        counted = below.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")  # one row, without GROUP BY
        return Subquery(counted, output_field=IntegerField())

    found = rows.annotate(
        child_count=how_many(seen.filter(parent_id=OuterRef("pk"))),
        below_count=how_many(seen.filter(path__startswith=OuterRef("path")).exclude(pk=OuterRef("pk"))),
    )
    return list(found.order_by("name_key", "code")[:MOST])


def _branch(row: Dealer, *, is_found: bool = True) -> Branch:
    children, below = getattr(row, "child_count", 0), getattr(row, "below_count", 0)
    return Branch(row.code, row.name, row.tier, row.status, row.region_code, children, below, is_found)


def found_branches(actor: Actor, asked: DealerFilter, *, most: int = MOST) -> list[Branch] | None:
    """What fits with everybody above it that the actor sees, as a tree; None where more than ``most`` fit. Two queries.

    Raises ``NotPermitted``.
    """
    found = list(dealer_rows(actor, asked).select_related(None)[: most + 1])
    if len(found) > most:
        return None
    above = {int(step) for row in found for step in row.path.strip("/").split("/")} - {row.pk for row in found}
    others = list(dealers_visible_to(actor).filter(pk__in=above)) if above else []
    return _planted([*found, *others], {row.pk for row in found})


def _planted(rows: Sequence[Dealer], found: set[int]) -> list[Branch]:
    """The rows as a tree, siblings by name."""
    made: dict[int, Branch] = {}
    tops: list[Branch] = []
    for row in sorted(rows, key=lambda one: (one.path.count("/"), one.name_key, one.code)):
        branch = made[row.pk] = _branch(row, is_found=row.pk in found)
        above = made.get(row.parent_id) if row.parent_id is not None else None
        (above.branches if above else tops).append(branch)
        if above:
            above.children += 1
    return tops


def tier_counts(actor: Actor) -> Mapping[str, int]:
    """How many dealers the actor sees of each tier, the brand itself left out. One query. Raises ``NotPermitted``."""
    rows = dealers_visible_to(actor).exclude(tier=Dealer.Tier.BRAND).order_by()
    return dict(rows.values_list("tier").annotate(n=Count("pk")))

"""Questions about grants."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from core.db import sql
from core.db.scopes import dealers_within, lines_within
from core.kernel import regions
from core.kernel.actor import Actor
from dms.territories.models import Grant
from dms.territories.permissions import Permission
from dms.territories.rules import EVERY_CHANNEL


@dataclass(frozen=True, slots=True)
class CoveredLines:
    """The product lines a dealer may trade: all of them or those named, less those the brand reserves to itself."""

    all_lines: bool
    line_ids: frozenset[int]
    reserved_ids: frozenset[int] = frozenset()

    def covers(self, line_id: int) -> bool:
        """Whether the product line is among them."""
        return line_id not in self.reserved_ids and (self.all_lines or line_id in self.line_ids)


NOTHING = CoveredLines(all_lines=False, line_ids=frozenset())


_HELD = """
SELECT kind, product_line_id, region_code FROM territories_grant
WHERE (dealer_id = %(dealer)s OR kind = 'RESERVED') AND channel = ANY(%(channels)s::text[])
  AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""


def covered_lines(*, dealer_id: int, channel: str, region_code: str, day: date) -> CoveredLines:
    """Product lines ``dealer_id`` may buy for ``region_code`` in ``channel`` on ``day``. One query.

    A terminal has no grants of its own: ask with its supplier's id and the terminal's region. What the brand reserves
    to itself (厂家保留) in the channel and region nobody else may trade.
    """
    held = sql.rows(_HELD, {"dealer": dealer_id, "channels": [EVERY_CHANNEL, channel], "day": day})
    granted: set[int | None] = set()
    reserved: set[int | None] = set()
    for kind, line_id, region in held:
        if region == region_code or (region_code and regions.contains(region, region_code)):
            (reserved if kind == Grant.Kind.RESERVED else granted).add(line_id)
    if None in reserved:
        return NOTHING
    return CoveredLines(None in granted, _named(granted) - _named(reserved), _named(reserved))


def _named(lines: set[int | None]) -> frozenset[int]:
    return frozenset(line_id for line_id in lines if line_id is not None)


def in_force(day: date) -> QuerySet[Grant]:
    """Grants valid on ``day``; a grant that ends on a day is no longer valid on it."""
    return Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def grants_visible_to(actor: Actor) -> QuerySet[Grant]:
    """Grants as a list shows them: all for the brand's staff; a dealer's own and those below it for its seats.

    A seat's limits hold for dealer and line; a grant for every line is everybody's. Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    grants = Grant.objects.select_related("dealer", "product_line").order_by("dealer__code", "region_code", "pk")
    grants = grants.filter(dealers_within(actor, "dealer__", own="dealer_id"), _line_in_sight(actor))
    if actor.is_brand_staff:
        return grants
    return grants.filter(Q(dealer_id=actor.dealer_id) | Q(dealer__parent_id=actor.dealer_id))


def _line_in_sight(actor: Actor) -> Q:
    lines = lines_within(actor, "product_line__code")
    return lines | Q(product_line=None) if lines else lines


def grants_of(actor: Actor, dealer_code: str) -> QuerySet[Grant]:
    """The grants of one dealer, as far as the actor may see them, the newest first."""
    return grants_visible_to(actor).filter(dealer__code=dealer_code).order_by("-valid_from", "pk")

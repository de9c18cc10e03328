"""Who holds what where on a day: the tree of divisions level by level, and the ground nobody holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.catalogue.models import ProductLine
from core.db import scopes, sql
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.regions import Region
from core.kernel.text import normalised
from dms.territories.models import Grant
from dms.territories.permissions import Permission
from dms.territories.rules import EVERY_CHANNEL, NATIONWIDE_CHANNELS
from dms.territories.selectors.grants import grants_visible_to, in_force

SHOWN_HOLDERS = 4


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Goods and channel the map is looked at for; empty: any."""

    line_code: str = ""
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One division of a level. ``holders``: the first grants on it as a whole; ``more``: how many others there are.

    ``hidden``: grants of dealers outside the seat's limits; ``deeper``: grants on ground inside it. ``leaves`` of which
    ``gaps`` nobody holds.
    """

    region: Region
    holders: tuple[Grant, ...]
    more: int
    hidden: int
    deeper: int
    leaves: int
    gaps: int
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Level:
    """The divisions directly below one (``CN``: the provinces). ``above``: grants that hold all of them."""

    code: str
    above: tuple[Grant, ...]
    places: tuple[Place, ...]


_IN_FORCE = """
    g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
    AND (%(channels)s::varchar[] IS NULL OR g.channels && %(channels)s::varchar[])
"""
_LEVEL = f"""
WITH asked AS (
    SELECT * FROM unnest(%(children)s::varchar[], %(codes)s::varchar[], %(own)s::boolean[]) AS x (child, code, is_own)
), held AS (
    SELECT asked.child, asked.is_own, g.id, g.kind, g.priority, g.dealer_id, g.product_line_id, g.sku_ids
    FROM asked JOIN territories_grant AS g ON g.region_code = asked.code WHERE {_IN_FORCE}
    UNION
    SELECT asked.child, false, g.id, g.kind, g.priority, g.dealer_id, g.product_line_id, g.sku_ids
    FROM asked JOIN territories_zoneregion AS z ON z.region_code = asked.code
    JOIN territories_grant AS g ON g.zone_id = z.zone_id WHERE {_IN_FORCE}
), seen AS (
    SELECT held.*, {scopes.dealer_condition("dealer", "dealer.id")}
           AND (held.product_line_id IS NULL OR {scopes.line_condition("line.code")}) AS is_seen
    FROM held JOIN dealers_dealer AS dealer ON dealer.id = held.dealer_id
    LEFT JOIN catalogue_productline AS line ON line.id = held.product_line_id
    WHERE (%(kind)s = '' OR held.kind = %(kind)s)
      AND (%(line)s::bigint IS NULL OR held.product_line_id = %(line)s
           OR (held.product_line_id IS NULL AND (cardinality(held.sku_ids) = 0
               OR EXISTS (SELECT FROM catalogue_sku AS sku
                          WHERE sku.id = ANY(held.sku_ids) AND sku.product_line_id = %(line)s))))
)
SELECT child, (array_agg(id ORDER BY kind, priority, id) FILTER (WHERE is_own AND is_seen))[1:%(shown)s],
       count(*) FILTER (WHERE is_own AND is_seen), count(*) FILTER (WHERE is_own AND NOT is_seen),
       count(DISTINCT id) FILTER (WHERE NOT is_own)
FROM seen GROUP BY child
"""
_FILLS = """
    cardinality(g.sku_ids) = 0
    AND (%(channels)s::varchar[] IS NOT NULL OR (g.kind <> 'RESERVED' AND NOT g.channels <@ %(nationwide)s::varchar[]))
"""
"""What closes a gap: whole lines; where no channel is asked for, somebody on the spot, not the brand's online shop."""
_HELD_CODES = f"""
SELECT DISTINCT g.region_code FROM territories_grant AS g
WHERE {_IN_FORCE} AND {_FILLS} AND g.region_code <> ''
  AND (%(line)s::bigint IS NULL OR g.product_line_id IS NULL OR g.product_line_id = %(line)s)
UNION SELECT z.region_code
FROM territories_zoneregion AS z JOIN territories_grant AS g ON g.zone_id = z.zone_id
WHERE {_IN_FORCE} AND {_FILLS}
  AND (%(line)s::bigint IS NULL OR g.product_line_id IS NULL OR g.product_line_id = %(line)s)
"""


def level(actor: Actor, code: str, asked: PlaceFilter, *, day: date) -> Level:
    """The divisions below ``code`` with who holds them on ``day``; five statements for any number of grants.

    Divisions outside the seat's regions are left out. Raises ``NotPermitted`` and ``UnknownRegion``.
    """
    actor.require(Permission.READ, writes=False)
    children = [place for place in regions.children(code) if actor.scope.meets_region(place.code)]
    line_id = _line_id(asked.line_code)
    found = {row[0]: row[1:] for row in sql.rows(_LEVEL, _level_asked(actor, children, asked, line_id, day))}
    shown = {grant_id for ids, *_counts in found.values() for grant_id in ids or ()}
    grants = grants_visible_to(actor).in_bulk(sorted(shown)) if shown else {}
    held = _held_leaves(asked, line_id, day)
    above = _above(actor, code, asked, line_id, day)
    places = []
    for child in children:
        ids, own, hidden, deeper = found.get(child.code, (None, 0, 0, 0))
        holders = tuple(grants[grant_id] for grant_id in ids or () if grant_id in grants)
        leaves = regions.leaves(child.code)
        is_leaf = not regions.children(child.code)
        gaps = len(leaves - held)
        places.append(Place(child, holders, own - len(holders), hidden, deeper, len(leaves), gaps, is_leaf))
    return Level(code, above, tuple(places))


def _level_asked(
    actor: Actor, children: Sequence[Region], asked: PlaceFilter, line_id: int | None, day: date
) -> dict[str, object]:
    triples = [
        (child.code, code, child.code in regions.within(code))
        for child in children
        for code in sorted(regions.within(child.code) | _same_ground(child.code))
    ]
    return {
        **_asked(asked, line_id, day),
        "children": [child for child, _code, _own in triples],
        "codes": [code for _child, code, _own in triples],
        "own": "{" + ",".join("t" if own else "f" for _child, _code, own in triples) + "}",
        "kind": asked.kind,
        "shown": SHOWN_HOLDERS,
        **scopes.parameters(actor),
    }


def _same_ground(code: str) -> frozenset[str]:
    """Older codes of the very same ground."""
    return frozenset(older for older in regions.holders(code) if older in regions.within(code))


def _asked(asked: PlaceFilter, line_id: int | None, day: date) -> dict[str, object]:
    channels = [asked.channel, EVERY_CHANNEL] if asked.channel else None
    return {"day": day, "line": line_id, "channels": channels, "nationwide": sorted(NATIONWIDE_CHANNELS)}


def _line_id(code: str) -> int | None:
    """Its id; a line nobody knows is held by nobody."""
    if not code:
        return None
    return ProductLine.objects.filter(code=normalised(code)).values_list("pk", flat=True).first() or 0


def _above(actor: Actor, code: str, asked: PlaceFilter, line_id: int | None, day: date) -> tuple[Grant, ...]:
    """Grants on the division itself and on what it lies in."""
    rows = grants_visible_to(actor).filter(in_force(day), region_code__in=regions.holders(code))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.channel:
        rows = rows.filter(channels__overlap=[asked.channel, EVERY_CHANNEL])
    if line_id is not None:
        rows = rows.filter(Q(product_line_id=line_id) | Q(product_line=None))
    return tuple(rows.order_by("kind", "priority", "pk")[:20])


def _held_leaves(asked: PlaceFilter, line_id: int | None, day: date) -> frozenset[str]:
    """Every leaf somebody holds, whoever it is: one statement, at most as many rows as there are divisions."""
    codes: Iterable[str] = (code for (code,) in sql.rows(_HELD_CODES, _asked(asked, line_id, day)))
    if asked.channel in NATIONWIDE_CHANNELS:
        codes = (code for code in codes if code == regions.COUNTRY)
    known = (code for code in codes if regions.within(code))
    return frozenset[str]().union(*(regions.leaves(code) for code in known))


@dataclass(frozen=True, slots=True)
class Gap:
    """One province with the leaves nobody holds, by code."""

    region: Region
    leaves: int
    open_codes: tuple[str, ...]

    @property
    def held_share(self) -> int:
        """How much of it is held, in percent, never rounded up to all or down to nothing."""
        held = self.leaves - len(self.open_codes)
        return 100 if not self.open_codes else 0 if not held else min(99, max(1, held * 100 // self.leaves))


def gaps(actor: Actor, asked: PlaceFilter, *, day: date) -> tuple[Gap, ...]:
    """Every province in sight with its gaps; two statements. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    held = _held_leaves(asked, _line_id(asked.line_code), day)
    found = []
    for province in regions.provinces():
        if actor.scope.meets_region(province.code):
            leaves = [code for code in regions.leaves(province.code) if actor.scope.covers_region(code)]
            found.append(Gap(province, len(leaves), tuple(sorted(code for code in leaves if code not in held))))
    return tuple(gap for gap in found if gap.leaves)

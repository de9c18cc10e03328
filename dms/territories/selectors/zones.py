"""Zones and how often they are used."""

from dataclasses import dataclass
from datetime import date

from core.db import sql
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from dms.territories.permissions import Permission


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone as a list shows it; ``grants`` in force or to come.

    ``since``: the day its ground holds from, where that day is still to come; ``leaves`` are those of that day on.
    """

    code: str
    name: str
    version: int
    leaves: tuple[str, ...]
    grants: int
    since: date | None = None
    name_en: str = ""


_ZONES = """
SELECT z.code, z.name, z.version,
       (SELECT array_agg(region_code ORDER BY region_code) FROM territories_zoneregion WHERE zone_id = z.id),
       (SELECT count(*) FROM territories_grant AS g JOIN territories_zone AS v ON v.id = g.zone_id
        WHERE v.code = z.code AND (g.valid_to IS NULL OR g.valid_to > %(day)s)),
       CASE WHEN z.valid_from > %(day)s THEN z.valid_from END, z.name_en
FROM territories_zone AS z
WHERE z.closed_at IS NULL AND (%(code)s = '' OR z.code = %(code)s) ORDER BY z.code
"""


def zones_visible_to(actor: Actor, *, day: date) -> list[ZoneLine]:
    """The zones offered today that meet the seat's regions, by code. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return [zone for zone in _zones("", day) if any(actor.scope.meets_region(leaf) for leaf in zone.leaves)]


def zone_of(actor: Actor, code: str, *, day: date) -> ZoneLine:
    """One zone by its code. Raises ``Missing`` and ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    for zone in _zones(normalised(code).upper(), day):
        if any(actor.scope.meets_region(leaf) for leaf in zone.leaves):
            return zone
    raise Missing


def _zones(wanted: str, day: date) -> list[ZoneLine]:
    found = sql.rows(_ZONES, {"code": wanted, "day": day})
    return [
        ZoneLine(code, name, version, tuple(leaves or ()), used, since, name_en)
        for code, name, version, leaves, used, since, name_en in found
    ]


def gathered(leaves: tuple[str, ...]) -> tuple[str, ...]:
    """The leaves in fewer words: a city or province stands for all of its leaves; by code."""
    left, named = set(leaves), []
    around = {code for leaf in leaves for code in regions.lineage(leaf) if code != regions.COUNTRY}
    for code in sorted(around, key=lambda one: (-len(regions.leaves(one)), one)):
        inside = regions.leaves(code)
        if inside <= left:
            named.append(code)
            left -= inside
    return tuple(sorted([*named, *left]))

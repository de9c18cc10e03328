"""What a dealer may buy somewhere today, and what may lie on shelves there: the questions of the gates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.db import sql
from core.kernel import regions
from dms.territories.models import TerritorySettings
from dms.territories.rules import EVERY_CHANNEL, GRACE_DAYS, NATIONWIDE_CHANNELS


@dataclass(frozen=True, slots=True)
class CoveredLines:
    """The goods a dealer may trade: every line, lines or single SKUs, less those the brand reserves to itself.

    ``only_from_here``: the lines an outlet buys here at all, None: every one but ``from_elsewhere``, which other
    dealers supply it with. Unlike grants this holds for every brand.
    """

    all_lines: bool
    line_ids: frozenset[int]
    reserved_ids: frozenset[int] = frozenset()
    sku_ids: frozenset[int] = frozenset()
    reserved_sku_ids: frozenset[int] = frozenset()
    only_from_here: frozenset[int] | None = None
    from_elsewhere: frozenset[int] = frozenset()

    def covers(self, line_id: int, sku_id: int | None = None) -> bool:
        """Whether the SKU of the line, or the whole line where none is named, is among them."""
        if line_id in self.reserved_ids or sku_id in self.reserved_sku_ids:
            return False
        return self.all_lines or line_id in self.line_ids or sku_id in self.sku_ids

    def supplies(self, line_id: int) -> bool:
        """Whether the seller supplies the buyer with goods of the line, granted or not."""
        if self.only_from_here is not None:
            return line_id in self.only_from_here
        return line_id not in self.from_elsewhere


NOTHING = CoveredLines(all_lines=False, line_ids=frozenset())

_HELD = """
SELECT CASE WHEN kind = 'RESERVED' AND dealer_id <> %(dealer)s THEN 'KEPT' ELSE 'HELD' END, product_line_id, sku_ids
FROM territories_grant
WHERE (dealer_id = %(dealer)s OR kind = 'RESERVED') AND channels && %(channels)s::varchar[]
  AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
  AND (region_code = ANY(%(codes)s::varchar[])
       OR zone_id IN (SELECT zone_id FROM territories_zoneregion WHERE region_code = ANY(%(codes)s::varchar[])))
"""
_SUPPLIED = """
UNION ALL
SELECT 'HELD', NULL, '{}' FROM dealers_dealer WHERE id = %(dealer)s AND parent_id IS NULL
UNION ALL
SELECT CASE WHEN supplier_id = %(dealer)s THEN 'OWN' ELSE 'ELSE' END, product_line_id, '{}'
FROM territories_outletsupply
WHERE outlet_id = %(outlet)s AND product_line_id IS NOT NULL
  AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""
_Rows = Sequence[tuple[str, int | None, Sequence[int]]]


def covered_lines(*, dealer_id: int, channel: str, region_code: str, day: date) -> CoveredLines:
    """Goods ``dealer_id`` may buy for ``region_code`` in ``channel`` on ``day``. One query.

    What the brand reserves to itself (厂家保留) in the channel and region nobody else may trade.
    """
    return _covered(sql.rows(_HELD, {"dealer": dealer_id, **place_parameters(region_code, channel), "day": day}))


def outlet_lines(
    *, outlet_id: int, seller_id: int, is_usual: bool, channel: str, region_code: str, day: date
) -> CoveredLines:
    """Goods an outlet may buy from ``seller_id`` on ``day``: an outlet has no grants, its seller's count. One query.

    From its usual supplier all but the lines another dealer supplies; from anybody else the lines that one supplies.
    The brand needs no grant to sell: what it reserves, its own customers buy from it.
    """
    asked = {"dealer": seller_id, "outlet": outlet_id, **place_parameters(region_code, channel), "day": day}
    rows = sql.rows(_HELD + _SUPPLIED, asked)
    covered = _covered([("KEPT" if what == "ELSE" else what, *row) for what, *row in rows if what != "OWN"])
    own, elsewhere = (_named({line_id for what, line_id, _skus in rows if what == kind}) for kind in ("OWN", "ELSE"))
    if is_usual:
        return replace(covered, from_elsewhere=elsewhere)
    lines = frozenset(line_id for line_id in own if covered.covers(line_id))
    return CoveredLines(all_lines=False, line_ids=lines, only_from_here=own)


def _covered(rows: _Rows) -> CoveredLines:
    lines: dict[str, set[int | None]] = {"HELD": set(), "KEPT": set()}
    skus: dict[str, set[int]] = {"HELD": set(), "KEPT": set()}
    for what, line_id, sku_ids in rows:
        if sku_ids:
            skus[what].update(sku_ids)
        else:
            lines[what].add(line_id)
    if None in lines["KEPT"]:
        return NOTHING
    held, kept = _named(lines["HELD"]), _named(lines["KEPT"])
    return CoveredLines(
        None in lines["HELD"], held - kept, kept, frozenset(skus["HELD"] - skus["KEPT"]), frozenset(skus["KEPT"])
    )


def place_parameters(region_code: str, channel: str) -> dict[str, object]:
    """``codes`` and ``channels`` of the grants that hold a place: nationwide channels are held nationwide only."""
    codes = [regions.COUNTRY] if channel in NATIONWIDE_CHANNELS else holders_of(region_code)
    return {"codes": codes, "channels": [EVERY_CHANNEL, channel]}


def holders_of(region_code: str) -> list[str]:
    """Codes whose ground holds the division; none for a place without a code. Raises ``UnknownRegion``."""
    return sorted(regions.holders(region_code)) if region_code else []


def _named(lines: set[int | None]) -> frozenset[int]:
    return frozenset(line_id for line_id in lines if line_id is not None)


@dataclass(frozen=True, slots=True)
class LawfulScope:
    """Ground and goods on which a dealer's bottles may be found on a day.

    ``region_codes``: one division, or the leaves of a zone. ``line_id`` None and no ``sku_ids``: every line.
    ``until``: the first day they no longer may; None: without an end. ``is_grace``: the grant itself has ended.
    """

    grant_id: int
    region_codes: tuple[str, ...]
    line_id: int | None
    sku_ids: frozenset[int]
    channels: tuple[str, ...]
    until: date | None
    is_grace: bool

    def covers(self, *, region_code: str, line_id: int, sku_id: int, channel: str = "") -> bool:
        """Whether a bottle found there is lawful; without a channel none is asked for."""
        is_of_goods = sku_id in self.sku_ids if self.sku_ids else self.line_id in (None, line_id)
        in_channel = not channel or channel in self.channels or EVERY_CHANNEL in self.channels
        return is_of_goods and in_channel and not regions.holders(region_code).isdisjoint(self.region_codes)


_LAWFUL = """
SELECT g.id, g.region_code, (SELECT array_agg(region_code ORDER BY region_code) FROM territories_zoneregion AS z
                             WHERE z.zone_id = g.zone_id),
       g.product_line_id, g.sku_ids, g.channels, g.valid_to
FROM territories_grant AS g
WHERE g.dealer_id = %(dealer)s AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(since)s)
ORDER BY g.valid_from, g.id
"""


def lawful_scopes(dealer_id: int, day: date) -> tuple[LawfulScope, ...]:
    """Where the dealer's goods may be found on ``day``: grants in force, and those ended within the days of grace.

    Two queries. Orders have no grace: they ask ``covered_lines``.
    """
    grace = timedelta(days=grace_days())
    held = sql.rows(_LAWFUL, {"dealer": dealer_id, "day": day, "since": day - grace})
    return tuple(
        LawfulScope(
            grant_id,
            (region_code,) if region_code else tuple(leaves or ()),
            line_id,
            frozenset(sku_ids),
            tuple(channels),
            valid_to + grace if valid_to is not None else None,
            valid_to is not None and valid_to <= day,
        )
        for grant_id, region_code, leaves, line_id, sku_ids, channels, valid_to in held
    )


def grace_days() -> int:
    """The brand's days of grace; one query."""
    found = TerritorySettings.objects.values_list("grace_days", flat=True).first()
    return GRACE_DAYS if found is None else found


def territory_settings() -> TerritorySettings:
    """The brand's rules for ground; one query."""
    return TerritorySettings.objects.first() or TerritorySettings()

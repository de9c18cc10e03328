"""Who would supply an outlet by the map, who does, and who did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from core.db import sql
from core.db.scopes import dealers_within, lines_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.models import Dealer
from dms.territories.models import OutletSupply
from dms.territories.permissions import Permission
from dms.territories.rules import Claim, Route, extent, route
from dms.territories.selectors.coverage import place_parameters

_CLAIMS = """
SELECT g.id, g.dealer_id, g.kind, g.priority, g.region_code, g.valid_from, g.product_line_id,
       (SELECT array_agg(region_code ORDER BY region_code) FROM territories_zoneregion AS z WHERE z.zone_id = g.zone_id)
FROM territories_grant AS g JOIN dealers_dealer AS d ON d.id = g.dealer_id
WHERE d.tier <> 'TERMINAL' AND d.status <> 'CLOSED' AND cardinality(g.sku_ids) = 0
  AND g.channels && %(channels)s::varchar[]
  AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
  AND (g.region_code = ANY(%(codes)s::varchar[])
       OR g.zone_id IN (SELECT zone_id FROM territories_zoneregion WHERE region_code = ANY(%(codes)s::varchar[])))
"""


def _claims_by_line(outlet: Dealer, day: date) -> dict[int | None, list[Claim]]:
    """Every grant in force that holds the outlet's place and channel, by its line (None: every line). One query.

    Grants for single SKUs give no claim on an outlet.
    """
    found: dict[int | None, list[Claim]] = {None: []}
    asked = {"day": day, **place_parameters(outlet.region_code, outlet.channel)}
    for grant_id, dealer_id, kind, priority, region_code, valid_from, line_id, leaves in sql.rows(_CLAIMS, asked):
        wide = len(extent((region_code,) if region_code else tuple(leaves or ())).leaves)
        found.setdefault(line_id, []).append(Claim(grant_id, dealer_id, kind, priority, wide, valid_from))
    return found


def claims_on(outlet: Dealer, *, line_id: int | None, day: date) -> list[Claim]:
    """The claims on an outlet for a whole line (None: every line). One query."""
    found = _claims_by_line(outlet, day)
    return found[None] + (found.get(line_id, []) if line_id is not None else [])


@dataclass(frozen=True, slots=True)
class RoutedOutlet:
    """Who may supply an outlet by the map, the first by rights. ``is_direct``: nobody, so the brand itself."""

    route: Route
    dealers: tuple[Dealer, ...]

    @property
    def is_direct(self) -> bool:
        """Whether the outlet lies in the brand's direct pool."""
        return not self.dealers


def route_outlet(actor: Actor, outlet_code: str, *, line_id: int | None, day: date) -> RoutedOutlet:
    """The deepest grants around an outlet (rule 3), the dealers in sight. Raises ``Missing`` and ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    outlet = Dealer.objects.filter(dealers_within(actor, own="pk"), code=outlet_code).first()
    if outlet is None:
        raise Missing
    found = route(claims_on(outlet, line_id=line_id, day=day))
    named = Dealer.objects.filter(dealers_within(actor, own="pk")).in_bulk([one.dealer_id for one in found.choices])
    return RoutedOutlet(found, tuple(named[one.dealer_id] for one in found.choices if one.dealer_id in named))


def routes_of(actor: Actor, outlet: Dealer, *, day: date) -> dict[int | None, RoutedOutlet]:
    """The routes of an outlet by line: None for every line without grants of its own. Two queries.

    The caller has seen to it that the outlet may be seen. Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    found = _claims_by_line(outlet, day)
    routes = {
        line_id: route(found[None] + (claims if line_id is not None else [])) for line_id, claims in found.items()
    }
    ids = {one.dealer_id for way in routes.values() for one in way.choices}
    named = Dealer.objects.filter(dealers_within(actor, own="pk")).in_bulk(ids)
    return {
        line_id: RoutedOutlet(way, tuple(named[one.dealer_id] for one in way.choices if one.dealer_id in named))
        for line_id, way in routes.items()
    }


def supply_row(outlet_id: int, line_id: int | None, day: date) -> OutletSupply | None:
    """The row that says who supplies on ``day``: the line's own, else that of every line. One query."""
    rows = OutletSupply.objects.filter(_on(day), outlet_id=outlet_id).select_related("supplier")
    rows = rows.filter(Q(product_line_id=line_id) | Q(product_line=None)) if line_id else rows.filter(product_line=None)
    return rows.order_by(F("product_line_id").asc(nulls_last=True)).first()


def supplier_of(outlet_id: int, line_id: int | None, day: date) -> int | None:
    """Who supplies the outlet with the line on ``day``; without any row whoever it hangs on in the channel tree."""
    row = supply_row(outlet_id, line_id, day)
    if row is not None:
        return row.supplier_id
    return Dealer.objects.filter(pk=outlet_id).values_list("supplier_id", flat=True).first()


def _on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def supplies_of(actor: Actor, outlet_id: int) -> QuerySet[OutletSupply]:
    """The rows of one outlet, the newest first, as far as the seat may see their lines. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    rows = OutletSupply.objects.filter(dealers_within(actor, "outlet__", own="outlet_id"), outlet_id=outlet_id)
    lines = lines_within(actor, "product_line__code")
    rows = rows.filter(lines | Q(product_line=None)) if lines else rows
    return rows.select_related("supplier", "product_line").order_by("-valid_from", "pk")


@dataclass(frozen=True, slots=True)
class SuppliedOutlet:
    """An outlet with who supplies it on the day; ``next_on``: when that changes, if it is known to."""

    id: int
    code: str
    name: str
    region_code: str
    channel: str
    supplier_code: str
    supplier_name: str
    own_lines: int
    next_on: date | None


_OUTLETS = """
SELECT o.id, o.code, o.name, o.region_code, o.channel, coalesce(s.code, t.code), coalesce(s.name, t.name),
       (SELECT count(*) FROM territories_outletsupply AS x WHERE x.outlet_id = o.id AND x.product_line_id IS NOT NULL
        AND x.valid_from <= %(day)s AND (x.valid_to IS NULL OR x.valid_to > %(day)s)),
       (SELECT min(x.valid_from) FROM territories_outletsupply AS x WHERE x.outlet_id = o.id AND x.valid_from > %(day)s)
FROM dealers_dealer AS o LEFT JOIN dealers_dealer AS t ON t.id = o.supplier_id
LEFT JOIN territories_outletsupply AS r ON r.outlet_id = o.id AND r.product_line_id IS NULL
     AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s)
LEFT JOIN dealers_dealer AS s ON s.id = r.supplier_id
WHERE o.id = ANY(%(ids)s::bigint[]) ORDER BY o.code
"""


def supplied_outlets(outlet_ids: Sequence[int], day: date) -> list[SuppliedOutlet]:
    """These outlets with their suppliers, by code; the caller has seen to it that they may be seen. One query."""
    return [SuppliedOutlet(*row) for row in sql.rows(_OUTLETS, {"ids": list(outlet_ids), "day": day})]

"""Questions about the map: grants, places, zones, supplies."""

from dms.territories.selectors.coverage import (
    CoveredLines,
    LawfulScope,
    covered_lines,
    grace_days,
    lawful_scopes,
    territory_settings,
)
from dms.territories.selectors.grants import (
    STATES,
    GrantFilter,
    grant_of,
    grant_rows,
    grants_of,
    grants_visible_to,
    history_of,
    in_force,
    own_ground,
    skus_of,
    slices_of,
)
from dms.territories.selectors.judging import ground_name
from dms.territories.selectors.places import Gap, Level, Place, PlaceFilter, gaps, level
from dms.territories.selectors.supplies import (
    RoutedOutlet,
    SuppliedOutlet,
    route_outlet,
    supplied_outlets,
    supplier_of,
    supplies_of,
)
from dms.territories.selectors.zones import ZoneLine, gathered, zone_of, zones_visible_to

__all__ = [
    "STATES",
    "CoveredLines",
    "Gap",
    "GrantFilter",
    "LawfulScope",
    "Level",
    "Place",
    "PlaceFilter",
    "RoutedOutlet",
    "SuppliedOutlet",
    "ZoneLine",
    "covered_lines",
    "gaps",
    "gathered",
    "grace_days",
    "grant_of",
    "grant_rows",
    "grants_of",
    "grants_visible_to",
    "ground_name",
    "history_of",
    "in_force",
    "lawful_scopes",
    "level",
    "own_ground",
    "route_outlet",
    "skus_of",
    "slices_of",
    "supplied_outlets",
    "supplier_of",
    "supplies_of",
    "territory_settings",
    "zone_of",
    "zones_visible_to",
]

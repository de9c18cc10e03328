"""Rows of grants as the values the rules judge: zones unfolded into leaves, SKUs with their lines."""

from collections.abc import Iterable, Mapping, Sequence

from core.catalogue.models import Sku
from dms.territories.models import Grant, ZoneRegion
from dms.territories.rules import Ground

Leaves = Mapping[int, tuple[str, ...]]
"""By zone."""


def zone_leaves(zone_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The leaves of zones, in the order of their codes; one query, none for no zones."""
    wanted = set(zone_ids)
    found: dict[int, list[str]] = {zone_id: [] for zone_id in wanted}
    if wanted:
        rows = ZoneRegion.objects.filter(zone_id__in=wanted).order_by("region_code")
        for zone_id, code in rows.values_list("zone_id", "region_code"):
            found[zone_id].append(code)
    return {zone_id: tuple(codes) for zone_id, codes in found.items()}


def sku_lines(sku_ids: Iterable[int]) -> dict[int, int]:
    """The product line of SKUs, by id; one query, none for no SKUs."""
    wanted = set(sku_ids)
    return dict(Sku.objects.filter(pk__in=wanted).values_list("pk", "product_line_id")) if wanted else {}


def grounds_of(grants: Sequence[Grant]) -> list[Ground]:
    """The grants' grounds, in their order; the dealers are joined already. Two queries at most."""
    zones = zone_leaves({one.zone_id for one in grants if one.zone_id is not None})
    lines = sku_lines({sku_id for one in grants for sku_id in one.sku_ids})
    return [ground_of(one, zones, lines) for one in grants]


def ground_of(grant: Grant, zones: Leaves, lines: Mapping[int, int]) -> Ground:
    """One grant's ground; ``zones`` and ``lines`` hold what it names."""
    return Ground(
        dealer_id=grant.dealer_id,
        dealer_path=grant.dealer.path,
        line_id=grant.product_line_id,
        channels=frozenset(grant.channels),
        region_codes=(grant.region_code,) if grant.zone_id is None else zones[grant.zone_id],
        kind=grant.kind,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        skus=frozenset((sku_id, lines.get(sku_id, 0)) for sku_id in grant.sku_ids),
    )

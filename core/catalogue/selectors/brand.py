"""The brand's own catalogue rules."""

from dataclasses import dataclass

from core.catalogue.models import CatalogueSettings
from core.catalogue.rules import CatalogueLimits


@dataclass(frozen=True, slots=True)
class BrandRules:
    """Hard limits, the letters SKU codes may begin with (empty: any) and whether ON needs the producer's SC licence."""

    limits: CatalogueLimits
    code_prefixes: tuple[str, ...]
    requires_sc_licence: bool
    version: int


def brand_rules() -> BrandRules:
    """The settings row, baijiu's defaults where there is none yet. One query."""
    row = CatalogueSettings.objects.first() or CatalogueSettings(version=0)
    limits = CatalogueLimits(
        abv_tenths_min=row.abv_tenths_min,
        abv_tenths_max=row.abv_tenths_max,
        bottles_per_case_max=row.bottles_per_case_max,
    )
    return BrandRules(limits, tuple(row.code_prefixes.split()), row.requires_sc_licence, row.version)

"""What a SKU's attributes may be (handbook §2.1): hard limits refuse, soft ones only advise."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.catalogue.rules.aroma import SOFT_ABV_TENTHS, Aroma
from core.kernel.errors import DomainError, Field, Kind
from core.kernel.text import N_

COMMON_VOLUMES_ML = frozenset(
    {50, 100, 125, 250, 375, 400, 450, 475, 480, 500, 520, 550, 600, 750, 1000, 1500, 2500, 5000}
)
TYPICAL_PACKS = frozenset({2, 4, 6, 12})
USUAL_ABV_TENTHS = (180, 680)


@dataclass(frozen=True, slots=True)
class CatalogueLimits:
    """Hard limits of one brand; the defaults are baijiu's. A brand of other spirits widens them.

    Strength in tenths of %vol, volume in ml; both ends included.
    """

    abv_tenths_min: int = 100
    abv_tenths_max: int = 800
    volume_ml_max: int = 9_999
    bottles_per_case_max: int = 24
    common_volumes_ml: frozenset[int] = field(default=COMMON_VOLUMES_ML)


BAIJIU = CatalogueLimits()


@dataclass(frozen=True, slots=True)
class SkuAttributes:
    """The measures of one SKU: tenths of %vol, ml, bottles a case, bottles an inner pack (礼盒)."""

    aroma: Aroma
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    inner_pack: int = 1


class AttributeOutOfRange(DomainError):
    """A measure lies outside the brand's hard limits; ``code`` says which."""

    code = "catalogue.attribute_range"
    kind = Kind.INVALID


@dataclass(frozen=True, slots=True)
class Advice:
    """Something worth a second look, not a refusal. ``text`` is a msgid with places for ``fields``."""

    code: str
    text: str
    fields: dict[str, Field]


def _percent(tenths: int) -> str:
    """52 or 52.5, as a label prints it."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def attribute_faults(sku: SkuAttributes, limits: CatalogueLimits = BAIJIU) -> tuple[AttributeOutOfRange, ...]:
    """Every hard limit that ``sku`` breaks, to be raised together."""
    return tuple(_faults(sku, limits))


def _faults(sku: SkuAttributes, limits: CatalogueLimits) -> Iterator[AttributeOutOfRange]:
    if not limits.abv_tenths_min <= sku.abv_tenths <= limits.abv_tenths_max:
        yield AttributeOutOfRange(
            N_("The strength %(value)s %%vol is outside %(low)s–%(high)s."),
            code="catalogue.abv_range",
            field="abv_tenths",
            value=_percent(sku.abv_tenths),
            low=_percent(limits.abv_tenths_min),
            high=_percent(limits.abv_tenths_max),
        )
    if not 1 <= sku.volume_ml <= limits.volume_ml_max:
        yield AttributeOutOfRange(
            N_("The bottle of %(value)s ml is outside 1–%(high)s ml."),
            code="catalogue.volume_range",
            field="volume_ml",
            value=sku.volume_ml,
            high=limits.volume_ml_max,
        )
    if not 1 <= sku.bottles_per_case <= limits.bottles_per_case_max:
        yield AttributeOutOfRange(
            N_("A case holds 1–%(high)s bottles, not %(value)s."),
            code="catalogue.pack_range",
            field="bottles_per_case",
            value=sku.bottles_per_case,
            high=limits.bottles_per_case_max,
        )
    elif sku.inner_pack < 1 or sku.bottles_per_case % sku.inner_pack:
        yield AttributeOutOfRange(
            N_("A case of %(case)s bottles cannot be filled with gift boxes of %(value)s."),
            code="catalogue.inner_pack",
            field="inner_pack",
            value=sku.inner_pack,
            case=sku.bottles_per_case,
        )


def attribute_advice(sku: SkuAttributes, limits: CatalogueLimits = BAIJIU) -> tuple[Advice, ...]:
    """What is unusual about ``sku``: compare it with the label before it goes on the shelf."""
    return tuple(_advice(sku, limits))


def _advice(sku: SkuAttributes, limits: CatalogueLimits) -> Iterator[Advice]:
    low, high = SOFT_ABV_TENTHS.get(sku.aroma, USUAL_ABV_TENTHS)
    if not low <= sku.abv_tenths <= high:
        yield Advice(
            "catalogue.abv_unusual",
            N_("%(value)s %%vol is unusual for this aroma type (%(low)s–%(high)s). Compare it with the label."),
            {"value": _percent(sku.abv_tenths), "low": _percent(low), "high": _percent(high)},
        )
    if sku.volume_ml not in limits.common_volumes_ml:
        yield Advice(
            "catalogue.volume_unusual",
            N_("%(value)s ml is not a common bottle. It needs a second person's approval."),
            {"value": sku.volume_ml},
        )
    if sku.bottles_per_case not in TYPICAL_PACKS:
        yield Advice(
            "catalogue.pack_unusual",
            N_("A case of %(value)s bottles is unusual. Compare it with the carton."),
            {"value": sku.bottles_per_case},
        )

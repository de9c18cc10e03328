"""What the terms of a policy cannot mean at one brand: pure, with what is known there given. See ``rules.reading``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.kernel.errors import DomainError
from ordering.promotions import errors
from ordering.promotions.rules.policies import Bundle, FixedPrice, Goods, Ladder, RebateOffset
from ordering.promotions.rules.terms import AUDIENCE_SETS, GOODS_SETS, Terms

ON_SALE = "ON"
IN_BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class KnownSku:
    """What the terms' checks know of a SKU."""

    status: str
    sells_in: str
    product_line: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the brand has, as far as the terms speak of it: codes by set of the document, SKUs with their facts."""

    skus: Mapping[str, KnownSku]
    codes: Mapping[str, frozenset[str]]


def named_skus(terms: Terms) -> frozenset[str]:
    """Every SKU the terms name."""
    parts = terms.reward.parts.keys() if isinstance(terms.reward, Bundle) else ()
    return frozenset({*terms.goods.skus, *terms.goods.without, *parts, terms.gift_sku} - {""})


def faults_of_terms(terms: Terms, known: Known) -> Sequence[DomainError]:
    """What the terms cannot mean here: unknown codes, gifts off the shelf, limits that count nothing; by field."""
    return [*_unknown(terms, known), *_senseless(terms, known)]


def _unknown(terms: Terms, known: Known) -> list[DomainError]:
    said: list[tuple[str, frozenset[str]]] = [
        *((f"audience.{name}", getattr(terms.audience, name) - known.codes[name]) for name in AUDIENCE_SETS),
        *((f"goods.{name}", getattr(terms.goods, name) - known.codes[name]) for name in ("product_lines", "aromas")),
        *((f"goods.{name}", getattr(terms.goods, name) - known.skus.keys()) for name in ("skus", "without")),
        ("reward.sku", frozenset({terms.gift_sku} - {""} - known.skus.keys())),
    ]
    if isinstance(terms.reward, Bundle):
        said += [(f"reward.parts.{sku[:40]}", frozenset({sku})) for sku in terms.reward.parts if sku not in known.skus]
    return [errors.CodeUnknown(field=place, value=code[:40]) for place, codes in said for code in sorted(codes)]


def _senseless(terms: Terms, known: Known) -> list[DomainError]:
    reward, limits = terms.reward, terms.limits
    faults: list[DomainError] = []
    gift = known.skus.get(terms.gift_sku)
    if gift is not None and gift.status != ON_SALE:
        faults.append(errors.GiftDelisted(field="reward.sku", sku=terms.gift_sku))
    if isinstance(reward, Bundle):
        faults += _of_bundle(terms.goods, reward, known)
    if isinstance(reward, FixedPrice):
        faults += _of_price(terms.goods, reward, known)
    if isinstance(reward, Ladder | RebateOffset):
        useless = [name for name in ("bottles", "dealer_bottles") if getattr(limits, name) is not None]
        faults += [errors.LimitUseless(field=f"limits.{name}") for name in useless]
    return faults


def _of_bundle(goods: Goods, bundle: Bundle, known: Known) -> list[DomainError]:
    faults: list[DomainError] = [
        errors.BundleNamesGoods(field=f"goods.{name}") for name in GOODS_SETS if getattr(goods, name)
    ]
    off = [sku for sku in sorted(bundle.parts) if sku in known.skus and known.skus[sku].status != ON_SALE]
    return faults + [errors.NotOnSale(field=f"reward.parts.{sku}", sku=sku) for sku in off]


def _of_price(goods: Goods, price: FixedPrice, known: Known) -> list[DomainError]:
    if not goods.skus:
        return [errors.FixedPriceNamesNothing(field="goods.skus")]
    named = [(sku, known.skus[sku].sells_in) for sku in sorted(goods.skus & known.skus.keys())]
    return [
        errors.UnitNotSold(field="reward.unit", sku=sku)
        for sku, sells_in in named
        if sells_in not in (IN_BOTH, price.unit.value)
    ]

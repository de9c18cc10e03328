"""The terms of a policy as one frozen document (JSON), and back. Pure.

``Terms.document()`` is what is kept and what programs read and send; ``terms_of`` reads a kept document, which was
checked when it was saved (``rules.reading``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.kernel.quantity import Unit
from ordering.promotions.rules.life import Funding
from ordering.promotions.rules.policies import (
    WHOLE_BP,
    Audience,
    Bundle,
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    Policy,
    RebateOffset,
    Reward,
    TierStep,
)

Json = dict[str, Any]
AUDIENCE_SETS = ("tiers", "regions", "channels", "labels", "dealers")
GOODS_SETS = ("skus", "product_lines", "aromas", "without")
LIMIT_NAMES = ("amount", "bottles", "dealer_amount", "dealer_bottles")
KINDS: dict[str, type[Reward]] = {
    "PERCENT_OFF": PercentOff,
    "FIXED_PRICE": FixedPrice,
    "LADDER": Ladder,
    "BUNDLE": Bundle,
    "GIFT": Gift,
    "REBATE_OFFSET": RebateOffset,
}
"""Word of the document → what is given."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be given at most, minor units (gifts by list value) and bottles: in all, and to one dealer."""

    amount: int | None = None
    bottles: int | None = None
    dealer_amount: int | None = None
    dealer_bottles: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return (self.amount, self.bottles, self.dealer_amount, self.dealer_bottles) != (None,) * 4


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version says. ``needs_coupon``: only with a coupon of this policy; ``audience.coupon`` stays empty here.

    ``group`` and ``rank`` as in ``Policy``. ``brand_share_bp``: the brand's part of what is given, basis points.
    ``is_public`` False: nobody but those it is for hears of it. ``tells_start``: those it is for are written to when it
    begins.
    """

    name: str
    audience: Audience
    goods: Goods
    reward: Reward
    name_en: str = ""
    group: str = ""
    rank: int = 0
    limits: Limits = Limits()
    needs_coupon: bool = False
    brand_share_bp: int = WHOLE_BP
    is_public: bool = True
    tells_start: bool = True

    @property
    def funding(self) -> Funding:
        """Who pays."""
        if self.brand_share_bp == WHOLE_BP:
            return Funding.BRAND
        return Funding.SHARED if self.brand_share_bp else Funding.DEALER

    @property
    def kind(self) -> str:
        """The word of the document for what is given."""
        return next(word for word, kind in KINDS.items() if isinstance(self.reward, kind))

    @property
    def gift_sku(self) -> str:
        """The SKU it gives away, where it is not what was bought; else empty."""
        return self.reward.sku if isinstance(self.reward, Gift) else ""

    def document(self) -> Json:
        """The whole as JSON: sets as sorted lists, instants in ISO 8601, amounts in minor units."""
        audience, goods = self.audience, self.goods
        return {
            "name": self.name,
            "name_en": self.name_en,
            "audience": {
                "starts_at": audience.starts_at.isoformat(),
                "ends_at": audience.ends_at.isoformat(),
                **{name: sorted(getattr(audience, name)) for name in AUDIENCE_SETS},
                "first_order_only": audience.first_order_only,
                "needs_coupon": self.needs_coupon,
            },
            "goods": {name: sorted(getattr(goods, name)) for name in GOODS_SETS},
            "reward": {"kind": self.kind, **_reward_document(self.reward)},
            "group": self.group,
            "rank": self.rank,
            "limits": {name: getattr(self.limits, name) for name in LIMIT_NAMES},
            "brand_share_bp": self.brand_share_bp,
            "is_public": self.is_public,
            "tells_start": self.tells_start,
        }


def policy_of(code: str, number: int, terms: Terms) -> Policy:
    """Version ``number`` of policy ``code`` as the engine takes it.

    A policy that needs a coupon asks for its own code among ``Context.coupons``: which coupon opened it is not the
    engine's to know.
    """
    audience = replace(terms.audience, coupon=code if terms.needs_coupon else "")
    return Policy(code, number, terms.name, audience, terms.goods, terms.reward, terms.group, terms.rank)


def terms_of(document: Mapping[str, Any]) -> Terms:
    """The terms a kept document says."""
    audience, goods, limits = document["audience"], document["goods"], document.get("limits", {})
    sets: Json = {name: frozenset(audience.get(name, ())) for name in AUDIENCE_SETS}
    return Terms(
        name=document["name"],
        audience=Audience(
            datetime.fromisoformat(audience["starts_at"]),
            datetime.fromisoformat(audience["ends_at"]),
            first_order_only=audience.get("first_order_only", False),
            **sets,
        ),
        goods=Goods(**{name: frozenset(goods.get(name, ())) for name in GOODS_SETS}),
        reward=_reward_of(document["reward"]),
        name_en=document.get("name_en", ""),
        group=document.get("group", ""),
        rank=document.get("rank", 0),
        limits=Limits(**limits),
        needs_coupon=audience.get("needs_coupon", False),
        brand_share_bp=document.get("brand_share_bp", WHOLE_BP),
        is_public=document.get("is_public", True),
        tells_start=document.get("tells_start", True),
    )


def _reward_document(reward: Reward) -> Json:
    match reward:
        case PercentOff(off_bp):
            return {"off_bp": off_bp}
        case FixedPrice(amount, unit):
            return {"amount": amount, "unit": unit.value}
        case Ladder(measure, steps, repeats):
            told = [{"start": step.start, "off": step.off, "off_bp": step.off_bp} for step in steps]
            return {"measure": measure.value, "steps": told, "repeats": repeats}
        case Bundle(parts, price):
            return {"parts": dict(sorted(parts.items())), "price": price}
        case Gift():
            said = {"buy": reward.buy, "give": reward.give, "unit": reward.unit.value}
            return {**said, "sku": reward.sku, "most": reward.most}
        case RebateOffset(cap_bp):
            return {"cap_bp": cap_bp}


def _reward_of(said: Mapping[str, Any]) -> Reward:
    facts: Json = dict(said)
    kind = KINDS[facts.pop("kind")]
    if "unit" in facts:
        facts |= {"unit": Unit(facts["unit"])}
    if kind is Ladder:
        steps = tuple(TierStep(**step) for step in facts["steps"])
        return Ladder(Measure(facts["measure"]), steps, facts.get("repeats", False))
    return kind(**facts)

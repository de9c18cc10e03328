"""The terms of a policy as plain facts, a text a column: what a table holds and what two versions are compared by.

Codes stand for words, several apart by ``, ``; shares read 2.5%, amounts are of the policy's currency without a sign,
instants ISO 8601 in UTC. Pure.
"""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

from core.kernel.money import money_text
from ordering.promotions.rules.policies import (
    Bundle,
    FixedPrice,
    Gift,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    Reward,
)
from ordering.promotions.rules.terms import AUDIENCE_SETS, GOODS_SETS, Terms

YES, NO = "yes", "no"
REWARD_FIELDS = ("percent", "price", "unit", "measure", "steps", "repeats", "parts", "buy", "give", "gift_sku", "most")
FLAGS = ("repeats", "first_order_only", "needs_coupon", "is_public", "tells_start")


def facts_of(terms: Terms, currency: str) -> dict[str, str]:
    """Every fact of the terms by column; empty where there is none."""
    audience, goods, limits = terms.audience, terms.goods, terms.limits
    amounts = {"limit_amount": limits.amount, "limit_dealer_amount": limits.dealer_amount}
    bottles = {"limit_bottles": limits.bottles, "limit_dealer_bottles": limits.dealer_bottles}
    return {
        "name": terms.name,
        "name_en": terms.name_en,
        "kind": terms.kind,
        **dict.fromkeys(REWARD_FIELDS, ""),
        **_reward(terms.reward, currency),
        "starts_at": audience.starts_at.astimezone(UTC).isoformat(),
        "ends_at": audience.ends_at.astimezone(UTC).isoformat(),
        **{name: ", ".join(sorted(getattr(audience, name))) for name in AUDIENCE_SETS},
        "first_order_only": _flag(audience.first_order_only),
        "needs_coupon": _flag(terms.needs_coupon),
        **{name: ", ".join(sorted(getattr(goods, name))) for name in GOODS_SETS},
        **{name: _money(amount, currency) for name, amount in amounts.items()},
        **{name: _number(count) for name, count in bottles.items()},
        "brand_share": _percent(terms.brand_share_bp),
        "group": terms.group,
        "rank": _number(terms.rank or None),
        "is_public": _flag(terms.is_public),
        "tells_start": _flag(terms.tells_start),
    }


def differing(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Old and new of each column that is not the same; None for what is empty."""
    return {
        name: (old.get(name) or None, new.get(name) or None)
        for name in new
        if (old.get(name) or None) != (new.get(name) or None)
    }


def _reward(reward: Reward, currency: str) -> dict[str, str]:
    match reward:
        case PercentOff(off_bp):
            return {"percent": _percent(off_bp)}
        case FixedPrice(amount, unit):
            return {"price": _money(amount, currency), "unit": unit.value}
        case Ladder():
            return _ladder(reward, currency)
        case Bundle(parts, price):
            told = "; ".join(f"{sku}={cases}" for sku, cases in sorted(parts.items()))
            return {"parts": told, "price": _money(price, currency)}
        case Gift():
            counted = {"buy": str(reward.buy), "give": str(reward.give), "most": _number(reward.most)}
            return {**counted, "unit": reward.unit.value, "gift_sku": reward.sku}
        case RebateOffset(cap_bp):
            return {"percent": _percent(cap_bp)}


def _ladder(ladder: Ladder, currency: str) -> dict[str, str]:
    is_money = ladder.measure is Measure.AMOUNT
    steps = [
        (
            _money(step.start, currency) if is_money else str(step.start),
            _money(step.off, currency) if step.off else _percent(step.off_bp),
        )
        for step in ladder.steps
    ]
    told = "; ".join(f"{start}={off}" for start, off in steps)
    return {"measure": ladder.measure.value, "steps": told, "repeats": _flag(ladder.repeats)}


def _percent(share_bp: int) -> str:
    """250 basis points → 2.5%."""
    return f"{(Decimal(share_bp) / 100).normalize():f}%"


def _money(amount: int | None, currency: str) -> str:
    return "" if amount is None else money_text(amount, currency)


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _flag(is_so: bool) -> str:
    return YES if is_so else NO

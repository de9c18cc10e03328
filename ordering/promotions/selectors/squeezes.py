"""Goods on which policies leave no margin between the tiers (层级间无价差), before and after they are approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import MAX_MINOR
from dms.dealers.selectors import TradingDealer, brand_currency
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import offers
from ordering.promotions.rules.terms import Terms, policy_of
from ordering.promotions.selectors.inversions import USUAL_CASES
from ordering.promotions.selectors.live import LivePolicies, live_policies
from ordering.promotions.selectors.simulating import SimulatedLine
from ordering.promotions.selectors.waterfall import TIERS, NetAnswer, NetPricer, Squeeze, a_dealer_of, squeezed

MOST_GOODS = 12
"""Goods looked at for one page."""


@dataclass(frozen=True, slots=True)
class TightGoods:
    """Two tiers that pay the same for a product, or the lower one less."""

    sku_code: str
    squeeze: Squeeze


def tight_goods_of(actor: Actor, code: str, terms: Terms) -> tuple[TightGoods, ...]:
    """What the policy ``code``, as ``terms`` say, leaves without a margin of the goods it names, by the usual quantity.

    Nothing once it is over, and nothing to a seat that reads no list prices or answers for single dealers only.
    """
    at, reach = max(clock.now(), terms.audience.starts_at), terms.audience
    if at >= reach.ends_at:
        return ()
    lines = [SimulatedLine(sku, USUAL_CASES) for sku in sorted(terms.goods.skus)]
    region, channel = min(reach.regions, default="CN"), min(reach.channels, default="TRADITIONAL")
    return tight_goods(actor, lines, at=at, region_code=region, channel=channel, tried=(code, terms))


def tight_goods(
    actor: Actor,
    lines: Sequence[SimulatedLine],
    *,
    at: datetime,
    region_code: str = "CN",
    channel: str = "TRADITIONAL",
    tried: tuple[str, Terms] | None = None,
) -> tuple[TightGoods, ...]:
    """The same of the first goods of a cart, each ordered alone; with ``tried`` only what that policy has a part in.

    Two statements a tier for any number of goods.
    """
    if not lines or actor.scope.subtree or not actor.can(PricePermission.READ):
        return ()
    place = region_code if actor.scope.meets_region(region_code) else actor.scope.regions[0]
    wanted = {line.sku_code: line for line in reversed(lines[:MOST_GOODS])}
    currency, found = brand_currency(), []
    for tier in TIERS:
        buyer = a_dealer_of(tier, place, seller_id=actor.dealer_id, currency=currency, channel=channel)
        found.append(_answers(actor, buyer, wanted, at, tried))
    tight = []
    for code in wanted:
        answers = [by_code[code] for by_code in found]
        moved = {one.tier for one in answers if tried is None or _has_part(one, tried[0])}
        tight += [TightGoods(code, one) for one in squeezed(answers) if {one.upper, one.lower} & moved]
    return tuple(tight)


def _answers(
    actor: Actor,
    buyer: TradingDealer,
    wanted: Mapping[str, SimulatedLine],
    at: datetime,
    tried: tuple[str, Terms] | None,
) -> dict[str, NetAnswer]:
    live = live_policies(seller_id=actor.dealer_id, buyer=buyer, region_code=buyer.region_code, at=at)
    live = _with(live, *tried) if tried else live
    codes = sorted({*wanted, *live.gift_skus})
    known = offers(seller_id=actor.dealer_id, buyer=buyer, codes=codes, currency=buyer.currency, at=at)
    seen = {code: offer for code, offer in known.items() if actor.scope.covers_line(offer.product_line_code)}
    pricer = NetPricer.knowing(buyer, seen, live, at=at, pool=MAX_MINOR)
    answers = {}
    for code, line in wanted.items():
        try:
            answers[code] = NetAnswer(buyer.tier, "", pricer.price(code, line.unit, line.quantity))
        except DomainError as refusal:
            answers[code] = NetAnswer(buyer.tier, "", None, refusal)
    return answers


def _with(live: LivePolicies, code: str, terms: Terms) -> LivePolicies:
    """As if the terms ruled, to everybody who may name a coupon, and nothing of them were used."""
    others = tuple(policy for policy in live.policies if policy.code != code)
    return replace(
        live,
        policies=(*others, policy_of(code, 0, replace(terms, needs_coupon=False))),
        left={other: left for other, left in live.left.items() if other != code},
        gift_skus=live.gift_skus | ({terms.gift_sku} - {""}),
        terms={**live.terms, code: terms},
    )


def _has_part(answer: NetAnswer, code: str) -> bool:
    return answer.net is not None and any(step.policy == code for step in answer.net.steps)

"""What a policy does, as a marketing manager would say it: words with named places, which a reader's language fills.

Pure: a ``Words`` holds an English msgid and what stands in its places; ``selectors.telling`` turns it into a sentence
with the names of goods, regions and dealers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.kernel.quantity import Unit
from core.kernel.text import N_
from ordering.promotions.rules.life import Funding
from ordering.promotions.rules.policies import (
    Audience,
    Bundle,
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    TierStep,
)
from ordering.promotions.rules.terms import Limits, Terms

NAMES = N_("%(one)s, %(other)s")
STEPS = N_("%(one)s; %(other)s")
KINDS_OF_NAMES = N_("%(one)s · %(other)s")
"""Names of one sort (any of them); steps of a ladder; names of several sorts (all of them hold)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Minor units of the policy's currency."""

    minor: int


@dataclass(frozen=True, slots=True)
class Percent:
    """Basis points."""

    bp: int


@dataclass(frozen=True, slots=True)
class Until:
    """The end of a range; one at midnight is said as the day before, which is the last one."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Codes to be called by their names; ``kind`` is a set of the document (``regions``, ``skus`` …)."""

    kind: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """``text`` with ``places``; more than one: said one after the other."""

    text: str
    places: dict[str, "Part"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Several:
    """Parts said one after the other; ``between`` puts two of them together in the reader's language."""

    parts: tuple["Part", ...]
    between: str = NAMES


Part = Words | Several | Named | Amount | Percent | Until | datetime | int | str


def buyers_sentence(terms: Terms) -> tuple[Words, ...]:
    """What a buyer reads of a policy: not for whom else it is, nor who pays, nor what the brand calls its groups."""
    audience, limits = terms.audience, terms.limits
    main = Words(
        N_("%(starts)s to %(ends)s, on %(goods)s: %(gives)s."),
        {
            "starts": audience.starts_at,
            "ends": Until(audience.ends_at),
            "goods": _goods(terms),
            "gives": headline(terms),
        },
    )
    alone = [Words(N_("Of this and similar promotions only the best one gives."))] if terms.group else []
    own = Limits(bottles=limits.bottles, dealer_amount=limits.dealer_amount, dealer_bottles=limits.dealer_bottles)
    return (main, *_conditions(replace(terms, group="")), *alone, *_limits(replace(terms, limits=own), is_own=True))


def sentence(terms: Terms) -> tuple[Words, ...]:
    """The whole policy: when, for whom, on what and what it gives; then its conditions and limits, each a sentence."""
    audience = terms.audience
    main = Words(
        N_("%(starts)s to %(ends)s: %(who)s, on %(goods)s – %(gives)s."),
        {
            "starts": audience.starts_at,
            "ends": Until(audience.ends_at),
            "who": _who(audience),
            "goods": _goods(terms),
            "gives": headline(terms),
        },
    )
    return (main, *_conditions(terms), *_limits(terms), _funding(terms))


def headline(terms: Terms) -> Words | Several:
    """What it gives, in short: 满 100 箱减 2 %."""
    match terms.reward:
        case PercentOff(off_bp):
            return Words(N_("%(percent)s off the list price"), {"percent": Percent(off_bp)})
        case FixedPrice(amount, unit):
            text = N_("%(price)s a case") if unit is Unit.CASE else N_("%(price)s a bottle")
            return Words(text, {"price": Amount(amount)})
        case Ladder() as ladder:
            return Several(tuple(_step(ladder, step) for step in ladder.steps), STEPS)
        case Bundle(parts, price):
            goods = tuple(_of_goods(sku, _count(cases, Unit.CASE)) for sku, cases in sorted(parts.items()))
            return Words(N_("%(goods)s together for %(price)s"), {"goods": Several(goods), "price": Amount(price)})
        case Gift() as gift:
            return _gift(gift)
        case RebateOffset(cap_bp):
            return Words(N_("up to %(percent)s paid from the rebate pool"), {"percent": Percent(cap_bp)})


def _of_goods(sku: str, count: Words) -> Words:
    return Words(N_("%(count)s of %(goods)s"), {"count": count, "goods": Named("skus", (sku,))})


def _count(number: int, unit: Unit) -> Words:
    """So many cases or bottles."""
    if unit is Unit.CASE:
        return Words(N_("%(count)s case") if number == 1 else N_("%(count)s cases"), {"count": number})
    return Words(N_("%(count)s bottle") if number == 1 else N_("%(count)s bottles"), {"count": number})


def _step(ladder: Ladder, step: TierStep) -> Words:
    start: Part = _count(step.start, Unit.CASE)
    if ladder.measure is Measure.AMOUNT:
        start = Amount(step.start)
    elif ladder.measure is Measure.SKUS:
        start = Words(N_("%(count)s different products"), {"count": step.start})
    off: Part = Amount(step.off) if step.off else Percent(step.off_bp)
    text = N_("%(off)s off for every full %(start)s") if ladder.repeats else N_("from %(start)s on %(off)s off")
    return Words(text, {"start": start, "off": off})


def _gift(gift: Gift) -> Words:
    bought, given = _count(gift.buy, Unit.CASE), _count(gift.give, gift.unit)
    places: dict[str, Part] = {"bought": bought, "given": given}
    if gift.sku:
        places["given"] = _of_goods(gift.sku, given)
        text = N_("for every %(bought)s %(given)s free")
    else:
        text = N_("for every %(bought)s %(given)s of the same free")
    if gift.most is None:
        return Words(text, places)
    most = _count(gift.most, gift.unit)
    return Words(N_("%(gives)s, at most %(most)s an order"), {"gives": Words(text, places), "most": most})


def _who(audience: Audience) -> Part:
    asked = [Named(kind, tuple(sorted(codes))) for kind, codes in _of_audience(audience) if codes]
    return Several(tuple(asked), KINDS_OF_NAMES) if asked else Words(N_("all dealers"))


def _of_audience(audience: Audience) -> Sequence[tuple[str, frozenset[str]]]:
    return (
        ("regions", audience.regions),
        ("channels", audience.channels),
        ("tiers", audience.tiers),
        ("labels", audience.labels),
        ("dealers", audience.dealers),
    )


def _goods(terms: Terms) -> Part:
    goods = terms.goods
    if isinstance(terms.reward, Bundle):
        return Words(N_("a bundle"))
    asked = [Named(kind, tuple(sorted(codes))) for kind, codes in _of_goods_sets(goods) if codes]
    named: Part = Several(tuple(asked), KINDS_OF_NAMES) if asked else Words(N_("all products"))
    if not goods.without:
        return named
    without = Named("skus", tuple(sorted(goods.without)))
    return Words(N_("%(goods)s without %(without)s"), {"goods": named, "without": without})


def _of_goods_sets(goods: Goods) -> Sequence[tuple[str, frozenset[str]]]:
    return (("product_lines", goods.product_lines), ("aromas", goods.aromas), ("skus", goods.skus))


def _conditions(terms: Terms) -> list[Words]:
    told = []
    if terms.audience.first_order_only:
        told.append(Words(N_("For the first order only.")))
    if terms.needs_coupon:
        told.append(Words(N_("With a coupon only.")))
    if terms.group:
        told.append(Words(N_("Of the policies in group “%(group)s” only the best one gives."), {"group": terms.group}))
    return told


def _limits(terms: Terms, *, is_own: bool = False) -> list[Words]:
    limits = terms.limits
    each = N_("Your company gets at most %(most)s.") if is_own else N_("A dealer gets at most %(most)s.")
    told: list[tuple[int | None, str, bool]] = [
        (limits.amount, N_("At most %(most)s are given in all."), True),
        (limits.bottles, N_("At most %(most)s are given in all."), False),
        (limits.dealer_amount, each, True),
        (limits.dealer_bottles, each, False),
    ]
    return [
        Words(text, {"most": Amount(most) if is_money else _count(most, Unit.BOTTLE)})
        for most, text, is_money in told
        if most is not None
    ]


def _funding(terms: Terms) -> Words:
    if terms.funding is Funding.BRAND:
        return Words(N_("The brand pays."))
    if terms.funding is Funding.DEALER:
        return Words(N_("The dealer pays."))
    share = Percent(terms.brand_share_bp)
    return Words(N_("The brand pays %(percent)s of it, the dealer the rest."), {"percent": share})

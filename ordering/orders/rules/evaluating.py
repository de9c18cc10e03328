"""Checked lines as the engine of policies takes them, and what it answers written back into them. No database.

Amounts are minor units, tax inside. Read docs/algorithms/promotions.md first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.kernel.errors import DomainError, Field
from ordering.orders.errors import CurrencyForeign, GiftsShort, RebateNegative
from ordering.orders.rules.checks import CheckedLine, Shortfall
from ordering.pricing.rules import Offer, PricedLine
from ordering.promotions.rules.outcome import EvaluatedLine, Evaluation, FloorBreak, GiftLine, TraceStep
from ordering.promotions.rules.policies import Cart, CartLine, GiftGoods

INSUFFICIENT = "stock.insufficient"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the buyer says about policies. ``rebate``: how much the pool shall pay, minor units; None: all it may.

    ``currency`` of that amount, empty: the order's. ``without_gifts``: the order goes without gifts, because they are
    out of stock or not wanted.
    """

    coupons: tuple[str, ...] = ()
    rebate: int | None = None
    without_gifts: bool = False
    currency: str = field(default="", compare=False)

    def faults(self, currency: str) -> tuple[DomainError, ...]:
        """What an order in ``currency`` cannot do with them."""
        if self.rebate is None:
            return ()
        if self.currency not in {"", currency}:
            return (CurrencyForeign(field="rebate", currency=currency),)
        return (RebateNegative(field="rebate"),) if self.rebate < 0 else ()


NO_WISHES = Wishes()


def cart_lines(lines: Iterable[CheckedLine]) -> tuple[CartLine, ...]:
    """The lines that have a price, at that price."""
    return tuple(
        CartLine(
            line.line_no,
            offer.sku_code,
            offer.product_line_code,
            offer.aroma,
            line.unit,
            line.quantity,
            offer.bottles_per_case,
            priced.unit_price,
            priced.amount,
            priced.tax_rate_bp,
            bool(priced.manual_reason),
            offer.floors.get(line.unit),
        )
        for line in lines
        if (offer := line.offer) is not None and (priced := line.priced) is not None
    )


def gift_goods(offers: Mapping[str, Offer], codes: Collection[str]) -> dict[str, GiftGoods]:
    """Goods that policies may add: those on the shelf, at what the buyer pays for a case (0 where no list says)."""
    found = {}
    for code in codes:
        offer = offers.get(code)
        if offer is not None and offer.status == "ON":
            found[code] = GiftGoods(code, offer.bottles_per_case, _case_price(offer))
    return found


def _case_price(offer: Offer) -> int:
    first: dict[str, int] = {}
    for unit, ladder in offer.ladders.items():
        if ladder:
            first[unit.value] = min(ladder, key=lambda step: step.min_quantity).amount
    return first.get("CASE") or first.get("BOTTLE", 0) * offer.bottles_per_case


def untouched(cart: Cart, taxes: Mapping[int, int]) -> Evaluation:
    """The evaluation of a cart to which no policy applies and which has no red line."""
    lines = tuple(
        EvaluatedLine(one.line_no, one.amount, one.amount, one.amount, one.amount, taxes[one.line_no], ())
        for one in cart.lines
    )
    return Evaluation(lines, (), (), (), ())


def with_evaluation(lines: Sequence[CheckedLine], found: Evaluation) -> tuple[CheckedLine, ...]:
    """The lines at what is payable, each with its way there frozen in the trace."""
    by_number = {one.line_no: one for one in found.lines}
    short = {one.line_no: one for one in found.floor_breaks}
    return tuple(_evaluated(line, by_number.get(line.line_no), short.get(line.line_no)) for line in lines)


def _evaluated(line: CheckedLine, found: EvaluatedLine | None, broken: FloorBreak | None) -> CheckedLine:
    if found is None or line.priced is None or not (found.steps or broken):
        return line
    shortfall = Shortfall(broken.net, broken.floor) if broken else None
    if not found.steps:
        return line._replace(shortfall=shortfall)
    trace = dict(line.priced.trace)
    before = trace["steps"]
    trace["steps"] = [*(before if isinstance(before, list) else ()), *map(_told, found.steps)]
    priced = line.priced._replace(amount=found.payable, tax=found.tax, trace=trace)
    return line._replace(
        priced=priced, discount=found.listed - found.after_tier, rebate=found.rebate, shortfall=shortfall
    )


def _told(step: TraceStep) -> dict[str, Field]:
    return {
        "step": "policy",
        "stage": int(step.stage),
        "policy": step.policy,
        "version": step.version,
        "name": step.name,
        "before": step.before,
        "after": step.after,
        "quantity": step.quantity,
    }


def gift_lines(
    gifts: Iterable[GiftLine], offers: Mapping[str, Offer], *, after: int, tax_rate_bp: int
) -> tuple[CheckedLine, ...]:
    """Gifts as lines of their own that cost nothing, numbered after the paid ones."""
    return tuple(
        _gift_line(number, gift, offers[gift.sku], tax_rate_bp) for number, gift in enumerate(gifts, start=after + 1)
    )


def _gift_line(number: int, gift: GiftLine, offer: Offer, tax_rate_bp: int) -> CheckedLine:
    step: dict[str, Field] = {
        "step": "gift",
        "policy": gift.policy,
        "version": gift.version,
        "name": gift.name,
        "quantity": gift.quantity,
        "list_value": gift.list_value,
        "for": ", ".join(gift.for_skus),
    }
    priced = PricedLine(number, 0, 0, tax_rate_bp, 0, None, None, {"list": "", "steps": [step]})
    return CheckedLine(
        number, gift.sku, gift.unit, gift.quantity, gift.bottles, offer, priced, (), (), gift_of=gift.policy
    )


def gifts_told_apart(
    faults: Iterable[DomainError], paid: Iterable[CheckedLine], gifts: Iterable[CheckedLine]
) -> list[DomainError]:
    """Refusals of stock, those that only the gifts cause as ``GiftsShort``: whoever pays for goods gets them first."""
    wanted: dict[str, int] = defaultdict(int)
    for line in paid:
        wanted[line.sku_code] += line.bottles
    given = {line.line_no: line for line in gifts}
    told: list[DomainError] = []
    for fault in (single for many in faults for single in many.problems()):
        free, sku = fault.fields.get("free"), str(fault.fields.get("sku", ""))
        if fault.code != INSUFFICIENT or not isinstance(free, int):
            told.append(fault)
        elif fault.line in given:
            left = max(free - wanted[sku], 0)
            told.append(GiftsShort(field="gifts", sku=sku, wanted=given[fault.line].bottles, free=left))
        elif wanted[sku] > free:
            told.append(fault)
    return told

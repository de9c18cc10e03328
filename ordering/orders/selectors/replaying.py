"""An order evaluated again: under the policies of its own day, of today or of any instant, beside what was agreed.

The list prices stay those that were frozen: what differs is what the policies make of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, OutOfScope
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.orders.errors import BuyerMoved, NotTheSeller
from ordering.orders.models import Order, OrderLine
from ordering.orders.rules.evaluating import gift_goods
from ordering.orders.selectors.evaluating import LOST, floor_includes_rebate, lineage_of, wished
from ordering.orders.selectors.orders import order_detail
from ordering.pricing.selectors import offers
from ordering.promotions.models import PolicyUse
from ordering.promotions.permissions import Permission as PromotionPermission
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.outcome import Evaluation, GiftLine
from ordering.promotions.rules.policies import Cart, CartLine, Context, Left
from ordering.promotions.selectors import LivePolicies, live_policies


@dataclass(frozen=True, slots=True)
class ReplayedLine:
    """One line: what was agreed and what it would cost, minor units."""

    line_no: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    listed: int
    agreed: int
    again: int

    @property
    def difference(self) -> int:
        """How much more it would cost; less: below zero."""
        return self.again - self.agreed


@dataclass(frozen=True, slots=True, order=True)
class ReplayedGift:
    """Goods given by a policy: the same where policy, SKU, unit and quantity are; the rest is what to call them."""

    policy: str
    sku_code: str
    unit: str
    quantity: int
    policy_name: str = field(default="", compare=False)
    sku_name: str = field(default="", compare=False)
    sku_name_en: str = field(default="", compare=False)
    bottles: int = field(default=0, compare=False)
    bottles_per_case: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Replay:
    """The order under the policies ``at`` an instant. Gifts are sorted."""

    order: Order
    at: datetime
    lines: tuple[ReplayedLine, ...]
    gifts_agreed: tuple[ReplayedGift, ...]
    gifts_again: tuple[ReplayedGift, ...]
    evaluation: Evaluation

    @property
    def difference(self) -> int:
        """How much more the whole would cost, minor units; less: below zero."""
        return int(self.evaluation.total - self.order.total)

    @property
    def is_same(self) -> bool:
        """Whether every line and every gift comes out as agreed."""
        return self.gifts_agreed == self.gifts_again and not any(line.difference for line in self.lines)


def replay_order(actor: Actor, number: str, at: datetime | None = None) -> Replay:
    """The order under the policies that ruled ``at`` (None: when it was priced), for the seller's side.

    Budgets: of its own day what the order itself was given, so that it comes out as it did; of another instant what
    is left today, the order's own uses counted as free. Raises ``Missing``, ``NotTheSeller``, ``OutOfScope``, and
    ``BuyerMoved`` once another house supplies the buyer.
    """
    actor.require(PromotionPermission.READ, writes=False)
    detail = order_detail(actor=actor, number=number)
    order = detail.order
    if not detail.is_seller:
        raise NotTheSeller
    if detail.hidden_lines:
        raise OutOfScope
    then = order.submitted_at or order.created_at
    instant = at or then
    buyer = _buyer(order, instant)
    live = live_policies(
        seller_id=order.seller_id,
        buyer=buyer,
        region_code=order.ship_to_region or buyer.region_code,
        at=instant,
        coupons=tuple(order.coupon_codes or ()),
        own=number,
    )
    rows = list(OrderLine.objects.filter(order=order).select_related("sku__product_line").order_by("line_no"))
    goods = {}
    if live.gift_skus:
        codes = sorted(live.gift_skus)
        found = offers(seller_id=order.seller_id, buyer=buyer, codes=codes, currency=order.currency, at=instant)
        goods = gift_goods(found, codes)
    cart = Cart(tuple(_cart_line(row) for row in rows if not row.is_gift), order.currency, goods)
    context = _context(order, buyer, live, instant, is_then=at is None)
    again = evaluate(cart, wished(live.policies, without_gifts=order.wants_no_gifts), context)
    return Replay(order, instant, _lines(rows, again), _agreed_gifts(rows), _gifts(again.gifts), again)


def _buyer(order: Order, at: datetime) -> TradingDealer:
    try:
        return trading_dealer(buyer_id=order.buyer_id, seller_id=order.seller_id, day=clock.business_day(at))
    except Missing:
        raise BuyerMoved from None


def _cart_line(row: OrderLine) -> CartLine:
    return CartLine(
        row.line_no,
        row.sku_code,
        row.sku.product_line.code,
        row.sku.aroma,
        Unit(row.unit),
        row.quantity,
        row.bottles_per_case,
        row.unit_price,
        row.listed_amount,
        row.tax_rate_bp,
        bool(row.manual_price_reason),
        row.floor_price,
    )


def _context(order: Order, buyer: TradingDealer, live: LivePolicies, at: datetime, *, is_then: bool) -> Context:
    earlier = Order.objects.filter(buyer_id=order.buyer_id, seller_id=order.seller_id).exclude(status__in=LOST)
    return Context(
        dealer=buyer.code,
        tier=buyer.tier,
        lineage=lineage_of(order.ship_to_region or buyer.region_code),
        channel=order.channel,
        at=at,
        labels=buyer.labels,
        is_first_order=not earlier.filter(submitted_at__lt=order.submitted_at or order.created_at).exists(),
        coupons=live.coupons,
        left=_left(order, live, is_then=is_then),
        rebate_pool=order.rebate if is_then else buyer.rebate_pool + order.rebate,
        rebate_wanted=order.rebate_wanted,
        floor_includes_rebate=floor_includes_rebate(),
    )


def _left(order: Order, live: LivePolicies, *, is_then: bool) -> Mapping[str, Left]:
    rows = PolicyUse.objects.filter(order_number=order.number).order_by("at")
    used = {policy: (amount, bottles) for policy, amount, bottles in rows.values_list("policy_id", "amount", "bottles")}
    given = {code: used.get(live.ids[code], (0, 0)) for code in live.left}
    if is_then:
        return {code: Left(amount, bottles or None) for code, (amount, bottles) in given.items()}
    return {
        code: Left(
            None if one.amount is None else one.amount + given[code][0],
            None if one.bottles is None else one.bottles + given[code][1],
        )
        for code, one in live.left.items()
    }


def _lines(rows: list[OrderLine], again: Evaluation) -> tuple[ReplayedLine, ...]:
    payable = {one.line_no: one.payable for one in again.lines}
    return tuple(
        ReplayedLine(
            row.line_no,
            row.sku_code,
            row.sku_name,
            row.sku.name_en,
            row.listed_amount,
            row.amount,
            payable[row.line_no],
        )
        for row in rows
        if not row.is_gift
    )


def _agreed_gifts(rows: list[OrderLine]) -> tuple[ReplayedGift, ...]:
    return tuple(
        sorted(
            ReplayedGift(
                row.gift_of,
                row.sku_code,
                row.unit,
                row.quantity,
                next((step["name"] for step in row.price_trace["steps"] if step["step"] == "gift"), ""),
                row.sku_name,
                row.sku.name_en,
                row.bottles,
                row.bottles_per_case,
            )
            for row in rows
            if row.is_gift
        )
    )


def _gifts(gifts: tuple[GiftLine, ...]) -> tuple[ReplayedGift, ...]:
    """One statement where anything is given."""
    codes = {one.sku for one in gifts}
    skus = {sku.code: sku for sku in Sku.objects.filter(code__in=codes)} if codes else {}
    return tuple(
        sorted(
            ReplayedGift(
                one.policy,
                one.sku,
                one.unit.value,
                one.quantity,
                one.name,
                skus[one.sku].name,
                skus[one.sku].name_en,
                one.bottles,
                skus[one.sku].bottles_per_case,
            )
            for one in gifts
        )
    )

"""A cart under the policies that rule for its buyer: priced by the lists, then evaluated.

Read docs/algorithms/promotions.md first.

Two statements, the policies' and the offers'; one more each where a coupon is named, a policy asks for a first order,
or the pool counts against red lines. Nothing is locked here: what is left of budgets is read again under the lock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.kernel import regions
from core.kernel.actor import Actor
from ordering.orders.models import Order
from ordering.orders.rules.checks import AskedLine, CheckedLine, cart_of, checked_lines
from ordering.orders.rules.evaluating import (
    NO_WISHES,
    Wishes,
    cart_lines,
    gift_goods,
    gift_lines,
    untouched,
    with_evaluation,
)
from ordering.orders.selectors.gate import Gate
from ordering.pricing.rules import Offer, PricedCart
from ordering.pricing.selectors import offers
from ordering.pricing.selectors.settings import pricing_settings
from ordering.promotions.models import PolicyUse
from ordering.promotions.rules.engine import Asked, asked_of, evaluate_asked
from ordering.promotions.rules.hints import LostStep, Nudge, lost_steps, nudges
from ordering.promotions.rules.outcome import Because, Evaluation
from ordering.promotions.rules.policies import Cart, Context, Left, Policy, Stage
from ordering.promotions.selectors import LivePolicies, live_policies

LOST = (Order.Status.DRAFT, Order.Status.REJECTED, Order.Status.CANCELLED, Order.Status.EXPIRED)
"""Statuses of orders that were never a deal: whoever has no other orders for the first time."""
MAY_CHANGE = (Because.GIVEN, Because.BETTER)
"""What became of a limited policy that may give more or less once what is left of it is read again."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Lines at what is payable, the gifts beside them, and all it takes to evaluate them again."""

    lines: tuple[CheckedLine, ...]
    gifts: tuple[CheckedLine, ...]
    evaluation: Evaluation
    cart: Cart
    context: Context
    policies: tuple[Policy, ...]
    live: LivePolicies
    offers: Mapping[str, Offer]
    listed: tuple[CheckedLine, ...]
    tax_rate_bp: int
    wishes: Wishes
    asked: Asked | None = None

    @property
    def all_lines(self) -> tuple[CheckedLine, ...]:
        """What is ordered and what is given."""
        return (*self.lines, *self.gifts)

    @property
    def priced(self) -> PricedCart:
        """The sums of what is payable."""
        return cart_of(self.lines, self.cart.currency)

    @property
    def listed_total(self) -> int:
        """The sum by the lists, minor units."""
        return sum(line.listed for line in self.lines)

    @property
    def discount(self) -> int:
        """What policies take off, minor units."""
        return sum(line.discount for line in self.lines)

    @property
    def rebate(self) -> int:
        """What the buyer's pool pays, minor units."""
        return sum(line.rebate for line in self.lines)

    @property
    def is_promoted(self) -> bool:
        """Whether any policy gives something."""
        return bool(self.evaluation.uses)

    @property
    def breaks_floor(self) -> bool:
        """Whether some line lies under its red line."""
        return bool(self.evaluation.floor_breaks)

    @property
    def price_choice(self) -> str:
        """How the lists were chosen."""
        return next((line.offer.choice for line in self.lines if line.offer), "FIRST_LIST")

    @property
    def limited_ids(self) -> tuple[int, ...]:
        """Policies that are counted, to be locked before they are spent: none when none of them gives."""
        codes = {use.policy for use in self.evaluation.uses}
        if not codes & self.live.left.keys():
            return ()
        return self.live.limited_ids(one.policy for one in self.evaluation.told if one.because in MAY_CHANGE)

    @property
    def claims_first(self) -> bool:
        """Whether it is taken for the buyer's first order, and some policy gives for that."""
        return self.context.is_first_order and any(policy.audience.first_order_only for policy in self.policies)

    def nudges(self) -> tuple[Nudge, ...]:
        """How far the next steps are, and the cheapest way there; evaluates many times."""
        return nudges(self.cart, self.policies, self.context, self.evaluation) if self.policies else ()

    def lost_steps(self) -> tuple[LostStep, ...]:
        """Steps that an earlier discount has cost."""
        return lost_steps(self.cart, self.policies, self.evaluation) if self.policies else ()

    def again(self, left: Mapping[str, Left]) -> "Evaluated":
        """The same cart with what is ``left`` by now of the policies it names; itself where that is what it was."""
        if all(self.context.left.get(code) == now for code, now in left.items()):
            return self
        context = replace(self.context, left={**self.context.left, **left})
        return _evaluated(self, context, self.asked)

    def as_a_later_one(self) -> "Evaluated":
        """The same cart of a buyer who has ordered before."""
        return _evaluated(self, replace(self.context, is_first_order=False))

    def only(self, line_nos: Collection[int]) -> "Evaluated":
        """What an order of these lines alone would cost: the others reach no step and earn no gift."""
        cart = replace(self.cart, lines=tuple(one for one in self.cart.lines if one.line_no in line_nos))
        listed = tuple(one for one in self.listed if one.line_no in line_nos)
        return _evaluated(replace(self, cart=cart, listed=listed), self.context)


def evaluate_at(
    at_gate: Gate,
    *,
    actor: Actor,
    lines: Sequence[AskedLine],
    wishes: Wishes = NO_WISHES,
    own: str = "",
    own_rebate: int = 0,
) -> Evaluated:
    """Lines priced, checked and evaluated, stock and money apart. What is outside the seat's lines is unknown.

    ``own``: an order that is changed; what it uses of policies and ``own_rebate`` of the pool count as free.
    """
    live = live_policies(
        seller_id=at_gate.seller_id,
        buyer=at_gate.buyer,
        region_code=at_gate.region_code,
        at=at_gate.at,
        coupons=wishes.coupons,
        own=own,
    )
    if faults := wishes.faults(at_gate.buyer.currency):
        live = replace(live, refused=(*live.refused, *faults))
    known = offers(
        seller_id=at_gate.seller_id,
        buyer=at_gate.buyer,
        codes=sorted({line.sku_code for line in lines} | live.gift_skus),
        currency=at_gate.buyer.currency,
        at=at_gate.at,
    )
    seen = {code: offer for code, offer in known.items() if actor.scope.covers_line(offer.product_line_code)}
    listed = checked_lines(lines, seen, at_gate.terms(shows_drafts=actor.is_brand_staff))
    cart = Cart(cart_lines(listed), at_gate.buyer.currency, gift_goods(known, live.gift_skus))
    policies = wished(live.policies, without_gifts=wishes.without_gifts)
    context = _context(at_gate, live, policies, wishes, own, own_rebate, has_floors=_has_floors(cart))
    nothing = Evaluation((), (), (), (), ())
    rate = at_gate.settings.tax_rate_bp
    first = Evaluated((), (), nothing, cart, context, policies, live, known, listed, rate, wishes)
    return _evaluated(first, context)


def _evaluated(before: Evaluated, context: Context, asked: Asked | None = None) -> Evaluated:
    """Evaluated from scratch, or by who is ``asked`` already; a cart without policies and red lines is what it is."""
    if before.policies or _has_floors(before.cart):
        asked = asked or asked_of(before.cart, before.policies, context)
        found = evaluate_asked(asked, context)
    else:
        taxes = {line.line_no: line.priced.tax for line in before.listed if line.priced}
        found = untouched(before.cart, taxes)
    gifts = gift_lines(
        found.gifts,
        before.offers,
        after=max((line.line_no for line in before.listed), default=0),
        tax_rate_bp=before.tax_rate_bp,
    )
    lines = with_evaluation(before.listed, found)
    return replace(before, lines=lines, gifts=gifts, evaluation=found, context=context, asked=asked)


def wished(policies: tuple[Policy, ...], *, without_gifts: bool) -> tuple[Policy, ...]:
    """Those of the policies the buyer wants anything of."""
    if not without_gifts:
        return policies
    return tuple(policy for policy in policies if policy.stage is not Stage.GIFT)


def _has_floors(cart: Cart) -> bool:
    return any(line.floor is not None for line in cart.lines)


def _context(
    at_gate: Gate,
    live: LivePolicies,
    policies: Sequence[Policy],
    wishes: Wishes,
    own: str,
    own_rebate: int,
    *,
    has_floors: bool,
) -> Context:
    buyer = at_gate.buyer
    asks_first = any(policy.audience.first_order_only for policy in policies)
    has_rebate = any(policy.stage is Stage.REBATE for policy in policies)
    return Context(
        dealer=buyer.code,
        tier=buyer.tier,
        lineage=lineage_of(at_gate.region_code),
        channel=buyer.channel,
        at=at_gate.at,
        labels=buyer.labels,
        is_first_order=asks_first and is_first_order(buyer.id, at_gate.seller_id, own),
        coupons=live.coupons,
        left=_with_own(live.left, live.ids, own),
        rebate_pool=buyer.rebate_pool + own_rebate,
        rebate_wanted=wishes.rebate,
        floor_includes_rebate=has_rebate and has_floors and floor_includes_rebate(),
    )


def lineage_of(region_code: str) -> tuple[str, ...]:
    """Every region a delivery to that one lies in; an unknown one lies in the country."""
    try:
        return regions.lineage(region_code)
    except regions.UnknownRegion:
        return (region_code, regions.COUNTRY)


def _with_own(left: Mapping[str, Left], ids: Mapping[str, int], own: str) -> Mapping[str, Left]:
    """What is left, with what the order ``own`` uses counted as free; one statement where anything is limited."""
    if not own or not left:
        return left
    rows = PolicyUse.objects.filter(order_number=own, given_back_at__isnull=True)
    used = {policy_id: (amount, bottles) for policy_id, amount, bottles in rows.values_list(*_USE)}
    return {
        code: Left(
            None if one.amount is None else one.amount + used.get(ids[code], (0, 0))[0],
            None if one.bottles is None else one.bottles + used.get(ids[code], (0, 0))[1],
        )
        for code, one in left.items()
    }


_USE = ("policy_id", "amount", "bottles")


def is_first_order(buyer_id: int, seller_id: int, own: str = "") -> bool:
    """Whether the buyer has no other order with the seller that was ever a deal; one statement.

    ``own``: an order that is changed; where it was given something as the first one it stays that, whatever was ordered
    after it (one statement more).
    """
    others = Order.objects.filter(buyer_id=buyer_id, seller_id=seller_id).exclude(status__in=LOST)
    if not others.exclude(number=own or None).exists():
        return True
    given = PolicyUse.objects.filter(order_number=own, given_back_at=None)
    return bool(own) and given.filter(version__terms__audience__first_order_only=True).exists()


def floor_includes_rebate() -> bool:
    """Whether what the pool pays counts against red lines; one statement."""
    return pricing_settings().floor_includes_rebate

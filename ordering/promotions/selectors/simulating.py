"""What would a dealer's cart cost under these policies? Nothing is written, nothing is locked, nothing is held.

Margins are not known here (nobody tells us what goods cost to make): what is shown is the share that is given away
and how far each line stays above its red line.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from billing.ledger.permissions import Permission as LedgerPermission
from core.db.scopes import dealers_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, refuse_all
from core.kernel.money import MAX_MINOR, half_up
from core.kernel.quantity import MAX_BOTTLES, Unit
from dms.dealers.models import Dealer
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.errors import SkuUnknown
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.rules import Offer, price_of
from ordering.pricing.selectors import offers
from ordering.promotions.errors import NotAboveZero, TooLong
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.checking import faults_of_terms
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.floors import net_prices
from ordering.promotions.rules.hints import LostStep, Nudge, lost_steps, nudges
from ordering.promotions.rules.outcome import Evaluation
from ordering.promotions.rules.policies import WHOLE_BP, Cart, CartLine, Context, GiftGoods, Left, Policy
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.rules.terms import Limits, Terms, policy_of
from ordering.promotions.selectors.knowing import known_to
from ordering.promotions.selectors.live import LivePolicies, lineage_of, live_policies
from ordering.promotions.selectors.waterfall import goods_to_give

MOST_LINES = 500
TAX_RATE_BP = 1_300
"""For the tax told of a simulation; orders take the seller's own rate."""
DRAFT_CODE = "DRAFT"


@dataclass(frozen=True, slots=True)
class SimulatedLine:
    """``quantity`` of ``unit`` (None: the SKU's own)."""

    sku_code: str
    quantity: int
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Simulate:
    """A cart of ``buyer_code`` at ``at`` (None: now, or when the draft begins).

    ``only``: codes of the policies that count; None: all that rule then. ``draft``: a document of terms that is tried
    beside them, in the place of ``draft_of`` where that is named.
    """

    buyer_code: str
    lines: tuple[SimulatedLine, ...]
    at: datetime | None = None
    only: Collection[str] | None = None
    draft: Mapping[str, Any] | None = None
    draft_of: str = ""
    coupons: tuple[str, ...] = ()
    is_first_order: bool = False
    rebate_wanted: int | None = None


@dataclass(frozen=True, slots=True)
class SimulatedOutcome:
    """One line: its goods, its red line and net price a unit (None: has no red line), both minor units."""

    line_no: int
    sku_code: str
    sku_name: str
    unit: Unit
    quantity: int
    listed: int
    payable: int
    floor: int | None
    net: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of it. ``given_bp``: what policies and pool take off and give, by list value, of all that leaves."""

    evaluation: Evaluation
    lines: tuple[SimulatedOutcome, ...]
    faults: tuple[DomainError, ...]
    nudges: tuple[Nudge, ...]
    lost: tuple[LostStep, ...]
    currency: str
    at: datetime

    @property
    def listed(self) -> int:
        """At list prices, minor units."""
        return sum(line.listed for line in self.lines)

    @property
    def discount(self) -> int:
        """What policies take off."""
        return self.listed - self.evaluation.total - self.evaluation.rebate

    @property
    def gift_value(self) -> int:
        """Gifts by list value."""
        return sum(gift.list_value for gift in self.evaluation.gifts)

    @property
    def given_bp(self) -> int:
        """Basis points given away of what would have cost ``listed`` and the gifts."""
        whole = self.listed + self.gift_value
        given = self.discount + self.gift_value + self.evaluation.rebate
        return half_up(given * WHOLE_BP, whole) if whole else 0


def simulate(actor: Actor, asked: Simulate) -> Simulation:
    """The evaluation for one of the house's customers; four statements and a few for a draft.

    Lines without a price are told in ``faults`` and count for nothing. Raises ``Missing`` for a dealer it does not
    supply, ``NotPermitted`` (list prices and red lines are told too), faults of the draft's terms by field, and of
    quantities by line.
    """
    actor.require(Permission.READ, writes=False)
    actor.require(PricePermission.READ, writes=False)
    _refuse_quantities(asked.lines)
    draft = _drafted(actor, asked)
    at = asked.at or max(clock.now(), draft.audience.starts_at if draft else clock.now())
    buyer = _buyer(actor, asked.buyer_code, at)
    place = next((one.region_code for one in buyer.addresses if one.is_default), buyer.region_code)
    live = live_policies(seller_id=actor.dealer_id, buyer=buyer, region_code=place, at=at, coupons=asked.coupons)
    gifts = live.gift_skus | ({draft.gift_sku} - {""} if draft else frozenset())
    known = offers(
        seller_id=actor.dealer_id,
        buyer=buyer,
        codes=sorted({line.sku_code for line in asked.lines} | gifts),
        currency=buyer.currency,
        at=at,
    )
    seen = {code: offer for code, offer in known.items() if actor.scope.covers_line(offer.product_line_code)}
    lines, faults = _priced(asked.lines, seen)
    cart = Cart(lines, buyer.currency, _goods_to_give(known, gifts))
    policies, left = _asked_policies(asked, live, draft)
    sees_pool = actor.can(LedgerPermission.READ)
    context = _context(asked, buyer, place, at, live, left, policies, sees_pool=sees_pool)
    found = evaluate(cart, policies, context)
    return Simulation(
        found,
        _outcomes(cart, found, seen),
        (*faults, *live.refused),
        nudges(cart, policies, context, found),
        lost_steps(cart, policies, found),
        buyer.currency,
        at,
    )


def _refuse_quantities(lines: Sequence[SimulatedLine]) -> None:
    if len(lines) > MOST_LINES:
        raise TooLong(field="lines", most=MOST_LINES)
    refuse_all(
        NotAboveZero(line=place, field="quantity")
        for place, line in enumerate(lines, start=1)
        if not 0 < line.quantity <= MAX_BOTTLES
    )


def _buyer(actor: Actor, code: str, at: datetime) -> TradingDealer:
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id, code=code)
    buyer_id = inside.values_list("pk", flat=True).first()
    if buyer_id is None:
        raise Missing(dealer=code[:20])
    return trading_dealer(buyer_id=buyer_id, seller_id=actor.dealer_id, day=clock.business_day(at))


def _drafted(actor: Actor, asked: Simulate) -> Terms | None:
    if asked.draft is None:
        return None
    terms = read_terms(asked.draft)
    refuse_all(faults_of_terms(terms, known_to(actor.dealer_id, terms)))
    return terms


def _priced(
    lines: Sequence[SimulatedLine], known: Mapping[str, Offer]
) -> tuple[tuple[CartLine, ...], tuple[DomainError, ...]]:
    priced: list[CartLine] = []
    faults: list[DomainError] = []
    for line_no, line in enumerate(lines, start=1):
        offer = known.get(line.sku_code)
        if offer is None:
            faults.append(SkuUnknown(line=line_no, field="sku", sku=line.sku_code[:48]))
            continue
        unit = line.unit or offer.own_unit
        try:
            price = price_of(offer, unit, line.quantity)
        except DomainError as fault:
            fault.line = line_no
            faults.append(fault)
            continue
        priced.append(
            CartLine(
                line_no,
                offer.sku_code,
                offer.product_line_code,
                offer.aroma,
                unit,
                line.quantity,
                offer.bottles_per_case,
                price.unit_price,
                price.unit_price * line.quantity,
                TAX_RATE_BP,
                floor=offer.floors.get(unit),
            )
        )
    return tuple(priced), tuple(faults)


def _goods_to_give(known: Mapping[str, Offer], codes: Collection[str]) -> dict[str, GiftGoods]:
    """Those on the shelf: nobody orders, nor is given, what is not."""
    found = {code: goods_to_give(known.get(code)) for code in codes}
    return {code: goods for code, goods in found.items() if goods is not None}


def _asked_policies(
    asked: Simulate, live: LivePolicies, draft: Terms | None
) -> tuple[tuple[Policy, ...], dict[str, Left]]:
    policies = [policy for policy in live.policies if asked.only is None or policy.code in asked.only]
    left = dict(live.left)
    if draft is not None:
        code = asked.draft_of or DRAFT_CODE
        policies = [policy for policy in policies if policy.code != code]
        policies.append(policy_of(code, 0, replace(draft, needs_coupon=False)))
        left.pop(code, None)
        if draft.limits.is_limited:
            left[code] = _whole(draft.limits)
    return tuple(policies), left


def _whole(limits: Limits) -> Left:
    """What one dealer may get of limits nobody has used yet."""
    amounts = [limit for limit in (limits.amount, limits.dealer_amount) if limit is not None]
    bottles = [limit for limit in (limits.bottles, limits.dealer_bottles) if limit is not None]
    return Left(min(amounts, default=None), min(bottles, default=None))


def _context(
    asked: Simulate,
    buyer: TradingDealer,
    place: str,
    at: datetime,
    live: LivePolicies,
    left: Mapping[str, Left],
    policies: Sequence[Policy],
    *,
    sees_pool: bool,
) -> Context:
    """Whoever may not see the ledger is shown what the policies let a pool pay, not what is in this one."""
    return Context(
        dealer=buyer.code,
        tier=buyer.tier,
        lineage=lineage_of(place),
        channel=buyer.channel,
        at=at,
        labels=buyer.labels,
        is_first_order=asked.is_first_order,
        coupons=live.coupons,
        left=left,
        rebate_pool=buyer.rebate_pool if sees_pool else MAX_MINOR,
        rebate_wanted=asked.rebate_wanted,
    )


def _outcomes(cart: Cart, found: Evaluation, known: Mapping[str, Offer]) -> tuple[SimulatedOutcome, ...]:
    evaluated = {line.line_no: line for line in found.lines}
    nets = net_prices(cart.lines, found.gifts, {line.line_no: line.after_tier for line in found.lines})
    return tuple(
        SimulatedOutcome(
            line.line_no,
            line.sku,
            known[line.sku].sku_name,
            line.unit,
            line.quantity,
            line.amount,
            evaluated[line.line_no].payable,
            line.floor,
            half_up(nets[line.line_no].numerator, nets[line.line_no].denominator),
        )
        for line in cart.lines
    )

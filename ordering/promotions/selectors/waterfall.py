"""What goods really cost a buyer (到手价): the list price, and what policies and gifts leave of it, stage by stage."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from billing.ledger.permissions import Permission as LedgerPermission
from core.db.naming import called
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, OutOfScope
from core.kernel.money import MAX_MINOR, half_up
from core.kernel.quantity import Unit, to_bottles
from dms.dealers.selectors import TradingDealer, brand_currency, dealer, trading_dealer
from ordering.pricing.errors import PriceMissing
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.rules import Offer, ResolvedPrice, price_of
from ordering.pricing.selectors import offers, offers_in_divisions
from ordering.pricing.selectors.chains import lineage
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.outcome import Evaluation, GiftLine
from ordering.promotions.rules.policies import Cart, CartLine, Context, GiftGoods, Policy, Stage
from ordering.promotions.selectors.live import LivePolicies, live_policies

TIERS = ("PROVINCIAL", "CITY", "COUNTY", "TERMINAL")


@dataclass(frozen=True, slots=True)
class NetStep:
    """What one policy does on the way: takes ``off`` minor units, or gives ``bottles`` worth ``off`` by list."""

    stage: Stage
    policy: str
    name: str
    off: int
    bottles: int = 0
    sku: str = ""


@dataclass(frozen=True, slots=True)
class NetPrice:
    """``quantity`` of one SKU on its way to what it really costs. Amounts of all of it, minor units, tax inside.

    ``given_bottles`` of the same SKU count among what is had for the money; ``given_value`` is the list value of
    other goods given with it.
    """

    buyer_code: str
    tier: str
    region_code: str
    sku_code: str
    bottles_per_case: int
    unit: Unit
    quantity: int
    currency: str
    list_code: str
    listed: int
    after_flash: int
    after_tier: int
    payable: int
    given_bottles: int
    given_value: int
    steps: tuple[NetStep, ...]

    @property
    def bottles(self) -> int:
        """Bottles paid for."""
        return to_bottles(self.quantity, self.unit, self.bottles_per_case)

    @property
    def landed(self) -> Fraction:
        """The landed price of one bottle, exactly; never below zero."""
        return Fraction(max(self.payable - self.given_value, 0), self.bottles + self.given_bottles)

    @property
    def landed_amount(self) -> int:
        """The landed price of one of its unit, half-up."""
        each = self.landed * to_bottles(1, self.unit, self.bottles_per_case)
        return half_up(each.numerator, each.denominator)

    @property
    def bottle_amount(self) -> int:
        """The landed price of one bottle, half-up."""
        return half_up(self.landed.numerator, self.landed.denominator)

    @property
    def listed_case(self) -> int:
        """What a case of it is listed at, half-up."""
        return half_up(self.listed * self.bottles_per_case, self.bottles)

    def a_unit(self, amount: int, *, with_gifts: bool = False) -> int:
        """``amount`` of all of it as one of its unit, half-up; over what was given too where it is asked."""
        bottles = self.bottles + (self.given_bottles if with_gifts else 0)
        return half_up(amount * to_bottles(1, self.unit, self.bottles_per_case), bottles)


@dataclass(frozen=True, slots=True)
class NetAnswer:
    """A tier, or one dealer, with the net price it meets, or why it has none."""

    tier: str
    buyer_name: str
    net: NetPrice | None
    refusal: DomainError | None = None


def waterfalls(
    actor: Actor,
    *,
    sku_code: str,
    quantity: int,
    unit: Unit | None = None,
    region_code: str = "CN",
    dealer_code: str = "",
    at: datetime | None = None,
) -> tuple[NetAnswer, ...]:
    """The net price of each tier in a region, or of one dealer; two statements a tier (three for a dealer).

    A tier stands for a dealer of it without a list, a group or a label of its own; the pool pays all it may. A dealer's
    pool pays what is in it. Raises ``NotPermitted``, ``Missing`` for a dealer that is not supplied, and ``OutOfScope``
    for a region outside the seat's, or where a seat below one dealer names none.
    """
    actor.require(PricePermission.READ, writes=False)
    actor.require(Permission.READ, writes=False)
    now = at or clock.now()
    if dealer_code:
        found = dealer(actor, dealer_code)
        buyer = trading_dealer(buyer_id=found.pk, seller_id=actor.dealer_id, day=clock.business_day())
        pool = buyer.rebate_pool if actor.can(LedgerPermission.READ) else MAX_MINOR
        return (_answer(actor.dealer_id, buyer, buyer.name, sku_code, unit, quantity, now, pool),)
    if actor.scope.subtree:
        raise OutOfScope(field="dealer")
    if not actor.scope.meets_region(region_code):
        raise OutOfScope(field="region")
    currency = brand_currency()
    return tuple(
        _answer(
            actor.dealer_id,
            a_dealer_of(tier, region_code, seller_id=actor.dealer_id, currency=currency),
            "",
            sku_code,
            unit,
            quantity,
            now,
            MAX_MINOR,
        )
        for tier in TIERS
    )


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Two tiers without a margin between them (层级间无价差): who is above pays as much as the one beneath, or more.

    What a bottle really costs each, minor units, half-up.
    """

    upper: str
    lower: str
    upper_bottle: int
    lower_bottle: int
    currency: str


def squeezed(answers: Iterable[NetAnswer]) -> tuple[Squeeze, ...]:
    """Each tier that pays as much as the next one beneath that can buy, or more; compared exactly, from the top down.

    ``answers`` are those of ``waterfalls`` for all tiers.
    """
    nets = {one.tier: one.net for one in answers if one.net is not None}
    priced = [(tier, nets[tier]) for tier in TIERS if tier in nets]
    return tuple(
        Squeeze(upper, lower, above.bottle_amount, beneath.bottle_amount, above.currency)
        for (upper, above), (lower, beneath) in pairwise(priced)
        if above.currency == beneath.currency and above.landed >= beneath.landed
    )


def a_dealer_of(
    tier: str, region_code: str, *, seller_id: int, currency: str, channel: str = "TRADITIONAL"
) -> TradingDealer:
    """Any dealer of the tier in the region: with no list, group or label of its own."""
    return TradingDealer(
        id=0,
        code="",
        name="",
        status="ACTIVE",
        tier=tier,
        region_code=region_code,
        channel=channel,
        path="",
        parent_id=None,
        supplier_id=seller_id,
        price_group_ids=(),
        missing_papers=(),
        is_seller_active=True,
        currency=currency,
        addresses=(),
    )


def _answer(
    seller_id: int,
    buyer: TradingDealer,
    name: str,
    sku_code: str,
    unit: Unit | None,
    quantity: int,
    at: datetime,
    pool: int,
) -> NetAnswer:
    pricer = NetPricer.of(seller_id=seller_id, buyer=buyer, codes=[sku_code], at=at, pool=pool)
    try:
        return NetAnswer(buyer.tier, name, pricer.price(sku_code, unit, quantity))
    except DomainError as refusal:
        return NetAnswer(buyer.tier, name, None, refusal)


@dataclass(frozen=True, slots=True)
class NetPricer:
    """One buyer's offers and policies, ready to be asked for any of the SKUs read; pure from then on."""

    buyer: TradingDealer
    known: Mapping[str, Offer]
    live: LivePolicies
    context: Context

    @classmethod
    def of(cls, *, seller_id: int, buyer: TradingDealer, codes: Sequence[str], at: datetime, pool: int) -> "NetPricer":
        """Two statements (three where policies are met for the first time) for any number of SKUs."""
        live = live_policies(seller_id=seller_id, buyer=buyer, region_code=buyer.region_code, at=at)
        wanted = sorted({*codes, *live.gift_skus})
        known = offers(seller_id=seller_id, buyer=buyer, codes=wanted, currency=buyer.currency, at=at)
        return cls.knowing(buyer, known, live, at=at, pool=pool)

    @classmethod
    def of_divisions(
        cls, *, seller_id: int, buyer: TradingDealer, region_codes: Collection[str], codes: Sequence[str], at: datetime
    ) -> "dict[str, NetPricer]":
        """By division a dealer like ``buyer`` there, whose pool pays all it may; as many statements as for one."""
        live = live_policies(seller_id=seller_id, buyer=buyer, region_code=None, at=at)
        wanted = sorted({*codes, *live.gift_skus})
        known = offers_in_divisions(seller_id=seller_id, buyer=buyer, region_codes=region_codes, codes=wanted, at=at)
        return {
            code: cls.knowing(replace(buyer, region_code=code), offers, live, at=at, pool=MAX_MINOR)
            for code, offers in known.items()
        }

    @classmethod
    def knowing(
        cls, buyer: TradingDealer, known: Mapping[str, Offer], live: LivePolicies, *, at: datetime, pool: int
    ) -> "NetPricer":
        """Of what was read already; ``pool`` minor units."""
        context = Context(
            dealer=buyer.code,
            tier=buyer.tier,
            lineage=lineage(buyer.region_code),
            channel=buyer.channel,
            at=at,
            labels=buyer.labels,
            left=live.left,
            rebate_pool=pool,
        )
        return cls(buyer, known, live, context)

    def price(self, sku_code: str, unit: Unit | None, quantity: int) -> NetPrice:
        """The net price of so many of one SKU ordered alone. Raises what ``price_of`` raises."""
        offer = self.known.get(sku_code)
        if offer is None:
            raise PriceMissing(sku=sku_code)
        own = unit or offer.own_unit
        price = price_of(offer, own, quantity)
        line = _line(offer, price, own, quantity)
        found = {code: goods_to_give(self.known.get(code)) for code in self.live.gift_skus}
        gifts = {code: goods for code, goods in found.items() if goods is not None}
        cart = Cart((line,), self.buyer.currency, gifts)
        told = evaluate(cart, _speaking_of(line, self.live.policies), self.context)
        return self._net(offer, price, line, told)

    def _called(self, policy: str) -> str:
        """The policy's name in the reader's language."""
        return called(self.live.terms[policy])

    def _net(self, offer: Offer, price: ResolvedPrice, line: CartLine, told: Evaluation) -> NetPrice:
        (done,) = told.lines
        same = [gift for gift in told.gifts if gift.sku == offer.sku_code]
        steps = [NetStep(one.stage, one.policy, self._called(one.policy), one.off) for one in done.steps]
        steps += [_given(gift, self._called(gift.policy)) for gift in told.gifts]
        return NetPrice(
            buyer_code=self.buyer.code,
            tier=self.buyer.tier,
            region_code=self.buyer.region_code,
            sku_code=offer.sku_code,
            bottles_per_case=offer.bottles_per_case,
            unit=line.unit,
            quantity=line.quantity,
            currency=self.buyer.currency,
            list_code=price.list_code,
            listed=done.listed,
            after_flash=done.after_flash,
            after_tier=done.after_tier,
            payable=done.payable,
            given_bottles=sum(gift.bottles for gift in same),
            given_value=sum(gift.list_value for gift in told.gifts if gift.sku != offer.sku_code),
            steps=tuple(sorted(steps, key=lambda one: one.stage)),
        )


def _line(offer: Offer, price: ResolvedPrice, unit: Unit, quantity: int) -> CartLine:
    return CartLine(
        line_no=1,
        sku=offer.sku_code,
        product_line=offer.product_line_code,
        aroma=offer.aroma,
        unit=unit,
        quantity=quantity,
        bottles_per_case=offer.bottles_per_case,
        unit_price=price.unit_price,
        amount=price.unit_price * quantity,
        tax_rate_bp=0,
    )


def _speaking_of(line: CartLine, policies: Iterable[Policy]) -> list[Policy]:
    """Those whose goods hold the line: of two hundred policies a product meets a handful."""
    return [policy for policy in policies if policy.goods.hold(line)]


def goods_to_give(offer: Offer | None) -> GiftGoods | None:
    """Goods that may be given, at what a case of them is listed at for the buyer; what is off the shelf is not."""
    if offer is None or offer.status != "ON":
        return None
    first = {unit: ladder[0].amount for unit, ladder in offer.ladders.items() if ladder}
    value = first.get(Unit.CASE) or first.get(Unit.BOTTLE, 0) * offer.bottles_per_case
    return GiftGoods(offer.sku_code, offer.bottles_per_case, value)


def _given(gift: GiftLine, name: str) -> NetStep:
    return NetStep(Stage.GIFT, gift.policy, name, gift.list_value, gift.bottles, gift.sku)

"""PRICE-01 of the handbook (§5.5) as rows: three products, five policies, a full pool. Amounts in fen."""

from dataclasses import dataclass

from billing.ledger.services import AddRebate, PayIn, SetLimit, add_rebate, pay_in, set_limit
from core.catalogue.models import Sku
from core.kernel.quantity import Unit
from ordering.orders.services import OrderedLine, PlacedOrder, PlaceOrder, place_order
from ordering.promotions.rules.policies import (
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    TierStep,
)
from tests.cast import Cast
from tests.factories.goods import SkuFacts, make_sku, make_stock
from tests.factories.policies import make_policy
from tests.factories.prices import make_price

PRODUCTS = (
    SkuFacts("XH-NX-520-0500-L1-06", "浓香一号", 6, "6901234567960", 0),
    SkuFacts("XH-JX-530-0500-L2-06", "酱香二号", 6, "6901234567977", 0),
    SkuFacts("XH-QX-420-0500-L3-12", "光瓶三号", 12, "6901234567984", 0),
)
CASES, PRICES = (100, 30, 200), (198_000, 358_800, 21_600)


@dataclass(frozen=True, slots=True)
class Price01:
    """The products in the order of the handbook's table."""

    cast: Cast
    skus: tuple[Sku, ...]

    @classmethod
    def build(cls, cast: Cast) -> "Price01":
        """Prices, stock, policies; C1 has paid in 200,000.00, 150,000.00 credit and 35,000.00 in its pool."""
        skus = tuple(make_sku(facts) for facts in PRODUCTS)
        for sku, price in zip(skus, PRICES, strict=True):
            make_price(cast.national, sku, {1: price})
            make_stock(cast.w1, sku, 10_000)
        set_limit(actor=cast.finance, command=SetLimit(cast.c1.pk, credit_limit=15_000_000, terms_days=30))
        pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 20_000_000, "ICBC-01"))
        add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 3_500_000, "Q4", "四季度返利"))
        here = cls(cast, skus)
        here._policies()
        return here

    def _policies(self) -> None:
        root = self.cast.root
        make_policy(root, "FLASH-L1", PercentOff(500), goods=self.of(1))
        make_policy(root, "FLASH-L3", FixedPrice(20_990, Unit.CASE), goods=self.of(3))
        steps = (TierStep(23_000_000, off=500_000),)
        make_policy(root, "TIER", Ladder(Measure.AMOUNT, steps), goods=self.of(1, 3))
        make_policy(root, "GIFT", Gift(10, 1), goods=self.of(2))
        make_policy(root, "REBATE", RebateOffset(800), goods=self.of(1, 2))

    def of(self, *numbers: int) -> Goods:
        """These products alone."""
        return Goods(skus=frozenset(self.skus[number - 1].code for number in numbers))

    @property
    def lines(self) -> tuple[OrderedLine, ...]:
        """100, 30 and 200 cases."""
        return tuple(OrderedLine(sku.code, cases) for sku, cases in zip(self.skus, CASES, strict=True))

    def place(self) -> PlacedOrder:
        """C1 orders them, having seen what they cost."""
        command = PlaceOrder(lines=self.lines, expected_total=30_938_782)
        return place_order(actor=self.cast.buyer_c1, command=command)

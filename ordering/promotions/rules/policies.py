"""What a sales policy (促销政策) says, in plain Python: whom it is for, which goods take part, what it gives.

Amounts are minor units of one currency, tax inside; rates are basis points. Source: handbook of the trade, §5.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from core.kernel.money import half_up
from core.kernel.quantity import Unit, to_bottles

WHOLE_BP = 10_000


class Stage(IntEnum):
    """The fixed order in which policies work; what an earlier one leaves is what a later one sees."""

    FLASH = 1
    TIER = 2
    GIFT = 3
    REBATE = 4


class Measure(StrEnum):
    """What the steps of a ladder count over the lines that take part."""

    CASES = "CASES"
    AMOUNT = "AMOUNT"
    SKUS = "SKUS"


class CartLine(NamedTuple):
    """One line at its list price. ``amount`` = unit price × quantity, or what a person made it by hand.

    ``floor`` is the red line (红线价) of one unit, None where there is none.
    """

    line_no: int
    sku: str
    product_line: str
    aroma: str
    unit: Unit
    quantity: int
    bottles_per_case: int
    unit_price: int
    amount: int
    tax_rate_bp: int
    is_manual: bool = False
    floor: int | None = None

    @property
    def bottles(self) -> int:
        """Bottles of the line."""
        return to_bottles(self.quantity, self.unit, self.bottles_per_case)

    @property
    def key(self) -> tuple[str, str, int, int, int]:
        """The place of the line where goods run short: never its number, so that the order of lines does not matter."""
        return (self.sku, self.unit.value, -self.quantity, self.amount, self.tax_rate_bp)


@dataclass(frozen=True, slots=True)
class GiftGoods:
    """Goods a policy may give: ``case_price`` is their list value, 0 where no list names one."""

    sku: str
    bottles_per_case: int
    case_price: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines of one order in one currency, and the goods that policies may add to them."""

    lines: tuple[CartLine, ...]
    currency: str = "CNY"
    gift_goods: Mapping[str, GiftGoods] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """Who orders, where, when, and what is left to give.

    ``lineage`` holds every region the delivery lies in. ``left`` is by policy code; a policy it does not name is
    without limit. ``rebate_pool`` is what the buyer may use of their pool, minor units; ``rebate_wanted`` None: all.
    """

    dealer: str
    tier: str
    lineage: tuple[str, ...]
    channel: str
    at: datetime
    labels: frozenset[str] = frozenset()
    is_first_order: bool = False
    coupons: frozenset[str] = frozenset()
    left: Mapping[str, "Left"] = field(default_factory=dict)
    rebate_pool: int = 0
    rebate_wanted: int | None = None
    floor_includes_rebate: bool = False


class Left(NamedTuple):
    """What a policy may still give to this buyer: minor units and bottles; None: no limit."""

    amount: int | None = None
    bottles: int | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left of one of them."""
        return any(value is not None and value <= 0 for value in (self.amount, self.bottles))


NO_LIMIT = Left()


@dataclass(frozen=True, slots=True)
class Goods:
    """Which lines take part: every filled set must hold the line, ``without`` must not. All empty: every line."""

    skus: frozenset[str] = frozenset()
    product_lines: frozenset[str] = frozenset()
    aromas: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def hold(self, line: CartLine) -> bool:
        """Whether the line takes part. A price made by hand takes part in nothing."""
        if line.is_manual or line.sku in self.without:
            return False
        return (
            (not self.skus or line.sku in self.skus)
            and (not self.product_lines or line.product_line in self.product_lines)
            and (not self.aromas or line.aroma in self.aromas)
        )

    def name(self, sku: str, product_line: str, aroma: str) -> bool:
        """Whether a product takes part, before anybody asks for a line of it."""
        return (
            sku not in self.without
            and (not self.skus or sku in self.skus)
            and (not self.product_lines or product_line in self.product_lines)
            and (not self.aromas or aroma in self.aromas)
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the policy is for; an empty set asks nothing. ``starts_at`` ≤ now < ``ends_at``."""

    starts_at: datetime
    ends_at: datetime
    tiers: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    dealers: frozenset[str] = frozenset()
    coupon: str = ""
    first_order_only: bool = False

    def why_not(self, context: Context) -> str:
        """The word for what this buyer lacks; empty when the policy is for them."""
        if not self.starts_at <= context.at < self.ends_at:
            return "time"
        return self._lacking_place(context) or self._lacking_standing(context)

    def _lacking_place(self, context: Context) -> str:
        if self.tiers and context.tier not in self.tiers:
            return "tier"
        if self.regions and self.regions.isdisjoint(context.lineage):
            return "region"
        return "channel" if self.channels and context.channel not in self.channels else ""

    def _lacking_standing(self, context: Context) -> str:
        if self.labels and self.labels.isdisjoint(context.labels):
            return "label"
        if self.dealers and context.dealer not in self.dealers:
            return "dealer"
        if self.first_order_only and not context.is_first_order:
            return "first_order"
        return "coupon" if self.coupon and self.coupon not in context.coupons else ""


@dataclass(frozen=True, slots=True)
class PercentOff:
    """限时折扣: so many basis points off the line."""

    off_bp: int

    def price_of(self, line: CartLine, quantity: int) -> int:
        """What ``quantity`` units of the line cost under it."""
        return half_up(line.unit_price * quantity * (WHOLE_BP - self.off_bp), WHOLE_BP)


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """限时折扣: one unit costs ``amount``. Speaks of its own unit only: a case price never divides into bottles."""

    amount: int
    unit: Unit

    def price_of(self, _: CartLine, quantity: int) -> int:
        """What ``quantity`` units of a line in its unit cost under it."""
        return self.amount * quantity


@dataclass(frozen=True, slots=True)
class TierStep:
    """From ``start`` (cases, minor units or SKUs) on: an amount off, or basis points of what takes part."""

    start: int
    off: int = 0
    off_bp: int = 0

    def reward(self, amount: int) -> int:
        """What it takes off ``amount``."""
        return self.off + half_up(amount * self.off_bp, WHOLE_BP)


@dataclass(frozen=True, slots=True)
class Ladder:
    """坎级/满减: the highest step reached rules. ``repeats``: its reward once for every full ``start`` (每满减)."""

    measure: Measure
    steps: tuple[TierStep, ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """组合: ``parts`` cases of each SKU together cost ``price``; the rest of the lines keeps its own."""

    parts: Mapping[str, int]
    price: int


@dataclass(frozen=True, slots=True)
class Gift:
    """搭赠: for every ``buy`` paid cases ``give`` units, of the same SKU or of ``sku``; ``most`` units an order."""

    buy: int
    give: int
    unit: Unit = Unit.CASE
    sku: str = ""
    most: int | None = None


@dataclass(frozen=True, slots=True)
class RebateOffset:
    """返利抵扣 (票折): the buyer's pool pays up to ``cap_bp`` of what takes part, rounded down."""

    cap_bp: int


Reward = PercentOff | FixedPrice | Ladder | Bundle | Gift | RebateOffset


@dataclass(frozen=True, slots=True)
class Policy:
    """One approved version of a policy. Of one ``group`` in one stage only the best gives; an empty group is its own.

    ``rank`` decides among equals, the lower first, then the code: that is ``order``. ``stage`` is where it works.
    Both are worked out once: every cart asks them of every policy.
    """

    code: str
    version: int
    name: str
    audience: Audience
    goods: Goods
    reward: Reward
    group: str = ""
    rank: int = 0
    stage: Stage = field(init=False, repr=False, compare=False)
    order: tuple[int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", _stage_of(self.reward))
        object.__setattr__(self, "order", (self.rank, self.code))


def _stage_of(reward: Reward) -> Stage:
    if isinstance(reward, PercentOff | FixedPrice):
        return Stage.FLASH
    if isinstance(reward, Ladder | Bundle):
        return Stage.TIER
    return Stage.GIFT if isinstance(reward, Gift) else Stage.REBATE

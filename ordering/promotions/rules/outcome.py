"""What came of evaluating a cart: each line's way to what is payable, gifts, uses, and why a policy gave nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from core.kernel.quantity import Unit
from ordering.promotions.rules.policies import Stage


class Because(StrEnum):
    """Why a policy gave nothing, or that it gave."""

    GIVEN = "GIVEN"
    AUDIENCE = "AUDIENCE"
    GOODS = "GOODS"
    STEP = "STEP"
    BETTER = "BETTER"
    USED_UP = "USED_UP"
    NOTHING_TO_TAKE = "NOTHING_TO_TAKE"
    EMPTY_POOL = "EMPTY_POOL"


class TraceStep(NamedTuple):
    """One policy on one line: what it found and what it left, minor units, and the units it spoke of."""

    stage: Stage
    policy: str
    version: int
    name: str
    before: int
    after: int
    quantity: int | None = None

    @property
    def off(self) -> int:
        """What it took off."""
        return self.before - self.after


class EvaluatedLine(NamedTuple):
    """A line's amounts: at list price, after each stage, payable, and the tax inside what is payable."""

    line_no: int
    listed: int
    after_flash: int
    after_tier: int
    payable: int
    tax: int
    steps: tuple[TraceStep, ...]

    @property
    def rebate(self) -> int:
        """What the buyer's pool pays of it."""
        return self.after_tier - self.payable


class GiftLine(NamedTuple):
    """Goods given: amount 0; ``list_value`` is what they would have cost. ``for_skus``: what had to be bought."""

    policy: str
    version: int
    name: str
    sku: str
    unit: Unit
    quantity: int
    bottles: int
    list_value: int
    for_skus: tuple[str, ...]


class Use(NamedTuple):
    """What one policy gives in this order, for its budget: minor units (gifts by list value) and bottles."""

    policy: str
    version: int
    amount: int
    bottles: int


class Told(NamedTuple):
    """One policy and what became of it; ``detail``: what the audience lacks, or the policy that was better."""

    policy: str
    because: Because
    detail: str = ""


class FloorBreak(NamedTuple):
    """A line whose net unit price lies under its red line; both minor units, the net price rounded half-up."""

    line_no: int
    sku: str
    net: int
    floor: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole answer. Sums are sums of lines, tax too (PRICE-01)."""

    lines: tuple[EvaluatedLine, ...]
    gifts: tuple[GiftLine, ...]
    uses: tuple[Use, ...]
    told: tuple[Told, ...]
    floor_breaks: tuple[FloorBreak, ...]

    @property
    def total(self) -> int:
        """What is to be paid."""
        return sum(line.payable for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax inside it."""
        return sum(line.tax for line in self.lines)

    @property
    def rebate(self) -> int:
        """What the pool pays."""
        return sum(line.rebate for line in self.lines)

    def because(self, policy: str) -> Because | None:
        """What became of that policy; None when nobody asked it."""
        return next((one.because for one in self.told if one.policy == policy), None)

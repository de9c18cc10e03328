"""Prices in plain Python: the ladder's step, a line's amount, the cart as the sum of its lines.

Amounts are minor units of one currency, tax inside. Source: handbook of the trade, §5.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.kernel.errors import DomainError, Field
from core.kernel.money import MAX_MINOR, half_up, vat_inside
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.pricing.errors import BelowFirstStep, NotAPrice, PriceMissing, StepTooLow, UnitNotSold, UnitUnpriced

SCOPES = ("DEALER", "GROUP", "TIER", "NATIONAL")
"""Most specific first; the place times 100 plus the depth of the list's region is a list's position in a chain."""
UNITS: Mapping[str, Unit] = {unit.value: unit for unit in Unit}
NO_STEPS: Mapping[Unit, tuple["Step", ...]] = {}
NO_FLOORS: Mapping[Unit, int] = {}
Trace = dict[str, Field | list[dict[str, Field]]]
Ladders = Mapping[Unit, tuple["Step", ...]]
FIRST_LIST, LOWEST = "FIRST_LIST", "LOWEST"
"""Which of the chain's lists prices a line: the first that says anything of the SKU, or the lowest of all."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One derivation: × ``factor_ppm`` / 1,000,000, rounded to whole ``round_to`` minor units."""

    factor_ppm: int
    round_to: int
    round_mode: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a step comes from that is no entry of its own list.

    ``list_code``: the list of the entry, empty for the step's own; ``stages`` from there to the step's list.
    ``bottles``: a bottle's price is the case's divided by so many; 0: it is not.
    """

    list_code: str = ""
    stages: tuple[Stage, ...] = ()
    bottles: int = 0


class Step(NamedTuple):
    """From ``min_quantity`` units on one unit costs ``amount`` by that list; the entry may be a parent's."""

    entry_id: int
    min_quantity: int
    amount: int
    list_id: int = 0
    list_code: str = ""
    origin: Origin | None = None


class Said(NamedTuple):
    """What one list of the chain says of a SKU."""

    ladders: Ladders
    divides_cases: bool = False


class Offer(NamedTuple):
    """One SKU as one buyer meets it: its facts and what it costs; no ladder: not sellable.

    ``list_id``: the first list of the chain that says anything of it; under LOWEST a step may name another one.
    ``aroma`` is the code of its fragrance type; ``choice`` how its list was chosen; ``floors`` the red line a unit.
    """

    sku_id: int
    sku_code: str
    sku_name: str
    bottles_per_case: int
    status: str
    sells_in: str
    order_multiple: int
    product_line_id: int
    product_line_code: str
    list_id: int | None = None
    list_code: str = ""
    ladders: Ladders = NO_STEPS
    aroma: str = ""
    choice: str = FIRST_LIST
    floors: Mapping[Unit, int] = NO_FLOORS

    @property
    def own_unit(self) -> Unit:
        """The unit a buyer orders in when none is named."""
        return own_unit(self.sells_in)


class ResolvedPrice(NamedTuple):
    """The price of one line and where it came from."""

    unit_price: int
    list_id: int
    list_code: str
    entry_id: int
    min_quantity: int
    ladder: tuple[Step, ...]
    origin: Origin | None = None
    choice: str = FIRST_LIST


def own_unit(sells_in: str) -> Unit:
    """The unit of goods that are sold so: the bottle where nothing else is sold."""
    return Unit.BOTTLE if sells_in == "BOTTLE" else Unit.CASE


@dataclass(frozen=True, slots=True)
class ManualPrice:
    """A price a person made: the whole line's ``amount``, and why. Replaces the lists for its line."""

    amount: int
    reason: str


class PricedLine(NamedTuple):
    """A line with its price frozen. ``unit_price`` of a manual price is rounded; ``amount`` is what counts."""

    line_no: int
    unit_price: int
    amount: int
    tax_rate_bp: int
    tax: int
    list_id: int | None
    entry_id: int | None
    trace: Trace
    manual_reason: str = ""


@dataclass(frozen=True, slots=True)
class PricedCart:
    """The frozen result of pricing. Total and tax are sums of lines, never a tax of the whole (PRICE-01)."""

    lines: tuple[PricedLine, ...]
    total: int
    tax: int
    currency: str

    @classmethod
    def of(cls, lines: Iterable[PricedLine], currency: str) -> "PricedCart":
        """The cart of ``lines``."""
        kept = tuple(lines)
        return cls(kept, sum(line.amount for line in kept), sum(line.tax for line in kept), currency)


def sold_in(sells_in: str, unit: Unit) -> bool:
    """Whether a SKU that ``sells_in`` CASE, BOTTLE or BOTH may be ordered by ``unit``."""
    return sells_in in ("BOTH", unit.value)


def step_for(ladder: Sequence[Step], quantity: int) -> Step | None:
    """The step with the largest ``min_quantity`` that ``quantity`` reaches; None below the first."""
    reached = [step for step in ladder if step.min_quantity <= quantity]
    return max(reached, key=lambda step: step.min_quantity) if reached else None


def composed(said: Sequence[Said], bottles: int) -> Ladders:
    """The ladders a buyer meets: those of one list, or the lower envelope of several, given in the chain's order.

    A list that divides cases sells bottles too, ``bottles`` being those of a case.
    """
    whole = [_with_bottles(one, bottles) for one in said]
    if len(whole) == 1:
        return whole[0]
    units = dict.fromkeys(unit for ladders in whole for unit in ladders)
    return {unit: _envelope([ladders[unit] for ladders in whole if unit in ladders]) for unit in units}


def _with_bottles(one: Said, bottles: int) -> Ladders:
    cases = one.ladders.get(Unit.CASE)
    if not one.divides_cases or not cases or Unit.BOTTLE in one.ladders:
        return one.ladders
    steps = tuple(_bottle(step, bottles) for step in cases if half_up(step.amount, bottles))
    return {**one.ladders, Unit.BOTTLE: steps} if steps else one.ladders


def _bottle(step: Step, bottles: int) -> Step:
    start = 1 if step.min_quantity == 1 else step.min_quantity * bottles
    origin = replace(step.origin or Origin(), bottles=bottles)
    return step._replace(min_quantity=start, amount=half_up(step.amount, bottles), origin=origin)


def _envelope(ladders: Sequence[Sequence[Step]]) -> tuple[Step, ...]:
    """From every quantity on the lowest of the ladders, the first of them where several are."""
    steps: list[Step] = []
    for start in sorted({step.min_quantity for ladder in ladders for step in ladder}):
        reached = [step for step in (step_for(ladder, start) for ladder in ladders) if step is not None]
        lowest = min(reached, key=lambda step: step.amount)._replace(min_quantity=start)
        if not steps or steps[-1]._replace(min_quantity=start) != lowest:
            steps.append(lowest)
    return tuple(steps)


def first_steps(ladders: Ladders) -> dict[Unit, int]:
    """What one unit costs at the lowest step of each ladder."""
    return {unit: min(ladder, key=lambda step: step.min_quantity).amount for unit, ladder in ladders.items()}


def price_of(offer: Offer, unit: Unit, quantity: int) -> ResolvedPrice:
    """The price of ``quantity`` of ``unit``. Raises PriceMissing, UnitUnpriced or BelowFirstStep."""
    if offer.list_id is None or not offer.ladders:
        raise PriceMissing(sku=offer.sku_code)
    ladder = offer.ladders.get(unit)
    if not ladder:
        raise UnitUnpriced(sku=offer.sku_code, unit=unit.value)
    step = step_for(ladder, quantity)
    if step is None:
        raise BelowFirstStep(
            sku=offer.sku_code,
            from_quantity=min(step.min_quantity for step in ladder),
            quantity=quantity,
            unit=unit.value,
        )
    return ResolvedPrice(
        step.amount,
        step.list_id or offer.list_id,
        step.list_code or offer.list_code,
        step.entry_id,
        step.min_quantity,
        ladder,
        step.origin,
        offer.choice,
    )


def priced_line(line_no: int, price: ResolvedPrice, quantity: int, tax_rate_bp: int) -> PricedLine:
    """A line by the lists: amount = unit price × quantity, tax inside it half-up."""
    amount = price.unit_price * quantity
    trace: Trace = {
        "list": price.list_code,
        "from_quantity": price.min_quantity,
        "steps": [_base_step(price, quantity)],
    }
    if price.choice != FIRST_LIST:
        trace["choice"] = price.choice
    if price.origin is not None:
        trace |= told_origin(price.origin)
    tax = vat_inside(amount, tax_rate_bp)
    return PricedLine(line_no, price.unit_price, amount, tax_rate_bp, tax, price.list_id, price.entry_id, trace)


def manually_priced_line(
    line_no: int, manual: ManualPrice, quantity: int, tax_rate_bp: int, listed: ResolvedPrice | None
) -> PricedLine:
    """A line whose amount a person set. The list price it replaces, if any, stays in the trace. Raises NotAPrice."""
    if manual.amount <= 0 or not manual.reason.strip():
        raise NotAPrice(line=line_no)
    steps: list[dict[str, Field]] = []
    if listed is not None:
        steps.append(_base_step(listed, quantity))
    steps.append({"step": "manual", "quantity": quantity, "amount": manual.amount, "reason": manual.reason})
    trace: Trace = {"list": listed.list_code if listed else "", "steps": steps}
    return PricedLine(
        line_no,
        half_up(manual.amount, quantity),
        manual.amount,
        tax_rate_bp,
        vat_inside(manual.amount, tax_rate_bp),
        listed.list_id if listed else None,
        listed.entry_id if listed else None,
        trace,
        manual.reason,
    )


def told_origin(origin: Origin) -> Trace:
    """Where a derived or divided price comes from, as a line's trace keeps it."""
    told: Trace = {}
    if origin.list_code:
        told["derived_from"] = origin.list_code
        told["stages"] = [
            {"factor_ppm": stage.factor_ppm, "round_to": stage.round_to, "round_mode": stage.round_mode}
            for stage in origin.stages
        ]
    if origin.bottles:
        told["divided_by"] = origin.bottles
    return told


def _base_step(price: ResolvedPrice, quantity: int) -> dict[str, Field]:
    return {
        "step": "base",
        "unit_price": price.unit_price,
        "quantity": quantity,
        "amount": price.unit_price * quantity,
    }


def faults_of_change(
    *, line: int, sku: str, unit: Unit, sells_in: str, min_quantity: int, amount: int | None
) -> list[DomainError]:
    """Why one price cannot be set; nothing when it can."""
    faults: list[DomainError] = []
    if not sold_in(sells_in, unit):
        faults.append(UnitNotSold(line=line, field="unit", sku=sku, unit=unit.value))
    if not 1 <= min_quantity <= MAX_BOTTLES:
        faults.append(StepTooLow(line=line, field="min_quantity", sku=sku))
    if amount is not None and not 0 < amount <= MAX_MINOR:
        faults.append(NotAPrice(line=line, field="amount", sku=sku))
    return faults


LEAP = 2
"""A price that at least doubles, or falls to half or less, is more often a slip than a decision."""


def dearer_than(ladder: Mapping[int, int], step: int) -> int | None:
    """The nearest other step that makes ``step`` of this ladder (quantity → amount) rise; None where it falls.

    Whoever orders more pays no more a unit: a step is odd when a smaller quantity costs less, or a larger one more.
    """
    amount = ladder[step]
    odd = [
        other
        for other, price in ladder.items()
        if (other < step and price < amount) or (other > step and price > amount)
    ]
    return min(odd, key=lambda other: abs(other - step), default=None)


def is_leap(before: int, amount: int) -> bool:
    """Whether a price changes so much that one asks before it rules."""
    return amount >= before * LEAP or amount * LEAP <= before

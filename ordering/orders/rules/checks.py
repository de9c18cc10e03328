"""Whether lines and the whole may be ordered: every fault with its ways out, no database.

Money in minor units, tax inside. Source: handbook of the trade, §4.2 and §5.1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core.kernel.errors import DomainError
from core.kernel.money import MAX_MINOR
from core.kernel.quantity import MAX_BOTTLES, Unit, to_bottles
from dms.dealers.rules import MissingPaper
from ordering.orders import errors
from ordering.pricing.errors import BelowFirstStep, PriceMissing, UnitUnpriced
from ordering.pricing.rules import (
    ManualPrice,
    Offer,
    PricedCart,
    PricedLine,
    ResolvedPrice,
    manually_priced_line,
    price_of,
    priced_line,
    sold_in,
)

MOST_LINES = 1_000


class Way(StrEnum):
    """What a way out does to a line."""

    SET = "set"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way to mend a line: order ``quantity`` of ``unit`` instead, or leave the line away."""

    way: Way
    unit: Unit | None = None
    quantity: int = 0


REMOVE = WayOut(Way.REMOVE)


class AskedLine(NamedTuple):
    """What somebody wants: ``quantity`` of ``unit`` (None: the SKU's own unit), perhaps at a price made by hand."""

    line_no: int
    sku_code: str
    quantity: int
    unit: Unit | None = None
    manual: ManualPrice | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A line under its red line: what one unit nets after policies, and the floor; minor units."""

    net: int
    floor: int


class CheckedLine(NamedTuple):
    """A line as checked. ``offer`` None: no such SKU; ``priced`` None: no price. ``free_bottles`` None: not asked.

    Once policies are evaluated, ``priced`` is what is payable, ``discount`` what they took off and ``rebate`` what the
    pool pays, minor units; ``gift_of`` names the policy that gives the line.
    """

    line_no: int
    sku_code: str
    unit: Unit
    quantity: int
    bottles: int
    offer: Offer | None
    priced: PricedLine | None
    faults: tuple[DomainError, ...]
    ways: tuple[WayOut, ...]
    free_bottles: int | None = None
    discount: int = 0
    rebate: int = 0
    gift_of: str = ""
    shortfall: Shortfall | None = None

    @property
    def listed(self) -> int:
        """What it costs by the lists, or by hand, before any policy; minor units."""
        return self.priced.amount + self.discount + self.rebate if self.priced else 0

    @property
    def is_gift(self) -> bool:
        """Whether a policy gives it."""
        return bool(self.gift_of)

    @property
    def is_good(self) -> bool:
        """Whether the line may be ordered as it is."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """What the gate knows of the buyer. ``is_active``: both sides may trade."""

    is_active: bool
    missing_papers: tuple[MissingPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The seller's rules for orders; amounts in minor units, ``tax_rate_bp`` 1300 = 13 %.

    ``covers`` is asked where grants are required, ``supplies`` (by product line) always.
    """

    minimum_amount: int
    tax_rate_bp: int
    requires_licence: bool
    requires_grant: bool
    shows_drafts: bool = False
    covers: Callable[[int, int], bool] = field(default=lambda _line_id, _sku_id: True)
    supplies: Callable[[int], bool] = field(default=lambda _line_id: True)


def check_line(asked: AskedLine, offer: Offer | None, terms: Terms) -> CheckedLine:
    """One line with all its faults; stock and money come later."""
    if offer is None or (offer.status == "DRAFT" and not terms.shows_drafts):
        return _unknown(asked)
    unit = asked.unit or offer.own_unit
    bottles = to_bottles(max(asked.quantity, 0), unit, offer.bottles_per_case)
    faults: list[DomainError] = []
    ways: list[WayOut] = []
    for fault, out in _faults(asked, unit, bottles, offer, terms):
        fault.line = asked.line_no
        faults.append(fault)
        ways += out
    priced: PricedLine | None = None
    if not any(fault.code in ("order.quantity", "order.unit") for fault in faults):
        try:
            priced = _price(asked, unit, offer, terms.tax_rate_bp)
        except DomainError as fault:
            fault.line = asked.line_no
            faults.append(fault)
            ways += _ways_to_a_price(fault, asked, unit, offer)
    if priced is not None and priced.amount > MAX_MINOR:
        faults.append(errors.QuantityInvalid(line=asked.line_no, field="quantity", quantity=asked.quantity))
        priced = None
    return CheckedLine(
        asked.line_no,
        offer.sku_code,
        unit,
        asked.quantity,
        bottles,
        offer,
        priced,
        tuple(faults),
        tuple(dict.fromkeys(ways)),
    )


def _unknown(asked: AskedLine) -> CheckedLine:
    fault = errors.SkuUnknown(line=asked.line_no, field="sku", sku=asked.sku_code[:48])
    unit = asked.unit or Unit.CASE
    return CheckedLine(asked.line_no, asked.sku_code, unit, asked.quantity, 0, None, None, (fault,), (REMOVE,))


def _faults(
    asked: AskedLine, unit: Unit, bottles: int, offer: Offer, terms: Terms
) -> Iterable[tuple[DomainError, tuple[WayOut, ...]]]:
    sku, quantity = offer.sku_code, asked.quantity
    if offer.status != "ON":
        yield errors.NotOnShelf(field="sku", sku=sku), (REMOVE,)
    is_granted = not terms.requires_grant or terms.covers(offer.product_line_id, offer.sku_id)
    if not (is_granted and terms.supplies(offer.product_line_id)):
        yield errors.NotGranted(field="sku", sku=sku), (REMOVE,)
    if quantity < 1 or bottles > MAX_BOTTLES:
        ways = (*_ways_to(offer, unit, 1), REMOVE)
        yield errors.QuantityInvalid(field="quantity", quantity=quantity), ways
    elif not sold_in(offer.sells_in, unit):
        ways = (*_ways_by_the_other_unit(offer, unit, quantity), REMOVE)
        yield errors.UnitNotSold(field="unit", sku=sku, unit=unit.value), ways
    elif quantity % offer.order_multiple:
        ways = (*_ways_to(offer, unit, *nearest(quantity, offer.order_multiple)), REMOVE)
        yield errors.NotAMultiple(field="quantity", sku=sku, multiple=offer.order_multiple, unit=unit.value), ways


def _price(asked: AskedLine, unit: Unit, offer: Offer, tax_rate_bp: int) -> PricedLine:
    if asked.manual is None:
        return priced_line(asked.line_no, price_of(offer, unit, asked.quantity), asked.quantity, tax_rate_bp)
    listed: ResolvedPrice | None
    try:
        listed = price_of(offer, unit, asked.quantity)
    except (PriceMissing, BelowFirstStep):
        listed = None  # a price made by hand stands in for exactly this
    return manually_priced_line(asked.line_no, asked.manual, asked.quantity, tax_rate_bp, listed)


def _ways_to_a_price(fault: DomainError, asked: AskedLine, unit: Unit, offer: Offer) -> tuple[WayOut, ...]:
    if isinstance(fault, BelowFirstStep):
        return (*_ways_to(offer, unit, asked.quantity), REMOVE)
    if isinstance(fault, UnitUnpriced):
        return (*_ways_by_the_other_unit(offer, unit, asked.quantity), REMOVE)
    return (REMOVE,)


def nearest(quantity: int, multiple: int) -> tuple[int, ...]:
    """The multiples around ``quantity``, the lower one (if any) first."""
    below = quantity // multiple * multiple
    return (below, below + multiple) if below else (multiple,)


def _least(offer: Offer, unit: Unit) -> int:
    """The smallest quantity that meets the first price step and the multiple."""
    first = min((step.min_quantity for step in offer.ladders.get(unit, ())), default=1)
    return -(-first // offer.order_multiple) * offer.order_multiple


def _ways_to(offer: Offer, unit: Unit, *quantities: int) -> tuple[WayOut, ...]:
    """The quantities that may really be ordered nearest to those named; none in a unit without sale or price."""
    if not sold_in(offer.sells_in, unit) or not offer.ladders.get(unit):
        return ()
    multiple, least = offer.order_multiple, _least(offer, unit)
    fitting = dict.fromkeys(max(-(-quantity // multiple) * multiple, least) for quantity in quantities)
    return tuple(WayOut(Way.SET, unit, quantity) for quantity in fitting)


def _ways_by_the_other_unit(offer: Offer, unit: Unit, quantity: int) -> tuple[WayOut, ...]:
    """The same bottles in the other unit, rounded up to what may be ordered."""
    other = Unit.CASE if unit is Unit.BOTTLE else Unit.BOTTLE
    bottles = to_bottles(quantity, unit, offer.bottles_per_case)
    return _ways_to(offer, other, bottles if other is Unit.BOTTLE else -(-bottles // offer.bottles_per_case))


def with_stock(line: CheckedLine, *, wanted: int, free: int, fault: DomainError | None) -> CheckedLine:
    """The line with the free bottles of its SKU; ``fault`` when all lines of the SKU together want more."""
    if fault is None or line.offer is None:
        return line._replace(free_bottles=free)
    left = max(free - (wanted - line.bottles), 0)
    per_unit = line.offer.bottles_per_case if line.unit is Unit.CASE else 1
    most = left // per_unit // line.offer.order_multiple * line.offer.order_multiple
    is_enough = most >= _least(line.offer, line.unit)
    way = WayOut(Way.SET, line.unit, most) if is_enough else REMOVE
    return line._replace(free_bottles=free, faults=(*line.faults, fault), ways=(*line.ways, way))


def order_faults(
    *,
    buyer: BuyerFacts,
    terms: Terms,
    line_count: int,
    total: int,
) -> list[DomainError]:
    """Faults of the whole, lines apart."""
    faults: list[DomainError] = []
    if line_count == 0:
        faults.append(errors.OrderEmpty())
    if not buyer.is_active:
        faults.append(errors.DealerInactive())
    if terms.requires_licence:
        faults += [licence_fault(missing) for missing in buyer.missing_papers]
    if line_count and total < terms.minimum_amount:
        faults.append(errors.BelowMinimum(minimum=terms.minimum_amount, total=total))
    return faults


def licence_fault(missing: MissingPaper) -> errors.LicenceMissing:
    """The refusal that names the paper, its last day where it had one, and the way out."""
    if missing.ended_on is None:
        return errors.LicenceMissing(errors.LICENCE_ABSENT[missing.need.value])
    return errors.LicenceMissing(errors.LICENCE_ENDED[missing.need.value], day=missing.ended_on.isoformat())


def checked_lines(asked: Sequence[AskedLine], offers: Mapping[str, Offer], terms: Terms) -> tuple[CheckedLine, ...]:
    """Every line checked against its offer."""
    return tuple(check_line(line, offers.get(line.sku_code), terms) for line in asked)


def cart_of(lines: Iterable[CheckedLine], currency: str) -> PricedCart:
    """The frozen result of pricing for the lines that have a price."""
    return PricedCart.of((line.priced for line in lines if line.priced is not None), currency)


def is_auto_approved(*, total: int, up_to: int, has_manual_price: bool, breaks_floor: bool = False) -> bool:
    """Whether nobody has to look at the order: within the seller's bound, no price made by hand, no floor broken."""
    return total <= up_to and not has_manual_price and not breaks_floor

"""What leaves, what it is worth, and what arrived: plain arithmetic on bottles and minor units.

Source: handbook of the trade, §5.4 (partial shipments) and the worked example PRICE-01, S1 and S2.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.kernel.errors import DomainError
from core.kernel.money import share_of, split_by_weight, vat_inside
from ordering.fulfilment import errors


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an order as the warehouse sees it: what was ordered, what has left and at what worth.

    ``amount`` is payable, ``rebate`` what the buyer's pool pays beside it; minor units.
    """

    id: int
    line_no: int
    sku_id: int
    sku_code: str
    product_line: str
    bottles_per_case: int
    bottles: int
    amount: int
    tax_rate_bp: int
    shipped_bottles: int
    shipped_amount: int
    rebate: int = 0
    shipped_rebate: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Bottles kept for a line on one row of stock."""

    line_no: int
    stock_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Wish:
    """``bottles`` of line ``line_no`` are to leave (or have arrived)."""

    line_no: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Part:
    """What leaves from one row of stock for one line, with its share of the line's amount, tax and rebate."""

    line: OpenLine
    stock_id: int
    bottles: int
    amount: int
    tax: int
    rebate: int = 0


def everything_kept(kept: Iterable[Kept]) -> tuple[Wish, ...]:
    """The wish for all that lies ready."""
    wanted: dict[int, int] = {}
    for row in kept:
        wanted[row.line_no] = wanted.get(row.line_no, 0) + row.bottles
    return tuple(Wish(line_no, bottles) for line_no, bottles in sorted(wanted.items()))


def wish_faults(wishes: Sequence[Wish], lines: Mapping[int, OpenLine], kept: Sequence[Kept]) -> Iterable[DomainError]:
    """Every fault of what somebody wants to ship: unknown or repeated lines, no quantity, not kept here."""
    seen: set[int] = set()
    here = {wish.line_no: wish.bottles for wish in everything_kept(kept)}
    for wish in wishes:
        line = lines.get(wish.line_no)
        if line is None:
            yield errors.LineUnknown(line=wish.line_no, number=wish.line_no)
        elif wish.line_no in seen:
            yield errors.LineTwice(line=wish.line_no, number=wish.line_no)
        elif wish.bottles < 1:
            yield errors.QuantityInvalid(line=wish.line_no, field="bottles")
        elif wish.bottles > here.get(wish.line_no, 0):
            reserved = here.get(wish.line_no, 0)
            yield errors.NotThere(line=wish.line_no, field="bottles", sku=line.sku_code, reserved=reserved)
        seen.add(wish.line_no)


def parts_of(wishes: Sequence[Wish], lines: Mapping[int, OpenLine], kept: Sequence[Kept]) -> tuple[Part, ...]:
    """Take each wish from the rows that keep it, in order, and price it.

    A line's share is half-up(amount × bottles / line bottles), the shipment that empties the line takes the rest;
    its tax lies inside that share. Over several rows the share is split by the largest remainder.
    """
    parts: list[Part] = []
    for wish in wishes:
        line = lines[wish.line_no]
        takes = _takes(wish, [row for row in kept if row.line_no == wish.line_no])
        amount = _share(line.amount, wish, line, line.shipped_amount)
        rebate = _share(line.rebate, wish, line, line.shipped_rebate)
        weights = [bottles for _, bottles in takes]
        amounts = split_by_weight(amount, weights)
        taxes = split_by_weight(vat_inside(amount, line.tax_rate_bp), weights)
        rebates = split_by_weight(rebate, weights)
        parts += [
            Part(line, stock_id, bottles, *shares)
            for (stock_id, bottles), *shares in zip(takes, amounts, taxes, rebates, strict=True)
        ]
    return tuple(parts)


def _share(whole: int, wish: Wish, line: OpenLine, already: int) -> int:
    return share_of(
        whole,
        quantity=wish.bottles,
        of=line.bottles,
        already_quantity=line.shipped_bottles,
        already_amount=already,
    )


def rebate_tax_of(parts: Iterable[Part]) -> int:
    """The tax inside what the pool pays of a shipment, line by line, as each invoice line stands alone."""
    rebates: dict[int, int] = {}
    rates: dict[int, int] = {}
    for part in parts:
        rebates[part.line.id] = rebates.get(part.line.id, 0) + part.rebate
        rates[part.line.id] = part.line.tax_rate_bp
    return sum(vat_inside(rebate, rates[line]) for line, rebate in rebates.items())


def _takes(wish: Wish, kept: Sequence[Kept]) -> list[tuple[int, int]]:
    takes, missing = [], wish.bottles
    for row in kept:
        bottles = min(missing, row.bottles)
        if bottles:
            takes.append((row.stock_id, bottles))
            missing -= bottles
    return takes


@dataclass(frozen=True, slots=True)
class ShippedPart:
    """A row of a shipment: bottles of an order line that left one row of stock."""

    id: int
    line_id: int
    line_no: int
    sku_id: int
    sku_code: str
    product_line: str
    batch: str
    bottles: int
    amount: int
    tax: int


def arrival_faults(wishes: Sequence[Wish], parts: Sequence[ShippedPart]) -> Iterable[DomainError]:
    """Every fault of what somebody says has arrived."""
    shipped = {part.line_no: (part.sku_code, 0) for part in parts}
    for part in parts:
        shipped[part.line_no] = (part.sku_code, shipped[part.line_no][1] + part.bottles)
    seen: set[int] = set()
    for wish in wishes:
        if wish.line_no not in shipped:
            yield errors.LineUnknown(line=wish.line_no, number=wish.line_no)
        elif wish.line_no in seen:
            yield errors.LineTwice(line=wish.line_no, number=wish.line_no)
        elif wish.bottles < 0:
            yield errors.QuantityInvalid(line=wish.line_no, field="bottles")
        elif wish.bottles > shipped[wish.line_no][1]:
            sku, bottles = shipped[wish.line_no]
            yield errors.ReceivedTooMuch(line=wish.line_no, field="bottles", sku=sku, shipped=bottles)
        seen.add(wish.line_no)


def arrived(wishes: Sequence[Wish], parts: Sequence[ShippedPart]) -> dict[int, int]:
    """Bottles that arrived by part id. Lines nobody speaks of arrived whole; a short line is filled part by part."""
    said = {wish.line_no: wish.bottles for wish in wishes}
    came: dict[int, int] = {}
    for part in parts:
        left = said.get(part.line_no)
        came[part.id] = part.bottles if left is None else min(left, part.bottles)
        if left is not None:
            said[part.line_no] = left - came[part.id]
    return came

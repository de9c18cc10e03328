"""What stands in the way of an order before stock and money are touched; told all at once."""

from dataclasses import dataclass
from datetime import date

from core.kernel.errors import DomainError, refuse_all
from ordering.orders.errors import CurrencyForeign, TotalChanged, WishedDayPast
from ordering.orders.rules.checks import order_faults
from ordering.orders.selectors.checking import CheckedCart
from ordering.orders.selectors.evaluating import Evaluated
from ordering.orders.selectors.gate import Gate
from ordering.pricing.rules import PricedCart


@dataclass(frozen=True, slots=True)
class Agreed:
    """What whoever acts said: the wished day, and the total they saw in minor units (None: none was named).

    ``currency`` of that total; empty: the order's.
    """

    wished_on: date | None
    total: int | None
    currency: str = ""


def is_refused(agreed: Agreed, at_gate: Gate, found: Evaluated) -> bool:
    """Whether anything is known to stand in the way before stock and money are touched."""
    terms, priced = at_gate.terms(shows_drafts=False), found.priced
    worth = priced.total + found.rebate
    whole = order_faults(buyer=at_gate.buyer_facts(), terms=terms, line_count=len(found.lines), total=worth)
    return bool(
        any(line.faults for line in found.lines)
        or whole
        or at_gate.address_fault
        or found.live.refused
        or _faults_of_this_act(agreed, at_gate, priced)
    )


def _faults_of_this_act(agreed: Agreed, at_gate: Gate, priced: PricedCart | None) -> list[DomainError]:
    faults: list[DomainError] = []
    if agreed.wished_on is not None and agreed.wished_on < at_gate.day:
        faults.append(WishedDayPast(field="wished_on"))
    if priced and agreed.total is not None and agreed.currency not in {"", priced.currency}:
        faults.append(CurrencyForeign(field="expected_total", currency=priced.currency))
    elif priced and agreed.total is not None and agreed.total != priced.total:
        faults.append(TotalChanged(seen=agreed.total, total=priced.total, currency=priced.currency))
    return faults


def refuse_everything(agreed: Agreed, at_gate: Gate, checked: CheckedCart) -> None:
    """Raise what stands in the way, with what free stock and account say: all is mended in one go."""
    refuse_all(
        [
            *(fault for line in checked.lines for fault in line.faults),
            *checked.faults,
            *_faults_of_this_act(
                agreed, at_gate, checked.priced if all(line.priced for line in checked.lines) else None
            ),
        ]
    )

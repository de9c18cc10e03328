"""Prices out of invoices: an item's price of a month is the one most of its lines paid, from the month's first day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.project.replay.judging import Invoice
from core.project.replay.stage import PRICE_LIST
from ordering.pricing.services import PriceChange, SetPrices, set_prices

BATCH = 5_000
Prices = Mapping[tuple[str, date], int]
"""Cents a bottle by item and first day of the month."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What one line paid: cents a bottle where they are whole, else None."""

    item: str
    month: date
    each: int | None


def month_of(day: date) -> date:
    """The month's first day."""
    return day.replace(day=1)


def start_of(month: date) -> datetime:
    """When a month's prices begin: before anybody orders on its first day, in every zone that matters here."""
    return datetime(month.year, month.month, month.day, tzinfo=UTC)


def usual_prices(invoices: Iterable[Invoice]) -> Prices:
    """The most frequent whole price by item and month; of two as frequent ones the lower."""
    paid: dict[tuple[str, date], Counter[int]] = {}
    for invoice in invoices:
        for line in invoice.lines:
            cents = line.cents or 0
            if cents % line.bottles == 0:
                paid.setdefault((line.item, month_of(invoice.day)), Counter())[cents // line.bottles] += 1
    return {key: min(counts, key=lambda each: (-counts[each], each)) for key, counts in paid.items()}


def enter(actor: Actor, prices: Prices, codes: Mapping[str, str]) -> int:
    """Write the dated prices into the list; how many entries were new. The clock stands before the first of them.

    A month that repeats the price of the one before it in ``prices`` needs no entry of its own.
    """
    changes, before = [], None
    for (item, month), each in sorted(prices.items()):
        if (item, each) != before:
            changes.append(PriceChange(codes[item], Unit.BOTTLE, each, valid_from=start_of(month), is_meant=True))
        before = item, each
    written = 0
    for start in range(0, len(changes), BATCH):
        command = SetPrices(PRICE_LIST, tuple(changes[start : start + BATCH]))
        written += set_prices(actor=actor, command=command).written
    return written

"""Which invoices of the file can be replayed: whole or not at all, every fault by row."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.kernel.quantity import MAX_BOTTLES
from core.project.replay.files import FileLine
from core.project.replay.report import Kind, Report

ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class Invoice:
    """One sound invoice: one store, one day, lines with bottles and cents above zero."""

    number: str
    day: date
    store: str
    lines: tuple[FileLine, ...]

    @property
    def cents(self) -> int:
        """Its total."""
        return sum(line.cents or 0 for line in self.lines)


def quarter_of(day: date) -> str:
    """``2018Q1``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def judge(lines: Iterable[FileLine], report: Report) -> tuple[Invoice, ...]:
    """The sound invoices by day and number; every row of the others is noted as held back, with its fault."""
    by_invoice: dict[str, list[FileLine]] = {}
    for line in lines:
        by_invoice.setdefault(line.invoice, []).append(line)
    sound = []
    for number, rows in by_invoice.items():
        faults = dict(_faults(rows))
        if not faults:
            sound.append(Invoice(number, rows[0].day, rows[0].store, tuple(rows)))
            continue
        others = f"its invoice {number} has a faulty row"
        for row in rows:
            report.note(Kind.HELD_BACK, ORDERS, row.row, row.invoice_item, faults.get(row.row, others))
    return tuple(sorted(sound, key=lambda one: (one.day, one.number)))


def _faults(rows: list[FileLine]) -> Iterator[tuple[int, str]]:
    """(row, why) for every faulty row of one invoice."""
    stores, days = Counter(row.store for row in rows), Counter(row.day for row in rows)
    usual_store, usual_day = stores.most_common(1)[0][0], days.most_common(1)[0][0]
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.invoice_item, row.row)
        if not row.number_is_whole:
            yield row.row, "the number of its invoice is missing"
        elif first != row.row:
            yield row.row, f"the same invoice line as row {first}"
        elif row.store != usual_store:
            yield row.row, f"one invoice over two stores: {usual_store} and {row.store}"
        elif row.day != usual_day:
            yield row.row, f"one invoice on two days: {usual_day} and {row.day}"
        elif (why := _fault(row)) is not None:
            yield row.row, why


def _fault(row: FileLine) -> str | None:
    if row.bottles < 0:
        return f"a return: {row.bottles} bottles"
    if row.bottles == 0:
        return "no bottles"
    if row.bottles > MAX_BOTTLES:
        return f"more than {MAX_BOTTLES} bottles"
    if row.cents is None:
        return "the amount is no whole number of cents"
    if row.cents <= 0:
        return "nothing was charged"
    return None

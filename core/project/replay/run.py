"""A whole replay, quarter by quarter; docs/replay.md tells it in words."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from core.catalogue.models import Sku
from core.db import sql
from core.db.acts import brand_schema
from core.events.services import relayed_at_the_end
from core.kernel import clock
from core.project import soundness
from core.project.replay import goods, lives, prices, stage, totals
from core.project.replay.files import FileLine, Files
from core.project.replay.judging import Invoice, judge, quarter_of
from core.project.replay.report import Report
from dms.stock import services as stock
from dms.stock.selectors import free_by_sku

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay did. ``lines`` and ``seconds`` are of the invoices that were replayed now."""

    report: Report
    invoices: int
    skipped: int
    lines: int
    seconds: float
    cents: int
    differences: tuple[totals.Difference, ...]
    faults: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether our books are sound and equal to the file, less the reported rows."""
        return not self.faults and all(difference.is_explained for difference in self.differences)


def replay(files: Files, slug: str, quarters: Sequence[str], watch: Callable[[str, int], Step]) -> Outcome:
    """Replay the ``quarters`` of the files into the brand. ``watch`` (label, steps) answers what to call at each step.

    Raises ``stage.NotOurs``. A quarter that was replayed before is only held against the file again.
    """
    report = Report()
    wanted = [line for line in files.lines if quarter_of(line.day) in quarters]
    invoices = judge(wanted, report)
    since, until = _months(wanted)
    with clock.at(lives.instant_of(since) - timedelta(days=2)):
        scene = stage.open_stage(slug)
    with brand_schema(scene.schema), relayed_at_the_end():
        # A replay lost with the machine is begun again where it stopped: it need not wait for the disk at each commit.
        sql.execute("SET synchronous_commit = off", {})
        work = _Work(scene, files, report)
        for quarter in quarters:
            work.quarter(quarter, [one for one in invoices if quarter_of(one.day) == quarter], watch)
        sql.execute("SET synchronous_commit = on", {})
        counted = totals.ours(since, until)
        return Outcome(
            report,
            work.invoices,
            work.skipped,
            work.lines,
            work.seconds,
            sum(counted.values()),
            tuple(totals.differences(wanted, report.held_back_rows(), counted)),
            tuple(soundness.faults()),
        )


def quarters_of(lines: Iterable[FileLine]) -> list[str]:
    """Every quarter there is, in the order of time."""
    return sorted({quarter_of(line.day) for line in lines})


def _months(lines: Sequence[FileLine]) -> tuple[date, date]:
    """From the first day of the first month to the first day after the last month."""
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    return prices.month_of(first), prices.month_of(prices.month_of(last) + timedelta(days=31))


class _Work:
    """The quarters of one replay, and what they add up to."""

    def __init__(self, scene: stage.Stage, files: Files, report: Report) -> None:
        self._scene = scene
        self._files = files
        self._report = report
        self._codes: dict[str, str] = {}
        self.invoices = self.skipped = self.lines = 0
        self.seconds = 0.0

    def quarter(self, name: str, invoices: list[Invoice], watch: Callable[[str, int], Step]) -> None:
        """Products, stores, prices and stock of a quarter, then its invoices day by day."""
        if not invoices:
            return
        there = lives.begun([invoice.number for invoice in invoices])
        eve = lives.instant_of(prices.month_of(invoices[0].day)) - timedelta(days=2)
        with clock.at(eve):
            trade = self._prepare(invoices, there)
        step = watch(name, len(invoices))
        began = time.monotonic()
        for invoice in invoices:
            lives.note_manual_prices(trade, invoice)
            order = there.get(invoice.number)
            if order is not None and not order[1]:
                self.skipped += 1
            else:
                lives.replay(trade, invoice, order)
                self.invoices, self.lines = self.invoices + 1, self.lines + len(invoice.lines)
            step()
        self.seconds += time.monotonic() - began

    def _prepare(self, invoices: list[Invoice], there: dict[str, tuple[str, str]]) -> lives.Trade:
        items = frozenset(line.item for invoice in invoices for line in invoice.lines) - self._codes.keys()
        clerk = self._scene.clerk
        self._codes |= goods.save_products(clerk, self._files.products, items, self._report)
        numbers = frozenset(invoice.store for invoice in invoices)
        stores = stage.save_stores(self._scene, self._files.stores, numbers, self._report)
        usual = prices.usual_prices(invoices)
        prices.enter(clerk, usual, self._codes)
        self._stock_up([invoice for invoice in invoices if invoice.number not in there])
        return lives.Trade(self._scene, self._codes, stores, usual, self._report)

    def _stock_up(self, invoices: list[Invoice]) -> None:
        """Take in what the quarter will need beyond what is free."""
        needed: Counter[str] = Counter()
        for invoice in invoices:
            for line in invoice.lines:
                needed[self._codes[line.item]] += line.bottles
        ids = dict(Sku.objects.filter(code__in=list(needed)).values_list("code", "id"))
        free = free_by_sku(seller_id=self._scene.clerk.dealer_id, sku_ids=list(ids.values()))
        lacking = {code: bottles - free.get(ids[code], 0) for code, bottles in needed.items()}
        lines = tuple(stock.Counted(code, bottles) for code, bottles in sorted(lacking.items()) if bottles > 0)
        if lines:
            command = stock.AdjustStock(stage.WAREHOUSE, lines, reason="Taken in for the quarter")
            stock.adjust_stock(actor=self._scene.clerk, command=command)


unwatched: Callable[[str, int], Step] = partial(lambda _label, _steps: lambda: None)
"""For callers that show nothing."""

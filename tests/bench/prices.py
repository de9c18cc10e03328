"""Prices at scale: 300 lists, 20,000 dealers, 200 live policies, and 1,000,000 entries beside 100,000.

Every question is asked in this process, of both brands in turn, so that what else the machine does disturbs both alike.
"Python" and "PG" are processor times of this process and of its database backend: on a busy machine they say more than
the clock. What is counted: the statements of the question alone, the gate (who buys, settings, what is granted: three
statements) apart where that is said.
"""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from django.test import Client

from core.db import sql
from core.db.acts import brand_schema
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.tasks.actors import actor_of_seat
from core.tasks.workers import collect_rarely
from dms.dealers.selectors import TradingDealer
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import check_lines
from ordering.orders.selectors.evaluating import evaluate_at
from ordering.orders.selectors.gate import Gate, gate
from ordering.pricing.selectors import PriceAsk, ShelfFilters, resolve, shelf_page
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.bench.price_world import LARGE, SMALL, PriceWorld, build
from tests.bench.statements import counted
from tests.bench.tables import Cost, Row, backend_cpu_s, csv_of, run_job, xlsx_of
from tests.portals import CHISHUI, XINGHE
from tests.sessions import token_for

DATABASE = "jiumai_bench_prices"
FEW, MANY, TIMES, WARM = 50, 500, 40, 3
IMPORTED_LISTS, IMPORTED_STEPS = 25, (1, 10)
AIMS_MS = {"50 SKUs resolved": 10.0, "500 lines with policies": 60.0}
MOST_STATEMENTS, MOST_GROWTH, IMPORTED_WITHIN_S = 3, 0.20, 15.0


@dataclass(slots=True)
class Desk:
    """One brand as the questions meet it: who asks, and what stands at the gate before they do."""

    world: PriceWorld
    actors: list[Actor]
    gates: list[Gate]
    desk: Actor
    token: str
    ids: dict[str, int]
    chance: random.Random = field(default_factory=lambda: random.Random(3))
    turn: int = 0

    @property
    def buyer(self) -> TradingDealer:
        """Whose turn it is."""
        return self.gates[self.turn].buyer

    def codes(self, count: int) -> list[str]:
        """Some SKUs."""
        return self.chance.sample(self.world.codes, count)

    def lines(self, count: int) -> list[AskedLine]:
        """A cart."""
        return [AskedLine(n, code, self.chance.randrange(1, 60)) for n, code in enumerate(self.codes(count), start=1)]


@dataclass(slots=True)
class Taken:
    """What one question took in one brand: milliseconds a time, processor seconds of all times, statements a time."""

    name: str
    entries: int
    ms: list[float] = field(default_factory=list)
    python_ms: list[float] = field(default_factory=list)
    database_s: float = 0.0
    statements: int = 0

    @property
    def cpu_ms(self) -> float:
        """Processor time of one time: the median of Python's and the mean of PostgreSQL's, which is told in ticks."""
        return median(self.python_ms) + self.database_ms

    @property
    def database_ms(self) -> float:
        """PostgreSQL's processor time of one time."""
        return 1000 * self.database_s / len(self.ms)

    @property
    def p95(self) -> float:
        """Milliseconds by the clock."""
        return quantiles(self.ms, n=20)[-1]


Question = Callable[[Desk], object]


def measure() -> int:
    """Measure everything and print it; 1 when an aim is missed."""
    print(f"Prices: building {SMALL:,} and {LARGE:,} entries, 300 lists, 20,000 dealers, 200 policies …", flush=True)
    desks = [_desk(build(portal, entries)) for portal, entries in ((CHISHUI, SMALL), (XINGHE, LARGE))]
    collect_rarely()
    rows = [taken for name, (question, times) in _questions().items() for taken in _ask(desks, name, question, times)]
    _show(rows)
    for desk in desks:
        print(f"rows written by saving one entry among {desk.world.entries:,}: {_written(desk)}")
    costs = [_imported(desk, form) for desk in reversed(desks) for form in ("csv", "xlsx")]
    return _judged(rows, costs)


def _desk(world: PriceWorld) -> Desk:
    with brand_schema(world.portal.schema):
        actors = [_actor(seat.pk) for seat in world.buyers]
        gates = [gate(buyer_id=actor.dealer_id, seller_id=None) for actor in actors]
        ids: dict[str, int] = dict(sql.rows("SELECT code, id FROM catalogue_sku", {}))
        return Desk(world, actors, gates, _actor(world.desk.pk), token_for(world.buyers[0]), ids)


def _actor(seat_id: Any) -> Actor:
    actor = actor_of_seat(seat_id)
    if actor is None:
        raise RuntimeError("the seat has no actor")
    return actor


# the questions -----------------------------------------------------------------------------------


def _questions() -> dict[str, tuple[Question, int]]:
    """By name: what is asked, and how often."""
    return {
        "50 SKUs resolved": (_resolved(FEW), TIMES * 3),
        "500 SKUs resolved": (_resolved(MANY), TIMES),
        "50 lines with policies": (_evaluated(FEW), TIMES * 2),
        "500 lines with policies": (_evaluated(MANY), TIMES),
        "hints of 50 lines": (_hinted(FEW), TIMES // 2),
        "hints of 500 lines": (_hinted(MANY), TIMES // 2),
        "500 lines checked, gate and all": (_checked(MANY), TIMES),
        "POST order-checks, 500 lines": (_posted(MANY), TIMES),
        "shelf page of 50": (_shelf, TIMES),
        "one entry saved": (_saved, TIMES * 2),
    }


def _resolved(count: int) -> Question:
    def question(desk: Desk) -> Callable[[], object]:
        asks = [PriceAsk(n, desk.ids[code], Unit.CASE, 12) for n, code in enumerate(desk.codes(count))]
        buyer = desk.buyer
        return lambda: resolve(
            seller_id=buyer.supplier_id, buyer=buyer, lines=asks, at=clock.now(), currency=buyer.currency
        )

    return question


def _evaluated(count: int) -> Question:
    def question(desk: Desk) -> Callable[[], object]:
        lines, at_gate, actor = desk.lines(count), desk.gates[desk.turn], desk.actors[desk.turn]
        return lambda: evaluate_at(at_gate, actor=actor, lines=lines)

    return question


def _hinted(count: int) -> Question:
    def question(desk: Desk) -> Callable[[], object]:
        found = evaluate_at(desk.gates[desk.turn], actor=desk.actors[desk.turn], lines=desk.lines(count))
        return lambda: (found.nudges(), found.lost_steps())

    return question


def _checked(count: int) -> Question:
    def question(desk: Desk) -> Callable[[], object]:
        lines, actor = desk.lines(count), desk.actors[desk.turn]
        return lambda: check_lines(actor=actor, lines=lines)

    return question


def _posted(count: int) -> Question:
    def question(desk: Desk) -> Callable[[], object]:
        client = Client(headers={"host": desk.world.portal.host, "authorization": f"Bearer {desk.token}"})
        body = {"lines": [{"sku": one.sku_code, "unit": "CASE", "quantity": one.quantity} for one in desk.lines(count)]}

        def post() -> None:
            answer = client.post("/api/v1/order-checks", body, content_type="application/json")
            if answer.status_code != 200:
                raise RuntimeError(f"answered {answer.status_code}: {answer.content[:500]!r}")

        return post

    return question


def _shelf(desk: Desk) -> Callable[[], object]:
    actor, page = desk.actors[desk.turn], desk.chance.randrange(1, 40)
    return lambda: shelf_page(actor=actor, filters=ShelfFilters(), page=page)


def _saved(desk: Desk) -> Callable[[], object]:
    change = PriceChange(desk.codes(1)[0], Unit.CASE, 198_500 + desk.chance.randrange(1_000), is_meant=True)
    command = SetPrices(desk.chance.choice(desk.world.lists[:25]), (change,))
    return lambda: set_prices(actor=desk.desk, command=command)


# asking ------------------------------------------------------------------------------------------


def _ask(desks: Sequence[Desk], name: str, question: Any, times: int) -> list[Taken]:
    """Both brands in turn, the buyers one after the other; the first few times only warm what is kept."""
    found = [Taken(name, desk.world.entries) for desk in desks]
    for time_no in range(-WARM, times):
        for desk, taken in zip(desks, found, strict=True):
            desk.turn = time_no % len(desk.actors)
            with brand_schema(desk.world.portal.schema):
                _once(question(desk), taken, is_counted=time_no >= 0)
    return found


def _once(work: Callable[[], object], taken: Taken, *, is_counted: bool) -> None:
    gc.collect(0)
    with counted() as seen:
        there = backend_cpu_s()
        seen.clear()
        began, used = time.perf_counter(), time.process_time()
        work()
        ms, python_ms = 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used)
        statements = len(seen)
        there = backend_cpu_s() - there
    if is_counted:
        taken.ms.append(ms)
        taken.python_ms.append(python_ms)
        taken.database_s += there
        taken.statements = max(taken.statements, statements)


def _written(desk: Desk) -> dict[str, int]:
    """Rows inserted, updated and deleted in any table of the schema by one save that changes a price."""
    with brand_schema(desk.world.portal.schema):
        before = _counts()
        _saved(desk)()
        after = _counts()
    return {table: count - before.get(table, 0) for table, count in after.items() if count != before.get(table, 0)}


def _counts() -> dict[str, int]:
    sql.rows("SELECT pg_stat_force_next_flush()", {})
    sql.rows("SELECT pg_stat_clear_snapshot()", {})
    return dict(
        sql.rows(
            "SELECT relname::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
            " WHERE schemaname = current_schema()",
            {},
        )
    )


def _imported(desk: Desk, form: str) -> Cost:
    """100,000 prices of 25 lists, every one of them another than what rules."""
    head: Row = ("价目表", "商品编码", "单位", "起订量", "单价", "生效日期")
    over = 1 if form == "csv" else 2
    rows: list[Row] = [head]
    rows += (
        (listed, code, "箱", step, f"{1990 - step + over}.{place % 100:02d}", "")
        for listed in desk.world.lists[:IMPORTED_LISTS]
        for place, code in enumerate(desk.world.codes)
        for step in IMPORTED_STEPS
    )
    source = csv_of(rows) if form == "csv" else xlsx_of(rows)
    name = f"{len(rows) - 1:,} prices, {form}, among {desk.world.entries:,}"
    schema = desk.world.portal.schema
    return run_job(desk.world.desk.pk, (name, "prices.import", {}, source, False), database=DATABASE, schema=schema)


# the answer --------------------------------------------------------------------------------------


def _show(rows: Sequence[Taken]) -> None:
    print(f"\n{'':34}{'entries':>10}{'p50 ms':>9}{'p95 ms':>9}{'min ms':>9}{'Python ms':>11}{'PG ms':>8}{'SQL':>5}")
    for row in rows:
        print(
            f"{row.name:34}{row.entries:>10,}{median(row.ms):>9.2f}{row.p95:>9.2f}{min(row.ms):>9.2f}"
            f"{median(row.python_ms):>11.2f}{row.database_ms:>8.2f}{row.statements:>5}"
        )


def _judged(rows: Sequence[Taken], costs: Sequence[Cost]) -> int:
    missed = []
    for small, large in zip(rows[::2], rows[1::2], strict=True):
        growth, by_cpu = min(large.ms) / min(small.ms) - 1, large.cpu_ms / small.cpu_ms - 1
        print(
            f"{large.name}: {growth:+.0%} by the clock (minima), {by_cpu:+.0%} of processor time with ten times as many"
        )
        if min(growth, by_cpu) > MOST_GROWTH:
            missed.append(f"{large.name} grows by more than {MOST_GROWTH:.0%}")
        if large.name in AIMS_MS:
            if large.p95 > AIMS_MS[large.name]:
                missed.append(f"{large.name}: p95 within {AIMS_MS[large.name]:.0f} ms")
            if large.statements > MOST_STATEMENTS:
                missed.append(f"{large.name}: {MOST_STATEMENTS} statements, the gate apart")
    missed += [f"{cost.name} within {IMPORTED_WITHIN_S:.0f} s" for cost in costs if cost.seconds > IMPORTED_WITHIN_S]
    missed += [f"{cost.name}: {cost.status}" for cost in costs if cost.status != "DONE"]
    for words in missed:
        print(f"MISSED: {words}")
    return 1 if missed else 0

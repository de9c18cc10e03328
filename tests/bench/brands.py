"""What many brands cost: opening one, a request among ten and among three hundred, migrating, sweeping, memory.

Every brand has its own fifty SKUs, prices, dealer and token. "The same ten" asks what the mere presence of the others
costs; "all in turn" lets every connection see every schema, which is the worst that PostgreSQL's catalogue cache gets.
The ten lie in two databases, alone in one and among the others in the second. Both products run all the while and are
driven in turn, a few seconds each: what else the machine does falls on both, and the best round of each is told.
"""

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles

from django.db import connections

from core.db.acts import brand_schema, connection
from core.events.relay import sweep
from tenants.brands.services import create_brand
from tests.bench import world
from tests.bench.load import Measured, Request, drive
from tests.bench.requests import listing
from tests.bench.statements import counted
from tests.database import connected_to, drop
from tests.live import ROOT, Caller, LiveProduct, environment_of, live_product
from tests.portals import TestPortal
from tests.sessions import token_for

FEW, MANY = 10, 300
ROUNDS = 3
SKUS = 50
SLOWER_WANTED = 1.10
OPENED_WITHIN_MS = 500
MIGRATED_WITHIN_S = 5.0
SWEPT_WITHIN_S = 10


@dataclass(frozen=True, slots=True)
class Access:
    """A brand's host and a token of one of its dealers."""

    host: str
    token: str


class Turns(Caller):
    """One client that asks one brand after the other over its one connection."""

    turns: Iterator[Access]

    @classmethod
    def over(cls, product: LiveProduct, brands: Sequence[Access]) -> "Turns":
        """A client that begins with the first of ``brands``."""
        caller = cls(product.port, brands[0].host)
        caller.turns = itertools.cycle(brands)
        return caller

    def send(self, *words: object, **more: object):  # type: ignore[no-untyped-def]  # as Caller.send
        """Send the request to the brand whose turn it is."""
        now = next(self.turns)
        self.host, self.token = now.host, now.token
        return super().send(*words, **more)  # type: ignore[arg-type]  # passed on as they came


@dataclass(frozen=True, slots=True)
class Run:
    """A product of its own, and whom it is asked for."""

    name: str
    product: LiveProduct
    caller: Turns


def measure(log: Path, *, database: str, seconds: int) -> int:
    """Measure and print; 1 when a request was refused that should not have been."""
    print(f"\nBuilding {MANY} brands of {SKUS} SKUs …", flush=True)
    opened: list[float] = []
    brands = [_open(number, opened) for number in range(FEW)]
    _settle()
    with _copied(database) as crowded, connected_to(crowded):
        brands += [_open(number, opened) for number in range(FEW, MANY)]
        _settle()
        asked = [
            ("the ten, of 10", database, brands[:FEW]),
            ("the same ten, of 300", crowded, brands[:FEW]),
            ("all 300 in turn", crowded, brands),
        ]
        with ExitStack() as products:
            runs = [_started(products, log, *one) for one in asked]
            rows = _driven(runs, seconds)
            _show(rows, [_rss(run.product.processes["web"].pid) for run in runs])
        print(
            f"opening a brand: p50 {median(opened):.0f} ms, p95 {quantiles(opened, n=20)[-1]:.0f} ms"
            f" (aim: {OPENED_WITHIN_MS} ms)"
        )
        _show_sweep()
        print(f"a worker process after sweeping {MANY} brands: {_worker_memory(log, crowded):.0f} MiB")
        _show_migration(log, crowded)
    return 1 if any(row.failures for row in rows) else 0


@contextmanager
def _copied(database: str) -> Iterator[str]:
    """The database once more, under another name, for the length of a block."""
    name = f"{database}_crowded"
    connections.close_all()
    with connection._nodb_cursor() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database}"')
    yield name
    connections.close_all()
    drop(name)


def _open(number: int, opened: list[float]) -> Access:
    portal = TestPortal(f"bench{number:03d}", f"量测{number:03d}", f"Bench {number:03d}", "量")
    began = time.perf_counter()
    brand = create_brand(slug=portal.slug, name=portal.name, name_en=portal.name_en, seal=portal.seal)
    opened.append(1000 * (time.perf_counter() - began))
    made = world.build(portal, skus=SKUS, dealers=1)
    with brand_schema(brand.schema_name):
        return Access(portal.host, token_for(made.seats[0]))


def _started(products: ExitStack, log: Path, name: str, database: str, brands: Sequence[Access]) -> Run:
    """A product over ``database`` whose connections have seen every schema."""
    folder = log / name.replace(" ", "-")
    folder.mkdir()
    product = products.enter_context(live_product(database, folder))
    caller = Turns.over(product, brands)
    products.enter_context(closing(caller))
    for _ in range(max(len(brands), MANY) * 2):
        caller.send("GET", listing())
    return Run(name, product, caller)


def _driven(runs: Sequence[Run], seconds: float) -> list[Measured]:
    """Fifty SKUs by one client, of each run the round in which most were answered."""
    wanted: Iterator[Request] = itertools.repeat(("GET", listing(), None, ""))
    rounds = [
        [drive(run.name, run.product, [(run.caller, wanted)], seconds=seconds / 2, expect=200) for run in runs]
        for _ in range(ROUNDS)
    ]
    return [
        replace(max(same, key=lambda row: row.rate), failures=_together(same)) for same in zip(*rounds, strict=True)
    ]


def _together(rows: Sequence[Measured]) -> dict[str, int]:
    return {words: times for row in rows for words, times in row.failures.items()}


def _settle() -> None:
    """Let the server do at once what it does within minutes of opening brands, lest it do it during the measuring.

    The connection goes: a backend that has seen every table holds half a gigabyte.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connection.close()


def _rss(leader: int) -> float:
    """Resident memory of the largest process of a group, in MiB."""
    found = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = dict(line.split(":", 1) for line in status.read_text().splitlines())
            group = int((status.parent / "stat").read_text().rpartition(")")[2].split()[2])
        except OSError:
            continue
        if group == leader and "VmRSS" in words:
            found = max(found, int(words["VmRSS"].split()[0]) / 1024)
    return found


def _show(rows: Sequence[Measured], memory: Sequence[float]) -> None:
    print(f"\n{'50 SKUs, JSON':24}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'PG CPU ms':>11}{'MiB a process':>15}")
    for row, mib in zip(rows, memory, strict=True):
        print(
            f"{row.name:24}{row.rate:>9.1f}{row.percentile(50):>9.1f}{row.percentile(95):>9.1f}"
            f"{row.cpu_ms(row.database_cpu):>11.2f}{mib:>15.0f}"
        )
    for row in rows[1:]:
        print(f"{row.name}: {row.percentile(50) / rows[0].percentile(50):.2f} × the time (aim: {SLOWER_WANTED})")


def _show_sweep() -> None:
    with counted() as seen:
        began = time.perf_counter()
        sweep()
        taken = time.perf_counter() - began
    print(f"sweep over {MANY} brands with nothing to relay: {1000 * taken:.0f} ms, {len(seen)} statements")


def _worker_memory(log: Path, database: str) -> float:
    """Resident memory of the largest worker process, in MiB, when it has swept every brand a few times."""
    with live_product(database, log, with_worker=True) as product:
        command = [sys.executable, "-m", "tests.flows.in_the_product", "queue", "core.events.tasks.sweep"]
        environment = product.environment | {"JIUMAI_POOL": "0"}
        for _ in range(3):
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        time.sleep(SWEPT_WITHIN_S)
        return _rss(product.processes["worker"].pid)


def _show_migration(log: Path, database: str) -> None:
    connections.close_all()
    command = [sys.executable, "manage.py", "migrate_brands"]
    environment = environment_of(database, log) | {"JIUMAI_POOL": "0"}
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    print(f"migrate_brands, all current: {time.perf_counter() - began:.1f} s (aim: {MIGRATED_WITHIN_S} s)")

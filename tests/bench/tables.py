"""What tables in and out cost: rows a second, seconds, the worker's memory at its peak, statements.

Every job runs in a process of its own that has loaded what a worker loads, so that the peak is a worker's.
``python -m tests.bench.tables`` runs this part alone.
"""

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

os.environ.setdefault("JIUMAI_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")

import django
from django.conf import settings

DATABASE = "jiumai_bench_tables"
AGREED = {"confirmed": True, "accept_guesses": True}
SKUS, DEALERS, BATCHES, LISTS = 20_000, 1_000, 5, 5
COUNTED_CSV_S, COUNTED_XLSX_S, WORKER_MB = 10.0, 12.0, 300
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Cost:
    """One job: rows, wall and processor seconds (the worker's, its reader's, its database backend's), memory at its
    peak (the worker's, its reader's), statements. Processor time says on a busy machine too what a job costs."""

    name: str
    rows: int
    seconds: float
    cpu_s: float
    reader_cpu_s: float
    database_cpu_s: float
    worker_mb: float
    reader_mb: float
    statements: int
    status: str
    counts: dict[str, int]


def measure() -> int:
    """Measure everything and print one table; 1 when an aim is missed or a job did not do what it should."""
    from core.db.acts import brand_schema
    from tests.portals import XINGHE

    print(f"Tables in and out: {SKUS:,} SKUs, {DEALERS:,} dealers, {SKUS * BATCHES:,} rows of stock …", flush=True)
    with brand_schema(XINGHE.schema):
        seat_id = _make_world()
    costs = [run_job(seat_id, asked) for asked in _imports()]
    costs += [run_job(seat_id, asked) for asked in _exports()]
    return _show(costs)


# what is asked -----------------------------------------------------------------------------------

Asked = tuple[str, str, dict[str, Any], bytes | None, bool]
"""Name, kind of job, parameters, source file, whether it only checks."""


def _imports() -> Iterator[Asked]:
    products = [("商品编码", "品名", "香型", "度数", "容量", "箱规", "系列", "版本"), *_products()]
    yield "20,000 SKUs, csv, dry run", "catalogue.import_products", {}, csv_of(products), True
    yield "20,000 SKUs, csv", "catalogue.import_products", AGREED, csv_of(products), False
    yield "20,000 SKUs again, xlsx", "catalogue.import_products", AGREED, xlsx_of(products), False
    dealers = [("经销商编码", "经销商名称", "层级", "区划代码", "渠道", "联系人", "账期", "信用代码"), *_dealers()]
    yield "1,000 dealers, csv", "dealers.import", AGREED, csv_of(dealers), False
    head = ("商品编码", "箱数", "瓶数", "批次")
    stock = {"warehouse": "W1", "batch": "BENCH-1"}
    counted = [head, *_counted(1)]
    yield "100,000 stock rows, csv, dry run", "stock.count", stock, csv_of(counted), True
    yield "100,000 stock rows, csv", "stock.count", stock, csv_of(counted), False
    yield "the same again, csv", "stock.count", stock, csv_of(counted), False
    changed = [head, *_counted(2)]
    yield "100,000 stock rows, xlsx, all changed", "stock.count", {**stock, "batch": "BENCH-2"}, xlsx_of(changed), False
    prices = [("价目表", "商品编码", "单位", "起订量", "单价", "生效日期"), *_prices()]
    yield "100,000 prices, csv, dry run", "prices.import", {}, csv_of(prices), True
    yield "100,000 prices, csv", "prices.import", {}, csv_of(prices), False
    yield "the same prices again, xlsx", "prices.import", {}, xlsx_of(prices), False


def _exports() -> Iterator[Asked]:
    for form in ("csv", "xlsx"):
        asked: dict[str, Any] = {"asked": {}, "format": form, "language": "zh-hans", "zone": "Asia/Shanghai"}
        yield f"stock, 100,000 rows, {form}", "lists.brand.stock", asked, None, False
        yield f"movements, {form}", "lists.brand.movements", asked, None, False


def _products() -> Iterator[Row]:
    for n in range(SKUS):
        yield (f"XH-NX-520-0500-NV-06-{n:05d}", f"量测酒{n:05d}", "浓香", 52, 500, 6, f"系列{n % 6}", f"{n:05d}")


def _dealers() -> Iterator[Row]:
    for n in range(DEALERS):
        yield (f"D{n:04d}", f"量测商贸{n:04d}有限公司", "市代", "370100", "流通", f"联系人{n}", 30, uscc_of(n))


def uscc_of(n: int) -> str:
    """A unified social credit code with its right check sign."""
    body = f"91370100{n:09d}"
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return body + _SIGNS[-total % 31]


_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _counted(turn: int) -> Iterator[Row]:
    shelf = random.Random(turn)
    for n in range(SKUS):
        for batch in range(BATCHES):
            yield (f"XH-NX-520-0500-NV-06-{n:05d}", shelf.randint(1, 400), shelf.randint(0, 5), f"2026{batch:02d}")


def _prices() -> Iterator[Row]:
    for n in range(SKUS):
        for place in range(LISTS):
            yield (f"L{place}", f"XH-NX-520-0500-NV-06-{n:05d}", "箱", 1, f"{1980 + place}.{n % 100:02d}", "")


def csv_of(rows: Sequence[Row]) -> bytes:
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode()


def xlsx_of(rows: Sequence[Row]) -> bytes:
    from core.files.rules import Type
    from core.files.sheets import write_table

    content = io.BytesIO()
    write_table(content, Type.XLSX, [str(cell) for cell in rows[0]], rows[1:], title="bench")  # type: ignore[arg-type]  # words and figures
    return content.getvalue()


def _make_world() -> UUID:
    """The brand's root, its administrator's seat, a warehouse; the rest comes by import."""
    from core.catalogue.models import CatalogueSettings
    from core.kernel import clock
    from tenants.access.models import Seat
    from tests.factories.channel import make_root
    from tests.factories.goods import make_warehouse
    from tests.factories.prices import make_list

    root = make_root("ROOT", "量测酒业", "140100")
    make_warehouse(root, "W1", "总仓")
    for place in range(LISTS):
        make_list(root, f"L{place}", f"量测价盘{place}")
    CatalogueSettings.objects.update_or_create(pk=1, defaults={"code_prefixes": "XH"})
    seat = Seat.objects.create(
        person_id=uuid4(),
        person_name="量测管理员",
        side=Seat.Side.BRAND,
        dealer_id=root.pk,
        dealer_name=root.name,
        roles=["brand_admin"],
        created_at=clock.now(),
    )
    return seat.pk


# running it ------------------------------------------------------------------------------------------


def run_job(seat_id: UUID, asked: Asked, *, database: str = DATABASE, schema: str = "") -> Cost:
    """Start the job as its door would, and let a worker's process do it. ``schema`` empty: the first test brand's."""
    from core.db.acts import brand_schema
    from core.files.rules import Purpose
    from core.files.services import store
    from core.jobs import services
    from core.tasks.actors import actor_of_seat
    from tests.live import environment_of
    from tests.portals import XINGHE

    name, kind, parameters, source, is_dry = asked
    schema = schema or XINGHE.schema
    with brand_schema(schema):
        actor = actor_of_seat(seat_id)
        if actor is None:
            raise RuntimeError("the administrator has no seat")
        ending = "xlsx" if source and source.startswith(b"PK") else "csv"
        stored = (
            store(actor=actor, upload=io.BytesIO(source), name=f"table.{ending}", purpose=Purpose.IMPORT)
            if source
            else None
        )
        job = services.start(
            actor=actor,
            kind=kind,
            parameters=parameters,
            source_file_id=stored.pk if stored else None,
            is_dry_run=is_dry,
        )
    command = [sys.executable, "-m", "tests.bench.tables", schema, str(job.pk), name]
    with tempfile.TemporaryDirectory() as log:
        environment = {**environment_of(database, Path(log)), "JIUMAI_POOL": "0", "JIUMAI_VAR": str(settings.VAR)}
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    cost = Cost(**json.loads(done.stdout.splitlines()[-1]))
    print(_line(cost), flush=True)
    return cost


def _work(schema: str, job_id: str, name: str) -> None:
    """Do one job in this process and say what it cost."""
    import core.project.celery  # noqa: F401 - a worker has loaded it
    from core.db.acts import brand_schema
    from core.jobs import services
    from core.jobs.models import Job
    from core.tasks.workers import collect_rarely
    from tests.bench.statements import counted

    collect_rarely()
    peaks = _Peaks()
    with brand_schema(schema), counted() as statements:
        began, used, used_there = time.perf_counter(), time.process_time(), backend_cpu_s()
        services.run(UUID(job_id))
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - used
        database_cpu_s = backend_cpu_s() - used_there
    with brand_schema(schema):
        job = Job.objects.get(pk=job_id)
    for failure in job.failures[:3]:
        print(failure, file=sys.stderr)
    cost = Cost(
        name=name,
        rows=job.done + job.failed,
        seconds=seconds,
        cpu_s=cpu_s,
        reader_cpu_s=sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]),
        database_cpu_s=database_cpu_s,
        worker_mb=_peak_mb("self"),
        reader_mb=peaks.reader_mb,
        statements=len(statements),
        status=job.status,
        counts={word: count for word, count in job.result.items() if isinstance(count, int) and count},
    )
    print(json.dumps(asdict(cost)))


def backend_cpu_s() -> float:
    """Processor seconds of this connection's backend so far; 0 where the server is not on this machine."""
    from core.db.acts import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    try:
        said = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(process: str) -> float:
    """The most memory a process has had, since it began its program: ``getrusage`` counts in who started it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # it is over
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


class _Peaks(threading.Thread):
    """Watches the process that reads workbooks, for as long as there is one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.reader_mb = 0.0
        self.start()

    def run(self) -> None:
        while True:
            for task in Path("/proc/self/task").iterdir():
                for child in (task / "children").read_text().split():
                    self.reader_mb = max(self.reader_mb, _peak_mb(child))
            time.sleep(0.02)


HEAD = (
    f"{'':40}{'rows':>9}{'rows/s':>9}{'s':>7}{'CPU s':>7}{'reader':>7}{'base':>7}{'worker MB':>11}{'reader MB':>11}"
    f"{'SQL':>6}"
)


def _line(cost: Cost) -> str:
    said = " ".join(f"{word} {count:,}" for word, count in cost.counts.items())
    return (
        f"{cost.name:40}{cost.rows:>9,}{cost.rows / max(cost.seconds, 0.001):>9,.0f}{cost.seconds:>7.2f}"
        f"{cost.cpu_s:>7.2f}{cost.reader_cpu_s:>7.2f}{cost.database_cpu_s:>7.2f}{cost.worker_mb:>11.0f}"
        f"{cost.reader_mb:>11.0f}{cost.statements:>6}  {cost.status} {said}"
    )


def _show(costs: Sequence[Cost]) -> int:
    print(f"\n{HEAD}")
    for cost in costs:
        print(_line(cost))
    aims: tuple[tuple[str, Callable[[Cost], bool]], ...] = (
        (f"100,000 rows of stock from csv in {COUNTED_CSV_S:.0f} s", _within("100,000 stock rows, csv", COUNTED_CSV_S)),
        (f"from xlsx in {COUNTED_XLSX_S:.0f} s", _within("100,000 stock rows, xlsx, all changed", COUNTED_XLSX_S)),
        (f"a worker of {WORKER_MB} MB", lambda cost: cost.worker_mb <= WORKER_MB),
        ("every job done", lambda cost: cost.status == "DONE"),
    )
    missed = [words for words, holds in aims if not all(map(holds, costs))]
    for words in missed:
        print(f"MISSED: {words}")
    return 1 if missed else 0


def _within(name: str, seconds: float) -> Callable[[Cost], bool]:
    return lambda cost: cost.name != name or cost.seconds <= seconds


def main() -> int:
    """This part alone: the table, and 1 when an aim is missed."""
    django.setup()
    if len(sys.argv) == 4:
        _work(*sys.argv[1:])
        return 0
    from infra.dev import servers
    from tests.database import test_database

    with servers.running(), test_database(DATABASE):
        return measure()


if __name__ == "__main__":
    sys.exit(main())

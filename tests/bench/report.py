"""The table `make bench` prints."""

import os
import platform
from collections.abc import Mapping, Sequence

from tests.bench.load import Measured

SHARE_WANTED = 0.2
ORDER = "order of 10 lines"


def show(rows: Sequence[Measured], counts: Mapping[str, int], limits: Mapping[str, float]) -> int:
    """Print everything; 1 when any request was refused that should not have been."""
    print(f"\n{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, one run\n")
    print(f"{'':34}{'clients':>8}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'web CPU ms':>12}{'PG CPU ms':>11}{'SQL':>6}")
    for row in rows:
        print(
            f"{row.name:34}{row.clients:>8}{row.rate:>9.1f}{row.percentile(50):>9.1f}{row.percentile(95):>9.1f}"
            f"{row.cpu_ms(row.web_cpu):>12.2f}{row.cpu_ms(row.database_cpu):>11.2f}{counts.get(row.name, 0):>6}"
        )
    print("\nStatements (BEGIN/COMMIT/SET apart): " + ", ".join(f"{name} {n}" for name, n in counts.items()))
    for script, rate in limits.items():
        print(f"yardstick {script:22} 8 clients {rate:9.1f} orders/s")
    for row in rows:
        if row.name.startswith(ORDER) and row.clients == 8:
            share = row.rate / limits["statements15.sql"]
            print(f"{row.name}, over HTTP at 8 clients: {share:.3f} of statements15.sql (aim: {SHARE_WANTED})")
    return _failures(rows)


def _failures(rows: Sequence[Measured]) -> int:
    failed = [(row, failure, times) for row in rows for failure, times in row.failures.items()]
    for row, failure, times in failed:
        print(f"REFUSED {row.name}, {row.clients} clients: {times} × {failure}")
    return 1 if failed else 0

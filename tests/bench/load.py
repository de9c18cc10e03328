"""Closed-loop load: each client sends its next request when the last is answered, over one keep-alive connection."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from tests.live import Caller, LiveProduct

Request = tuple[str, str, object, str]
"""Method, path, body, idempotency key."""


@dataclass(slots=True)
class Measured:
    """What a run came to. Latencies in milliseconds; CPU seconds by kind of process; machine of two cores shared."""

    name: str
    clients: int
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    web_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, which: int) -> float:
        """p50, p95 … in milliseconds."""
        return quantiles(self.latencies, n=100)[which - 1] if len(self.latencies) > 1 else 0.0

    def cpu_ms(self, seconds: float) -> float:
        """CPU of a request in milliseconds."""
        return 1000 * seconds / len(self.latencies) if self.latencies else 0.0


def drive(
    name: str, product: LiveProduct, callers: list[tuple[Caller, Iterator[Request]]], *, seconds: float, expect: int
) -> Measured:
    """Drive every caller for ``seconds`` after a warm-up of a fifth; what is not answered ``expect`` is a failure."""
    measured = Measured(name, len(callers))
    _run(callers, seconds / 5, expect, Measured(name, 0))
    before = _cpu(product)
    started = time.perf_counter()
    _run(callers, seconds, expect, measured)
    measured.seconds = time.perf_counter() - started
    after = _cpu(product)
    measured.web_cpu, measured.database_cpu = after[0] - before[0], after[1] - before[1]
    return measured


def _run(callers: list[tuple[Caller, Iterator[Request]]], seconds: float, expect: int, into: Measured) -> None:
    end = time.perf_counter() + seconds
    lock = threading.Lock()

    def loop(caller: Caller, requests: Iterator[Request]) -> None:
        latencies, failures = [], []
        while time.perf_counter() < end:
            method, path, body, key = next(requests)
            began = time.perf_counter()
            reply = caller.send(method, path, body, key=key)
            if reply.status == expect:
                latencies.append(1000 * (time.perf_counter() - began))
            else:
                failures.append(f"{reply.status} {reply.body[:200].decode(errors='replace')}")
        with lock:
            into.latencies += latencies
            for failure in failures:
                into.failures[failure] = into.failures.get(failure, 0) + 1

    _together([lambda c=caller, r=requests: loop(c, r) for caller, requests in callers])  # type: ignore[misc]


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cpu(product: LiveProduct) -> tuple[float, float]:
    """CPU seconds so far of the web processes and of all PostgreSQL processes, as the kernel counts them."""
    web, database = 0.0, 0.0
    group = os.getpgid(product.processes["web"].pid)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            name, process_group, seconds = _times(entry)
            web += seconds if process_group == group else 0.0
            database += seconds if name == "postgres" else 0.0
    return web, database


def _times(process: Path) -> tuple[str, int, float]:
    """Name, process group and CPU seconds (user and system); nothing for one that has just ended."""
    try:
        name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return "", 0, 0.0
    fields = rest.split()
    return name, int(fields[2]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

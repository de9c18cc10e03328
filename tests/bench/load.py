"""Closed-loop load: each client sends its next request when the last is answered, over one keep-alive connection."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Self

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


class Line:
    """One keep-alive connection that does as little as it can: the machine's cores are the product's and the
    database's, as they are when the yardstick runs.
    """

    def __init__(self, caller: Caller) -> None:
        self._socket = socket.create_connection(("127.0.0.1", caller.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        words = {"Host": f"{caller.host}:{caller.port}", "Accept": "application/json"}
        words |= {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
        words |= {"Cookie": caller.cookie} if caller.cookie else {}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in words.items())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def written(self, method: str, path: str, body: object, key: str) -> bytes:
        """The request as it goes over the wire."""
        content = b"" if body is None else json.dumps(body).encode()
        more = f"Idempotency-Key: {key}\r\n" if key else ""
        more += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
        return f"{method} {path} HTTP/1.1\r\n{self._head}{more}\r\n".encode() + content

    def answer(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises ``ConnectionError`` when the product hangs up, ``ValueError`` without a length."""
        self._socket.sendall(request)
        got = self._more()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower() + b"\r\n"
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        while len(got) < end + 4 + length:
            got += self._more()
        return int(head[9:12]), got[end + 4 :]

    def _more(self) -> bytes:
        some = self._socket.recv(65_536)
        if not some:
            raise ConnectionError("the product hung up")
        return some


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
        with Line(caller) as line:
            while time.perf_counter() < end:
                request = line.written(*next(requests))
                began = time.perf_counter()
                status, body = line.answer(request)
                if status == expect:
                    latencies.append(1000 * (time.perf_counter() - began))
                else:
                    failures.append(f"{status} {body[:200].decode(errors='replace')}")
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

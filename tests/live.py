"""The running product for tests: granian and a real worker over a database of their own, on loopback.

Used by flows, races, browser tests and the benchmarks. What such tests write is really committed, so every module
gets a fresh copy of the database and its own cast in it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
HEALTHY_WITHIN_S = 60
BLOCKING_THREADS = 4
_IS_TEST = "PYTEST_VERSION" in os.environ
"""Benchmarks measure the product as it is; under pytest its statements are watched, and its processes start quicker."""
_SETTINGS = "tests.watched_settings" if _IS_TEST else "core.project.settings"
_GRANIAN = (
    (sys.executable, "-m", "tests.preloaded_granian") if _IS_TEST else (str(Path(sys.executable).parent / "granian"),)
)
REDIS_NUMBER = int(os.environ.get("JIUMAI_TEST_REDIS", "9"))
"""Redis database of live products; the demo's own is 0, and runs side by side are given one each."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        value = json.loads(self.body)
        if not isinstance(value, dict):
            raise TypeError("not an object")
        return value

    @property
    def code(self) -> str:
        """The refusal's code, or the code of its first fault."""
        return str(self.json.get("code", ""))


@dataclass(slots=True)
class Caller:
    """One keep-alive connection to the product under one host name, with a token where given."""

    port: int
    host: str
    token: str = ""
    cookie: str = ""
    connection: HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send(
        self, method: str, path: str, body: object = None, *, key: str = "", headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request (``body`` as JSON unless bytes) and read the whole answer."""
        sent = {"Host": f"{self.host}:{self.port}", "Accept": "application/json", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cookie:
            sent["Cookie"] = self.cookie
        if key:
            sent["Idempotency-Key"] = key
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request(method, path, body=data, headers=sent)
            answer = self.connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, HTTPException):
            self.close()
            raise

    def get(self, path: str, **query: str) -> Reply:
        """Send a GET."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object = None, *, key: str = "") -> Reply:
        """Send a POST with a JSON body."""
        return self.send("POST", path, {} if body is None else body, key=key)


@dataclass(slots=True)
class LiveProduct:
    """A started web process (and worker, when asked for) over ``database``."""

    port: int
    database: str
    environment: dict[str, str]
    log: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def caller(self, host: str, token: str = "") -> Caller:
        """A new connection under ``host``."""
        return Caller(self.port, host, token)

    def address(self, host: str, path: str = "/") -> str:
        """Browser address of ``path`` on ``host``."""
        return f"http://{host}:{self.port}{path}"

    def start(self, name: str, *command: str) -> None:
        """Start one process in a group of its own; what it prints goes to its log."""
        with (self.log / f"{name}.log").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self, name: str, *, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop one process; its group is killed when it lingers."""
        process = self.processes.pop(name)
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def start_web(self, *, workers: int = 2) -> None:
        """Start granian and wait until it is ready."""
        self.start(
            "web",
            *_GRANIAN,
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS), "--no-ws"),
            "core.project.wsgi:application",
        )
        self._wait_until_ready()

    def start_worker(self, *further: str) -> None:
        """Start a Celery worker with two processes; ``further`` arguments are Celery's own."""
        celery = str(Path(sys.executable).parent / "celery")
        arguments = ("-A", "core.project.celery", "worker", "--pool", "prefork", "--concurrency", "2")
        # The pool is the web process' alone.
        self.start("worker", "env", "JIUMAI_POOL=0", celery, *arguments, "--loglevel", "WARNING", *further)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + HEALTHY_WITHIN_S
        while time.monotonic() < end:
            if self.processes["web"].poll() is not None:
                break
            try:
                with Caller(self.port, settings.BASE_DOMAIN) as caller:
                    if caller.get("/readyz").status == 200:
                        return
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the web process did not become ready:\n{(self.log / 'web.log').read_text()[-4000:]}")


def database_url(name: str) -> str:
    """The URL of another database on the same server as the tests'."""
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(parts._replace(path=f"/{name}"))


def redis_url() -> str:
    """The Redis of live products: the same server, another database number."""
    if settings.REDIS_URL.startswith("unix://"):
        return f"{settings.REDIS_URL.partition('?')[0]}?db={REDIS_NUMBER}"
    return urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{REDIS_NUMBER}"))


@contextmanager
def live_product(
    database: str, log: Path, *, workers: int = 2, with_worker: bool = False, **environment: str
) -> Iterator[LiveProduct]:
    """Start the product over ``database`` and stop it after. Further ``environment`` overrides the product's own."""
    port = _free_port()  # the product writes addresses of its other hosts with it
    told = {**environment_of(database, log), "JIUMAI_PORT": str(port), **environment}
    product = LiveProduct(port=port, database=database, environment=told, log=log)
    try:
        product.start_web(workers=workers)
        if with_worker:
            product.start_worker()
        yield product
    finally:
        for name in list(product.processes):
            product.stop(name)


def environment_of(database: str, log: Path) -> dict[str, str]:
    """What every process over ``database`` is told."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": _SETTINGS,
        "DATABASE_URL": database_url(database),
        "REDIS_URL": redis_url(),
        "JIUMAI_ENV": "test",
        "JIUMAI_ONE_PROCESS": "0",
        "JIUMAI_POOL": str(BLOCKING_THREADS),
        "JIUMAI_QUEUE": f"jiumai-{database}",
        "JIUMAI_VAR": str(log / "var"),
        "JIUMAI_SCHEMA_TEXTS": str(settings.SCHEMA_TEXTS),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

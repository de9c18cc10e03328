"""`make demo`: the whole product on this machine, until Ctrl-C.

Run again it goes on with the same data. Whatever goes wrong is said in a sentence, and nothing is left running.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from infra.dev import catalogues, servers
from infra.dev.places import ROOT, VENV, CannotGoOn, Places, last_lines, only_one, places
from infra.dev.postgres import Postgres
from infra.dev.processes import Processes, Program, end_remains

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTHY_WITHIN_S = 90
BLOCKING_THREADS = 4
MADE_BY_US = ("postgres", "redis", "files", "static", "static.stamp", "log", "celerybeat-schedule*", "servers.json")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the demo is found."""

    host: str
    port: int
    domain: str

    @classmethod
    def of_environment(cls) -> Address:
        """From JIUMAI_HOST, JIUMAI_PORT and JIUMAI_BASE_DOMAIN.

        Raises CannotGoOn when the port is no number.
        """
        port = os.environ.get("JIUMAI_PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise CannotGoOn(f"JIUMAI_PORT is {port!r}: it must be a number from 1 to 65535.")
        domain = os.environ.get("JIUMAI_BASE_DOMAIN", "jiumai.localhost")
        return cls(host=os.environ.get("JIUMAI_HOST", "127.0.0.1"), port=int(port), domain=domain)

    @property
    def url(self) -> str:
        return f"http://{self.domain}:{self.port}"


def run(*, anew: bool) -> None:
    """Prepare, start, say where, and stay until told to stop. `anew` forgets all data of the demo first.

    Raises CannotGoOn when something does not work or a part dies.
    """
    where = places()
    where.make()
    address = Address.of_environment()
    sentence = f"The demo is already running: open {address.url}, or stop it where it runs with Ctrl-C."
    with only_one(where.run / "demo.lock", wait=False, sentence=sentence), _stop_signals():
        left = end_remains(where)
        if left:
            print(f"A former demo had not been stopped; what it left running was ended: {', '.join(left)}.", flush=True)
        _assert_free(address)
        if anew:
            _forget(where)
        with servers.running(where) as said:
            print("\n".join(said), flush=True)
            _run_until_stopped(where, address)
    print("Stopped.", flush=True)


def _run_until_stopped(where: Places, address: Address) -> None:
    environment = _environment(where, address)
    processes = Processes(where, environment)
    try:
        _prepare(where, environment)
        for program in _programs(address):
            processes.start(program)
        _wait_until_healthy(address, processes)
        print(f"\n酒脉 Jiumai runs at {address.url}\n", flush=True)
        _manage(environment, "demo_accounts")
        print(f"\nLogs are in {where.log}. Ctrl-C stops everything; the data stays.", flush=True)
        while True:
            time.sleep(0.5)
            processes.assert_alive()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        # From here on a second Ctrl-C must not leave half of it running; every wait below has an end.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        processes.stop()


def _environment(where: Places, address: Address) -> dict[str, str]:
    return {
        "JIUMAI_ENV": "dev",
        "DJANGO_SETTINGS_MODULE": "core.project.settings",
        **os.environ,
        **servers.addresses(where),
        "JIUMAI_VAR": str(where.var),
        "JIUMAI_PORT": str(address.port),
        "JIUMAI_BASE_DOMAIN": address.domain,
        "PYTHONUNBUFFERED": "1",
    }


def _programs(address: Address) -> tuple[Program, ...]:
    celery = (str(VENV / "bin" / "celery"), "-A", "core.project.celery")
    web = (
        str(VENV / "bin" / "granian"),
        *("--interface", "wsgi", "--host", address.host, "--port", str(address.port)),
        *("--workers", "2", "--blocking-threads", str(BLOCKING_THREADS), "--no-ws"),
        "core.project.wsgi:application",
    )
    # One connection a thread; only the web process keeps a pool, since Celery closes it after every task.
    pooled = ("env", f"JIUMAI_POOL={BLOCKING_THREADS}", *web)
    # There is one worker: it need not look for others.
    alone = ("--without-mingle", "--without-gossip")
    worker = (*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO", *alone)
    beat = (*celery, "beat", "--loglevel", "INFO", "--pidfile=")
    return (
        Program("worker", worker, patience_s=60, is_replaceable=True),
        Program("beat", beat, is_replaceable=True),
        Program("web", pooled),
    )


def _prepare(where: Places, environment: dict[str, str]) -> None:
    catalogues.compile_catalogues()
    _collect_static(where, environment)
    _step("Bringing the database up to date …", environment, "migrate_schemas", "--shared", "--verbosity", "0")
    _step("", environment, "migrate_schemas", "--tenant", "--verbosity", "0")
    _manage(environment, "seed_demo")


def _collect_static(where: Places, environment: dict[str, str]) -> None:
    """Collect the static files when one of them, or the lock, has changed."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted(ROOT.glob("*/**/static/**/*")):
        if path.is_file() and VENV not in path.parents and where.var not in path.parents:
            digest.update(f"{path}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    stamp = where.var / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and (where.var / "static").exists():
        return
    # htmx's extensions are unused, and a comment in one of them looks like an import of a file that is not there.
    options = ("--noinput", "--clear", "--verbosity", "0", "--ignore", "django_htmx/ext/*")
    _step("Collecting static files …", environment, "collectstatic", *options)
    stamp.write_text(digest.hexdigest())


def _step(sentence: str, environment: dict[str, str], *command: str) -> None:
    """Run one of Django's commands in silence; its words are shown when it fails."""
    if sentence:
        print(sentence, flush=True)
    log = places().log / f"{command[0]}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            _django(*command), cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise CannotGoOn(f"`manage.py {' '.join(command)}` failed; the end of {log}:\n{last_lines(log)}")


def _manage(environment: dict[str, str], *command: str) -> None:
    """Run one of Django's commands that speaks to the reader: progress, tables."""
    done = subprocess.run(_django(*command), cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise CannotGoOn(f"`manage.py {' '.join(command)}` failed (see above).")


def _django(*command: str) -> tuple[str, ...]:
    return (str(VENV / "bin" / "python"), "manage.py", *command)


def _assert_free(address: Address) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except PermissionError as problem:
            raise CannotGoOn(
                f"Port {address.port} needs more rights than yours: choose one above 1023, "
                "as in `JIUMAI_PORT=8001 make demo`."
            ) from problem
        except OSError as problem:
            raise CannotGoOn(
                f"Port {address.port} is in use by another program: stop that, or choose another port, "
                f"as in `JIUMAI_PORT={address.port % 65535 + 1} make demo`."
            ) from problem


def _wait_until_healthy(address: Address, processes: Processes) -> None:
    print("Starting …", flush=True)
    end = time.monotonic() + HEALTHY_WITHIN_S
    answer = ""
    while time.monotonic() < end:
        processes.assert_alive()
        answer = _health(address)
        if answer == "200" and processes.has_printed("worker", " ready."):
            return
        time.sleep(0.3)
    raise CannotGoOn(
        f"The demo did not become healthy within {HEALTHY_WITHIN_S} s (last answer of /readyz: {answer}); "
        f"the logs are in {processes.places.log}, the end of the web server's:\n"
        f"{last_lines(processes.places.log / 'web.log')}"
    )


def _health(address: Address) -> str:
    connection = HTTPConnection(address.host, address.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"{address.domain}:{address.port}"})
        return str(connection.getresponse().status)
    except (OSError, HTTPException) as problem:
        return str(problem)
    finally:
        connection.close()


def _forget(where: Places) -> None:
    """Delete what the demo made, and nothing else that lies in the var directory."""
    named = [name for name in servers.VARIABLES if os.environ.get(name)]
    if named:
        raise CannotGoOn(f"{' and '.join(named)} names a server that is not the demo's own: empty it there.")
    servers.stop(where)
    Postgres(where).forget()
    for path in [path for pattern in MADE_BY_US for path in where.var.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    where.make()
    print("The demo's data was deleted.", flush=True)


@contextmanager
def _stop_signals() -> Iterator[None]:
    """TERM and a closed terminal stop the demo as Ctrl-C does, also where it was started with Ctrl-C ignored."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

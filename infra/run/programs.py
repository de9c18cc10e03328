"""The three programs and their arguments, from the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BIN = Path(sys.executable).parent
CELERY = (str(BIN / "celery"), "--quiet", "-A", "core.project.celery")
"""Quiet: a banner is no line of a log."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started, and how it is stopped.

    ``quiet_s``: how long it still serves while it already says that it will stop; ``patience_s``: how long it may
    take from the signal to its end before it is killed; ``environment`` is added to ours.
    """

    command: tuple[str, ...]
    patience_s: float
    quiet_s: float = 0
    environment: tuple[tuple[str, str], ...] = ()


def program(name: str, environment: Mapping[str, str] = os.environ) -> Program:
    """The program called ``web``, ``worker`` or ``beat``. Raises ``ValueError`` for numbers that are none."""
    patience_s = float(environment.get("JIUMAI_STOP_SECONDS", "30"))
    if name == "web":
        return _web(environment, patience_s)
    if name == "worker":
        processes = str(int(environment.get("JIUMAI_WORKER_PROCESSES", "2")))
        # Nothing here asks other workers anything, and they need not wait for each other when they start.
        arguments = ("--pool", "prefork", "--concurrency", processes, "--without-mingle", "--without-gossip")
        command = (*CELERY, "worker", "--loglevel", "INFO", *arguments)
        return Program(command, patience_s, environment=(("JIUMAI_POOL", "0"),))
    # No pid file: whoever runs this makes sure that there is one beat.
    return Program((*CELERY, "beat", "--loglevel", "INFO", "--pidfile="), 5, environment=(("JIUMAI_POOL", "0"),))


def _web(environment: Mapping[str, str], patience_s: float) -> Program:
    threads = str(int(environment.get("JIUMAI_WEB_THREADS", "4")))
    where = ("--host", environment.get("JIUMAI_HOST", "127.0.0.1"), "--port", environment.get("JIUMAI_PORT", "8000"))
    size = ("--workers", str(int(environment.get("JIUMAI_WEB_WORKERS", "2"))), "--blocking-threads", threads)
    # A worker process that dies is replaced; one that grows beyond its share is too, between two requests.
    life = ("--respawn-failed-workers", "--workers-kill-timeout", str(int(patience_s)), "--log-level", "warning")
    command = (str(BIN / "granian"), "--interface", "wsgi", *where, *size, "--no-ws", *life)
    pool = environment.get("JIUMAI_POOL", threads)  # a connection a thread
    return Program(
        (*command, "core.project.wsgi:application"),
        patience_s + 5,
        quiet_s=float(environment.get("JIUMAI_DRAIN_SECONDS", "5")),
        environment=(("JIUMAI_POOL", pool),),
    )

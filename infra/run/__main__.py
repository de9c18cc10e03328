"""``python -m infra.run web|worker|beat``: one program of the product, until SIGTERM or Ctrl-C.

Told to stop, it first says so by the file that ``JIUMAI_DRAIN_FILE`` names (``/readyz`` turns 503, long jobs hand
themselves back), then passes the signal on, and waits for what is under way.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.programs import Program, program

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
_LOOK_S = 0.2


def main(arguments: list[str] | None = None) -> int:
    """Run one program to its end; its exit status, or 1 when it had to be killed."""
    parser = argparse.ArgumentParser(prog="python -m infra.run")
    parser.add_argument("program", choices=["web", "worker", "beat"])
    known, further = parser.parse_known_args(arguments)  # further words are the program's own: worker -Q imports
    name = known.program
    with tempfile.TemporaryDirectory(prefix=f"jiumai-{name}-") as own:
        return _run(program(name), Path(own), is_web=name == "web", further=further)


def _run(what: Program, own: Path, *, is_web: bool, further: list[str]) -> int:
    drain_file = own / "draining"
    environment = {"DJANGO_SETTINGS_MODULE": "core.project.settings", **os.environ, **dict(what.environment)}
    environment["JIUMAI_DRAIN_FILE"] = str(drain_file)
    if is_web:
        figures = own / "figures"  # every worker process writes its own there; a scrape adds them up
        figures.mkdir()
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    # Beat keeps its notes there, and dies of a folder that is not.
    Path(environment.get("JIUMAI_VAR") or ROOT / "var").mkdir(parents=True, exist_ok=True)
    is_told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        is_told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # A session of its own: Ctrl-C in a terminal reaches this process alone, and it decides the order.
    child = subprocess.Popen([*what.command, *further], cwd=ROOT, env=environment, start_new_session=True)
    while child.poll() is None and not is_told.is_set():
        is_told.wait(_LOOK_S)
    if child.poll() is not None:
        return child.returncode or 1  # nobody told it to stop
    drain_file.touch()
    with suppress(subprocess.TimeoutExpired):
        child.wait(what.quiet_s)
    return _ended(child, what.patience_s)


def _ended(child: subprocess.Popen[bytes], patience_s: float) -> int:
    child.terminate()
    try:
        status = child.wait(patience_s)
    except subprocess.TimeoutExpired:
        status = 1
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # a parent that was killed leaves its workers behind
    child.wait()
    return 0 if status == -signal.SIGTERM else status  # beat has nothing to bring to an end, and simply goes


if __name__ == "__main__":
    sys.exit(main())

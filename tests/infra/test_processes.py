"""The demo's programs: what may be replaced is, what may not stops the demo with a sentence."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.dev import processes as module
from infra.dev.places import CannotGoOn, Places
from infra.dev.processes import Processes, Program

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")
DIES = (sys.executable, "-c", "raise SystemExit(3)")


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    places = Places(tmp_path)
    places.make()
    made = Processes(places, {"PATH": "/usr/bin:/bin"})
    yield made
    made.stop()


def kill(processes: Processes, program: Program) -> int:
    process = processes.running[program]
    process.kill()
    process.wait()
    return process.pid


def test_a_killed_worker_is_started_anew(processes: Processes) -> None:
    worker, web = Program("worker", SLEEPS, is_replaceable=True), Program("web", SLEEPS)
    processes.start(worker)
    processes.start(web)
    before = kill(processes, worker)
    processes.assert_alive()
    assert processes.running[worker].pid != before
    assert processes.running[worker].poll() is None


def test_a_killed_web_process_ends_the_demo(processes: Processes) -> None:
    web = Program("web", SLEEPS)
    processes.start(web)
    kill(processes, web)
    with pytest.raises(CannotGoOn, match="web has stopped"):
        processes.assert_alive()


def test_a_worker_that_keeps_dying_ends_it_too(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REPLACEMENTS", 2)
    processes.start(Program("worker", DIES, is_replaceable=True))
    with pytest.raises(CannotGoOn, match="worker has stopped"):
        for _ in range(400):
            processes.assert_alive()
            time.sleep(0.05)

"""The demo's own processes: started, watched, stopped, and found again after a demo that was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from infra.dev.places import ROOT, CannotGoOn, Places, last_lines

MOST_REPLACEMENTS = 20
"""A program that dies more often than this is broken: then the demo stops and says so."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and how long it may take to stop by itself.

    ``is_replaceable``: when it dies it is started anew, since the rest goes on without it for a while.
    """

    name: str
    command: tuple[str, ...]
    patience_s: float = 15
    is_replaceable: bool = False


@dataclass(slots=True)
class Processes:
    """Every child stands in a process group of its own, so Ctrl-C reaches the demo alone and it decides the order."""

    places: Places
    environment: dict[str, str]
    running: dict[Program, subprocess.Popen[bytes]] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)

    def start(self, program: Program, *, log_mode: str = "wb") -> None:
        """Start a program; what it prints goes to its log, which begins anew (``ab``: goes on)."""
        with self._log(program).open(log_mode) as log:
            self.running[program] = subprocess.Popen(
                program.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._record()

    def assert_alive(self) -> None:
        """Start a replaceable program anew that has died, as often as MOST_REPLACEMENTS.

        Raises CannotGoOn, with the end of its log, for any other.
        """
        for program, process in list(self.running.items()):
            if process.poll() is not None:
                if program.is_replaceable and self.replaced.get(program.name, 0) < MOST_REPLACEMENTS:
                    self._replace(program, process)
                    continue
                log = self._log(program)
                raise CannotGoOn(
                    f"{program.name} has stopped (status {process.returncode}); the end of {log}:\n{last_lines(log)}"
                )

    def _replace(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        self.replaced[program.name] = self.replaced.get(program.name, 0) + 1
        _kill_group(process.pid)  # a parent that was killed leaves its workers behind
        print(f"{program.name} has died (status {process.returncode}) and is started anew.", flush=True)
        self.start(program, log_mode="ab")

    def has_printed(self, name: str, words: str) -> bool:
        """Whether the log of a program holds these words."""
        return words in (self.places.log / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """Ask all to stop at once; who does not within its time is killed with its group."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for program, process in self.running.items():
            try:
                process.wait(program.patience_s)
            except subprocess.TimeoutExpired:
                print(f"{program.name} did not stop within {program.patience_s:.0f} s and is killed.", flush=True)
            # Also after a calm end: a parent that was killed leaves its workers behind.
            _kill_group(process.pid)
            process.wait()
        self.running.clear()
        _record_file(self.places).unlink(missing_ok=True)

    def _log(self, program: Program) -> Path:
        return self.places.log / f"{program.name}.log"

    def _record(self) -> None:
        rows = [
            {"name": program.name, "pid": process.pid, "began": _began(process.pid)}
            for program, process in self.running.items()
        ]
        _record_file(self.places).write_text(json.dumps(rows))


def end_remains(places: Places) -> list[str]:
    """End the processes that a killed demo left; returns their names.

    A process counts as left only when it began at the recorded moment: its number may belong to another by now.
    """
    record = _record_file(places)
    if not record.exists():
        return []
    left = [row for row in json.loads(record.read_text()) if _group_is_ours(row["pid"], row["began"])]
    for row in left:
        os.killpg(row["pid"], signal.SIGTERM)
    end = time.monotonic() + 10
    while any(_group_exists(row["pid"]) for row in left) and time.monotonic() < end:
        time.sleep(0.1)
    for row in left:
        _kill_group(row["pid"])
    record.unlink()
    return [str(row["name"]) for row in left]


def _record_file(places: Places) -> Path:
    return places.run / "demo.json"


def _began(pid: int) -> str:
    """When a process began, in clock ticks since the machine did; empty where there is no /proc or no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _group_is_ours(pid: int, began: str) -> bool:
    return bool(began) and _began(pid) == began


def _group_exists(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return

"""`make test`: the many small tests first, then those that start the whole product, some of them at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.dev import browser, catalogues, servers
from infra.dev.places import ROOT, VENV, CannotGoOn, places

WALK = "tests/browser/test_pages_fit_and_speak.py"
"""Every page in every look: as long as all other tests with a browser."""
KILLS = tuple(sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/flows/test_*_killed.py")))
"""What is killed is started anew, again and again: as long as all other flows."""
WHOLE_PRODUCT = (
    (WALK,),
    ("tests/flows", *(f"--ignore={path}" for path in KILLS)),
    KILLS,
    ("tests/browser", f"--ignore={WALK}"),
    ("tests/races",),
)
"""They start servers, workers and browsers of their own: one after the other within a run, the runs side by side.

The longest stand first.
"""
MOST_RUNS = 3
"""At a time: with more of them two cores only make each other late."""
FOLDERS_OF_THE_WHOLE = ("tests/flows", "tests/races", "tests/browser")
NOT_TESTS = ("tests/bench",)
NOTHING_COLLECTED = 5
MOST_WORKERS = 4
"""Each has a database of its own; more of them only wait for one disk."""
FIRST_REDIS = 11
"""Redis databases from here on belong to the runs side by side."""


def run(arguments: list[str]) -> None:
    """Run the tests, or only the paths and options given.

    Raises CannotGoOn when one fails, or when there was none.
    """
    browser.ensure()
    catalogues.compile_catalogues()
    with servers.running():
        if arguments:
            statuses = [_pytest(*arguments)]
        else:
            apart = [f"--ignore={folder}" for folder in (*FOLDERS_OF_THE_WHOLE, *NOT_TESTS)]
            workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
            statuses = [_pytest("tests", *apart, "-n", workers, "--dist", "loadfile"), *_side_by_side()]
    if all(status == NOTHING_COLLECTED for status in statuses):
        raise CannotGoOn("No test was found.")
    if any(status not in (0, NOTHING_COLLECTED) for status in statuses):
        raise CannotGoOn("Tests failed.")


def _pytest(*arguments: str) -> int:
    return subprocess.run(_command(*arguments), cwd=ROOT, env=_environment(), check=False).returncode


def _side_by_side() -> list[int]:
    """The runs over the whole product, a database and a Redis number each; what one prints stays together."""
    with ThreadPoolExecutor(MOST_RUNS) as at_a_time:
        runs = [at_a_time.submit(_apart, number, folders) for number, folders in enumerate(WHOLE_PRODUCT)]
        return [_told(*run.result()) for run in runs]


def _apart(number: int, folders: Sequence[str]) -> tuple[int, Path]:
    own = {"JIUMAI_TEST_DB": f"test_jiumai_{number}", "JIUMAI_TEST_REDIS": str(FIRST_REDIS + number)}
    log = places().log / f"tests-{number}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            _command(*folders), cwd=ROOT, env=_environment() | own, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    return done.returncode, log


def _told(status: int, log: Path) -> int:
    sys.stdout.write(log.read_text(errors="replace"))
    sys.stdout.flush()
    return status


def _command(*arguments: str) -> list[str]:
    return [str(VENV / "bin" / "pytest"), *arguments]


def _environment() -> dict[str, str]:
    return {"JIUMAI_ENV": "test", **os.environ, **servers.addresses()}

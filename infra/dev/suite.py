"""`make test`: the tests in two runs, so that those which need the machine to themselves have it."""

from __future__ import annotations

import os
import subprocess

from infra.dev import browser, catalogues, servers
from infra.dev.places import ROOT, VENV, CannotGoOn

ALONE = ("tests/flows", "tests/races", "tests/browser")
"""They start servers, workers and browsers of their own: one after the other."""
NOT_TESTS = ("tests/bench",)
NOTHING_COLLECTED = 5
MOST_WORKERS = 4
"""Each has a database of its own; more of them only wait for one disk."""


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
            alone = tuple(folder for folder in ALONE if (ROOT / folder).exists())
            apart = [f"--ignore={folder}" for folder in (*ALONE, *NOT_TESTS)]
            workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
            statuses = [_pytest("tests", *apart, "-n", workers, "--dist", "loadfile")]
            if alone:
                statuses.append(_pytest(*alone))
    if all(status == NOTHING_COLLECTED for status in statuses):
        raise CannotGoOn("No test was found.")
    if any(status not in (0, NOTHING_COLLECTED) for status in statuses):
        raise CannotGoOn("Tests failed.")


def _pytest(*arguments: str) -> int:
    environment = {"JIUMAI_ENV": "test", **os.environ, **servers.addresses()}
    return subprocess.run([str(VENV / "bin" / "pytest"), *arguments], cwd=ROOT, env=environment, check=False).returncode

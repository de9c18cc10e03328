"""`make lock`: requirements.lock made again from pyproject.toml, with hashes and without any index's address."""

from __future__ import annotations

import subprocess

from infra.dev.places import ROOT, VENV, CannotGoOn


def run() -> None:
    """Write the lock; versions it already has stay where pyproject.toml allows them.

    Raises CannotGoOn when the packages cannot be brought together.
    """
    wanted = ("pyproject.toml", "--all-extras", "--python-version", "3.11")
    form = ("--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet", "--output-file", "requirements.lock")
    done = subprocess.run([str(VENV / "bin" / "uv"), "pip", "compile", *wanted, *form], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotGoOn("The lock was not made (see above).")

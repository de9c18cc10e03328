"""`make lock`: both locks made again from pyproject.toml, with hashes and without any index's address.

requirements.lock is the developer's, infra/container/requirements.lock what runs in production: a part of it.
"""

from __future__ import annotations

import subprocess

from infra.dev.places import ROOT, VENV, CannotGoOn

DEVELOPMENT = "requirements.lock"
PRODUCTION = "infra/container/requirements.lock"
PRODUCTION_EXTRAS = ("programs", "telemetry")


def run() -> None:
    """Write the locks; versions they already have stay where pyproject.toml allows them.

    Raises CannotGoOn when the packages cannot be brought together.
    """
    _compile("--all-extras", "--output-file", DEVELOPMENT)
    extras = tuple(word for extra in PRODUCTION_EXTRAS for word in ("--extra", extra))
    _compile(*extras, "--constraint", DEVELOPMENT, "--no-annotate", "--output-file", PRODUCTION)


def _compile(*arguments: str) -> None:
    wanted = ("pip", "compile", "pyproject.toml", "--python-version", "3.11")
    form = ("--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet")
    done = subprocess.run([str(VENV / "bin" / "uv"), *wanted, *form, *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotGoOn("The lock was not made (see above).")

"""The virtual environment, made from the lock and made again when the lock changes.

Standard library only, and run by the machine's own Python: `python3.11 -m infra.dev.environment`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from infra.dev.places import ROOT, VENV, CannotGoOn, only_one

LOCK = ROOT / "requirements.lock"
STAMP = VENV / "ready"
GUARD = VENV / "lock"
MIRRORS = "If this machine reaches packages through a mirror only, name it in PIP_INDEX_URL and UV_DEFAULT_INDEX."


def ensure() -> bool:
    """Make the environment agree with the lock; returns whether anything had to be done.

    Raises CannotGoOn when this Python cannot make one or a package cannot be had.
    """
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    try:
        VENV.mkdir(exist_ok=True)
        GUARD.touch()
    except OSError as problem:
        raise CannotGoOn(f"{VENV} cannot be written ({problem.strerror}): run as the user who owns it.") from problem
    with only_one(GUARD, wait=True):
        if STAMP.exists() and STAMP.read_text() == wanted and Path(_python()).exists():
            return False
        print("Setting up the environment (once, or after the lock changed) …", flush=True)
        STAMP.unlink(missing_ok=True)
        _make_venv()
        _install_uv()
        _run(VENV / "bin" / "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", _python(), str(LOCK))
        STAMP.write_text(wanted)
    return True


def _python() -> str:
    return str(VENV / "bin" / "python")


def _make_venv() -> None:
    if _works():
        return
    # What is left of another Python would be mixed into the new environment.
    for remains in VENV.iterdir():
        if remains.is_dir() and not remains.is_symlink():
            shutil.rmtree(remains)
        elif remains != GUARD:
            remains.unlink()
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (ImportError, subprocess.CalledProcessError) as problem:
        raise CannotGoOn(
            "This Python cannot make virtual environments: install its package for that (on Debian: python3.11-venv)."
        ) from problem


def _works() -> bool:
    """Whether the environment holds a Python 3.11 that runs (not one moved or taken away since) and its pip."""
    question = "import subprocess, sys, pip; sys.exit(sys.version_info[:2] != (3, 11))"
    try:
        return subprocess.run([_python(), "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install_uv() -> None:
    """Install the very uv that the lock names, by pip and with its hashes."""
    block = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text() + "\nend\n", re.MULTILINE | re.DOTALL)
    if block is None:
        raise CannotGoOn(f"{LOCK} names no uv: make the lock again with `make lock`.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.write(block.group())
        requirement.flush()
        options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        _run(Path(_python()), "-m", "pip", "install", *options, "-r", requirement.name)


def _run(program: Path, *arguments: str) -> None:
    environment = {"UV_LINK_MODE": "copy", **_certificates(), **os.environ}
    done = subprocess.run([str(program), *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise CannotGoOn(f"The packages could not be installed.\n{said}\n{MIRRORS}")


def _certificates() -> dict[str, str]:
    """Let uv trust what the machine trusts (an office's proxy, say), where the machine has any certificates."""
    known = ssl.create_default_context().cert_store_stats()["x509_ca"]
    return {"UV_SYSTEM_CERTS": "true"} if known else {}


if __name__ == "__main__":
    try:
        ensure()
    except CannotGoOn as refusal:
        print(f"jiumai: {refusal}", file=sys.stderr)
        sys.exit(1)

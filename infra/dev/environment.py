"""The virtual environment, made from the lock and made again when the lock changes.

Standard library only, and run by the machine's own Python: `python3.11 -m infra.dev.environment`.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from infra.dev.places import ROOT, VENV, CannotGoOn, only_one

LOCK = ROOT / "requirements.lock"
STAMP = VENV / "ready"
MIRRORS = "If this machine reaches packages through a mirror only, name it in PIP_INDEX_URL and UV_DEFAULT_INDEX."


def ensure() -> bool:
    """Make the environment agree with the lock; returns whether anything had to be done.

    Raises CannotGoOn when this Python cannot make one or a package cannot be had.
    """
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    try:
        VENV.mkdir(exist_ok=True)
    except OSError as problem:
        raise CannotGoOn(f"{VENV} cannot be written ({problem.strerror}): run as the user who owns it.") from problem
    with only_one(VENV / "lock", wait=True):
        if STAMP.exists() and STAMP.read_text() == wanted and (VENV / "bin" / "python").exists():
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
    if (VENV / "bin" / "pip").exists() and _works():
        return
    try:
        import ensurepip  # noqa: F401  # only whether it is there
    except ImportError as problem:
        raise CannotGoOn(
            "This Python cannot make virtual environments: install its package for that (on Debian: python3.11-venv)."
        ) from problem
    venv.create(VENV, with_pip=True, clear=False, symlinks=True)


def _works() -> bool:
    """Whether the environment's Python runs and is the one that runs this: a moved or upgraded one is made anew."""
    question = "import sys; print(sys.version, end='')"
    done = subprocess.run([_python(), "-c", question], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout == sys.version


def _install_uv() -> None:
    """Install the very uv that the lock names, by pip and with its hashes."""
    block = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text() + "\nend\n", re.MULTILINE | re.DOTALL)
    if block is None:
        raise CannotGoOn(f"{LOCK} names no uv: make the lock again with `make lock`.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.write(block.group())
        requirement.flush()
        options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        _run(VENV / "bin" / "python", "-m", "pip", "install", *options, "-r", requirement.name)


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

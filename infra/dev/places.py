"""Where things lie in a checkout, and the one way this package says that it cannot go on.

Standard library only: the environment is set up from here before any package is installed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SOCKET_PATH_LIMIT = 107
"""Bytes that a Unix socket's address may have on Linux."""


class CannotGoOn(Exception):
    """The sentence to print before stopping; it says what is wrong and what to do, and needs no traceback."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation, all beneath its var directory."""

    var: Path

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def addresses(self) -> Path:
        """Names the running servers; the settings read it when the environment names none."""
        return self.var / "servers.json"

    def make(self) -> None:
        """Create the folders.

        Raises CannotGoOn when the directory cannot be written.
        """
        try:
            for folder in (self.var, self.log, self.run):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise CannotGoOn(
                f"{self.var} cannot be written ({problem.strerror}): "
                "run as the user who owns it, or set JIUMAI_VAR to a folder of your own."
            ) from problem
        if self.run.stat().st_uid != os.geteuid():
            # Root too: the servers' data would change hands and their owner could not use it any more.
            raise CannotGoOn(
                f"{self.var} belongs to {_name_of(self.run.stat().st_uid)}: "
                "run as that user, or set JIUMAI_VAR to a folder of your own."
            )


def _name_of(user_id: int) -> str:
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"user {user_id}"


def places() -> Places:
    """The places of this installation: `JIUMAI_VAR`, or `var/` in the checkout."""
    return Places(Path(os.environ.get("JIUMAI_VAR") or ROOT / "var").expanduser().resolve())


def short_hash(path: Path) -> str:
    """Eight characters that tell this path from others."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def is_open_to_all(path: Path) -> bool:
    """Whether another system user can walk down to this path."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists())


def socket_folder(preferred: Path, socket_name: str, *, owner: int, group: int) -> Path:
    """A private folder (0700, of `owner`) in which `socket_name` makes a legal address.

    `preferred` is taken when its path is short enough, else a folder named by its hash under the temporary directory.
    Raises CannotGoOn when someone else holds that folder.
    """
    folder = preferred
    if len(os.fsencode(preferred / socket_name)) > SOCKET_PATH_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"jiumai-{short_hash(preferred)}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), owner):
        raise CannotGoOn(f"{folder} belongs to another user: remove it, or set JIUMAI_VAR to a shorter path.")
    give(folder, owner=owner, group=group)
    folder.chmod(0o700)
    return folder


def give(path: Path, *, owner: int, group: int) -> None:
    """Hand a path to its owner; only root can and needs to."""
    if os.geteuid() == 0:
        os.chown(path, owner, group)


@contextmanager
def only_one(lock_file: Path, *, wait: bool, sentence: str = "") -> Iterator[None]:
    """Hold `lock_file` for the block; the kernel lets go of it even when the process is killed.

    Raises CannotGoOn with `sentence` when another process holds it and `wait` is false.
    """
    with lock_file.open("a") as handle:
        try:
            flock(handle, LOCK_EX if wait else LOCK_EX | LOCK_NB)
        except BlockingIOError as problem:
            raise CannotGoOn(sentence) from problem
        yield


def last_lines(log_file: Path, count: int = 20) -> str:
    """The end of a log, indented, for a sentence that says why something died."""
    if not log_file.exists():
        return "    (no log)"
    lines = log_file.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines) or "    (empty log)"

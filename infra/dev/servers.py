"""Both embedded servers together: whoever needs them starts them, the last to leave stops them.

`DATABASE_URL` and `REDIS_URL` in the environment name real servers; then nothing is started for that part.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from typing import IO, TYPE_CHECKING

from infra.dev.places import Places, only_one, places
from infra.dev.postgres import Postgres
from infra.dev.redis_server import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VARIABLES = ("DATABASE_URL", "REDIS_URL")


def start(where: Places | None = None) -> tuple[str, ...]:
    """Make sure that a database and a Redis answer, and write their addresses down for the settings.

    Returns the sentences that say what was done. Raises CannotGoOn when one does not come up.
    """
    where = where or places()
    where.make()
    with only_one(where.run / "servers.lock", wait=True):
        wanted = _wanted(where)
        sentences = tuple(server.start() for server in wanted.values())
        where.addresses.write_text(json.dumps({name: server.url() for name, server in wanted.items()}, indent=2) + "\n")
    return sentences + tuple(f"{name} names a server: none is started." for name in VARIABLES if name not in wanted)


def keep(where: Places | None = None) -> None:
    """Let the servers run on when the last who uses them leaves, until `stop`."""
    _kept(where or places()).touch()


def stop(where: Places | None = None) -> None:
    """Stop the embedded servers; data stays."""
    where = where or places()
    where.make()
    with only_one(where.run / "servers.lock", wait=True):
        for server in _embedded(where).values():
            server.stop()
        _kept(where).unlink(missing_ok=True)
        where.addresses.unlink(missing_ok=True)


def status(where: Places | None = None) -> dict[str, bool]:
    """Whether each embedded server answers, by the name of its variable."""
    where = where or places()
    where.make()
    return {name: server.is_running() for name, server in _embedded(where).items()}


def addresses(where: Places | None = None) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL as the product will see them."""
    where = where or places()
    where.make()
    embedded = {name: server.url() for name, server in _embedded(where).items()}
    return {name: os.environ.get(name) or url for name, url in embedded.items()}


@contextmanager
def running(where: Places | None = None) -> Iterator[tuple[str, ...]]:
    """The servers for the length of a block; gives what `start` says.

    Everyone inside such a block, in any process, shares a lock that the kernel lets go of even after a kill; who can
    have it alone at the end was the last, and stops the servers unless they are kept.
    """
    where = where or places()
    where.make()
    with (where.run / "users.lock").open("a") as users:
        flock(users, LOCK_SH)
        try:
            yield start(where)
        finally:
            if _is_last(users) and not _kept(where).exists():
                stop(where)


def _is_last(users: IO[str]) -> bool:
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        flock(users, LOCK_UN)
        return False
    return True


def _kept(where: Places) -> Path:
    return where.run / "servers.kept"


def _embedded(where: Places) -> dict[str, Postgres | Redis]:
    return {"DATABASE_URL": Postgres(where), "REDIS_URL": Redis(where)}


def _wanted(where: Places) -> dict[str, Postgres | Redis]:
    return {name: server for name, server in _embedded(where).items() if not os.environ.get(name)}

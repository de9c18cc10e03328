"""Both embedded servers together: who needs them starts them, and whoever started them stops them.

`DATABASE_URL` and `REDIS_URL` in the environment name real servers; then nothing is started for that part.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.dev.places import Places, only_one, places
from infra.dev.postgres import Postgres
from infra.dev.redis_server import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Started:
    """What a start did."""

    sentences: tuple[str, ...]
    is_new: bool
    """True when at least one server was started, false when all that is needed ran already."""


def start(where: Places | None = None) -> Started:
    """Make sure that a database and a Redis answer, and write their addresses down for the settings.

    Raises CannotGoOn when one does not come up.
    """
    where = where or places()
    where.make()
    with only_one(where.run / "servers.lock", wait=True):
        wanted = _wanted(where)
        is_new = any(not server.is_running() for server in wanted.values())
        sentences = tuple(server.start() for server in wanted.values())
        where.addresses.write_text(json.dumps({name: server.url() for name, server in wanted.items()}, indent=2) + "\n")
    named = tuple(
        f"{name} names a server: none is started." for name in ("DATABASE_URL", "REDIS_URL") if name not in wanted
    )
    return Started(sentences=sentences + named, is_new=is_new)


def stop(where: Places | None = None) -> None:
    """Stop the embedded servers; data stays."""
    where = where or places()
    where.make()
    with only_one(where.run / "servers.lock", wait=True):
        for server in _embedded(where).values():
            server.stop()
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
def running(where: Places | None = None) -> Iterator[Started]:
    """The servers for the length of a block; what this block started it stops, what ran before goes on running."""
    started = start(where)
    try:
        yield started
    finally:
        if started.is_new:
            stop(where)


def _embedded(where: Places) -> dict[str, Postgres | Redis]:
    return {"DATABASE_URL": Postgres(where), "REDIS_URL": Redis(where)}


def _wanted(where: Places) -> dict[str, Postgres | Redis]:
    return {name: server for name, server in _embedded(where).items() if not os.environ.get(name)}

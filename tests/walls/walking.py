"""Sending the requests of the walls: every cell with the owner's ids, undone each time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.db import sql
from core.db.acts import PUBLIC, current_schema
from tests.clients import HostClient
from tests.walls.registry import Cell
from tests.walls.world import World

REFUSED = {403, 404}


@dataclass
class Walk:
    """The world, a client for every seat, and what was found wrong on the way."""

    world: World
    clients: dict[str, HostClient]
    nobody: HostClient
    wrong: list[str] = field(default_factory=list)

    def send(self, client: HostClient, cell: Cell, *, is_undone: bool = True) -> Any:
        """The cell's request with the owner's ids; what it does is undone unless told."""
        ids = {name: value(self.world) for name, value in cell.ids.items()}
        path = reverse(cell.name, settings.URLCONF_BRAND, kwargs=ids)
        with undone() if is_undone else nullcontext():
            if cell.method == "GET":
                return client.get(path)
            data = cell.data(self.world) if cell.data else {}
            if path.startswith("/api/"):
                headers = {"idempotency-key": "a-key-of-this-wall"}
                return client.generic(cell.method, path, json.dumps(data), "application/json", headers=headers)
            form = urlencode(data, doseq=True)
            return client.generic(cell.method, path, form, "application/x-www-form-urlencoded")


@contextmanager
def undone() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test cases do: acts may open inside
    with block:
        yield
        transaction.set_rollback(True)


def digest(schema: str = "") -> list[tuple[Any, ...]]:
    """Count and checksum of every table of a schema, by default the present one; sessions apart, which come and go."""
    schema = schema or current_schema()
    names = sql.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s AND tablename <> 'django_session' ORDER BY 1",
        {"schema": schema},
    )
    parts = [
        f"""SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{schema}"."{name}" t"""
        for (name,) in names
    ]
    return sql.rows(" UNION ALL ".join(parts), {})


def whole(world: World) -> list[tuple[Any, ...]]:
    """The digest of the brand's schema and of the public one."""
    return digest(world.cast.portal.schema) + digest(PUBLIC)


def text_of(answer: Any) -> str:
    """The whole answer as text."""
    content = answer.getvalue() if answer.streaming else answer.content
    return str(content.decode(errors="replace"))

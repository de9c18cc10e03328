"""How many statements reach PostgreSQL for a request: session, seat and token included, BEGIN/COMMIT/SET apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client

from core.db.acts import connection
from tests.bench.requests import listing, order_body, paste_body
from tests.bench.world import World

UNCOUNTED = ("BEGIN", "COMMIT", "SET ", "SAVEPOINT", "RELEASE")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements the block sends, as a list that fills."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).lstrip().upper().startswith(UNCOUNTED):
            seen.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def count(world: World, token: str, cookie: str) -> dict[str, int]:
    """Statements by kind of request, warm. Raises when one is not answered as it should be."""
    bearer = {"authorization": f"Bearer {token}"}
    return {
        **{
            f"order of {lines} line{'s' if lines > 1 else ''}": _asked(
                world, bearer, "/api/v1/orders", order_body(world, 1, lines=lines), 201
            )
            for lines in (1, 10, 500)
        },
        "50 SKUs, JSON": _asked(world, bearer, listing(), None, 200),
        "50 SKUs, page": _asked(world, {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}, "/products/", None, 200),
        "500-line paste": _asked(world, bearer, "/api/v1/order-checks", paste_body(world, 1), 200),
    }


def _asked(world: World, headers: dict[str, str], path: str, body: object, expect: int) -> int:
    """Statements of the second of two such requests: the first one warms the caches."""
    client = Client()
    count = 0
    for _ in range(2):
        sent = {"host": world.host, "idempotency-key": uuid4().hex, **headers}
        with counted() as seen:
            if body is None:
                answer = client.get(path, headers=sent)
            else:
                answer = client.post(path, body, content_type="application/json", headers=sent)
        if answer.status_code != expect:
            raise RuntimeError(f"{path} answered {answer.status_code}: {answer.content[:500]!r}")
        count = len(seen)
    return count

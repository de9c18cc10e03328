"""Clients of the storefront: people of the cast, signed in on the brand's host."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.db.acts import connection
from tests.cast import Cast
from tests.clients import HostClient, signed_in
from tests.ordering.watching import BY_THE_CLOCK, CONTROL

Opens = Callable[[str], HostClient]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements inside the block, transaction control and what a process asks by the clock apart."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        text = str(sql).strip()
        if not text.startswith(CONTROL) and BY_THE_CLOCK not in text:
            seen.append(text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.fixture
def as_(cast: Cast) -> Opens:
    """``as_("buyer_c1")`` is that person's browser."""
    return lambda key: signed_in(cast.portal, cast.seats[key])


@pytest.fixture
def buyer(as_: Opens) -> HostClient:
    """The buyer of C1 (泉城名酒)."""
    return as_("buyer_c1")

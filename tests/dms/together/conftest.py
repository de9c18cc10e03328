"""A database of its own in which everything is really committed, and many threads with a connection each."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from core.kernel import clock
from core.kernel.errors import DomainError
from tests.cast import Cast
from tests.conftest import TODAY
from tests.database import test_database
from tests.portals import XINGHE

T = TypeVar("T")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a fresh copy of the database, committed; the copy is dropped afterwards."""
    name = f"{connection.settings_dict['NAME']}_together"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside(), clock.at(TODAY):
        yield Cast.build(XINGHE)


def together(count: int, verb: Callable[[int], T]) -> list[T | str]:
    """Call ``verb(0)`` … ``verb(count - 1)`` at once, each in a thread and on a connection of its own.

    A refusal is answered by its code; anything else that is raised breaks the test.
    """
    start = Barrier(count)

    def one(number: int) -> T | str:
        try:
            with XINGHE.inside():
                start.wait(timeout=30)
                try:
                    return verb(number)
                except DomainError as refusal:
                    return refusal.problems()[0].code
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))

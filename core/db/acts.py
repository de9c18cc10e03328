"""One act, one transaction, one schema; and the wall between a brand's schema and the public one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, cast

from django.db import OperationalError, transaction
from django.db import connection as _connection

from core.db.locks import forget_ranks
from core.kernel.errors import Busy

if TYPE_CHECKING:
    from core.db.postgres.base import DatabaseWrapper

connection = cast("DatabaseWrapper", _connection)
"""Django's connection of this thread, typed as what it is here."""

PUBLIC = "public"
_BUSY_STATES = {"55P03", "40P01", "40001"}
"""lock_not_available, deadlock_detected, serialization_failure"""


_opened_by_door: ContextVar[bool] = ContextVar("opened_by_door", default=False)


class WallError(RuntimeError):
    """Code reached over the wall between two schemas: a bug, not a refusal."""


@contextmanager
def act() -> Iterator[None]:
    """The one durable transaction of a verb. A lock that cannot be had in time becomes ``Busy``.

    Where a door has opened the act to answer a request once (``door_act``), the one verb it calls joins that act.
    """
    if _opened_by_door.get():
        _opened_by_door.set(False)  # one act, one verb: a second one would open an act inside this one, and fails
        yield
        return
    with _transaction():
        yield


@contextmanager
def door_act() -> Iterator[None]:
    """An act opened by a door: claim the key, call ONE verb, keep the answer, all in one transaction."""
    with _transaction():
        token = _opened_by_door.set(True)
        try:
            yield
        finally:
            _opened_by_door.reset(token)


@contextmanager
def _transaction() -> Iterator[None]:
    try:
        with transaction.atomic(durable=True):
            forget_ranks()
            yield
    except OperationalError as error:
        if is_contention(error):
            raise Busy from error
        raise


def is_contention(error: BaseException) -> bool:
    """Whether a database error only says that others hold the locks."""
    return getattr(error.__cause__, "sqlstate", None) in _BUSY_STATES


@contextmanager
def public() -> Iterator[None]:
    """Reach the public schema from a brand's request. Refuses inside a brand's transaction."""
    if connection.schema_name == PUBLIC:
        yield
        return
    if connection.in_atomic_block and not _only_test_transactions():
        raise WallError("the public schema cannot be reached inside a brand's transaction")
    tenant, includes_public = connection.tenant, connection.include_public_schema
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(tenant, include_public=includes_public)


@contextmanager
def brand_schema(schema_name: str) -> Iterator[None]:
    """Act inside one brand's schema (tasks, commands, seeds); the path before is restored."""
    if connection.in_atomic_block and not _only_test_transactions():
        raise WallError("a schema cannot be changed inside a transaction")
    tenant, includes_public = connection.tenant, connection.include_public_schema
    connection.set_schema(schema_name, include_public=schema_name == PUBLIC)
    try:
        yield
    finally:
        connection.set_tenant(tenant, include_public=includes_public)


def current_schema() -> str:
    """Name of the schema the present act runs in."""
    return str(connection.schema_name)


def _only_test_transactions() -> bool:
    """Whether every open atomic block is a test case's own, which Django exempts from durability too."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)

"""Doors that say which schema their statements really met, in every way a request may meet one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from core.db import sql
from core.db.acts import brand_schema, current_schema, public
from core.project.urls_common import common


def marker() -> str:
    """The one row of the schema's own table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema FROM marker")
        return str(cursor.fetchone()[0])


def fail() -> None:
    """A statement PostgreSQL refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


def plain() -> list[str]:
    """Three statements, each its own transaction."""
    return [marker(), marker(), marker()]


def in_one_transaction() -> list[str]:
    """Inside a transaction and after it."""
    with transaction.atomic():
        inside = marker()
    return [inside, marker()]


def with_a_swallowed_error() -> list[str]:
    """The error is swallowed inside the block: PostgreSQL rolls back at what Django believes is a commit."""
    with transaction.atomic(), suppress(DatabaseError):
        fail()
    return [marker(), marker()]


def with_a_rolled_back_block() -> list[str]:
    """The error leaves the block; in the outer one only a savepoint is rolled back."""
    with transaction.atomic():
        with suppress(DatabaseError), transaction.atomic():
            marker()
            fail()
        inside = marker()
    with suppress(DatabaseError), transaction.atomic():
        fail()
    return [inside, marker()]


def after_a_visit_to_public() -> list[str]:
    """Through the door in the wall and back."""
    before = marker()
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM brands_brand")
    return [before, marker()]


def in_threads() -> list[str]:
    """Two threads of the request's own, each on a connection of its own."""
    schema = current_schema()

    def work(_: int) -> str:
        try:
            with brand_schema(schema):
                with transaction.atomic(), suppress(DatabaseError):
                    fail()
                return marker()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [*pool.map(work, range(2)), marker()]


def prepared() -> list[str]:
    """Statements the server keeps prepared for the connection, and may have planned for another schema."""
    statement = "SELECT schema FROM marker WHERE schema <> %(word)s"
    return [str(found) for _ in range(5) for (found,) in sql.rows(statement, {"word": ""})]


WAYS: dict[str, Callable[[], list[str]]] = {
    "plain": plain,
    "transaction": in_one_transaction,
    "swallowed": with_a_swallowed_error,
    "rolled-back": with_a_rolled_back_block,
    "public": after_a_visit_to_public,
    "threads": in_threads,
    "prepared": prepared,
}


def look(request: HttpRequest, way: str) -> HttpResponse:
    """What the statements of one way met, a line each."""
    return HttpResponse("\n".join(WAYS[way]()))


def streamed(request: HttpRequest) -> HttpResponseBase:
    """The same while the answer is on its way."""

    def parts() -> Iterator[str]:
        yield marker()
        with transaction.atomic(), suppress(DatabaseError):
            fail()
        yield "\n" + marker()
        yield "\n" + marker()

    return StreamingHttpResponse(parts())


urlpatterns = [*common, path("look/streamed", streamed), path("look/<slug:way>", look)]
handler500 = "core.web.views.server_error"

"""Is it alive, is it ready, what has it done. These answer on every host."""

import hmac
from collections.abc import Mapping

import orjson
from django.conf import settings
from django.core.cache import caches
from django.db import Error
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core.db.acts import connection
from core.web.draining import is_draining
from core.web.metrics import exposition

CERTIFICATE_PATH = "/certificate"
PATHS = frozenset({"/healthz", "/readyz", "/metrics", CERTIFICATE_PATH})
"""Answered on every host and over plain http: they are asked from the inner network."""

_is_migrated = False
"""Remembered once true: an older process must not stop answering while a newer one migrates."""


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated; Redis away is ``degraded``, not down: orders are still taken.

    503 while the process drains, before it stops: the proxy then sends nothing more.
    """
    if is_draining():
        return _json({"status": "draining"}, 503)
    database = _database()
    redis = "ok" if _redis_answers() else "degraded"
    ready = database == "ok"
    return _json({"status": "ok" if ready else "down", "database": database, "redis": redis}, 200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures; with ``JIUMAI_METRICS_TOKEN`` set (always in production) for its bearer only, else 404."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=404)
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _database() -> str:
    global _is_migrated  # noqa: PLW0603 - turns one way only
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated:
            executor = MigrationExecutor(connection)
            _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "down"
    return "ok" if _is_migrated else "not migrated"


def _redis_answers() -> bool:
    try:
        client = getattr(caches["shared"], "_cache", None)
        if client is None or not hasattr(client, "get_client"):
            return True  # a cache inside the process: tests
        return bool(client.get_client().ping())
    except (RedisError, OSError):
        return False


def _json(body: Mapping[str, str], status: int) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=status)

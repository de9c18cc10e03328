"""What the settings alone cannot tell: whether the server has room for all connections, and as whom we are there."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from core.db import sql
from core.db.acts import public

SPARE = 15
"""Commands, a migration's processes, a person looking, and what PostgreSQL keeps for its superuser."""


def wanted() -> int:
    """The most connections web, worker and beat of one machine hold at once, with what is spare."""
    web = settings.WEB_WORKERS * (settings.POOL_SIZE or settings.WEB_THREADS)
    return web + settings.WORKER_PROCESSES + SPARE


@register(Tags.database)
def connections_fit(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """``project.W001`` when ``max_connections`` is smaller than the budget; asked with ``check --database default``."""
    if not databases:
        return []
    with public():
        found = sql.row("SELECT current_setting('max_connections')::int", {})
    allowed = int(found[0]) if found else 0
    if allowed >= wanted():
        return []
    hint = "Raise max_connections, or lower JIUMAI_WEB_WORKERS, JIUMAI_WEB_THREADS or JIUMAI_WORKER_PROCESSES."
    words = f"The processes may open {wanted()} connections; the database allows {allowed}."
    return [checks.Warning(words, hint=hint, id="project.W001")]


_TOO_MUCH = """
SELECT current_user, CASE
    WHEN rolsuper THEN 'SUPERUSER' WHEN rolcreaterole THEN 'CREATEROLE'
    WHEN rolreplication THEN 'REPLICATION' WHEN rolbypassrls THEN 'BYPASSRLS'
    WHEN pg_has_role(current_user, 'pg_execute_server_program', 'MEMBER') THEN 'pg_execute_server_program'
END
FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.database, deploy=True)
def role_is_plain(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """``project.W002`` when the product connects as more than the owner of its database: a hole in it would be one in
    the server. Asked with ``check --deploy --database default``.
    """
    if not databases:
        return []
    with public():
        found = sql.row(_TOO_MUCH, {})
    if not found or found[1] is None:
        return []
    hint = "Name in DATABASE_URL a role that owns the database and nothing else: infra/container/postgres/owner.sql."
    return [
        checks.Warning(f"The role “{found[0]}” is {found[1]} on the database server.", hint=hint, id="project.W002")
    ]

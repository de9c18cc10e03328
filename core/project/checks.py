"""What the settings alone cannot tell: whether the server has room for all connections the processes may open."""

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

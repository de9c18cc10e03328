"""Watches what is sent to PostgreSQL: no statement names tables of both sides of the wall.

Active in every test, and in every process that flows and races start (``tests.watched_settings``). Rooms that live on
both sides (events, jobs, files, …) have a table of the same name on each, so they tell nothing.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_WORTH_KEEPING = 20_000
"""Longer texts (the tables of a whole brand) are sent once."""


class JoinOverTheWall(AssertionError):
    """A statement names tables of the public schema and of a brand's: neither could leave without the other."""


def watch() -> None:
    """Look at every statement of every connection this process opens from now on."""
    connection_created.connect(_wrap, dispatch_uid="wall watch")


def look(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """The wrapper: lets a statement through that stays on one side. Raises ``JoinOverTheWall``."""
    if apps.ready:
        text = str(sql)
        crossing = (_crossing if len(text) < _WORTH_KEEPING else _crossing.__wrapped__)(text)
        if crossing:
            raise JoinOverTheWall(f"{', '.join(crossing)} meet in: {text[:2000]}")
    return execute(sql, params, many, context)


@cache
def sides() -> tuple[frozenset[str], frozenset[str]]:
    """Tables that lie in the public schema alone, and those that lie in brands' schemas alone."""
    public, brands = tables_of(settings.SHARED_APPS), tables_of(settings.TENANT_APPS)
    return frozenset(public - brands), frozenset(brands - public)


def tables_of(entries: list[str]) -> set[str]:
    """Tables of the apps named as in the settings, by their package or their configuration."""
    names = {AppConfig.create(entry).name for entry in entries}
    models = [model for config in apps.get_app_configs() if config.name in names for model in config.get_models(True)]
    return {model._meta.db_table for model in models if not model._meta.proxy and model._meta.managed}


@lru_cache(maxsize=5000)
def _crossing(text: str) -> tuple[str, ...]:
    words = set(_WORD.findall(text.lower()))
    public, brands = sides()
    return tuple(sorted(words & (public | brands))) if words & public and words & brands else ()


def _wrap(connection: BaseDatabaseWrapper, **_: object) -> None:
    if look not in connection.execute_wrappers:
        # First of all: whoever counts a request's statements takes the last one away when the request ends.
        connection.execute_wrappers.insert(0, look)

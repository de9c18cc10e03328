"""Sessions: read from the shared cache, kept in the public schema, whichever brand the request is in.

With Redis down they are read from the database; nobody is signed out.
"""

from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedDbStore
from django.core.cache.backends.base import BaseCache

from core.db.acts import public


class SessionStore(CachedDbStore):
    """Django's cached database sessions; every touch of the database goes through the door in the wall."""

    cache_key_prefix = "session:"
    _cache: BaseCache  # set by Django's __init__

    def load(self) -> dict[str, Any]:
        """The session's data; from the cache without any switch of schema."""
        try:
            data = self._cache.get(self.cache_key)
        except ValueError:  # written by another version of the product: the database has the truth
            data = None
        if data is not None:
            return dict(data)
        with public():
            return dict(super().load())

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        with public():
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """Write the session through."""
        with public():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        with public():
            super().delete(session_key)

"""Sessions: kept in the public schema, read from the shared cache, whichever brand the request is in.

The database is the truth, the cache is quick. What the cache could not be told is noted in the database, and cached
sessions are believed only beside a key of five seconds that is renewed after the notes are settled: an ended session
stays ended when Redis comes back with what it knew (docs/decisions/0006). With Redis down nobody is signed out.

A session is good on the host it was begun on and nowhere else: whoever holds a customer's domain can read the keys that
browsers send there, and must get nowhere else with them.
"""

import logging
from collections.abc import Collection
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore as CachedDbStore
from django.contrib.sessions.backends.db import SessionStore as DbStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.http import HttpRequest

from core.db import sql
from core.db.acts import public
from core.kernel import clock
from core.web.models import StaleSession

log = logging.getLogger(__name__)

PREFIX = "session:"
HOST = "host"
"""Names in a session the host it is good on."""
TRUST, TRUST_S = "session-trust", 5
"""While this key is in the cache, cached sessions are believed."""
TOMBSTONE, TOMBSTONE_S = "", 60
"""Stands where a cached copy must be neither believed nor put back: longer than any request takes."""
_SETTLED_AT_ONCE = 1000

_NOTE = """
INSERT INTO web_stalesession (session_key, noted_at) SELECT key, %(now)s FROM unnest(%(keys)s::text[]) AS key
ON CONFLICT (session_key) DO UPDATE SET noted_at = excluded.noted_at
"""
_SETTLED = """
DELETE FROM web_stalesession AS note USING unnest(%(keys)s::text[], %(instants)s::timestamptz[]) AS settled (key, at)
WHERE note.session_key = settled.key AND note.noted_at = settled.at
"""


class SessionStore(CachedDbStore):
    """Django's cached database sessions; every touch of the database goes through the door in the wall.

    With a ``host`` it knows that host's sessions only, and writes the host into those it saves.
    """

    cache_key_prefix = PREFIX
    host = ""
    _cache: BaseCache  # set by Django's __init__
    _session_key: str | None  # Django's, where the setter of its own would refuse None

    def load(self) -> dict[str, Any]:
        """The session's data; from the cache without any switch of schema. Another host's is none at all."""
        data = self._kept()
        if self.host and data and data.get(HOST) != self.host:
            log.warning("a session of another host was shown")
            self._session_key = None
            return {}
        return data

    def _kept(self) -> dict[str, Any]:
        data = _cached(self._cache, self.cache_key)
        if isinstance(data, dict):
            return dict(data)
        with public():
            row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs leave it out
        if row is None:
            return {}
        kept = dict(self.decode(row.session_data))
        # A reader only fills a gap: whoever ended or changed the session meanwhile has left something there.
        self._cache.add(self.cache_key, kept, self.get_expiry_age(expiry=row.expire_date))
        return kept

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        with public():
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """Write the session through. Raises ``UpdateError`` for one that was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        if self.host:
            self._get_session(no_load=must_create)[HOST] = self.host  # type: ignore[attr-defined]  # as above
        with public(), transaction.atomic():
            DbStore.save(self, must_create)
            # While the row is locked: whoever ends the session buries this copy, never the other way round.
            key = str(self.session_key)
            if self._cache.set_many({self.cache_key: dict(self.items())}, self.get_expiry_age()):
                _note([key])

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key is not None:
            with public():
                with transaction.atomic():
                    forget([key])
                bury([key])


class OwnHostSessions(SessionMiddleware):
    """Django's, whose sessions know the host they are asked on."""

    def process_request(self, request: HttpRequest) -> None:
        """Bind the session to the request's host."""
        super().process_request(request)
        cast("SessionStore", request.session).host = _host(request)


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host().partition(":")[0].rstrip(".").lower()
    except DisallowedHost:  # a probe's, whose name nobody reads
        return "-"


def forget(keys: Collection[str]) -> None:
    """Take sessions out of the database, inside the caller's transaction; the caller calls ``bury`` after it."""
    Session.objects.filter(session_key__in=keys).delete()
    _note(keys)


def bury(keys: Collection[str]) -> None:
    """Take what ``forget`` took out of the database out of the cache too; with Redis away the notes stay for later."""
    shared = caches[settings.SESSION_CACHE_ALIAS]
    if keys and not shared.set_many({PREFIX + key: TOMBSTONE for key in keys}, TOMBSTONE_S):
        with public():
            StaleSession.objects.filter(session_key__in=keys).delete()


def settle() -> bool:
    """Tell the cache what it could not be told before; whether it may be believed now. One statement, mostly."""
    shared = caches[settings.SESSION_CACHE_ALIAS]
    with public():
        while notes := list(StaleSession.objects.order_by("session_key")[:_SETTLED_AT_ONCE]):
            if shared.set_many({PREFIX + note.session_key: TOMBSTONE for note in notes}, TOMBSTONE_S):
                return False
            known = {"keys": [note.session_key for note in notes], "instants": [note.noted_at for note in notes]}
            sql.execute(_SETTLED, known)
            log.info("the cache was told of %d sessions it had missed", len(notes))
    return not shared.set_many({TRUST: 1}, TRUST_S)


def _cached(shared: BaseCache, key: str) -> object:
    """The cached copy if it may be believed, else None."""
    kept = _both(shared, key)
    if kept.get(key) is None or TRUST in kept:
        return kept.get(key)
    return _both(shared, key).get(key) if settle() else None


def _both(shared: BaseCache, key: str) -> dict[str, object]:
    try:
        return dict(shared.get_many([key, TRUST]))
    except ValueError:  # written by another version of the product: the database has the truth
        return {}


def _note(keys: Collection[str]) -> None:
    sql.execute(_NOTE, {"keys": list(keys), "now": clock.now()})

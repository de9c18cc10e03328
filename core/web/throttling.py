"""Counting tries in fixed windows on the shared cache. With Redis down nobody is stopped, and the log says so."""

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most ``limit`` tries of one key in ``window_s`` seconds."""

    scope: str
    limit: int
    window_s: int

    def try_once(self, key: str) -> int:
        """Count a try; 0 when it may go on, else the seconds until the window ends."""
        now = int(time.time())
        name = self._name(key, now)
        shared = caches["shared"]
        shared.add(name, 0, timeout=self.window_s)
        try:
            tries = shared.incr(name)
        except ValueError:  # the window ended between the two calls
            return 0
        return 0 if tries <= self.limit else self.window_s - now % self.window_s

    def forgive(self, key: str) -> None:
        """Forget the tries of ``key`` in the present window."""
        caches["shared"].delete(self._name(key, int(time.time())))

    def _name(self, key: str, now: int) -> str:
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        return f"throttle:{self.scope}:{now // self.window_s}:{digest}"


def client_address(request: HttpRequest) -> str:
    """Address the request came from; behind ``settings.PROXIES`` proxies, what the outermost of ours saw."""
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return hops[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))

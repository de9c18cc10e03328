"""Counting tries on the shared cache, over all hosts: in fixed windows, or with growing pauses.

With Redis down nobody is stopped, and the log says so."""

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


@dataclass(frozen=True, slots=True)
class Pauses:
    """Tries of one key with growing pauses: from the ``free``-th on each may go on only once the last pause is over.

    The pause doubles from ``first_s`` to ``longest_s`` seconds; tries are forgotten ``memory_s`` after the last one.
    """

    scope: str
    free: int
    first_s: int
    longest_s: int
    memory_s: int

    def try_once(self, key: str) -> "Attempt":
        """Count a try, unless it comes within a pause. Of several at once within a pause's length one goes on."""
        shared, now = caches["shared"], int(time.time())
        tries_key, pause_key = self._names(key)
        until = shared.get(pause_key)
        if until is not None:
            return Attempt(wait_s=max(int(until) - now, 1))
        shared.add(tries_key, 0, timeout=self.memory_s)
        try:
            number = shared.incr(tries_key)
        except ValueError:  # forgotten between the two calls
            number = 1
        if number < self.free:
            return Attempt(number=number)
        shared.touch(tries_key, self.memory_s)
        pause_s = self.pause_s(number)
        if shared.add(pause_key, now + pause_s, timeout=pause_s):
            return Attempt(number=number)
        return Attempt(wait_s=pause_s)

    def pause_s(self, number: int) -> int:
        """How long to wait after the ``number``-th wrong try, in seconds."""
        return 0 if number < self.free else min(self.first_s << min(number - self.free, 20), self.longest_s)

    def forgive(self, key: str) -> None:
        """Forget the tries of ``key`` and end its pause."""
        caches["shared"].delete_many(self._names(key))

    def _names(self, key: str) -> tuple[str, str]:
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        return f"tries:{self.scope}:{digest}", f"pause:{self.scope}:{digest}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that may go on (``wait_s`` 0), the ``number``-th since the last success; or the seconds to wait."""

    number: int = 0
    wait_s: int = 0


def client_address(request: HttpRequest) -> str:
    """Address the request came from; behind ``settings.PROXIES`` proxies, what the outermost of ours saw."""
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return hops[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))

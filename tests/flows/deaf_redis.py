"""The usual Redis until certain words are said to it: those, and all that follows, it never hears."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import cast
from urllib.parse import urlsplit

from tests.live import REDIS_NUMBER, redis_url

_CHUNK_BYTES = 256 * 1024


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    words = b""
    said: Event


class _Between(BaseRequestHandler):
    """One connection: both ways, until the words are said on any of them."""

    def handle(self) -> None:
        server = cast("_Server", self.server)
        with _real() as real, suppress(OSError):
            Thread(target=_carry, args=(real, self.request), daemon=True).start()
            while heard := self.request.recv(_CHUNK_BYTES):
                if server.words in heard:
                    server.said.set()
                if not server.said.is_set():
                    real.sendall(heard)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while answer := source.recv(_CHUNK_BYTES):
            target.sendall(answer)


def _real() -> socket.socket:
    where = urlsplit(redis_url())
    if where.scheme == "unix":
        real = socket.socket(socket.AF_UNIX)
        real.connect(where.path)
        return real
    return socket.create_connection((where.hostname or "127.0.0.1", where.port or 6379))


@contextmanager
def deaf_to(words: bytes) -> Iterator[tuple[str, Event]]:
    """The URL of such a Redis, and whether the words were said."""
    with _Server(("127.0.0.1", 0), _Between) as server:
        server.words, server.said = words, Event()
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/{REDIS_NUMBER}", server.said
        server.shutdown()

"""A browser of the test client's kind that goes from host to host: one client, with its own cookies, for each."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.clients import HostClient

_REFRESH = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
MOST_STEPS = 12


class Traveller:
    """Follows redirects and refreshing pages over hosts, as a browser does; forms it sends only when told."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.clients: dict[str, HostClient] = {}
        self.visited: list[str] = []

    def on(self, host: str) -> HostClient:
        """The client that speaks to ``host``."""
        return self.clients.setdefault(host, HostClient(host, **self.options))

    def take(self, client: HostClient) -> None:
        """Use a client that is signed in on its host already."""
        self.clients[client.host] = client

    def open(self, url: str) -> Any:
        """GET an address and go wherever it leads; the last answer."""
        for _ in range(MOST_STEPS):
            self.visited.append(url)
            parts = urlsplit(url)
            host = parts.hostname or ""
            answer = self.on(host).get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
            onward = self.onward(answer)
            if not onward:
                return answer
            url = onward if "//" in onward else f"http://{host}{onward}"
        raise AssertionError(f"going in circles: {self.visited}")

    def onward(self, answer: Any) -> str:
        """Where an answer leads by itself."""
        if answer.status_code in {301, 302, 303}:
            return str(answer["Location"])
        found = _REFRESH.search(answer.content.decode()) if answer.status_code == 200 else None
        return unescape(found[1]) if found else ""

    def send_form(self, host: str, answer: Any, path: str = "/enter/", **changed: str) -> Any:
        """Send the hidden fields of the page's form, as its script does."""
        return self.on(host).post(path, {**fields_of(answer), **changed})


def fields_of(answer: Any) -> dict[str, str]:
    """The hidden fields of the form that carries a ticket."""
    form = answer.content.decode().partition("data-enter")[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


def ticket_in(answer: Any) -> str:
    """The ticket the page holds."""
    return fields_of(answer)["ticket"]

"""Every page of a brand's host as it is sent: at most 150 kB compressed with all it links, and no form in a form."""

import re
import zlib
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles import finders

from tests.walls.registry import CELLS
from tests.walls.test_languages import readers
from tests.walls.walking import Walk, text_of

MOST_BYTES = 150_000
_LINKED = re.compile(r'<link rel="stylesheet" href="([^"]+)"|<script [^>]*src="([^"]+)"|href="([^"#]+\.svg)#')
_IMPORTED = re.compile(r'(?:from|import) "(\.[^"]+)"')


def weight_of(text: str) -> int:
    """Bytes after gzip."""
    return len(zlib.compress(text.encode(), 9))


@lru_cache(maxsize=256)
def weights(name: str) -> tuple[tuple[str, int], ...]:
    """A static file with the modules it imports, by name."""
    path = finders.find(name)
    assert isinstance(path, str), name
    text = Path(path).read_text(encoding="utf-8")
    found = {name: weight_of(text)}
    for relative in _IMPORTED.findall(text) if name.endswith(".js") else ():
        parts: list[str] = []
        for part in (PurePosixPath(name).parent / relative).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        found |= dict(weights("/".join(parts)))
    return tuple(found.items())


def first_load(html: str) -> int:
    """Bytes of the page with everything it links, each once."""
    found: dict[str, int] = {}
    for groups in _LINKED.findall(html):
        address = next(filter(None, groups)).partition("?")[0]
        if address.startswith(settings.STATIC_URL):
            found |= dict(weights(address.removeprefix(settings.STATIC_URL)))
    return weight_of(html) + sum(found.values())


class _Forms(HTMLParser):
    """Finds a form that begins inside another one: a browser drops it, and its button sends the outer one."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open, self.nested = False, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            if self.is_open:
                self.nested.append(str(dict(attrs).get("action")))
            self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_open = False


def nested(html: str) -> list[str]:
    """Where the forms that stand in other forms would be sent."""
    forms = _Forms()
    forms.feed(html)
    return forms.nested


def test_every_page_is_light_and_has_no_form_in_a_form(walk: Walk) -> None:
    heavy, dropped, seen = [], [], 0
    for cell in CELLS:
        if cell.method != "GET" or cell.name.startswith("api_"):
            continue
        answer = walk.send(walk.clients[readers(cell)], cell)
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        seen += 1
        html = text_of(answer)
        size = first_load(html)
        if size > MOST_BYTES:
            heavy.append(f"{cell}: {size:,} bytes")
        dropped += [f"{cell}: {action}" for action in nested(html)]
    assert seen > 40
    assert (heavy, dropped) == ([], [])

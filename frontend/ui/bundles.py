"""What is kept apart and sent together: a page waits for one answer of the network, not for six."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

HERE = Path(__file__).parent / "static"
STORE = ("ui/tokens.css", "ui/base.css", "ui/components.css", "ui/lists.css", "ui/shells.css", "ui/pages.css")
"""What the storefront needs: nothing more, since a phone shows nothing before it has it."""
BUNDLES = {
    "ui/kit.css": (*STORE, "ui/desks.css"),
    "ui/store.css": STORE,
    "ui/js/htmx.js": ("django_htmx/htmx-2.min.js", "ui/js/htmx_at_window.js"),
}
"""Name of what is sent, and its parts in the order in which they rule."""


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND = re.compile(r"\s*([{};])\s*")


def part(name: str) -> str:
    """The text of a part: of the kit's own, or of the package that brings htmx; stylesheets without what only their
    authors read, which is a quarter of what a phone waits for.
    """
    own = HERE / name
    found = own if own.exists() else files("django_htmx") / "static" / name
    text = found.read_text(encoding="utf-8")
    return _AROUND.sub(r"\1", _COMMENT.sub("", text)).strip() if name.endswith(".css") else text


class BundleFinder(BaseFinder):
    """Finds bundles as if they were files."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to object to."""
        return []

    def find(self, path: str, find_all: Any = False, **kwargs: Any) -> Any:
        """Where the bundle ``path`` lies; nothing for other names."""
        found = [str(_folder() / path)] if path in BUNDLES else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every bundle, with the storage it lies in."""
        storage = FileSystemStorage(location=_folder())
        for name in BUNDLES:
            yield name, storage


@cache
def _folder() -> Path:
    """Where bundles lie, named by what is in them: processes share it, and another state of the parts has its own."""
    texts = {name: "\n".join(map(part, parts)) for name, parts in BUNDLES.items()}
    digest = hashlib.sha256(repr(texts).encode()).hexdigest()[:12]
    folder = Path(settings.VAR) / "bundles" / digest
    for name, text in texts.items():
        whole = folder / name
        if not whole.exists():
            whole.parent.mkdir(parents=True, exist_ok=True)
            half = whole.with_suffix(f".{os.getpid()}")
            half.write_text(text, encoding="utf-8")
            half.replace(whole)
    return folder

"""What a strict Content-Security-Policy forbids in a page; every face checks its own pages with this."""

from html.parser import HTMLParser

_URL_ATTRIBUTES = {"href", "src", "action", "formaction", "hx-get", "hx-post"}


class _Forbidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self._note(f"inline <{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self._note(f"{name} on <{tag}>")
            if name in _URL_ATTRIBUTES and (value or "").strip().lower().startswith("javascript:"):
                self._note(f"script address on <{tag}>")
            if name == "hx-vals" and (value or "").strip().startswith(("js:", "javascript:")):
                self._note(f"script values on <{tag}>")
            if name == "href" and value == "#":
                self._note(f"dead end on <{tag}>")

    def _note(self, what: str) -> None:
        line, _ = self.getpos()
        self.found.append(f"line {line}: {what}")


def forbidden_in(html: str) -> list[str]:
    """Inline style, script or handler and dead links in ``html``, one text each; empty when the page is clean."""
    parser = _Forbidden()
    parser.feed(html)
    parser.close()
    return parser.found


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.wanted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in {"for", "aria-labelledby", "aria-describedby", "data-open"} and value:
                self.wanted.extend(value.split())


def broken_references(html: str) -> list[str]:
    """Ids that stand twice and labels or descriptions that point at nothing."""
    parser = _Ids()
    parser.feed(html)
    parser.close()
    twice = sorted({one for one in parser.ids if parser.ids.count(one) > 1})
    missing = sorted(set(parser.wanted) - set(parser.ids))
    return [f"twice: {one}" for one in twice] + [f"missing: {one}" for one in missing]

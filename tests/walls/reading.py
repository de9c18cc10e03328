"""What a reader sees of a page: its words in order, and what of them is data of the brand or of the platform."""

import re
from html import unescape
from pathlib import Path

import polib

from core.db import sql
from core.db.acts import PUBLIC, current_schema

CHINESE = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_UNSEEN = re.compile(r"<(script|style|head|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_IN_ANOTHER_TONGUE = re.compile(r"<(\w+)\b[^>]*\slang=\"[^\"]*\"[^>]*>.*?</\1>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_SAID = re.compile(r"\s(?:aria-label|placeholder|title|alt|data-label|data-text[\w-]*|data-key-label)=\"([^\"]*)\"")
_TEXT = re.compile(r">([^<>]+)<")


def words_of_page(html: str) -> list[str]:
    """Every piece of text of the page: of its title, its elements and the attributes that are read out."""
    titles = _TITLE.findall(html)
    body = _UNSEEN.sub("", html)
    whole = re.sub(r"^.*?<body", "<body", body, flags=re.DOTALL)
    seen = _IN_ANOTHER_TONGUE.sub("", whole)
    pieces = [*titles, *_SAID.findall(seen), *_TEXT.findall(seen)]
    return [text for piece in pieces if (text := " ".join(unescape(piece).split()))]


def data_of(schema: str = "") -> str:
    """Every text the schema (by default the present one) and the public one keep, joined: what a page may show."""
    kept: list[str] = []
    for name in (schema or current_schema(), PUBLIC):
        tables = sql.rows("SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s", {"schema": name})
        for (table,) in tables:
            kept += [str(row) for (row,) in sql.rows(f'SELECT t::text FROM "{name}"."{table}" AS t', {})]
    return "\n".join(kept)


def msgids(root: Path) -> set[str]:
    """The English of every string that has a Chinese of its own, places and single short words left out."""
    found = set()
    for path in root.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"):
        if ".venv" in path.parts or "var" in path.parts:
            continue
        for entry in polib.pofile(str(path)):
            for english in (entry.msgid, entry.msgid_plural):
                is_plain = english and "%(" not in english and re.search(r"[A-Za-z]{3}", english)
                if is_plain and entry.msgstr != entry.msgid:
                    found.add(" ".join(english.split()))
    return found

"""Browsers somebody has signed in with before: strangers' wrong passwords do not make them wait.

A signed cookie of this host names the accounts (by blind index) and the browser. It opens nothing: all it gives is a
count of wrong passwords of its own, as short as everybody's.
"""

import secrets
from typing import TypedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.vault.services import blind_index
from tenants.people.services import account_key

COOKIE = "__Host-jm-known" if settings.SESSION_COOKIE_SECURE else "jm-known"
LASTS_S = 180 * 24 * 3600
MOST = 8
"""Accounts of one browser, the latest first: an office shares a machine."""
_SALT = "frontend.platform.known"


class _Note(TypedDict):
    browser: str
    accounts: list[str]


def browser_known_to(request: HttpRequest, identifier: str) -> str:
    """The browser's own name when this account has signed in with it before, else empty."""
    note = _read(request)
    return note["browser"] if note and _index(identifier) in note["accounts"] else ""


def remember_browser(request: HttpRequest, response: HttpResponse, identifier: str) -> None:
    """Note that the account was signed in to here."""
    note = _read(request) or {"browser": secrets.token_urlsafe(12), "accounts": []}
    index = _index(identifier)
    note["accounts"] = [index, *(known for known in note["accounts"] if known != index)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(note, salt=_SALT, compress=True),
        max_age=LASTS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _index(identifier: str) -> str:
    return blind_index(account_key(identifier), "people.known_browser")[:24]


def _read(request: HttpRequest) -> _Note | None:
    try:
        note: _Note = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS_S)
    except signing.BadSignature:
        return None
    return note

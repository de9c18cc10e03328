"""The platform's announcements above the pages of whoever sits in a seat; what was put away stays away."""

from collections.abc import Callable
from functools import cache
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from core.web.requests import PageRequest
from tenants.brands.announcements import LONGEST, Banner, banners

SEEN_COOKIE = "jm_seen"
_MOST = 20
"""Announcements a browser remembers to have put away: the last ones."""


def announcements(request: HttpRequest) -> dict[str, Callable[[], list[Banner]]]:
    """Context processor: ``announcements``, asked for by the shells alone and answered from a cache."""
    page = cast("PageRequest", request)

    @cache
    def shown() -> list[Banner]:
        brand, actor = getattr(page, "brand", None), getattr(page, "actor", None)
        if brand is None or actor is None:
            return []
        return banners(brand_id=brand.public_id, side=actor.side, language=get_language() or "", seen=_seen(request))

    return {"announcements": shown}


def put_away(request: HttpRequest, response: HttpResponse, announcement_id: UUID, *, secure: bool) -> None:
    """Remember in this browser that the announcement has been read."""
    seen = [one for one in _seen(request) if one != str(announcement_id)]
    response.set_cookie(
        SEEN_COOKIE,
        ".".join([*seen, str(announcement_id)][-_MOST:]),
        max_age=LONGEST,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _seen(request: HttpRequest) -> list[str]:
    return [one for one in request.COOKIES.get(SEEN_COOKIE, "").split(".") if one]

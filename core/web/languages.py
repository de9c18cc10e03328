"""Which language a page speaks: the reader's choice, else the brand's default, else Chinese."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from core.web.requests import PageRequest

SOMEBODYS_OWN = ("/portals/", "/profile/", "/my-data/", "/seat/")
"""Pages of the platform's host for somebody signed in: they speak the language chosen, as every portal does."""
CHOICE_LASTS_S = 365 * 24 * 3600


def is_known(code: str) -> bool:
    """Whether the product speaks this language."""
    return code in dict(settings.LANGUAGES)


def language_of(request: PageRequest) -> str:
    """Code of the language to answer in. What the browser asks for counts on the platform's public pages only."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if is_known(chosen):
        return chosen
    brand = getattr(request, "brand", None)
    if brand is None:
        is_public = not getattr(request, "is_desk", False) and not request.path_info.startswith(SOMEBODYS_OWN)
        return _asked_for(request) if is_public else settings.LANGUAGE_CODE
    return brand.language if is_known(brand.language) else settings.LANGUAGE_CODE


def _asked_for(request: HttpRequest) -> str:
    wished = request.headers.get("Accept-Language", "")
    if not wished:
        return settings.LANGUAGE_CODE
    found = translation.get_language_from_request(request)
    return found if is_known(found) else settings.LANGUAGE_CODE


def remember_choice(response: HttpResponse, code: str) -> None:
    """Keep the reader's choice in a cookie of this host."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=CHOICE_LASTS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

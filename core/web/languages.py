"""Which language a page speaks: the reader's choice, else the brand's default, else Chinese."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from core.web.requests import PageRequest

SOMEBODYS_OWN = ("/portals/", "/profile/", "/my-data/", "/seat/")
"""Pages of the platform's host for somebody signed in: they speak the language chosen, as every portal does."""
AT_THE_DOOR = ("/sign-in/", "/forgot/", "/reset/", "/enter/", "/invitation/")
"""Pages of a brand's host for somebody it does not know yet: they speak the browser's language until one is chosen."""
CHOICE_LASTS_S = 365 * 24 * 3600


def is_known(code: str) -> bool:
    """Whether the product speaks this language."""
    return code in dict(settings.LANGUAGES)


def language_of(request: PageRequest) -> str:
    """Code of the language to answer in. What the browser asks for counts on the platform's public pages and
    at a brand's door.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if is_known(chosen):
        return chosen
    brand = getattr(request, "brand", None)
    if brand is None:
        is_public = not getattr(request, "is_desk", False) and not request.path_info.startswith(SOMEBODYS_OWN)
        return _asked_for(request) if is_public else settings.LANGUAGE_CODE
    usual = brand.language if is_known(brand.language) else settings.LANGUAGE_CODE
    return _asked_for(request, usual) if request.path_info.startswith(AT_THE_DOOR) else usual


def _asked_for(request: HttpRequest, usual: str = settings.LANGUAGE_CODE) -> str:
    """The first language the browser asks for that is spoken here, else the usual one."""
    for wish, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            found = get_supported_language_variant(wish)
        except LookupError:
            continue
        if is_known(found):
            return found
    return usual


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

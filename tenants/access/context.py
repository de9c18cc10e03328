"""What every page of a shell is told about portal and person. No queries: the middlewares know it all."""

import hashlib
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from core.kernel.actor import Actor
from core.kernel.brand import BrandFacts
from core.web.requests import PageRequest
from tenants.brands.addresses import address_of

PLATFORM_NAME, PLATFORM_SEAL = "酒脉", "脉"
PLATFORM_NAME_EN = "Jiumai"


@dataclass(frozen=True, slots=True)
class PortalWords:
    """The portal as the shells show it (the shape of ``frontend.ui.shapes.Portal``)."""

    name: str
    seal: str
    home_url: str = "/"
    accent_url: str = ""
    logo_url: str = ""
    tagline: str = ""
    welcome: str = ""
    contact: str = ""


def portal(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``portal``, ``actor``, ``role_name``, ``portals_url``, ``seats_url`` (for a choice)."""
    page = cast("PageRequest", request)
    brand = getattr(page, "brand", None)
    words: dict[str, object] = {"portal": portal_words(brand), "actor": None}
    if brand is not None and page.actor is not None:
        words["actor"] = page.actor
        words["role_name"] = _role_name(page, page.actor)
        if page.seat_count > 1:
            words["seats_url"] = _url("choose_seat")
        words["portals_url"] = other_brands(page)
    return words


def other_brands(page: PageRequest) -> str:
    """The person's list of brands on the platform, entered with the sign-in of this host."""
    asked = urlencode({"from": page.get_host().partition(":")[0].lower(), "next": "/portals/"})
    return f"{address_of(settings.BASE_DOMAIN)}{_url('enter')}?{asked}"


def _role_name(page: PageRequest, actor: Actor) -> str:
    if actor.acting_for is not None:
        return gettext("for %(name)s") % {"name": actor.acting_for_name}
    return "、".join(gettext(word) for word in page.roles)


def portal_words(brand: BrandFacts | None) -> PortalWords:
    """A brand, or the platform (None), by name and seal in the present language."""
    is_english = (get_language() or "").startswith("en")
    if brand is None:
        return PortalWords(PLATFORM_NAME_EN if is_english else PLATFORM_NAME, PLATFORM_SEAL)

    def said(own: str, english: str) -> str:
        return english if is_english and english else own

    return PortalWords(
        said(brand.name, brand.name_en),
        brand.seal,
        accent_url=_accent_url(brand),
        logo_url=logo_url(brand, "wide") or logo_url(brand, "square"),
        tagline=said(brand.tagline, brand.tagline_en),
        welcome=said(brand.welcome, brand.welcome_en),
        contact=said(brand.contact, brand.contact_en),
    )


def logo_url(brand: BrandFacts, shape: str) -> str:
    """Where the brand's logo of that shape is; empty where it has none. A new picture has a new address."""
    file_id = brand.logo_wide if shape == "wide" else brand.logo_square
    if not file_id:
        return ""
    try:
        return f"{reverse('logo', args=[shape])}?v={file_id[-8:]}"
    except NoReverseMatch:
        return ""


def _accent_url(brand: BrandFacts) -> str:
    url = _url("theme") if brand.accent else ""
    return f"{url}?v={hashlib.sha256(brand.accent.encode()).hexdigest()[:8]}" if url else ""


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

"""What every page of a shell is told about portal and person. No queries: the middlewares know it all."""

import hashlib
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from core.kernel.brand import BrandFacts
from core.web.requests import PageRequest
from tenants.access.roles import ROLE_WORDS

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


def portal(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``portal``, ``actor``, ``role_name``, ``seats_url`` (where there is a choice)."""
    page = cast("PageRequest", request)
    brand = getattr(page, "brand", None)
    words: dict[str, object] = {"portal": _portal(brand), "actor": None}
    if brand is not None and page.actor is not None:
        words["actor"] = page.actor
        words["role_name"] = "、".join(gettext(ROLE_WORDS[role]) for role in page.roles if role in ROLE_WORDS)
        if page.seat_count > 1:
            words["seats_url"] = _url("choose_seat")
    return words


def _portal(brand: BrandFacts | None) -> PortalWords:
    is_english = (get_language() or "").startswith("en")
    if brand is None:
        return PortalWords(PLATFORM_NAME_EN if is_english else PLATFORM_NAME, PLATFORM_SEAL)
    name = brand.name_en if is_english and brand.name_en else brand.name
    return PortalWords(name, brand.seal, accent_url=_accent_url(brand))


def _accent_url(brand: BrandFacts) -> str:
    url = _url("theme") if brand.accent else ""
    return f"{url}?v={hashlib.sha256(brand.accent.encode()).hexdigest()[:8]}" if url else ""


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

"""The storefront as an app on the phone: its manifest and icon, the worker that answers without a connection, and the
page it shows then.

The worker keeps the shell, static files and that page: never a price, an order or an answer of the interface.
"""

import hashlib
import posixpath
import re
from functools import cache
from pathlib import Path
from typing import cast

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from core.kernel.brand import BrandFacts
from core.web.languages import is_known
from core.web.requests import PageRequest
from frontend.storefront.appicon import ACCENT, PAPER, seal_icon
from tenants.access.context import logo_url, portal_words

SHELL = (
    "ui/store.css",
    "storefront/storefront.css",
    "ui/js/late.js",
    "ui/js/app.js",
    "storefront/js/offline.js",
    "ui/icons.svg",
    "ui/favicon.svg",
)
"""What the page without a connection is made of; the modules these import go with them."""
_IMPORT = re.compile(r"""(?:from|import)\s+["'](\.[^"']+)["']""")
HOUR = 3600


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colour and icons of this brand's portal."""
    brand = _brand(request)
    words = portal_words(brand)
    icons = [
        {"src": f"{reverse('storefront:app_icon')}{query}", "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
        for query, purpose in (("", "any"), ("?shape=maskable", "maskable"))
    ]
    if brand.logo_square:  # before the seal: a phone takes the first that fits
        own = {"src": logo_url(brand, "square"), "sizes": "512x512", "type": "image/png", "purpose": "any"}
        icons = [own, *icons[1:]]
    facts = {
        "id": "/",
        "name": gettext("%(brand)s ordering") % {"brand": words.name},
        "short_name": words.name[:12],
        "description": words.tagline or gettext("Order, track and sign for goods."),
        "lang": get_language() or "zh-hans",
        "start_url": "/?from=app",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": brand.accent or ACCENT,
        "icons": icons,
        "shortcuts": [
            {"name": gettext("Quick order"), "url": reverse("storefront:pad")},
            {"name": gettext("Scan barcodes"), "url": reverse("storefront:scan")},
            {"name": gettext("Orders"), "url": reverse("storefront:orders")},
        ],
    }
    response = HttpResponse(orjson.dumps(facts), content_type="application/manifest+json")
    patch_cache_control(response, no_cache=True)  # another look is to be seen at once, and the words differ by reader
    return response


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """The brand's seal."""
    brand = _brand(request)
    drawn = seal_icon(brand.seal, brand.accent, is_maskable=request.GET.get("shape") == "maskable")
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    patch_cache_control(response, public=True, max_age=HOUR)
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the whole host. Another shell, brand or language makes another version of it."""
    language = get_language() or settings.LANGUAGE_CODE
    accent = portal_words(_brand(request)).accent_url
    facts = {
        "offline": f"{reverse('storefront:offline')}?language={language}",
        "files": [*(static(name) for name in _shell()), *([accent] if accent else ())],
        "statics": settings.STATIC_URL,
        "signOut": reverse("sign_out"),
        "signIn": reverse("sign_in"),
    }
    code = _source("storefront/js/worker.js")
    made_of = "".join((code, *map(_source, _shell())))  # files keep their names in development
    version = hashlib.sha256(orjson.dumps(facts) + made_of.encode()).hexdigest()[:12]
    words = orjson.dumps({**facts, "version": version}).decode()
    response = HttpResponse(f"const FACTS = {words};\n{code}", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _shell() -> tuple[str, ...]:
    """``SHELL`` and every module it imports."""
    found: dict[str, None] = {}
    waiting = list(SHELL)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = None
        if name.endswith(".js"):
            waiting += [
                posixpath.normpath(posixpath.join(posixpath.dirname(name), at)) for at in _IMPORT.findall(_source(name))
            ]
    return tuple(found)


@cache
def _source(name: str) -> str:
    """A static file's text as it stands in the source."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise ImproperlyConfigured(name)
    return Path(found).read_text(encoding="utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page the worker shows without a connection: nobody's name, no number, in the language it is asked in."""
    language = request.GET.get("language", "")
    with override(language if is_known(language) else get_language()):
        words = portal_words(_brand(request))
        # No token of a form and no person: the page is kept, and whoever holds the phone sees it.
        context = {
            "portal": words,
            "actor": None,
            "csrf_token": "",
            "role_name": "",
            "seats_url": "",
            "portals_url": "",
            "messages": (),  # somebody's, and to be told on a page that is not kept
        }
        response = render(request, "storefront/offline.html", context)
    if request.COOKIES:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, public=True, max_age=HOUR)
    return response


def _brand(request: HttpRequest) -> BrandFacts:
    brand = cast("PageRequest", request).brand
    if brand is None:
        raise Http404
    return brand

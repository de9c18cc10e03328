"""The living component page, and the stylesheet a brand's own accent becomes."""

import logging
from pathlib import Path
from typing import cast
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.db.acts import brand_schema
from core.files.selectors import kept_file, open_file
from core.kernel.errors import DomainError
from core.web.requests import PageRequest
from frontend.ui import finding_samples, samples
from frontend.ui.colour import accent_stylesheet
from frontend.ui.undo import Undo
from frontend.ui.vocabulary import known_terms
from frontend.ui.words import known_statuses

log = logging.getLogger("jiumai.ui")

YEAR = 31_536_000
SHELLS = ("storefront", "console", "platform")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the kit; ``?shell=`` chooses the frame around it."""
    shell = request.GET.get("shell", "storefront")
    if shell not in SHELLS:
        shell = "storefront"
    if request.GET.get("part") == "options":  # the palette of this page asks for its findings
        return render(request, "ui/parts/palette_options.html", {"groups": finding_samples.groups()})
    form = samples.SampleForm({"receiver": "孙立新", "licence": "JY1371602001410", "cases": "12", "delivery": "brand"})
    context = {
        "base": f"ui/{shell}_shell.html",
        "shells": SHELLS,
        "portal": samples.PORTAL,
        "actor": samples.ACTOR,
        "nav": samples.navigation(is_console=shell == "console"),
        "cart_count": 3,
        "unread_count": 2,
        "cart_url": "/styleguide/",
        "unread_url": "/styleguide/",
        "account_url": "/styleguide/",
        "search_url": "/styleguide/",
        "scan_url": "" if shell == "console" else "/styleguide/",
        "form": form,
        "blank_form": samples.SampleForm(prefix="blank"),
        "flow": samples.flow(),
        "trace": samples.trace(),
        "chips": samples.chips(),
        "ways": samples.ways(),
        "crumbs": samples.crumbs(),
        "page": samples.PAGER,
        "products": samples.PRODUCTS,
        "orders": samples.ORDERS,
        "instant": samples.INSTANT,
        "statuses": known_statuses(),
        "terms": known_terms(),
        "icons": icon_names(),
        "find_url": "/styleguide/",
        "found_groups": finding_samples.groups(),
        "views_bar": finding_samples.views_bar(),
        "sorts": finding_samples.sorts(request),
        "tray": finding_samples.tray(),
        "tray_url": "",
        "undo": Undo("/styleguide/"),
        "facts": {_("Food business licence"): "JY1371602001410", _("Receiver"): "孙立新"},
        "aromas": finding_samples.AROMA_DRAWINGS,
    }
    return render(request, "ui/styleguide.html", context)


def theme(request: HttpRequest) -> HttpResponse:
    """The brand's accent as a stylesheet; empty without one, or when an old one can no longer be read on.

    Its address carries the accent's digest, so it may be kept for a year.
    """
    brand = cast("PageRequest", request).brand
    css = ""
    if brand is not None and brand.accent:
        try:
            css = accent_stylesheet(brand.accent)
        except DomainError as refusal:
            log.warning("%s: %s", brand.slug, refusal)
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR if "v" in request.GET else 300)
    return response


@require_safe
def logo(request: HttpRequest, shape: str) -> HttpResponseBase:
    """The brand's logo, for everybody: it stands on the sign-in page too."""
    brand = cast("PageRequest", request).brand
    file_id = "" if brand is None else {"square": brand.logo_square, "wide": brand.logo_wide}.get(shape, "")
    if brand is None or not file_id:
        raise Http404
    with brand_schema(brand.schema_name):
        response = FileResponse(open_file(kept_file(UUID(file_id))), content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=YEAR if request.GET.get("v") == file_id[-8:] else 300)
    return response


def icon_names() -> list[str]:
    """Every symbol of the sprite, in its order."""
    found = finders.find("ui/icons.svg")
    if not isinstance(found, str):
        return []
    text = Path(found).read_text(encoding="utf-8")
    return [part.split('"', 1)[0] for part in text.split('<symbol id="i-')[1:]]

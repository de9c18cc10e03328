"""How the portal looks and what it says of itself, with a picture of it before anything is saved."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.catalogue.selectors import skus_visible_to
from core.kernel.errors import DomainError
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.settings import LogoForm, LookForm, TextsForm
from frontend.console.goods import drawing_of, name_of, picture_url_of, spec_of_sku
from frontend.console.shell import shown
from frontend.ui.colour import ContrastCheck, NotAColour, accent_stylesheet, contrast_checks, nearest_readable
from frontend.ui.refusals import REFUSED, did, put_on
from frontend.ui.shapes import NavItem
from tenants.access.context import PortalWords, logo_url, portal_words
from tenants.brands.permissions import Permission
from tenants.brands.rules import PORTAL_TEXTS
from tenants.brands.services import change_look, change_texts, drop_logo, set_logo

USUAL = "#b3261e"
PLACES = {"button": gettext_lazy("White words on a button"), "link": gettext_lazy("Links on the page")}
THEMES = {"light": gettext_lazy("light"), "dark": gettext_lazy("dark")}
SHAPES = {"square": gettext_lazy("Square: icon on phones"), "wide": gettext_lazy("Wide: beside the navigation")}
_SHOWN_GOODS = 4


@form_page(permission=Permission.SETTINGS_EDIT)
def look(request: SignedInRequest) -> HttpResponse:
    """Names, colour and texts, each its own form; the logos beside them."""
    brand, act = request.brand, request.POST.get("act", "") if request.method == "POST" else ""
    said = {name: getattr(brand, name) for name in ("name", "name_en", "seal", "accent", *PORTAL_TEXTS)}
    said["version"] = brand.look_version
    look_form = LookForm(request.POST if act == "look" else None, initial=said)
    texts = TextsForm(request.POST if act == "texts" else None, initial=said)
    if act == "look":
        is_done = did(look_form, lambda: change_look(actor=request.actor, command=look_form.command()))
    else:
        is_done = act == "texts" and did(texts, lambda: change_texts(actor=request.actor, command=texts.command()))
    if is_done:
        messages.success(request, _("Saved; in force at once."))
        return redirect("console:look")
    is_refused = bool(look_form.errors or texts.errors)
    return _look_page(request, look_form, texts, LogoForm(), status=REFUSED if is_refused else 200)


def _look_page(
    request: SignedInRequest, look_form: LookForm, texts: TextsForm, logo_form: LogoForm, *, status: int, at: str = ""
) -> HttpResponse:
    typed = request.GET.get("accent", "")[:20] if request.method == "GET" else ""
    accent = typed or str(look_form["accent"].value() or USUAL)
    context = {
        "look": look_form,
        "texts": texts,
        "logo": logo_form,
        "refused_shape": at,
        "logos": [(shape, word, logo_url(request.brand, shape)) for shape, word in SHAPES.items()],
        "accent": accent,
        "checks": _checks(accent),
        "nearest": _nearest(accent),
        "frames": [
            ("home", "light", _("Home, light")),
            ("sign_in", "light", _("Sign-in, light")),
            ("home", "dark", _("Home, dark")),
            ("sign_in", "dark", _("Sign-in, dark")),
        ],
        "preview_url": f"{reverse('console:look_preview')}?{urlencode({'accent': accent})}",
    }
    return shown(request, "console/look.html", context, at="settings", status=status)


def _checks(accent: str) -> list[tuple[str, str, ContrastCheck]]:
    try:
        return [(str(PLACES[one.place]), str(THEMES[one.theme]), one) for one in contrast_checks(accent)]
    except NotAColour:
        return []


def _nearest(accent: str) -> str:
    """The nearest colour that can be read, where this one cannot."""
    try:
        found = nearest_readable(accent)
        return found if not all(check.passes for check in contrast_checks(accent)) else ""
    except NotAColour:
        return ""


@verb_page(permission=Permission.SETTINGS_EDIT)
def logo(request: SignedInRequest, shape: str) -> HttpResponse:
    """Take a picture as the logo, or show the seal again."""
    if request.POST.get("act") == "drop":
        drop_logo(actor=request.actor, shape=shape)
        messages.success(request, _("The seal is shown again."))
        return redirect("console:look")
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["picture"]
        try:
            set_logo(actor=request.actor, shape=shape, upload=upload, name=str(upload.name or ""))
        except DomainError as refusal:
            put_on(form, refusal, {shape: "picture"})
        else:
            messages.success(request, _("The logo is shown everywhere now."))
            return redirect("console:look")
    brand = request.brand
    said = {name: getattr(brand, name) for name in ("name", "name_en", "seal", "accent", *PORTAL_TEXTS)}
    said["version"] = brand.look_version
    return _look_page(request, LookForm(initial=said), TextsForm(initial=said), form, status=REFUSED, at=shape)


@staff_page(permission=Permission.SETTINGS_EDIT)
def preview(request: SignedInRequest) -> HttpResponseBase:
    """The portal as it would be, inside a frame of the settings page alone; nothing in it can be pressed."""
    return _framed(request)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
def _framed(request: HttpRequest) -> HttpResponseBase:
    """The page itself alone may stand in a frame: who is sent away by the door is answered as everywhere."""
    return _portal_shown(cast("SignedInRequest", request))


def _portal_shown(request: SignedInRequest) -> HttpResponse:
    asked = request.GET
    theme = asked.get("theme", "")
    if theme in THEMES:
        request.COOKIES["theme"] = theme  # what the shell prints its theme from
    may_see = request.actor.can("catalogue.read")
    skus = skus_visible_to(request.actor).filter(status="ON").order_by("rank", "id")[:_SHOWN_GOODS] if may_see else []
    context: dict[str, object] = {
        "portal": _words(request),
        "actor": None,
        "csrf_token": "",
        "find_url": "",
        "nav": [
            NavItem(_("Home"), "#main", "home", is_current=True),
            NavItem(_("Products"), "#main", "grid"),
            NavItem(_("Quick order"), "#main", "bolt"),
            NavItem(_("Orders"), "#main", "receipt"),
        ],
        "goods": [(drawing_of(sku), picture_url_of(sku), name_of(sku), spec_of_sku(sku)) for sku in skus],
    }
    page = "sign_in" if asked.get("page") == "sign_in" else "home"
    if page == "home":
        context["actor"] = request.actor  # a dealer sees it signed in
    return render(request, f"console/preview_{page}.html", context)


def _words(request: SignedInRequest) -> PortalWords:
    """The portal's words, with what is typed instead of what is saved."""
    asked, is_english = request.GET, (get_language() or "").startswith("en")

    def typed(name: str, most: int) -> str:
        own, english = asked.get(name, "")[:most], asked.get(f"{name}_en", "")[:most]
        return english if is_english and english else own

    words = portal_words(request.brand)
    accent = asked.get("accent", "")
    return replace(
        words,
        name=typed("name", 80) or words.name,
        seal=asked.get("seal", "")[:1] or words.seal,
        accent_url=f"{reverse('console:look_preview_css')}?{urlencode({'accent': accent})}" if accent else "",
        **(
            {name: typed(name, PORTAL_TEXTS[f"{name}_en"]) for name in ("tagline", "welcome", "contact")}
            if "tagline" in asked
            else {}
        ),
    )


@staff_page(permission=Permission.SETTINGS_EDIT)
def preview_css(request: SignedInRequest) -> HttpResponse:
    """The stylesheet of a colour being chosen, as it was typed: whether it can be read is said beside it."""
    try:
        css = accent_stylesheet(request.GET.get("accent", ""), is_tried=True)
    except DomainError:
        css = ""
    return HttpResponse(css, content_type="text/css; charset=utf-8")

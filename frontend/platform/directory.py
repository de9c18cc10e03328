"""The public directory of brands, and what search engines are told of the platform's pages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.kernel import regions
from core.kernel.text import normalised
from frontend.platform.shelf import ShelfBottle
from frontend.ui.paging import link_with
from frontend.ui.places import place_name
from frontend.ui.shapes import Chip, NavItem
from frontend.ui.vocabulary import term
from tenants.brands.addresses import address_of
from tenants.brands.directory import Listed, listed_brand, listed_brands

_SHAPES = {"JX": "cylinder", "NX": "flask", "QX": "vase", "FX": "bare", "DX": "jar", "MX": "jar"}
_PROVINCE_ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


@dataclass(frozen=True, slots=True)
class BrandCard:
    """A listed brand as the pages show it, in the present language."""

    slug: str
    name: str
    seal: str
    introduction: str
    aromas: tuple[str, ...]
    aroma_class: str
    region: str
    url: str
    portal_url: str
    drawing: ShelfBottle


def public_nav(current: str = "") -> list[NavItem]:
    """The navigation of the public pages."""
    return [
        NavItem(gettext("Brands"), reverse("brands"), "store", is_current=current == "brands"),
        NavItem(gettext("What it does"), f"{reverse('landing')}#what", "layers"),
        NavItem(gettext("For distilleries"), f"{reverse('landing')}#start", "building"),
    ]


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def brands(request: HttpRequest) -> HttpResponse:
    """Every brand that wishes to be found, by aroma and province."""
    everybody = listed_brands()
    aroma, province, query = (normalised(request.GET.get(name, ""))[:80] for name in ("aroma", "province", "q"))
    is_narrowed = bool(aroma or province or query)
    shown = listed_brands(query=query, aroma=aroma, province=province) if is_narrowed else everybody
    context = {
        "cards": [card(one) for one in shown],
        "total": len(everybody),
        "aromas": _aroma_chips(request, everybody, aroma),
        "provinces": _province_chips(request, everybody, province),
        "query": query,
        "is_narrowed": is_narrowed,
        "nav": public_nav("brands"),
    }
    return render(request, "platform/brands.html", context)


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """What one brand says of itself, and the way into its portal."""
    found = listed_brand(slug)
    neighbours = [one for one in listed_brands(aroma=next(iter(found.aromas), "")) if one.slug != slug]
    context = {
        "brand": card(found),
        "neighbours": [card(one) for one in neighbours[:4]],
        "nav": public_nav(),
    }
    return render(request, "platform/brand.html", context)


@require_safe
@cache_control(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be read; nothing that asks for somebody."""
    closed = "".join(f"Disallow: /{name}/\n" for name in ("portals", "profile", "sign-in", "my-data", "ticket"))
    text = f"User-agent: *\n{closed}Sitemap: {address_of(settings.BASE_DOMAIN)}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The public pages and every listed brand."""
    home = address_of(settings.BASE_DOMAIN)
    paths = [reverse("landing"), reverse("brands"), *(reverse("brand", args=[one.slug]) for one in listed_brands())]
    context = {"addresses": [f"{home}{path}" for path in paths]}
    return render(request, "platform/sitemap.xml", context, content_type="application/xml")


def card(one: Listed) -> BrandCard:
    """The brand in the present language, with a bottle of its first aroma."""
    is_english = (get_language() or "").startswith("en")
    first = next(iter(one.aromas), "OT")
    return BrandCard(
        slug=one.slug,
        name=one.name_en if is_english and one.name_en else one.name,
        seal=one.seal,
        introduction=one.introduction_en if is_english and one.introduction_en else one.introduction,
        aromas=tuple(term("aroma", code) for code in one.aromas),
        aroma_class=first.lower(),
        region=_place(one.region_code),
        url=reverse("brand", args=[one.slug]),
        portal_url=f"{address_of(one.host)}/",
        drawing=ShelfBottle(_SHAPES.get(first, "cylinder"), first.lower(), tuple(one.name[:2])),
    )


def _place(code: str) -> str:
    try:
        return place_name(code, full=True) if code else ""
    except regions.UnknownRegion:
        return ""


def _aroma_chips(request: HttpRequest, everybody: list[Listed], current: str) -> list[Chip]:
    counts: dict[str, int] = {}
    for one in everybody:
        for code in one.aromas:
            counts[code] = counts.get(code, 0) + 1
    return _chips(request, "aroma", {code: term("aroma", code) for code in sorted(counts)}, counts, current)


def _province_chips(request: HttpRequest, everybody: list[Listed], current: str) -> list[Chip]:
    counts: dict[str, int] = {}
    for one in everybody:
        if one.region_code:
            code = f"{one.region_code[:2]}0000"
            counts[code] = counts.get(code, 0) + 1
    return _chips(request, "province", {code: _short(code) for code in sorted(counts)}, counts, current)


def _chips(request: HttpRequest, name: str, words: dict[str, str], counts: dict[str, int], current: str) -> list[Chip]:
    every = Chip(gettext("All"), link_with(request, **{name: None}), is_current=not current)
    return [
        every,
        *(
            Chip(label, link_with(request, **{name: code}), is_current=code == current, count=counts[code])
            for code, label in words.items()
        ),
    ]


def _short(code: str) -> str:
    try:
        name = place_name(code)
    except regions.UnknownRegion:
        return code
    return next((name.removesuffix(ending) for ending in _PROVINCE_ENDINGS if name.endswith(ending)), name)

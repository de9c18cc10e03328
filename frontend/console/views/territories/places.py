"""The map by place: divisions level by level with their holders on a day, and the ground nobody holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import lines_visible_to
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.regions import Region
from core.web.requests import SignedInRequest
from dms.dealers.rules import Channel
from dms.territories.models import Grant
from dms.territories.permissions import Permission
from dms.territories.selectors import Gap, Level, Place, PlaceFilter, gaps, level, skus_of
from frontend.console.doors import staff_page
from frontend.console.groundwords import GrantLine, grant_lines
from frontend.console.lists import chips_of, choice_asked, text_asked
from frontend.console.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.places import place_called, place_name
from frontend.ui.shapes import Chip, Crumb
from frontend.ui.vocabulary import term

_SUFFIX = re.compile(r"(壮族|回族|维吾尔)?(自治区|特别行政区)$|省$|市$")
NAMED_GAPS = 8


def ground_tabs(actor: Actor, at: str) -> list[Chip]:
    """The parts of the map, each with its own address."""
    parts = (
        ("territories", _("By place")),
        ("grants", _("Grants")),
        ("gaps", _("Gaps")),
        ("zones", _("Zones")),
        ("outlets", _("Outlets")),
    )
    return [Chip(label, reverse(f"console:{name}"), is_current=name == at) for name, label in parts]


def day_asked(request: SignedInRequest) -> date:
    """The day the map is looked at; today unless ``?on=`` says another."""
    try:
        return clock.read_day(request.GET.get("on", ""))
    except ValueError:
        return clock.business_day(zone=request.brand.time_zone)


def offered_lines(actor: Actor) -> list[tuple[str, str]]:
    """Codes and names of the product lines the seat sees."""
    if not actor.can(CataloguePermission.READ):
        return []
    is_english = (get_language() or "").startswith("en")
    return [(one.code, (is_english and one.name_en) or one.name) for one in lines_visible_to(actor)]


def place_filters(request: SignedInRequest) -> dict[str, object]:
    """What every page of the map can be narrowed to, for its toolbar."""
    today = clock.business_day(zone=request.brand.time_zone)
    day = day_asked(request)
    channel = choice_asked(request, "channel", [one.value for one in Channel])
    kinds = [("", _("Every kind"), None), *((code, term("grant_kind", code), None) for code in Grant.Kind.values)]
    return {
        "day": day,
        "is_today": day == today,
        "today_url": link_with(request, on=None),
        "lines": offered_lines(request.actor),
        "line": request.GET.get("line", "")[:40],
        "channels": [(one.value, term("channel", one.value)) for one in Channel],
        "channel": channel,
        "kind": choice_asked(request, "kind", Grant.Kind.values),
        "kind_chips": chips_of(request, "kind", kinds),
    }


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A division as the tree shows it; ``url`` leads to it, ``part_url`` fetches what lies below."""

    place: Place
    name: str
    holders: list[GrantLine]
    url: str
    part_url: str
    grants_url: str


@staff_page(permission=Permission.READ)
def places(request: SignedInRequest) -> HttpResponse:
    """One level of the tree; ``?q=`` leads to a division by its name, else to the grants of a dealer."""
    if words := text_asked(request):
        return _found(request, words)
    code = request.GET.get("region", "")
    code = code if code and regions.within(code) else regions.COUNTRY
    told = place_filters(request)
    asked = PlaceFilter(str(told["line"]), str(told["channel"]), str(told["kind"]))
    day = day_asked(request)
    found = level(request.actor, code, asked, day=day)
    context = {"rows": _rows(request, found, day), "day": day}
    if request.htmx and request.GET.get("part") == "rows":
        return render(request, "console/parts/places.html", context)
    context |= {
        **told,
        "tabs": ground_tabs(request.actor, "territories"),
        "above": grant_lines(found.above, day),
        "code": code,
        "name": _("Whole country") if code == regions.COUNTRY else place_name(code, full=True),
        "crumbs": _crumbs(request, code),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/territories.html", context, at="territories")


def _found(request: SignedInRequest, words: str) -> HttpResponse:
    digits = words if words.isascii() and words.isdigit() and regions.within(words) else ""
    place = regions.region(digits) if digits else place_called(words)
    kept = {name: request.GET[name] for name in ("on", "line", "channel", "kind") if request.GET.get(name)}
    if place is not None:
        return redirect(f"{reverse('console:territories')}?{urlencode({'region': place.code, **kept})}")
    return redirect(f"{reverse('console:grants')}?{urlencode({'q': words, **kept})}")


def _rows(request: SignedInRequest, found: Level, day: date) -> list[PlaceRow]:
    skus = skus_of([grant for place in found.places for grant in place.holders])
    grants = reverse("console:grants")
    return [
        PlaceRow(
            place,
            place_name(place.region.code),
            grant_lines(place.holders, day, skus),
            link_with(request, region=place.region.code, part=None, q=None),
            link_with(request, region=place.region.code, part="rows", q=None),
            grants + link_with(request, region=place.region.code, part=None, q=None),
        )
        for place in found.places
    ]


def _crumbs(request: SignedInRequest, code: str) -> list[Crumb]:
    if code == regions.COUNTRY:
        return []
    above: Sequence[Region] = tuple(reversed(regions.ancestors(code)))
    return [
        Crumb(_("Whole country"), link_with(request, region=None)),
        *(Crumb(place_name(place.code), link_with(request, region=place.code)) for place in above),
        Crumb(place_name(code)),
    ]


@dataclass(frozen=True, slots=True)
class GapRow:
    """A province on the map of gaps; ``shade`` from 0, nobody, to 4, all of it held."""

    gap: Gap
    name: str
    short: str
    shade: int
    url: str
    named: str
    more: int


@staff_page(permission=Permission.READ)
def gap_map(request: SignedInRequest) -> HttpResponse:
    """Every province, how much of it is held, and the counties that nobody holds."""
    told = place_filters(request)
    asked = PlaceFilter(str(told["line"]), str(told["channel"]))
    found = gaps(request.actor, asked, day=day_asked(request))
    rows = [_gap_row(request, gap) for gap in found]
    context = {
        **told,
        "tabs": ground_tabs(request.actor, "gaps"),
        "rows": rows,
        "open_rows": [row for row in rows if row.gap.open_codes],
        "leaves": sum(gap.leaves for gap in found),
        "open_leaves": sum(len(gap.open_codes) for gap in found),
    }
    return shown(request, "console/gaps.html", context, at="territories")


def _gap_row(request: SignedInRequest, gap: Gap) -> GapRow:
    name = place_name(gap.region.code)
    share = gap.held_share
    shade = 0 if share == 0 else 4 if share == 100 else 1 + min(2, share * 3 // 100)
    named = _(", ").join(place_name(code) for code in gap.open_codes[:NAMED_GAPS])
    url = reverse("console:territories") + link_with(request, region=gap.region.code)
    return GapRow(gap, name, _SUFFIX.sub("", name), shade, url, named, max(0, len(gap.open_codes) - NAMED_GAPS))

"""Zones: the list with the brand's rules for ground, and one zone drawn."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import Missing
from core.web.requests import SignedInRequest
from dms.territories import selectors, services
from dms.territories.permissions import Permission
from dms.territories.selectors import GrantFilter, ZoneLine
from frontend.console.doors import form_page
from frontend.console.forms.territories import GraceForm, ZoneForm
from frontend.console.groundwords import grant_lines
from frontend.console.lists import text_asked
from frontend.console.shell import shown
from frontend.console.views.territories.places import ground_tabs
from frontend.ui.places import name_to_type, place_name
from frontend.ui.refusals import REFUSED, attempt, did

NAMED = 6


@form_page(permission=Permission.READ)
def zones(request: SignedInRequest) -> HttpResponse:
    """The zones by code; the form below sets the days of grace."""
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    settings = selectors.territory_settings()
    initial = {"grace_days": settings.grace_days, "version": settings.version if settings.pk else 0}
    form = GraceForm(request.POST or None, initial=initial)
    if request.method == "POST" and did(
        form, lambda: services.change_territory_rules(actor=actor, command=form.command())
    ):
        messages.success(request, _("Saved."))
        return redirect("console:zones")
    words = text_asked(request).casefold()
    rows = [one for one in selectors.zones_visible_to(actor, day=today) if _fits(one, words)]
    context = {
        "tabs": ground_tabs(actor, "zones"),
        "rows": [(one, *_named(one)) for one in rows],
        "q": text_asked(request),
        "form": form,
        "grace_days": settings.grace_days,
        "may_edit": actor.can(Permission.EDIT),
        "may_set": actor.can(Permission.SETTINGS) and not actor.scope.is_limited,
    }
    return shown(request, "console/zones.html", context, at="territories", status=REFUSED if form.errors else 200)


def _fits(zone: ZoneLine, words: str) -> bool:
    return not words or words in zone.name.casefold() or words in zone.code.casefold()


def _named(zone: ZoneLine) -> tuple[str, int]:
    """The zone's ground in a few names, and how many others there are."""
    codes = selectors.gathered(zone.leaves)
    return _(", ").join(place_name(code, full=True) for code in codes[:NAMED]), max(0, len(codes) - NAMED)


@form_page(permission=Permission.READ)
def zone(request: SignedInRequest, code: str = "") -> HttpResponse:
    """Draw a zone, a new one without a code; ``act=close`` closes it."""
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    if not code:
        actor.require(Permission.EDIT, writes=False)
    found = selectors.zone_of(actor, code, day=today) if code else None
    if request.method == "POST" and request.POST.get("act") == "close":
        return _close(request, found, today)
    form = ZoneForm(request.POST or None, initial=_initial(found) if found is not None else {})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.save_zone(actor=actor, command=form.command()),
            {"region_code": "regions"},
        )
        if made is not None:
            messages.success(request, _("The zone is drawn."))
            return redirect("console:zone", code=made.code)
    return _page(request, found, form, today)


def _page(request: SignedInRequest, found: ZoneLine | None, form: ZoneForm, today: date) -> HttpResponse:
    rows = []
    if found is not None:
        asked = GrantFilter(zone_code=found.code, state="ALL")
        rows = list(selectors.grant_rows(request.actor, asked, today=today).order_by("-valid_from", "pk")[:50])
    context = {
        "zone": found,
        "form": form,
        "rows": grant_lines(rows, today),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/zone.html", context, at="territories", status=REFUSED if form.errors else 200)


def _initial(found: ZoneLine) -> dict[str, object]:
    names = [name_to_type(code) for code in selectors.gathered(found.leaves)]
    words = {"name": found.name, "name_en": found.name_en, "regions": "\n".join(names)}
    return {"code": found.code, "version": found.version, **words}


def _close(request: SignedInRequest, found: ZoneLine | None, today: date) -> HttpResponse:
    if found is None:
        raise Missing
    form = ZoneForm(_initial(found))
    form.is_valid()
    attempt(form, lambda: services.close_zone(actor=request.actor, code=found.code))
    if form.errors:
        return _page(request, found, form, today)
    messages.success(request, _("The zone is closed."))
    return redirect("console:zones")

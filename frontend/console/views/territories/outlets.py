"""Outlets: who supplies them, who would by the map, and how that changes."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import lines_visible_to
from core.kernel import clock
from core.kernel.errors import DomainError, Kind, Missing
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.dealers.models import Dealer
from dms.dealers.selectors import DealerFilter, dealer, dealer_rows
from dms.territories import selectors, services
from dms.territories.models import OutletSupply
from dms.territories.permissions import Permission
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.territories import SupplyForm
from frontend.console.lists import pager_of, text_asked
from frontend.console.shell import shown
from frontend.console.views.territories.places import ground_tabs, offered_lines
from frontend.ui.refusals import REFUSED, did


@staff_page(permission=Permission.READ)
def outlets(request: SignedInRequest) -> HttpResponse:
    """The outlets with whoever supplies them today."""
    actor, text = request.actor, text_asked(request)
    today = clock.business_day(zone=request.brand.time_zone)
    found = dealer_rows(actor, DealerFilter(text=text, tier=Dealer.Tier.TERMINAL))
    page = page_of(found, request, total=found.count())
    context = {
        "tabs": ground_tabs(actor, "outlets"),
        "rows": selectors.supplied_outlets([one.pk for one in page.rows], today),
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "q": text,
    }
    return shown(request, "console/outlets.html", context, at="territories")


@form_page(permission=Permission.READ)
def outlet(request: SignedInRequest, code: str) -> HttpResponse:
    """One outlet: who supplies it with what, since and until when; the form changes it from a day on."""
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    found = dealer(actor, code)
    if found.tier != Dealer.Tier.TERMINAL:
        raise Missing
    lines, routes = _routes(request, found, today)
    if request.POST.get("act") == "withdraw":
        return _taken_back(request)
    form = SupplyForm(request.POST or None, lines=offered_lines(actor), suppliers=_suppliers(found, routes))
    if request.method == "POST" and did(
        form, lambda: services.change_supply(actor=actor, command=form.command(found.code))
    ):
        messages.success(request, _("The change is written down; both dealers and the outlet are told."))
        return redirect("console:outlet", code=found.code)
    rows = list(selectors.supplies_of(actor, found.pk))
    last = {row.product_line_id: row.pk for row in reversed(rows)}
    context = {
        "outlet": found,
        "lines": lines,
        "rows": [(row, _state(row, today), last[row.product_line_id] == row.pk) for row in rows],
        "form": form,
        "may_edit": actor.can(Permission.EDIT),
        "now": next((row.supplier for row in rows if row.product_line is None and _state(row, today) == "ACTIVE"), None)
        or found.supplier,
    }
    return shown(request, "console/outlet.html", context, at="territories", status=REFUSED if form.errors else 200)


def _taken_back(request: SignedInRequest) -> HttpResponse:
    """A change that has not begun, taken back; what stands against it is said above the page."""
    said = request.POST.get("supply", "")
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise Missing
    try:
        services.withdraw_supply(actor=request.actor, supply_id=int(said))
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, _("Taken back: nothing changes, and all three are told."))
    return redirect(request.path)


Routes = list[tuple[str, tuple[Dealer, ...], bool]]


def _routes(request: SignedInRequest, found: Dealer, today: date) -> tuple[Routes, list[Dealer]]:
    """For every line who may supply by the map; and everybody who may for some of them."""
    everybody: dict[int, Dealer] = {}
    told: Routes = []
    routed = selectors.routes_of(request.actor, found, day=today)
    may_read = request.actor.can(CataloguePermission.READ)
    names = {one.pk: one.name for one in lines_visible_to(request.actor)} if may_read else {}
    for line_id, way in routed.items():
        everybody.update({one.pk: one for one in way.dealers})
        if line_id is None or line_id in names:
            told.append((names[line_id] if line_id else "", way.dealers, way.route.is_reserved))
    return told, list(everybody.values())


def _suppliers(found: Dealer, routed: list[Dealer]) -> list[tuple[str, str]]:
    """Whoever the map names, the dealer it hangs on, and the brand."""
    offered = {one.code: one.name for one in routed}
    if found.supplier is not None:
        offered.setdefault(found.supplier.code, found.supplier.name)
    root = Dealer.objects.filter(parent=None).first()
    if root is not None:
        offered.setdefault(root.code, root.name)
    return list(offered.items())


def _state(row: OutletSupply, today: date) -> str:
    if row.valid_from > today:
        return "UPCOMING"
    return "ENDED" if row.valid_to is not None and row.valid_to <= today else "ACTIVE"

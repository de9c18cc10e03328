"""Everybody who may enter this portal, on both sides of the counter, and one seat: its roles, its limits, its end."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import lines_visible_to
from core.kernel.actor import Actor, Side
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers import selectors as dealers
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.access import Choices, SeatForm, roles_of
from frontend.console.lists import chips_of, choice_asked, ordered, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.codewords import code_words
from frontend.ui.refusals import REFUSED, attempt, did
from frontend.ui.vocabulary import term
from tenants.access import selectors, services
from tenants.access.models import Seat
from tenants.access.permissions import Permission
from tenants.access.reasons import Held, held_by


@staff_page(permission=Permission.READ)
def seats(request: SignedInRequest) -> HttpResponse:
    """Everybody who may enter this portal."""
    text = text_asked(request)
    side = choice_asked(request, "side", Seat.Side.values, "brand")
    status = choice_asked(request, "status", Seat.Status.values, "ACTIVE")
    rows = selectors.seats_visible_to(request.actor).filter(side=side, status=status)
    if text:
        rows = rows.filter(person_name__icontains=text) | rows.filter(dealer_name__icontains=text)
    columns = {
        "name": (_("Name"), "person_name"),
        "house": (_("Company"), "dealer_name"),
        "since": (_("Since"), "created_at"),
    }
    rows, sorts = ordered(request, rows, columns, usual="house", rising=("name", "house"))
    page = page_of(rows, request)
    sides = [(code, term("side", code), None) for code in Seat.Side.values]
    statuses = [("ACTIVE", _("Active"), None), ("CLOSED", _("Closed"), None)]
    words = role_words(Side(side))
    context = {
        "rows": [(seat, [words.get(role, role) for role in seat.roles]) for seat in page.rows],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "sides": chips_of(request, "side", sides, usual="brand"),
        "statuses": chips_of(request, "status", statuses, usual="ACTIVE"),
        "side": side,
        "q": text,
        "sorts": sorts,
        "tabs": people_tabs(request, "seats"),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/seats.html", context, at="people")


def role_words(side: Side) -> dict[str, str]:
    """Roles of the table and the brand's own, by code."""
    return {**dict(roles_of(side)), **{role.code: role.name for role in selectors.custom_roles_of(side.value)}}


def offered_lines(actor: Actor) -> Choices:
    """The brand's product lines; nothing for who may not read the catalogue."""
    if not actor.can(CataloguePermission.READ):
        return []
    return list(lines_visible_to(actor).values_list("code", "name"))


def subtree_of(actor: Actor, code: str) -> int | None:
    """The node of a dealer's code; None for no limit. Raises ``Missing`` with the form's field."""
    return dealers.dealer(actor, code).pk if code else None


@form_page(permission=Permission.READ)
def seat(request: SignedInRequest, seat_id: UUID) -> HttpResponse:
    """One seat: its roles, its limits, what they allow, its end."""
    found = selectors.seat_visible_to(request.actor, seat_id)
    if request.method == "POST" and request.POST.get("act") == "close":
        return _closed(request, found)
    form = _form(request, found, bound=request.method == "POST")
    if form.is_bound and did(form, lambda: _change(request, found, form), _FIELDS):
        messages.success(request, _("The change is in force from the next request on."))
        return redirect("console:seat", seat_id=seat_id)
    return _seat_page(request, found, form, [], REFUSED if form.errors else 200)


_FIELDS = {"dealer_subtree_id": "below"}


def _form(request: SignedInRequest, found: Seat, *, bound: bool = False) -> SeatForm:
    below = _code_of(request.actor, found.scope_dealer_id)
    return SeatForm(
        request.POST if bound else None,
        side=Side(found.side),
        own=selectors.custom_roles_of(found.side),
        lines=offered_lines(request.actor),
        dealers=offered_dealers(request.actor),
        initial={
            "roles": found.roles,
            "regions": tuple(found.scope_regions),
            "product_lines": found.scope_product_lines,
            "below": below,
            "version": found.version,
        },
    )


def _code_of(actor: Actor, dealer_id: int | None) -> str:
    """The code of the node a seat is limited to."""
    if dealer_id is None:
        return ""
    return str(dealers.dealers_visible_to(actor).filter(pk=dealer_id).values_list("code", flat=True).first() or "")


def _change(request: SignedInRequest, found: Seat, form: SeatForm) -> Seat:
    said = form.cleaned_data
    return services.change_seat(
        actor=request.actor,
        seat_id=found.pk,
        roles=said["roles"],
        scope=form.scope(subtree_of(request.actor, said["below"])),
        version=said["version"],
    )


def _closed(request: SignedInRequest, found: Seat) -> HttpResponse:
    form = Form(request.POST)
    form.is_valid()
    if attempt(form, lambda: services.close_seat(actor=request.actor, seat_id=found.pk)):
        messages.success(request, _("The seat is closed; its next request is signed out."))
        return redirect(f"{reverse('console:seats')}?side={found.side}")
    problems = [str(one) for one in form.non_field_errors()]
    return _seat_page(request, found, _form(request, found), problems, REFUSED)


def _seat_page(request: SignedInRequest, found: Seat, form: SeatForm, problems: list[str], status: int) -> HttpResponse:
    is_open = found.status == Seat.Status.ACTIVE
    context = {
        "seat": found,
        "form": form,
        "problems": problems,
        "is_own": found.person_id == request.actor.person_id,
        "may_edit": request.actor.can(Permission.EDIT) and is_open,
        "held": [(one, reasons_of(one)) for one in held_by(request.actor, [found])] if is_open else [],
    }
    return shown(request, "console/seat.html", context, at="people", status=status)


def reasons_of(one: Held) -> list[tuple[str, str]]:
    """What a seat may do, each with the roles it comes from, in words."""
    return [(code_words(code), "、".join(_(why.words) for why in reasons)) for code, reasons in one.reasons.items()]

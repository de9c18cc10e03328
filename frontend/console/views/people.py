"""Who may do what: staff, seats of dealers' people, and access for programs."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.actor import Side
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers import selectors as dealers
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.people import RolesForm, SeatForm, TokenForm, roles_of
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.refusals import REFUSED, attempt
from frontend.console.shell import shown
from frontend.ui.shapes import Chip
from frontend.ui.vocabulary import term
from tenants.access import selectors, services
from tenants.access.models import ApiToken, Seat
from tenants.access.permissions import Permission
from tenants.people.services import find_or_register

SECRET = "issued_token"
"""Where the session keeps a new token's secret until it has been shown."""


@staff_page(permission=Permission.READ)
def seats(request: SignedInRequest) -> HttpResponse:
    """Everybody who may enter this portal, on both sides of the counter."""
    text = text_asked(request)
    side = choice_asked(request, "side", Seat.Side.values, "brand")
    status = choice_asked(request, "status", Seat.Status.values, "ACTIVE")
    rows = selectors.seats_visible_to(request.actor).filter(side=side, status=status)
    if text:
        rows = rows.filter(person_name__icontains=text) | rows.filter(dealer_name__icontains=text)
    page = page_of(rows, request)
    sides = [(code, term("side", code), None) for code in Seat.Side.values]
    statuses = [("ACTIVE", _("Active"), None), ("CLOSED", _("Closed"), None)]
    words = dict([*roles_of(Side.BRAND), *roles_of(Side.DEALER)])
    context = {
        "rows": [(seat, [words.get(role, role) for role in seat.roles]) for seat in page.rows],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "sides": chips_of(request, "side", sides, usual="brand"),
        "statuses": chips_of(request, "status", statuses, usual="ACTIVE"),
        "side": side,
        "q": text,
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/seats.html", context, at="people")


@form_page(permission=Permission.EDIT)
def new_seat(request: SignedInRequest) -> HttpResponse:
    """A seat for one of the staff, or for a dealer's person."""
    side = Side(choice_asked(request, "side", [one.value for one in Side], Side.BRAND.value))
    offered = offered_dealers(request.actor) if side is Side.DEALER else []
    usual = {"dealer_code": request.GET.get("dealer", "")}
    form = SeatForm(request.POST or None, side=side, initial=usual, dealers=offered)
    if request.method == "POST" and form.is_valid():
        seat = attempt(form, lambda: _opened(request, form, side), {"identifier": "account"})
        if seat is not None:
            messages.success(request, _("%(name)s may enter now.") % {"name": seat.person_name})
            return redirect(f"{reverse('console:seats')}?side={side.value}")
    here = reverse("console:new_seat")
    context = {
        "form": form,
        "side": side.value,
        "tabs": [Chip(term("side", one.value), f"{here}?side={one.value}", is_current=one is side) for one in Side],
    }
    return shown(request, "console/seat_new.html", context, at="people", status=REFUSED if form.errors else 200)


def _opened(request: SignedInRequest, form: SeatForm, side: Side) -> Seat:
    """Find or write down the person, then give the seat: two acts, the first in the public schema."""
    actor, said = request.actor, form.cleaned_data
    house_id, house_name = actor.dealer_id, actor.dealer_name
    if side is Side.DEALER:
        dealer = dealers.dealer(actor, said["dealer_code"])
        house_id, house_name = dealer.pk, dealer.name
    person = find_or_register(
        account=said["account"],
        name=said["name"],
        password=said["password"],
        registered_in=actor.brand_schema,
        asked_by=actor.seat_id,
    )
    return services.open_seat(
        actor=actor,
        person_id=person.pk,
        person_name=said["name"],  # as the brand knows the person: what others call them is not the brand's to learn
        side=side,
        dealer_id=house_id,
        dealer_name=house_name,
        roles=said["roles"],
    )


@form_page(permission=Permission.READ)
def seat(request: SignedInRequest, seat_id: UUID) -> HttpResponse:
    """One seat: its roles, its end."""
    found = selectors.seat_visible_to(request.actor, seat_id)
    side = Side(found.side)
    form: Form = RolesForm(request.POST or None, side=side, initial={"roles": found.roles})
    if request.method == "POST" and request.POST.get("act") == "close":
        form = Form(request.POST)
        form.is_valid()
        if attempt(form, lambda: services.close_seat(actor=request.actor, seat_id=seat_id)):
            messages.success(request, _("The seat is closed; its next request is signed out."))
            return redirect(f"{reverse('console:seats')}?side={found.side}")
        problems = form.non_field_errors()
        form = RolesForm(side=side, initial={"roles": found.roles})
        return _seat_page(request, found, form, [str(one) for one in problems], REFUSED)
    if request.method == "POST" and form.is_valid():
        roles = form.cleaned_data["roles"]
        if attempt(form, lambda: services.change_roles(actor=request.actor, seat_id=seat_id, roles=roles)):
            messages.success(request, _("The roles are in force from the next request on."))
            return redirect("console:seat", seat_id=seat_id)
    return _seat_page(request, found, form, [], REFUSED if form.errors else 200)


def _seat_page(request: SignedInRequest, found: Seat, form: Form, problems: list[str], status: int) -> HttpResponse:
    context = {
        "seat": found,
        "form": form,
        "problems": problems,
        "is_own": found.pk == request.actor.seat_id,
        "may_edit": request.actor.can(Permission.EDIT) and found.status == Seat.Status.ACTIVE,
    }
    return shown(request, "console/seat.html", context, at="people", status=status)


@form_page()
def tokens(request: SignedInRequest) -> HttpResponse:
    """Access for programs; a new one's secret is shown on the next page and never again."""
    if request.method == "GET" and request.GET.get("issued"):
        return _tokens_page(request, TokenForm(codes=request.actor.codes), request.session.pop(SECRET, ""))
    form = TokenForm(request.POST or None, codes=request.actor.codes)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        issued = attempt(
            form,
            lambda: services.issue_token(
                actor=request.actor,
                seat_id=request.actor.seat_id,
                name=said["name"],
                codes=said["codes"],
                days=said["days"],
            ),
        )
        if issued is not None:
            request.session[SECRET] = issued[1]  # loading the answer anew issues nothing
            return redirect(f"{reverse('console:tokens')}?issued=1")
    return _tokens_page(request, form)


def _tokens_page(request: SignedInRequest, form: TokenForm, secret: str = "") -> HttpResponse:
    page = page_of(selectors.tokens_visible_to(request.actor), request)
    now = clock.now()
    context = {
        "form": form,
        "secret": secret,
        "rows": [(token, _state(token, now <= token.expires_at)) for token in page.rows],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
    }
    return shown(request, "console/tokens.html", context, at="tokens", status=REFUSED if form.errors else 200)


def _state(token: ApiToken, is_valid: bool) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "valid" if is_valid else "expired"


@verb_page()
def revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """End a program's access at once."""
    services.revoke_token(actor=request.actor, key=key)
    messages.success(request, _("This access is revoked."))
    return redirect("console:tokens")

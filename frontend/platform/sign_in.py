"""Signing in and out, choosing a seat and a language: the same pages on the platform's host and on every brand's."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import DomainError, Missing
from core.web.languages import is_known, remember_choice
from core.web.refusals import words_of
from core.web.requests import PageRequest
from core.web.throttling import client_address
from frontend.platform.arrivals import home_of, on_the_platform, seated, wanted
from frontend.platform.forms import SignInForm
from frontend.platform.seats import SeatCard, cards_of
from frontend.platform.shelf import SHELF
from tenants.access.errors import NoSeat
from tenants.access.models import Seat
from tenants.access.selectors import seats_of
from tenants.access.sessions import take_seat
from tenants.people.errors import TooManyTries
from tenants.people.models import User
from tenants.people.services import choose_language, prove_identity
from tenants.people.sessions import begin, end, person_in


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for account and password; someone signed in already goes on."""
    page = cast("PageRequest", request)
    if request.method != "POST":
        onward = _onward(page)
        return onward or _form(page, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _form(page, form, status=422)
    try:
        person = prove_identity(**form.cleaned_data, address=client_address(request))
        return _welcome(page, person)
    except DomainError as error:
        form.add_error(None, words_of(error))
        # 429 and not the table's 503: it is this caller who is to wait, not everybody.
        return _form(page, form, status=429 if isinstance(error, TooManyTries) else 422)


def _form(page: PageRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": wanted(page), "shelf": SHELF[:4]}
    return render(page, "platform/sign_in.html", context, status=status)


def _onward(page: PageRequest) -> HttpResponse | None:
    """Where someone goes who is signed in already, or None."""
    if page.brand is None:
        return on_the_platform(page) if person_in(page.session) else None
    if page.actor is not None:
        return redirect(wanted(page) or home_of(page.actor.side))
    person_id = person_in(page.session)
    seats = seats_of(person_id) if person_id else []
    return seated(page, page.brand, seats) if seats else None


def _welcome(page: PageRequest, person: User) -> HttpResponse:
    """The password was right. Raises ``NoSeat`` where the person has no business with this brand."""
    seats: list[Seat] = []
    if page.brand is not None:
        seats = seats_of(person.pk)
        if not seats:
            raise NoSeat(brand=page.brand.name)
    begin(page, person)
    response = seated(page, page.brand, seats) if page.brand else on_the_platform(page)
    if is_known(person.language):
        remember_choice(response, person.language)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_seat(request: HttpRequest) -> HttpResponse:
    """A person with several seats in this brand picks the one to work from."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if page.brand is None or person_id is None:
        return redirect("sign_in")
    seats = seats_of(person_id)
    if request.method == "POST":
        seat = next((seat for seat in seats if str(seat.pk) == request.POST.get("seat")), None)
        if seat is None:
            raise Missing
        take_seat(page.session, page.brand, seat, of=len(seats))
        return redirect(wanted(page) or home_of(seat.side))
    current: UUID | None = page.actor.seat_id if page.actor else None
    cards: list[SeatCard] = cards_of(seats, current)
    return render(request, "platform/choose_seat.html", {"cards": cards, "next": wanted(page), "shelf": SHELF[:4]})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this host."""
    end(request)
    return redirect("sign_in")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language: in a cookie of this host, and with the person when signed in."""
    page = cast("PageRequest", request)
    code = request.POST.get("language", "")
    response = redirect(wanted(page) or "/")
    if not is_known(code):
        return response
    remember_choice(response, code)
    person_id = person_in(page.session) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if person_id is not None:
        choose_language(person_id=person_id, language=code)
    return response

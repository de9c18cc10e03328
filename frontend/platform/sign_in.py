"""Signing in and out, choosing a seat and a language: the same pages on the platform's host and on every brand's."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import DomainError, Missing
from core.web.languages import is_known, remember_choice
from core.web.refusals import words_of
from core.web.requests import PageRequest
from core.web.throttling import client_address
from frontend.platform.answers import refuse, status_of, with_next
from frontend.platform.arrivals import home_of, is_invited, on_the_platform, seated, wanted
from frontend.platform.entrances import came_here, entrances
from frontend.platform.forms import CodeForm, RecoveryCodeForm, SignInForm
from frontend.platform.known import browser_known_to, remember_browser
from frontend.platform.seats import SeatCard, cards_of
from frontend.platform.shelf import SHELF
from tenants.access.context import other_brands
from tenants.access.errors import NoSeat
from tenants.access.models import Seat
from tenants.access.rights import rights_of_person
from tenants.access.selectors import seats_of
from tenants.access.sessions import sit_down
from tenants.people import pending
from tenants.people.errors import StepExpired
from tenants.people.models import User
from tenants.people.services import choose_language, prove_identity, prove_second_factor
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
        identifier = form.cleaned_data["identifier"]
        person = prove_identity(
            **form.cleaned_data, address=client_address(request), browser=browser_known_to(request, identifier)
        )
        response = _ask_for_code(page, person) if person.has_second_factor else _welcome(page, person)
        remember_browser(request, response, identifier)
        return response
    except DomainError as error:
        refuse(form, error)
        return _form(page, form, status=status_of(error))


def _ask_for_code(page: PageRequest, person: User) -> HttpResponse:
    pending.remember_half_way(page.session, person)
    return redirect(with_next("sign_in_code", page))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or of the sheet, from whoever gave the right password just now."""
    page = cast("PageRequest", request)
    is_recovery = request.POST.get("way") == "recovery"
    forms = {"form": CodeForm(), "recovery_form": RecoveryCodeForm()}
    name = "recovery_form" if is_recovery else "form"
    try:
        person = pending.half_way(page.session)
        if request.method != "POST":
            return _code_page(page, forms)
        form = forms[name] = type(forms[name])(request.POST)
        if not form.is_valid():
            return _code_page(page, forms, status=422)
        proved = prove_second_factor(person_id=person.pk, code=form.cleaned_data["code"])
    except StepExpired as error:
        return _once_more(page, error)
    except DomainError as error:
        refuse(forms[name], error)
        return _code_page(page, forms, status=status_of(error))
    try:
        return _welcome(page, proved, has_second_factor=True)
    except NoSeat as error:
        pending.forget_half_way(page.session)
        return _once_more(page, error)


def _code_page(page: PageRequest, forms: Mapping[str, Form], status: int = 200) -> HttpResponse:
    context = {**forms, "next": wanted(page), "shelf": SHELF[:4]}
    return render(page, "platform/sign_in_code.html", context, status=status)


def _once_more(page: PageRequest, error: DomainError) -> HttpResponse:
    """Back to the password; whoever just opened the address of the code is not scolded for it."""
    if pending.is_half_way(page.session) or page.method == "POST":
        messages.warning(page, words_of(error))
    pending.forget_half_way(page.session)
    return redirect(with_next("sign_in", page))


def _form(page: PageRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": wanted(page), "shelf": SHELF[:4], "entrances": entrances(page)}
    return render(page, "platform/sign_in.html", context, status=status)


def _onward(page: PageRequest) -> HttpResponse | None:
    """Where someone goes who is signed in already, or None."""
    if page.brand is None:
        return on_the_platform(page) if person_in(page.session) else None
    if page.actor is not None:
        return redirect(wanted(page) or home_of(page.actor.side))
    person_id = person_in(page.session)
    seats = seats_of(person_id) if person_id else []
    is_known_here = bool(seats) or (person_id is not None and is_invited(page))
    return seated(page, page.brand, seats) if is_known_here else None


def _welcome(page: PageRequest, person: User, *, has_second_factor: bool = False) -> HttpResponse:
    """All that was asked for is proved. Raises ``NoSeat`` where the person has no business with this brand."""
    seats: list[Seat] = []
    if page.brand is not None:
        seats = seats_of(person.pk)
        if not seats and not is_invited(page):
            raise NoSeat(brand=page.brand.name)
    begin(page, person, has_second_factor=has_second_factor)
    pending.note_password(page.session)
    response = seated(page, page.brand, seats) if page.brand else on_the_platform(page)
    language = person.language or get_language() or ""  # who has chosen none goes on in the one they could read here
    usual = page.brand.language if page.brand else settings.LANGUAGE_CODE
    if is_known(language) and (person.language or language != usual):
        remember_choice(response, language)
    return came_here(page, response)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_seat(request: HttpRequest) -> HttpResponse:
    """A person with several seats in this brand picks the one to work from."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if page.brand is None or person_id is None:
        return redirect("sign_in")
    choice = rights_of_person(person_id)
    if request.method == "POST":
        seat = next((one.seat for one in choice if str(one.seat.pk) == request.POST.get("seat")), None)
        if seat is None:
            raise Missing
        sit_down(page, page.brand, seat)
        return redirect(wanted(page) or home_of(seat.side))
    current: UUID | None = page.actor.seat_id if page.actor else None
    cards: list[SeatCard] = cards_of(choice, current, page.brand)
    context = {"cards": cards, "next": wanted(page), "shelf": SHELF[:4], "portals_url": other_brands(page)}
    context["person_name"] = choice[0].seat.person_name if choice else ""
    return render(request, "platform/choose_seat.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; ``next`` is where the sign-in page leads after (an invitation is for somebody else)."""
    end(request)
    target = wanted(cast("PageRequest", request))
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': target})}" if target else reverse("sign_in"))


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

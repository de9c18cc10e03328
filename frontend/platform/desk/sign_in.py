"""Coming to the desk and leaving it: password and second factor in one step, operators only."""

from typing import cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import DomainError
from core.web.languages import is_known, remember_choice
from core.web.refusals import words_of
from core.web.requests import PageRequest
from core.web.throttling import client_address
from frontend.platform.forms import SignInForm
from frontend.platform.known import browser_known_to, remember_browser
from frontend.platform.shelf import SHELF
from tenants.access.desk import take_desk
from tenants.brands.addresses import address_of
from tenants.people.errors import SignInRefused, TooManyTries
from tenants.people.models import User
from tenants.people.operator_errors import FactorNeeded
from tenants.people.operators import operator_actor
from tenants.people.services import prove_identity, prove_second_factor
from tenants.people.sessions import begin, end


class DeskSignInForm(SignInForm):
    """Account, password and the code of the moment."""

    code = forms.CharField(
        label=_("Sign-in code"),
        max_length=40,
        required=settings.DESK_NEEDS_FACTOR,
        help_text=_("Of your authenticator app, or a recovery code. None yet? Set it up on your profile page first."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for account, password and code; who sits already goes on."""
    page = cast("PageRequest", request)
    if page.actor is not None:
        return redirect("admin:index")
    if request.method != "POST":
        return _form(request, DeskSignInForm())
    form = DeskSignInForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        person = _proved(request, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, words_of(error))
        return _form(request, form, status=429 if isinstance(error, TooManyTries) else 422)
    begin(request, person, has_second_factor=person.has_second_factor)
    take_desk(page.session)
    response = redirect("admin:index")
    remember_browser(request, response, form.cleaned_data["identifier"])
    if is_known(person.language):
        remember_choice(response, person.language)
    return response


def _proved(request: HttpRequest, *, identifier: str, password: str, code: str) -> User:
    """The operator. Raises ``SignInRefused`` for everybody else, as for a wrong password."""
    person = prove_identity(
        identifier=identifier,
        password=password,
        address=client_address(request),
        browser=browser_known_to(request, identifier),
    )
    if operator_actor(person.pk) is None:
        raise SignInRefused
    if person.has_second_factor:
        prove_second_factor(person_id=person.pk, code=code)
    elif settings.DESK_NEEDS_FACTOR:
        raise FactorNeeded(address=f"{address_of(settings.BASE_DOMAIN)}/profile/second-factor/")
    return person


def _form(request: HttpRequest, form: DeskSignInForm, status: int = 200) -> HttpResponse:
    return render(request, "desk/sign_in.html", {"form": form, "shelf": SHELF[:4]}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the desk."""
    end(request)
    return redirect("sign_in")

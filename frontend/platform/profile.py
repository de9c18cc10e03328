"""One's own pages, the same on every host: name and language, password, devices, the way to the sign-in code."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.web.doors import to_sign_in
from core.web.languages import remember_choice
from core.web.requests import PageRequest
from frontend.platform.answers import refuse, status_of
from frontend.platform.devices import devices_context
from frontend.platform.forms import ChangePasswordForm, NameForm
from tenants.people import pending, services
from tenants.people.selectors import OwnFacts, factor_state, own_facts
from tenants.people.sessions import begin_anew, person_in


@dataclass(frozen=True, slots=True)
class Owner:
    """The person as the head of the page shows them where they sit in no seat."""

    person_name: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here; the form takes name and language."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if person_id is None:
        return to_sign_in(page)
    facts = own_facts(person_id)
    if request.method != "POST":
        form = NameForm({"name": facts.name, "language": facts.language or get_language()})
        return _profile(page, person_id, facts, form)
    form = NameForm(request.POST)
    if form.is_valid():
        language = form.cleaned_data["language"]
        services.change_name(person_id=person_id, name=form.cleaned_data["name"])
        services.choose_language(person_id=person_id, language=language)
        with override(language):
            messages.success(request, gettext("Saved."))
        response = redirect("profile")
        remember_choice(response, language)
        return response
    return _profile(page, person_id, facts, form, status=422)


def _profile(page: PageRequest, person_id: UUID, facts: OwnFacts, form: NameForm, status: int = 200) -> HttpResponse:
    context = {**own_page(page, facts), **devices_context(page)}
    context |= {"facts": facts, "factor": factor_state(person_id), "form": form}
    return render(page, "platform/profile.html", context, status=status)


@never_cache
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password: every other session of the person ends."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if person_id is None:
        return to_sign_in(page)
    form = ChangePasswordForm(request.POST) if request.method == "POST" else ChangePasswordForm()
    context = {**own_page(page, own_facts(person_id)), "form": form}
    if not form.is_valid():
        return render(page, "platform/change_password.html", context, status=422 if form.is_bound else 200)
    try:
        person = services.change_password(person_id=person_id, **form.cleaned_data)
    except DomainError as error:
        refuse(form, error)
        return render(page, "platform/change_password.html", context, status=status_of(error))
    begin_anew(request, person)
    pending.note_password(page.session)
    messages.success(request, gettext("Your password is changed. All other devices are signed out."))
    return redirect("profile")


def own_page(page: PageRequest, facts: OwnFacts) -> dict[str, object]:
    """What every page of one's own needs: whom the head shows, and the way back to work."""
    back = "/"
    if page.brand is None:
        back = "/portals/"
    elif page.actor is not None and page.actor.side is Side.BRAND:
        back = "/console/"
    return {"actor": page.actor or Owner(facts.name), "back_url": back}

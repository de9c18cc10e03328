"""One's own pages, the same on every host: name and language, password, devices, the way to the sign-in code."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, override
from django.views.decorators.debug import sensitive_post_parameters

from core.kernel.errors import DomainError
from core.web.languages import remember_choice
from core.web.requests import PageRequest
from frontend.platform.account_names import account_names
from frontend.platform.answers import refuse, status_of
from frontend.platform.devices import devices_context
from frontend.platform.forms import ChangePasswordForm, NameForm
from frontend.platform.own import own, own_page
from tenants.people import pending, services
from tenants.people.selectors import OwnFacts, factor_state, own_facts
from tenants.people.sessions import begin_anew


@own("GET", "POST")
def profile(page: PageRequest, person_id: UUID) -> HttpResponse:
    """Who one is here; the form takes name and language."""
    facts = own_facts(person_id)
    if page.method != "POST":
        form = NameForm({"name": facts.name, "language": facts.language or get_language()})
        return _profile(page, person_id, facts, form)
    form = NameForm(page.POST)
    if form.is_valid():
        language = form.cleaned_data["language"]
        services.change_name(person_id=person_id, name=form.cleaned_data["name"])
        services.choose_language(person_id=person_id, language=language)
        with override(language):
            messages.success(page, gettext("Saved."))
        response = redirect("profile")
        remember_choice(response, language)
        return response
    return _profile(page, person_id, facts, form, status=422)


def _profile(page: PageRequest, person_id: UUID, facts: OwnFacts, form: NameForm, status: int = 200) -> HttpResponse:
    context = {**own_page(page, facts), **devices_context(page)}
    context |= {"facts": facts, "factor": factor_state(person_id), "form": form, "account_names": account_names(facts)}
    return render(page, "platform/profile.html", context, status=status)


@sensitive_post_parameters("current", "password")
@own("GET", "POST")
def change_password(page: PageRequest, person_id: UUID) -> HttpResponse:
    """A new password: every other session of the person ends."""
    form = ChangePasswordForm(page.POST) if page.method == "POST" else ChangePasswordForm()
    context = {**own_page(page, own_facts(person_id)), "form": form}
    if not form.is_valid():
        return render(page, "platform/change_password.html", context, status=422 if form.is_bound else 200)
    try:
        person = services.change_password(person_id=person_id, **form.cleaned_data)
    except DomainError as error:
        refuse(form, error)
        return render(page, "platform/change_password.html", context, status=status_of(error))
    begin_anew(page, person)
    pending.note_password(page.session)
    messages.success(page, gettext("Your password is changed. All other devices are signed out."))
    return redirect("profile")

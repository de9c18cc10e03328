"""Hosts of the brand's own, and its entry in the public directory."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel.errors import DomainError
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, verb_page
from frontend.console.forms.hosts import DirectoryForm, HostForm
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, attempt
from tenants.brands import rules, services
from tenants.brands.addresses import address_of
from tenants.brands.models import Domain
from tenants.brands.permissions import Permission
from tenants.brands.selectors import domains_of, own_brand


@form_page(permission=Permission.SETTINGS_EDIT)
def hosts(request: SignedInRequest) -> HttpResponse:
    """Which hosts the portal answers on, what the zone has to hold for a new one, and the entry in the directory."""
    act = request.POST.get("act", "add") if request.method == "POST" else ""
    brand = own_brand(request.actor)
    host = HostForm(request.POST if act == "add" else None)
    entry = DirectoryForm(request.POST if act == "directory" else None, initial=DirectoryForm.said(brand))
    if act == "add" and host.is_valid() and _added(request, host):
        return redirect("console:hosts")
    if act == "directory" and entry.is_valid() and _published(request, entry):
        return redirect("console:hosts")
    context = {
        "host": host,
        "entry": entry,
        "rows": [_row(domain) for domain in domains_of(request.actor)],
        "directory_url": f"{address_of(settings.BASE_DOMAIN)}/brands/",
    }
    is_refused = bool(host.errors or entry.errors)
    return shown(request, "console/hosts.html", context, at="settings", status=REFUSED if is_refused else 200)


@verb_page(permission=Permission.SETTINGS_EDIT)
def check(request: SignedInRequest, host: str) -> HttpResponse:
    """Ask the zone again."""
    _tried(request, lambda: services.check_domain(actor=request.actor, host=host), _("The portal answers there now."))
    return redirect("console:hosts")


@verb_page(permission=Permission.SETTINGS_EDIT)
def remove(request: SignedInRequest, host: str) -> HttpResponse:
    """Give a host back."""
    _tried(request, lambda: services.remove_domain(actor=request.actor, host=host), _("The host was removed."))
    return redirect("console:hosts")


def _added(request: SignedInRequest, form: HostForm) -> bool:
    added = attempt(form, lambda: services.add_domain(actor=request.actor, host=form.cleaned_data["host"]))
    return added is not None


def _published(request: SignedInRequest, form: DirectoryForm) -> bool:
    done = attempt(form, lambda: services.publish_brand(actor=request.actor, command=form.command()))
    if done is None:
        return False
    messages.success(request, _("Saved; in force at once."))
    return True


def _tried(request: SignedInRequest, call: Callable[[], object], done: str) -> None:
    try:
        call()
    except DomainError as refusal:
        if refusal.code == "missing":
            raise
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, done)


def _row(domain: Domain) -> dict[str, object]:
    return {
        "host": domain.domain,
        "is_first": domain.is_primary,
        "verified_at": domain.verified_at,
        "checked_at": domain.checked_at,
        "name": rules.record_name(domain.domain),
        "value": rules.record_value(domain.challenge) if domain.challenge else "",
        "address": address_of(domain.domain),
    }

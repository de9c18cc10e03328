"""Producers and their SC licences: written down by the brand, verified by the platform."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.catalogue import selectors, services
from core.catalogue.models import Producer
from core.catalogue.permissions import Permission
from core.catalogue.services import SaveProducer
from core.db.acts import public
from core.files.views import handed_out
from core.kernel import clock
from core.kernel.identifiers import is_valid_uscc
from core.kernel.text import normalised
from core.web.requests import SignedInRequest
from dms.dealers.rules import Standing, state_of
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.licences import ProducerLicenceForm
from frontend.console.forms.products import ProducerForm
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, did
from frontend.ui.scans import scans_kept
from tenants.organisations.services import find_or_create


@form_page(permission=Permission.EDIT)
def producers(request: SignedInRequest) -> HttpResponse:
    """Producers with their licences; the forms make one, change the one named by ``?edit=``, or send its licence."""
    rows = list(selectors.producers_visible_to(request.actor))
    edited = next((one for one in rows if one.name == request.GET.get("edit")), None)
    form, sending = _forms(request, edited)
    if request.method == "POST":
        if request.POST.get("act") == "submit":
            if did(sending, lambda: _send(request, sending)):
                messages.success(request, _("The licence is on its way to be verified."))
                return redirect(f"{reverse('console:producers')}?{urlencode({'edit': edited.name if edited else ''})}")
        elif did(form, lambda: _save(request, form)):
            messages.success(request, _("Saved."))
            return redirect("console:producers")
    today = clock.business_day(zone=request.brand.time_zone)
    context = {
        "rows": [(one, _state(one, today)) for one in rows],
        "form": form,
        "sending": sending,
        "edited": edited,
    }
    is_refused = bool(form.errors or sending.errors)
    return shown(request, "console/producers.html", context, at="products", status=REFUSED if is_refused else 200)


def _state(row: Producer, today: date) -> str:
    """In what state its licence is; empty: it has none."""
    if not row.sc_no:
        return ""
    is_right = row.sc_check not in (Producer.Check.REJECTED, Producer.Check.WITHDRAWN)
    return state_of(Standing(row.sc_check, is_right, not is_right, date.min, row.sc_valid_to), today).value


def _forms(request: SignedInRequest, edited: Producer | None) -> tuple[ProducerForm, ProducerLicenceForm]:
    names = ("name", "uscc", "sc_no", "sc_valid_to", "region_code", "address")
    initial = {name: getattr(edited, name) for name in names} | {"current_name": edited.name} if edited else {}
    told = {"producer_name": edited.name, "sc_no": edited.sc_no, "valid_to": edited.sc_valid_to} if edited else {}
    act = request.POST.get("act", "save") if request.method == "POST" else ""
    return (
        ProducerForm(request.POST if act == "save" else None, initial=initial),
        ProducerLicenceForm(*((request.POST, request.FILES) if act == "submit" else (None, None)), initial=told),
    )


def _save(request: SignedInRequest, form: ProducerForm) -> object:
    """The firm's place in the public register first, by its USCC; then the producer."""
    request.actor.require(Permission.EDIT)
    command = form.command()
    if is_valid_uscc(command.uscc) and normalised(command.name):
        firm = find_or_create(uscc=command.uscc, name=command.name, kind="DISTILLERY")
        command = SaveProducer(**{**form.cleaned_data, "organisation_id": firm.pk})
    return services.save_producer(actor=request.actor, command=command)


def _send(request: SignedInRequest, form: ProducerLicenceForm) -> None:
    request.actor.require(Permission.EDIT)
    with scans_kept(form) as file_ids:
        services.submit_producer_licence(actor=request.actor, command=form.command(file_ids))


@staff_page(permission=Permission.EDIT)
def scan(request: SignedInRequest, producer_id: int, file_id: UUID) -> FileResponse:
    """A scan of a producer's licence this brand sent in."""
    stored = selectors.producer_scan(request.actor, producer_id, file_id)
    with public():
        return handed_out(stored)

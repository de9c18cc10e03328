"""The house's own papers: what is asked, what is on file, what blocks ordering, and sending a renewed one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.db.acts import public
from core.files.permissions import Permission as FilePermission
from core.files.views import handed_out
from core.kernel import clock
from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.web.doors import page
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.dealers import services
from dms.dealers.models import Credential
from dms.dealers.rules import State
from dms.dealers.selectors import own_code, own_papers, submitted_scan
from dms.dealers.services import Licence, SubmitPaper
from frontend.storefront.shell import shown
from frontend.ui.scans import ScanField, scans_kept
from frontend.ui.vocabulary import term

_DAY = {"type": "date"}


def _kinds() -> list[tuple[str, str]]:
    return [(code, term("credential_type", code)) for code in Credential.Type.values]


class LicenceForm(forms.Form):
    """A paper of one's own house with its scan."""

    type = forms.ChoiceField(label=gettext_lazy("Kind of licence"), choices=_kinds)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)
    scope = forms.CharField(
        label=gettext_lazy("Scope"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("As on the licence, for example: prepackaged food."),
    )
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs=_DAY))
    valid_to = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text=gettext_lazy("The last valid day; empty: no end."),
    )
    scan = ScanField(
        label=gettext_lazy("Scan or photo"), help_text=gettext_lazy("jpg, png, webp or pdf, at most 20 MB.")
    )
    scan_back = ScanField(label=gettext_lazy("Second page"), required=False, help_text=gettext_lazy("If there is one."))

    def command(self, code: str, file_ids: tuple[UUID, ...]) -> SubmitPaper:
        """What is asked of the channel tree."""
        said = {name: self.cleaned_data[name] for name in ("type", "number", "scope", "valid_from", "valid_to")}
        return SubmitPaper(code, Licence(**said), file_ids)


@page(side=Side.DEALER, methods=("GET", "POST"))
def licences(request: SignedInRequest) -> HttpResponse:
    """What is asked and what meets it; whoever may upload sends a renewed paper."""
    form = LicenceForm(initial=_wanted(request))
    if request.method == "POST":
        services.require_sender(request.actor)
        form = LicenceForm(request.POST, request.FILES)
        if form.is_valid() and _sent(request, form):
            messages.success(request, _("The licence is on its way to be verified."))
            return redirect("storefront:licences")
    held = own_papers(request.actor, clock.business_day(zone=request.brand.time_zone))
    context = {
        "cards": held.cards,
        "missing": held.missing,
        "rows": [_row(row, state) for row, state in held.rows],
        "form": form,
        "may_send": request.actor.can(FilePermission.UPLOAD),
    }
    return shown(request, "storefront/licences.html", context, at="me", status=422 if form.errors else 200)


def _row(row: Credential, state: State) -> dict[str, Any]:
    return {"paper": row, "state": state.value, "may_recall": state is State.CHECKING}


def _wanted(request: SignedInRequest) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {"type": kind} if kind in Credential.Type.values else {}


def _sent(request: SignedInRequest, form: LicenceForm) -> bool:
    try:
        with scans_kept(form) as file_ids:
            command = form.command(own_code(request.actor), file_ids)
            services.submit_paper(actor=request.actor, command=command)
    except DomainError as refusal:
        for fault in refusal.problems():
            form.add_error(fault.field if fault.field in form.fields else None, words_of(fault))
        return False
    return True


@page(side=Side.DEALER, permission=FilePermission.UPLOAD, methods=("POST",))
def recall(request: SignedInRequest, credential_id: int) -> HttpResponse:
    """Take back a paper nobody has decided about."""
    try:
        services.recall_paper(actor=request.actor, credential_id=credential_id)
        messages.success(request, _("The licence is taken back."))
    except DomainError as refusal:
        if refusal.code == "missing":
            raise
        messages.error(request, words_of(refusal))
    return redirect("storefront:licences")


@page(side=Side.DEALER)
def scan(request: SignedInRequest, credential_id: int, file_id: UUID) -> FileResponse:
    """A scan this house sent in; nobody else's."""
    stored = submitted_scan(request.actor, credential_id, file_id)
    with public():
        return handed_out(stored)

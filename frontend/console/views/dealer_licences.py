"""A dealer's papers on its file: what it holds, what is on its way, and what the brand does about it."""

from typing import Any

from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.kernel import clock
from core.web.requests import SignedInRequest
from dms.dealers import services
from dms.dealers.models import Credential, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import State
from dms.dealers.selectors import papers_of
from dms.dealers.services import DecidePaper
from frontend.console.forms.licences import CredentialForm, RefuseForm, SubmitForm
from frontend.ui.refusals import attempt, did
from frontend.ui.scans import scans_kept

RECALLABLE = (State.CHECKING, State.OPEN)


def in_short(request: SignedInRequest, found: Dealer) -> dict[str, Any]:
    """What the overview says of the papers: what keeps the dealer from ordering today, and how it pays VAT."""
    today = clock.business_day(zone=request.brand.time_zone)
    held = papers_of(request.actor, found.code, today)
    in_force = [row for row, state in held.rows if state in (State.VALID, State.EXPIRING)]
    return {
        "missing": held.missing,
        "is_general_taxpayer": any(row.type == Credential.Type.GENERAL_TAXPAYER for row in in_force),
    }


def gathered(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    """What the part shows: the gate, every paper with what can be done about it, the forms."""
    today = clock.business_day(zone=request.brand.time_zone)
    held = papers_of(request.actor, found.code, today)
    may_decide = request.actor.can(Permission.EDIT) and found.parent_id is not None
    asked = _number(request, "refuse")
    return {
        "cards": held.cards,
        "missing": held.missing,
        "rows": [_row(row, state, may_decide=may_decide) for row, state in held.rows],
        "may_decide": may_decide,
        "submit_form": forms.get("submit") or SubmitForm(initial=_wanted(request)),
        "credential_form": forms.get("credential") or CredentialForm(),
        "refuse_form": forms.get("refuse") or RefuseForm(initial={"credential": asked}),
        "refusing": next((row for row, _state in held.rows if row.pk == asked), None),
        "plain_form": forms.get("accept") or forms.get("recall"),
    }


def _row(row: Credential, state: State, *, may_decide: bool) -> dict[str, object]:
    is_over = state in (State.EXPIRED, State.WITHDRAWN)
    return {
        "paper": row,
        "state": state.value,
        "may_accept": may_decide and not row.is_accepted and not is_over,
        "may_refuse": may_decide and not is_over and state is not State.REFUSED,
        "may_recall": may_decide and state in RECALLABLE and row.check_status == "SUBMITTED",
    }


def _wanted(request: HttpRequest) -> dict[str, str]:
    """The kind a link of the gate asks for."""
    kind = request.GET.get("kind", "")
    return {"type": kind} if kind in Credential.Type.values else {}


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get("credential") or request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def record(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    """Write down what the brand has seen with its own eyes."""
    form = CredentialForm(request.POST)
    done = did(form, lambda: services.record_credential(actor=request.actor, command=form.command(found.code)))
    return form, _("The licence is recorded.") if done else ""


def submit(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    """Send a paper with its scan to the platform."""
    form = SubmitForm(request.POST, request.FILES)

    def send() -> None:
        with scans_kept(form) as file_ids:
            services.submit_paper(actor=request.actor, command=form.command(found.code, file_ids))

    return form, _("The licence is on its way to be verified.") if did(form, send) else ""


def accept(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    """Let the paper count for this brand."""
    form, command = Form(request.POST), DecidePaper(_number(request, "accept"), accepts=True)
    form.is_valid()
    done = attempt(form, lambda: services.decide_paper(actor=request.actor, command=command))
    return form, _("The licence is accepted.") if done else ""


def refuse(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    """Let it not count, and say why."""
    form = RefuseForm(request.POST)

    def say() -> None:
        command = DecidePaper(form.cleaned_data["credential"], accepts=False, reason=form.cleaned_data["reason"])
        services.decide_paper(actor=request.actor, command=command)

    return form, _("The dealer learns why the licence is not accepted.") if did(form, say) else ""


def recall(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    """Take back what nobody has decided about."""
    form = Form(request.POST)
    form.is_valid()
    credential_id = _number(request, "recall")
    done = attempt(form, lambda: services.recall_paper(actor=request.actor, credential_id=credential_id))
    return form, _("The licence is taken back.") if done else ""

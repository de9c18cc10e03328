"""Stand-ins: rights lent for an absence."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel import clock
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.access import LendForm
from frontend.console.shell import shown
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.codewords import code_words
from frontend.ui.refusals import REFUSED, attempt
from tenants.access import selectors, services
from tenants.access.models import Delegation
from tenants.access.permissions import Permission
from tenants.access.roles import CONFLICTS
from tenants.access.rules import SIDE_CODES


@staff_page()
def stand_ins(request: SignedInRequest) -> HttpResponse:
    """Who stands in for whom: one's own, for administrators everybody's."""
    actor = request.actor
    now = clock.now()
    rows = [
        (
            one,
            [code_words(code) for code in one.codes],
            one.from_at <= now,
            actor.can(Permission.EDIT) or actor.seat_id in (one.giver_id, one.receiver_id),
        )
        for one in selectors.delegations_of(actor)
    ]
    context = {"rows": rows, "tabs": people_tabs(request, "stand_ins"), "is_acting": actor.acting_for is not None}
    return shown(request, "console/stand_ins.html", context, at="people" if actor.can(Permission.READ) else "")


@form_page()
def lend(request: SignedInRequest) -> HttpResponse:
    """Hand one's own rights, or those of somebody absent, to a colleague."""
    actor = request.actor
    own = selectors.own_seat(actor)
    colleagues = list(selectors.colleagues_of(actor))
    is_editor = actor.can(Permission.EDIT)
    form = LendForm(
        request.POST or None,
        givers=[*own, *colleagues] if is_editor else own,
        receivers=[*colleagues, *own] if is_editor else colleagues,
        codes=(SIDE_CODES[actor.side] if is_editor else actor.codes) - {Permission.EDIT},
    )
    if request.method == "POST" and form.is_valid():
        # "codes": above the form, not under the last of thirty boxes
        lent = attempt(form, lambda: _lent(request, form), {"until_at": "until_day", "codes": ""})
        if lent is not None:
            told = _("%(name)s may act from their next request on, by changing the seat.")
            messages.success(request, told % {"name": lent.receiver.person_name})
            _tell_of_left_out(request, lent, form)
            return redirect("console:stand_ins")
    status = REFUSED if form.errors else 200
    at = "people" if actor.can(Permission.READ) else ""
    pairs = [[code_words(code) for code in sorted(pair)] for pair in CONFLICTS if pair <= SIDE_CODES[actor.side]]
    return shown(request, "console/lend.html", {"form": form, "pairs": pairs}, at=at, status=status)


def _tell_of_left_out(request: SignedInRequest, lent: Delegation, form: LendForm) -> None:
    """Everything was asked for, and not everything may be handed over: say what is not."""
    if form.cleaned_data["codes"]:
        return
    left_out = selectors.left_out_of(lent)
    if left_out:
        told = _("Left out, because nobody may hold it together with what they have: %(codes)s.")
        messages.warning(request, told % {"codes": "、".join(code_words(code) for code in left_out)})


def _lent(request: SignedInRequest, form: LendForm) -> Delegation:
    said = form.cleaned_data
    from_at, until_at = form.span()
    command = services.Lend(
        giver_id=UUID(said["giver"]),
        receiver_id=UUID(said["receiver"]),
        codes=said["codes"],
        from_at=from_at,
        until_at=until_at,
        reason=said["reason"],
    )
    return services.lend_rights(actor=request.actor, command=command)


@verb_page()
def end(request: SignedInRequest, delegation_id: UUID) -> HttpResponse:
    """Take the rights back before their time."""
    services.end_delegation(actor=request.actor, delegation_id=delegation_id)
    messages.success(request, _("The rights are back; the stand-in's next request knows nothing of them."))
    return redirect("console:stand_ins")

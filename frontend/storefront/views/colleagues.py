"""The people of one's own house: seats, invitations, and who stands in for whom."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.actor import Side
from core.kernel.errors import DomainError, Kind, Missing
from core.vault.services import seal, unseal
from core.web.doors import page
from core.web.refusals import STATUS, words_of
from core.web.requests import SignedInRequest
from frontend.storefront.colleague_forms import InviteForm, LendForm, RolesForm, put_on
from frontend.storefront.shell import shown
from tenants.access import invitees, selectors, services
from tenants.access.models import Invitation, Seat
from tenants.access.permissions import Permission
from tenants.access.selectors import words_of_roles

LINK = "sealed_link"
"""Where the session keeps the link of a new invitation, sealed, until it has been shown."""


@page(side=Side.DEALER)
def colleagues(request: SignedInRequest) -> HttpResponse:
    """Who works here; for administrators with the open invitations. Everybody sees their own stand-ins."""
    actor = request.actor
    may_read, now = actor.can(Permission.READ), clock.now()
    seats = selectors.seats_visible_to(actor).filter(status=Seat.Status.ACTIVE) if may_read else []
    offers = selectors.invitations_visible_to(actor) if may_read else []
    own = dict(selectors.custom_roles_of(Side.DEALER.value).values_list("code", "name"))
    context = {
        "seats": [(seat, _roles(seat.roles, own), seat.person_id == actor.person_id) for seat in seats],
        "offers": [
            (one, invitees.masked(invitees.account_of(one)), _roles(one.roles, own), now < one.expires_at)
            for one in offers
        ],
        "stand_ins": [
            (one, one.from_at <= now, actor.can(Permission.EDIT) or actor.seat_id in (one.giver_id, one.receiver_id))
            for one in selectors.delegations_of(actor)
        ],
        "link": _link_to_show(request),
        "may_edit": actor.can(Permission.EDIT) and not actor.scope.is_limited,
        "is_acting": actor.acting_for is not None,
    }
    return shown(request, "storefront/colleagues.html", context, at="me")


def _roles(roles: list[str], own: dict[str, str]) -> str:
    return " · ".join(_(words) for words in words_of_roles(roles, own))


@page(permission=Permission.EDIT, side=Side.DEALER, methods=("GET", "POST"))
def invite(request: SignedInRequest) -> HttpResponse:
    """Offer somebody a seat in one's own house."""
    own = selectors.custom_roles_of(Side.DEALER.value).values_list("code", "name")
    form = InviteForm(request.POST or None, own=own)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _with_link(request, *_invited(request, form))
            except DomainError as refusal:
                put_on(form, refusal, {"identifier": "account"})
    return shown(request, "storefront/colleague_new.html", {"form": form}, at="me", status=status)


def _invited(request: SignedInRequest, form: InviteForm) -> tuple[Invitation, str]:
    actor, said = request.actor, form.cleaned_data
    command = services.Invite(
        account=said["account"],
        name=said["name"],
        side=Side.DEALER,
        dealer_id=actor.dealer_id,
        dealer_name=actor.dealer_name,
        roles=said["roles"],
        organisation_id=actor.organisation_id,
    )
    return services.invite(actor=actor, command=command)


def _link_to_show(request: SignedInRequest) -> dict[str, str] | None:
    """The link of a new invitation, this once."""
    kept = request.session.pop(LINK, None)
    return {**kept, "url": unseal(kept["url"])} if kept else None


def _with_link(request: SignedInRequest, invitation: Invitation, token: str) -> HttpResponse:
    url = request.build_absolute_uri(services.path_of(token))
    request.session[LINK] = {"name": invitation.name, "url": seal(url)}
    return redirect("storefront:colleagues")


@page(permission=Permission.EDIT, side=Side.DEALER, methods=("POST",))
def renew(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    """Another link for seven more days."""
    return _with_link(request, *services.renew_invitation(actor=request.actor, invitation_id=invitation_id))


@page(permission=Permission.EDIT, side=Side.DEALER, methods=("POST",))
def withdraw(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    """Take the offer back."""
    services.withdraw_invitation(actor=request.actor, invitation_id=invitation_id)
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("storefront:colleagues")


@page(permission=Permission.READ, side=Side.DEALER, methods=("GET", "POST"))
def colleague(request: SignedInRequest, seat_id: UUID) -> HttpResponse:
    """One colleague: the roles, the end of the seat."""
    found = selectors.seat_visible_to(request.actor, seat_id)
    if found.side != Side.DEALER.value:
        raise Missing
    own = list(selectors.custom_roles_of(Side.DEALER.value).values_list("code", "name"))
    is_closing = request.POST.get("act") == "close"
    form = RolesForm(request.POST if request.method == "POST" else None, own=own, initial={"roles": found.roles})
    if request.method != "POST":
        return _colleague_page(request, found, form)
    if not is_closing and not form.is_valid():
        return _colleague_page(request, found, form, status=422)
    try:
        return _closed(request, found) if is_closing else _changed(request, found, form)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return _colleague_page(request, found, form, words_of(refusal), STATUS[refusal.kind])


def _closed(request: SignedInRequest, found: Seat) -> HttpResponse:
    services.close_seat(actor=request.actor, seat_id=found.pk)
    messages.success(request, _("The seat is closed; its next request is signed out."))
    return redirect("storefront:colleagues")


def _changed(request: SignedInRequest, found: Seat, form: RolesForm) -> HttpResponse:
    services.change_seat(actor=request.actor, seat_id=found.pk, roles=form.cleaned_data["roles"])
    messages.success(request, _("The roles are in force from the next request on."))
    return redirect("storefront:colleague", seat_id=found.pk)


def _colleague_page(
    request: SignedInRequest, found: Seat, form: RolesForm, problem: str = "", status: int = 200
) -> HttpResponse:
    is_own = found.person_id == request.actor.person_id
    context = {
        "seat": found,
        "form": form,
        "problem": problem,
        "is_own": is_own,
        "may_edit": request.actor.can(Permission.EDIT) and not is_own and found.status == Seat.Status.ACTIVE,
    }
    return shown(request, "storefront/colleague.html", context, at="me", status=status)


@page(side=Side.DEALER, methods=("GET", "POST"))
def lend(request: SignedInRequest) -> HttpResponse:
    """Hand one's own work over to a colleague for an absence."""
    actor = request.actor
    form = LendForm(request.POST or None, actor=actor, colleagues=selectors.colleagues_of(actor))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _lend(request, form)
                messages.success(request, _("Handed over. Your colleague changes over by “Switch portal or role”."))
                return redirect("storefront:colleagues")
            except DomainError as refusal:
                put_on(form, refusal, {"until_at": "until_day", "codes": "work"})
    return shown(request, "storefront/lend.html", {"form": form}, at="me", status=status)


def _lend(request: SignedInRequest, form: LendForm) -> None:
    from_at, until_at = form.span()
    command = services.Lend(
        giver_id=request.actor.seat_id,
        receiver_id=UUID(form.cleaned_data["receiver"]),
        codes=form.codes(),
        from_at=from_at,
        until_at=until_at,
        reason=form.cleaned_data["reason"],
    )
    services.lend_rights(actor=request.actor, command=command)


@page(side=Side.DEALER, methods=("POST",))
def end_stand_in(request: SignedInRequest, delegation_id: UUID) -> HttpResponse:
    """Take the work back before its time."""
    services.end_delegation(actor=request.actor, delegation_id=delegation_id)
    messages.success(request, _("The rights are back; the stand-in's next request knows nothing of them."))
    return redirect("storefront:colleagues")

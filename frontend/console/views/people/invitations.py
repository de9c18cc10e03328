"""Seats offered: inviting, sending the link again, taking the offer back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.vault.services import seal, unseal
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers import selectors as dealers
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.access import InviteForm
from frontend.console.lists import choice_asked, ordered, pager_of
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.console.views.people.seats import offered_lines, role_words, subtree_of
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.shapes import Chip
from frontend.ui.vocabulary import term
from tenants.access import invitees, selectors, services
from tenants.access.models import Invitation, Seat
from tenants.access.permissions import Permission
from tenants.people.errors import NotAnAccountName
from tenants.people.rules import account_name

LINK = "sealed_link"
"""Where the session keeps the link of a new invitation, sealed, until it has been shown."""


@staff_page(permission=Permission.READ)
def invitations(request: SignedInRequest) -> HttpResponse:
    """Offers nobody has taken yet; the link of a new one stands above them this once."""
    columns = {
        "name": (_("Name"), "name"),
        "house": (_("Company"), "dealer_name"),
        "made": (_("Invited"), "created_at"),
        "until": (_("Valid until"), "expires_at"),
    }
    found = selectors.invitations_visible_to(request.actor)
    rows, sorts = ordered(request, found, columns, usual="-made", rising=("name", "house"))
    page = page_of(rows, request)
    words = {**role_words(Side.BRAND), **role_words(Side.DEALER)}
    now = clock.now()
    context = {
        "rows": [
            (
                one,
                invitees.masked(invitees.account_of(one)),
                [words.get(role, role) for role in one.roles],
                now < one.expires_at,
            )
            for one in page.rows
        ],
        "sorts": sorts,
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "link": _link_to_show(request),
        "tabs": people_tabs(request, "invitations"),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/invitations.html", context, at="people")


@form_page(permission=Permission.EDIT)
def invite(request: SignedInRequest) -> HttpResponse:
    """Offer a seat to one of the staff, or to a dealer's person."""
    side = Side(choice_asked(request, "side", [Side.BRAND.value, Side.DEALER.value], Side.BRAND.value))
    form = InviteForm(
        request.POST or None,
        side=side,
        own=selectors.custom_roles_of(side.value),
        lines=offered_lines(request.actor),
        dealers=offered_dealers(request.actor),
        initial={"dealer_code": request.GET.get("dealer", "")},
    )
    seated: list[Seat] = []
    if request.method == "POST" and form.is_valid():
        seated = [] if form.cleaned_data["sure"] else _seats_here(request, form)
        made = None if seated else attempt(form, lambda: _invited(request, form, side), {"identifier": "account"})
        if made is not None:
            return _with_link(request, *made)
    here = reverse("console:invite")
    context = {
        "form": form,
        "seated": _in_words(seated),
        "may_add": seated and not any((one.side, one.dealer_id) == _house_asked(request, form, side) for one in seated),
        "side": side.value,
        "tabs": [
            Chip(term("side", one.value), f"{here}?side={one.value}", is_current=one is side)
            for one in (Side.BRAND, Side.DEALER)
        ],
    }
    return shown(request, "console/invite.html", context, at="people", status=REFUSED if form.errors or seated else 200)


def _seats_here(request: SignedInRequest, form: InviteForm) -> list[Seat]:
    """Where the invited person sits already, to be asked about before another seat is offered."""
    try:
        return selectors.seats_known_of(request.actor, account_name(form.cleaned_data["account"]))
    except NotAnAccountName:
        return []  # the verb says it


def _in_words(seats: list[Seat]) -> list[tuple[Seat, list[str]]]:
    words = {**role_words(Side.BRAND), **role_words(Side.DEALER)} if seats else {}
    return [(one, [words.get(role, role) for role in one.roles]) for one in seats]


def _house_asked(request: SignedInRequest, form: InviteForm, side: Side) -> tuple[str, int]:
    """Side and node the seat is offered at; 0 for a dealer that is not there."""
    try:
        return side.value, _house(request.actor, form, side)[0]
    except Missing:
        return side.value, 0


def _house(actor: Actor, form: InviteForm, side: Side) -> tuple[int, str, UUID | None]:
    """Whose seat it is: node, name, organisation. Raises ``Missing``."""
    if side is Side.BRAND:
        return actor.dealer_id, actor.dealer_name, actor.organisation_id
    dealer = dealers.dealer(actor, form.cleaned_data["dealer_code"])
    return dealer.pk, dealer.name, dealer.organisation_id


def _invited(request: SignedInRequest, form: InviteForm, side: Side) -> tuple[Invitation, str]:
    actor, said = request.actor, form.cleaned_data
    house_id, house_name, organisation_id = _house(actor, form, side)
    command = services.Invite(
        account=said["account"],
        name=said["name"],
        side=side,
        dealer_id=house_id,
        dealer_name=house_name,
        roles=said["roles"],
        scope=form.scope(subtree_of(actor, said["below"])),
        organisation_id=organisation_id,
    )
    return services.invite(actor=actor, command=command)


@verb_page(permission=Permission.EDIT)
def renew(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    """Another link for seven more days."""
    return _with_link(request, *services.renew_invitation(actor=request.actor, invitation_id=invitation_id))


@verb_page(permission=Permission.EDIT)
def withdraw(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    """Take the offer back."""
    services.withdraw_invitation(actor=request.actor, invitation_id=invitation_id)
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("console:invitations")


def _link_to_show(request: SignedInRequest) -> dict[str, str] | None:
    """The link of a new invitation, this once."""
    kept = request.session.pop(LINK, None)
    return {**kept, "url": unseal(kept["url"])} if kept else None


def _with_link(request: SignedInRequest, invitation: Invitation, token: str) -> HttpResponse:
    url = request.build_absolute_uri(services.path_of(token))
    request.session[LINK] = {"name": invitation.name, "url": seal(url)}
    return redirect("console:invitations")

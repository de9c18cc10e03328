"""Taking a seat one was invited to, on the brand's host, under the very account name (docs/decisions/0007).

The link alone proves nothing: whoever invites is shown it. Where the name is not proved yet, a code is sent there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.kernel.brand import BrandFacts
from core.kernel.errors import DomainError, Kind, Missing
from core.messages.port import sms_sender
from core.web.refusals import STATUS, words_of
from core.web.requests import PageRequest
from core.web.throttling import Throttle, client_address
from frontend.platform.answers import refuse
from frontend.platform.arrivals import home_of
from frontend.platform.entrances import came_here
from frontend.platform.forms import AddressCodeForm, SignUpForm
from frontend.platform.shelf import SHELF
from tenants.access import invitees
from tenants.access.errors import InvitationOver, TooManySignUps
from tenants.access.invitees import Bearer
from tenants.access.models import Invitation, Seat
from tenants.access.selectors import custom_roles_of, invitation_by, is_open, words_of_roles
from tenants.access.services import accept_invitation
from tenants.access.sessions import sit_down
from tenants.people import pending, services
from tenants.people.errors import AddressGone, SignInOver, TooManyTries, WrongAddressCode
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import claim_facts
from tenants.people.sessions import begin, person_in, sign_in_in

CODES = Throttle("invitation.code", limit=6, window_s=3600)
"""By invitation, besides the counts of the name and of the asking address: whoever has the link can have codes sent."""


class Reader(StrEnum):
    """Who has opened the link."""

    INVITED = "invited"
    UNPROVED = "unproved"
    OTHER = "other"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Opened:
    """The invitation behind a link, and who opened it."""

    page: PageRequest
    brand: BrandFacts
    token: str
    found: Invitation
    account: AccountName
    bearer: Bearer | None

    @property
    def reader(self) -> Reader:
        """Whether it is the invited person."""
        if self.bearer is None:
            return Reader.NOBODY
        if self.found.identifier_index in self.bearer.unproved:
            return Reader.UNPROVED
        return Reader.INVITED if self.found.identifier_index in self.bearer.indexes else Reader.OTHER


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, by whom; accept, sign in first, or sign up. An unknown link is no page at all."""
    page = cast("PageRequest", request)
    found = invitation_by(token)
    if found is None or page.brand is None or not found.identifier_sealed:  # over for so long that nobody is named
        raise Missing
    person_id = person_in(page.session)
    bearer = invitees.bearer(person_id) if person_id else None
    opened = Opened(page, page.brand, token, found, invitees.account_of(found), bearer)
    return _answer(opened)


def _answer(opened: Opened) -> HttpResponse:
    if opened.page.method != "POST":
        if opened.found.seat_id is not None and opened.reader is Reader.INVITED:
            return _tried(opened, _accept)  # a second tab, or the link once more: on to the seat
        return _shown(opened)
    doors = _DOORS.get(opened.reader, {})
    door = doors.get(opened.page.POST.get("act", ""))
    if door is not None:
        return _tried(opened, door)
    if opened.reader is Reader.NOBODY:
        return redirect(_sign_in_url(opened))
    return _tried(opened, _accept)


def _accept(opened: Opened) -> HttpResponse:
    """Sit down. Raises what ``accept_invitation`` does."""
    if opened.bearer is None:
        raise Missing
    return _sit_down(opened, accept_invitation(token=opened.token, person_id=opened.bearer.person_id))


def _sit_down(opened: Opened, seat: Seat) -> HttpResponse:
    sit_down(opened.page, opened.brand, seat)
    messages.success(opened.page, gettext("Welcome. This seat is yours now."))
    return came_here(opened.page, redirect(home_of(seat.side)))


def _tried(opened: Opened, call: Callable[[Opened], HttpResponse]) -> HttpResponse:
    try:
        return call(opened)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        is_own = isinstance(refusal, TooManySignUps | TooManyTries)  # this caller is to wait, not everybody
        return _shown(opened, problem=refusal, status=429 if is_own else STATUS[refusal.kind])


def _send_code(opened: Opened) -> HttpResponse:
    """A code to the invited name; what was typed here before is worth nothing any more. Raises what sending does."""
    if not is_open(opened.found):
        raise InvitationOver
    if wait := CODES.try_once(str(opened.found.pk)):
        raise TooManySignUps(minutes=-(-wait // 60))
    session, subject = opened.page.session, opened.found.pk
    sent = services.send_sign_up_code(
        account=opened.account,
        subject_id=subject,
        address=client_address(opened.page),
        former=pending.sign_up_in(session, subject),
    )
    pending.remember_sign_up(session, subject, sent)
    return redirect(opened.page.path)


def _sign_up(opened: Opened) -> HttpResponse:
    """A new account under the invited name, proved by the code, and the seat with it."""
    claim_id = pending.sign_up_in(opened.page.session, opened.found.pk)
    form = SignUpForm(opened.page.POST)
    if not is_open(opened.found):
        raise InvitationOver
    if claim_id is None:
        raise AddressGone
    if not form.is_valid():
        return _shown(opened, form=form, status=422)
    try:
        person = services.sign_up(
            claim_id=claim_id, subject_id=opened.found.pk, language=get_language() or "", **form.cleaned_data
        )
    except AddressGone:
        pending.forget_sign_up(opened.page.session)
        raise
    except DomainError as refusal:
        refuse(form, refusal)
        return _shown(opened, form=form, status=STATUS[refusal.kind])
    begin(opened.page, person)
    return _sit_down(opened, accept_invitation(token=opened.token, person_id=person.pk))


def _send_own_code(opened: Opened) -> HttpResponse:
    """A code to a name the account has and has not proved. Raises what sending does."""
    if not is_open(opened.found):
        raise InvitationOver
    claim_id = services.claim_own_address(bearer=_claimant(opened), means=opened.account.means)
    pending.remember_claim(opened.page.session, claim_id)
    return redirect(opened.page.path)


def _prove(opened: Opened) -> HttpResponse:
    """The code of one's own name, and the seat with it."""
    form, claim_id = AddressCodeForm(opened.page.POST), pending.claim_in(opened.page.session)
    if claim_id is None or not _waits_for_code(opened):
        raise AddressGone
    if not form.is_valid():
        return _shown(opened, form=form, status=422)
    try:
        services.prove_address(bearer=_claimant(opened), claim_id=claim_id, code=form.cleaned_data["code"])
    except WrongAddressCode as refusal:
        refuse(form, refusal)
        return _shown(opened, form=form, status=422)
    except AddressGone:
        pending.forget_claim(opened.page.session)
        raise
    pending.forget_claim(opened.page.session)
    return _accept(opened)


_DOORS: Mapping[Reader, Mapping[str, Callable[[Opened], HttpResponse]]] = {
    Reader.NOBODY: {"send_code": _send_code, "sign_up": _sign_up},
    Reader.UNPROVED: {"send_code": _send_own_code, "prove": _prove},
}


def _claimant(opened: Opened) -> services.Bearer:
    sign_in_id = sign_in_in(opened.page.session)
    if opened.bearer is None or sign_in_id is None:
        raise SignInOver
    return services.Bearer(opened.bearer.person_id, sign_in_id, client_address(opened.page))


def _waits_for_code(opened: Opened) -> bool:
    """Whether a code is on its way to the invited name, asked for in this browser."""
    session = opened.page.session
    if opened.reader is Reader.NOBODY:
        return pending.sign_up_in(session, opened.found.pk) is not None
    claim_id = pending.claim_in(session) if opened.reader is Reader.UNPROVED else None
    claim = claim_facts(claim_id=claim_id, person_id=opened.bearer.person_id) if claim_id and opened.bearer else None
    return claim is not None and claim.means is opened.account.means and not claim.is_change


def _shown(
    opened: Opened, *, form: Form | None = None, problem: DomainError | None = None, status: int = 0
) -> HttpResponse:
    found = opened.found
    own = dict(custom_roles_of(found.side).values_list("code", "name"))
    is_over = not is_open(found) or isinstance(problem, InvitationOver)
    fresh = AddressCodeForm() if opened.reader is Reader.UNPROVED else SignUpForm(initial={"name": found.name})
    context = {
        "invitation": found,
        "account": invitees.masked(opened.account),
        "roles": [gettext(words) for words in words_of_roles(found.roles, own)],
        "brand": opened.brand,
        "reader": "over" if is_over else opened.reader.value,
        "signed_in_as": opened.bearer.name if opened.bearer else "",
        "problem": words_of(problem) if problem and not is_over else "",
        "form": form or fresh,
        "waits": _waits_for_code(opened),
        "can_be_reached": opened.account.means is Means.EMAIL or sms_sender() is not None,
        "sign_in_url": _sign_in_url(opened),
        "here": opened.page.path,
        "shelf": SHELF[:4],
    }
    return render(opened.page, "platform/invitation.html", context, status=status or (410 if is_over else 200))


def _sign_in_url(opened: Opened) -> str:
    return f"{reverse('sign_in')}?{urlencode({'next': opened.page.path})}"

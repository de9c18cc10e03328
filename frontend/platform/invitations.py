"""Taking a seat one was invited to, on the brand's host, under the very account name (docs/decisions/0007)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.kernel.brand import BrandFacts
from core.kernel.errors import DomainError, Kind, Missing
from core.web.refusals import STATUS, words_of
from core.web.requests import PageRequest
from core.web.throttling import Throttle
from frontend.platform.arrivals import home_of
from frontend.platform.forms import SignUpForm
from frontend.platform.shelf import SHELF
from tenants.access import invitees
from tenants.access.errors import InvitationOver, TooManySignUps
from tenants.access.invitees import Bearer
from tenants.access.models import Invitation, Seat
from tenants.access.selectors import custom_roles_of, invitation_by, is_open, words_of_roles
from tenants.access.services import accept_invitation
from tenants.access.sessions import take_seat
from tenants.people.rules import AccountName, Means
from tenants.people.services import register_person
from tenants.people.sessions import begin, person_in

SIGN_UPS = Throttle("invitation.sign-up", limit=10, window_s=3600)
"""By invitation: each try tells whoever has the link whether there is an account already."""


class Reader(StrEnum):
    """Who has opened the link."""

    INVITED = "invited"
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
        return Reader.INVITED if self.found.identifier_index in self.bearer.indexes else Reader.OTHER


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, by whom; accept, sign in first, or sign up. An unknown link is no page at all."""
    page = cast("PageRequest", request)
    found = invitation_by(token)
    if found is None or page.brand is None:
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
    if opened.page.POST.get("act") == "sign_up":
        return _sign_up(opened)
    if opened.reader is Reader.NOBODY:
        return redirect(_sign_in_url(opened))
    return _tried(opened, _accept)


def _accept(opened: Opened) -> HttpResponse:
    """Sit down. Raises what ``accept_invitation`` does."""
    if opened.bearer is None:
        raise Missing
    return _sit_down(opened, accept_invitation(token=opened.token, person_id=opened.bearer.person_id))


def _sit_down(opened: Opened, seat: Seat) -> HttpResponse:
    take_seat(opened.page.session, opened.brand, seat)
    messages.success(opened.page, gettext("Welcome. This seat is yours now."))
    return redirect(home_of(seat.side))


def _tried(opened: Opened, call: Callable[[Opened], HttpResponse]) -> HttpResponse:
    try:
        return call(opened)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return _shown(opened, problem=refusal, status=STATUS[refusal.kind])


def _sign_up(opened: Opened) -> HttpResponse:
    """A new account under the invited name, and the seat with it."""
    form = SignUpForm(opened.page.POST)
    if opened.reader is not Reader.NOBODY:
        return _tried(opened, _accept)
    if not form.is_valid():
        return _shown(opened, form=form, status=422)
    try:
        if not is_open(opened.found):
            raise InvitationOver
        wait = SIGN_UPS.try_once(str(opened.found.pk))
        if wait:
            raise TooManySignUps(minutes=-(-wait // 60))
        is_phone = opened.account.means is Means.PHONE
        person = register_person(
            name=form.cleaned_data["name"],
            phone=opened.account.value if is_phone else None,
            email=None if is_phone else opened.account.value,
            password=form.cleaned_data["password"],
            language=get_language() or "",
        )
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, words_of(refusal))
        return _shown(opened, form=form, status=429 if isinstance(refusal, TooManySignUps) else STATUS[refusal.kind])
    begin(opened.page, person)
    return _tried(opened, lambda _: _sit_down(opened, accept_invitation(token=opened.token, person_id=person.pk)))


def _shown(
    opened: Opened, *, form: SignUpForm | None = None, problem: DomainError | None = None, status: int = 0
) -> HttpResponse:
    found = opened.found
    own = dict(custom_roles_of(found.side).values_list("code", "name"))
    is_over = not is_open(found) or isinstance(problem, InvitationOver)
    context = {
        "invitation": found,
        "account": invitees.masked(opened.account),
        "roles": [gettext(words) for words in words_of_roles(found.roles, own)],
        "brand": opened.brand,
        "reader": "over" if is_over else opened.reader.value,
        "signed_in_as": opened.bearer.name if opened.bearer else "",
        "problem": words_of(problem) if problem and not is_over else "",
        "form": form or SignUpForm(initial={"name": found.name}),
        "sign_in_url": _sign_in_url(opened),
        "here": opened.page.path,
        "shelf": SHELF[:4],
    }
    return render(opened.page, "platform/invitation.html", context, status=status or (410 if is_over else 200))


def _sign_in_url(opened: Opened) -> str:
    return f"{reverse('sign_in')}?{urlencode({'next': opened.page.path})}"

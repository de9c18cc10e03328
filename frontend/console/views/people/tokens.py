"""Access for programs: given, renewed, revoked."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, verb_page
from frontend.console.forms.access import TokenForm
from frontend.console.lists import pager_of
from frontend.console.refusals import REFUSED, attempt
from frontend.console.shell import shown
from tenants.access import selectors, services
from tenants.access.models import ApiToken

SECRET = "issued_token"
"""Where the session keeps a new token's secret until it has been shown."""
OVERLAP_HOURS = 24
SOON = timedelta(days=14)


@form_page()
def tokens(request: SignedInRequest) -> HttpResponse:
    """Access for programs; a new one's secret is shown on the next page and never again."""
    if request.method == "GET" and request.GET.get("issued"):
        return _tokens_page(request, TokenForm(codes=request.actor.codes), request.session.pop(SECRET, ""))
    form = TokenForm(request.POST or None, codes=request.actor.codes)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        issued = attempt(
            form,
            lambda: services.issue_token(
                actor=request.actor,
                seat_id=request.actor.seat_id,
                name=said["name"],
                codes=said["codes"],
                days=said["days"],
            ),
        )
        if issued is not None:
            return _with_secret(request, issued[1])
    return _tokens_page(request, form)


def _with_secret(request: SignedInRequest, secret: str) -> HttpResponse:
    request.session[SECRET] = secret  # loading the answer anew issues nothing
    return redirect(f"{reverse('console:tokens')}?issued=1")


def _tokens_page(request: SignedInRequest, form: TokenForm, secret: str = "") -> HttpResponse:
    page = page_of(selectors.tokens_visible_to(request.actor), request)
    context = {
        "form": form,
        "secret": secret,
        "rows": [(token, _state(token), token.seat.dealer_id == request.actor.dealer_id) for token in page.rows],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "overlap_hours": OVERLAP_HOURS,
        "is_acting": request.actor.acting_for is not None,
    }
    return shown(request, "console/tokens.html", context, at="tokens", status=REFUSED if form.errors else 200)


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    now = clock.now()
    if token.expires_at <= now:
        return "expired"
    return "ending" if token.expires_at <= now + SOON else "valid"


@verb_page()
def rotate(request: SignedInRequest, key: str) -> HttpResponse:
    """Another secret; the former is taken for a day more, so that the program can be changed over."""
    _token, secret = services.rotate_token(actor=request.actor, key=key, overlap_hours=OVERLAP_HOURS)
    return _with_secret(request, secret)


@verb_page()
def revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """End a program's access at once."""
    services.revoke_token(actor=request.actor, key=key)
    messages.success(request, _("This access is revoked."))
    return redirect("console:tokens")

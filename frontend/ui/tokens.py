"""Access for programs, the same on both faces: given, renewed, revoked. A secret is shown once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.actor import Actor
from core.vault.services import seal, unseal
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.ui.codewords import code_choices, code_words
from frontend.ui.inputs import WholeField, text_field
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.shapes import Pager
from tenants.access import selectors, services
from tenants.access.models import ApiToken
from tenants.access.permissions import Permission

SECRET = "sealed_token"
"""Where the session keeps a new token's secret, sealed, until it has been shown."""
OVERLAP_HOURS = 24
SOON = timedelta(days=14)


class TokenForm(forms.Form):
    """Access for a program in one's own name."""

    name = text_field(_("What for"), limit=60, required=True, help_text=_("For example: ERP of head office."))
    days = WholeField(label=_("Valid for"), low=1, high=366, initial=90)
    codes = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all your own rights."),
    )

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = code_choices(codes)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as the list shows it; an address is empty where the seat may not do that."""

    token: ApiToken
    state: str
    codes: list[str]
    is_own_house: bool
    rotate_url: str
    revoke_url: str


@dataclass(frozen=True, slots=True)
class TokenPages:
    """The doors of one face: ``face`` names its addresses, ``shown`` draws ``template`` in its frame."""

    face: str
    template: str
    at: str
    shown: Callable[..., HttpResponse]

    def index(self, request: SignedInRequest) -> HttpResponse:
        """The list and the form; a new token's secret is shown on the next page and never again."""
        actor = request.actor
        if request.method == "GET" and request.GET.get("issued"):
            return self._page(request, TokenForm(codes=actor.codes), unseal(request.session.pop(SECRET, "")))
        form = TokenForm(request.POST or None, codes=actor.codes)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            issued = attempt(form, lambda: services.issue_token(actor=actor, seat_id=actor.seat_id, **said))
            if issued is not None:
                return self._with_secret(request, issued[1])
        return self._page(request, form)

    def rotate(self, request: SignedInRequest, key: str) -> HttpResponse:
        """Another secret; the former is taken for a day more, so that the program can be changed over."""
        _token, secret = services.rotate_token(actor=request.actor, key=key, overlap_hours=OVERLAP_HOURS)
        return self._with_secret(request, secret)

    def revoke(self, request: SignedInRequest, key: str) -> HttpResponse:
        """End a program's access at once."""
        services.revoke_token(actor=request.actor, key=key)
        messages.success(request, gettext("This access is revoked."))
        return redirect(f"{self.face}:tokens")

    def _with_secret(self, request: SignedInRequest, secret: str) -> HttpResponse:
        request.session[SECRET] = seal(secret)  # loading the answer anew issues nothing
        return redirect(f"{reverse(f'{self.face}:tokens')}?issued=1")

    def _page(self, request: SignedInRequest, form: TokenForm, secret: str = "") -> HttpResponse:
        page = page_of(selectors.tokens_visible_to(request.actor), request)
        context = {
            "form": form,
            "secret": secret,
            "rows": [self._row(token, request.actor) for token in page.rows],
            "pager": Pager(page.number, page.page_count, 0, page.first, page.last),
            "overlap_hours": OVERLAP_HOURS,
            "is_acting": request.actor.acting_for is not None,
        }
        return self.shown(request, self.template, context, at=self.at, status=REFUSED if form.errors else 200)

    def _row(self, token: ApiToken, actor: Actor) -> TokenRow:
        state = _state(token)
        is_own = token.seat_id == actor.seat_id
        is_administrator = actor.can(Permission.EDIT) and not actor.scope.is_limited
        may_end = state in {"valid", "ending"} and (is_own or is_administrator)
        may_renew = may_end and is_own and actor.acting_for is None
        return TokenRow(
            token,
            state,
            [code_words(code) for code in token.codes],
            token.seat.dealer_id == actor.dealer_id,
            reverse(f"{self.face}:rotate_token", args=[token.key]) if may_renew else "",
            reverse(f"{self.face}:revoke_token", args=[token.key]) if may_end else "",
        )


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    now = clock.now()
    if token.expires_at <= now:
        return "expired"
    return "ending" if token.expires_at <= now + SOON else "valid"

"""The account (往来账): what may be spent, what is owed, and the statement of a period."""

from datetime import date, timedelta

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.ledger.errors import AccountMissing
from billing.ledger.permissions import Permission
from billing.ledger.selectors import Statement, account_line, statement
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip

_USUAL_DAYS = 90


class PeriodForm(forms.Form):
    """Both days included."""

    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, object]:
        """The period runs forwards."""
        given: dict[str, object] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("until", _("The period ends before it begins."))
        return given


@page(permission=Permission.READ, side=Side.DEALER)
def account(request: SignedInRequest) -> HttpResponse:
    """The account line and the statement of the chosen period."""
    today = clock.business_day(zone=request.brand.time_zone)
    usual = {"since": today - timedelta(days=_USUAL_DAYS), "until": today}
    given = {name: request.GET.get(name) or day.isoformat() for name, day in usual.items()}
    form = PeriodForm(given)
    told, line = None, None
    try:
        line = account_line(request.actor, buyer_dealer_id=request.actor.dealer_id)
        if form.is_valid():
            told = _statement(request.actor, form)
    except AccountMissing:
        told = None
    context = {"line": line, "told": told, "rows": reversed(told.rows) if told else (), "form": form}
    return shown(request, "storefront/account.html", {**context, "chips": _chips(request, today, given)}, at="account")


def _statement(actor: Actor, form: PeriodForm) -> Statement:
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    return statement(actor, buyer_dealer_id=actor.dealer_id, since=since, until=until)


def _chips(request: SignedInRequest, today: date, given: dict[str, str]) -> list[Chip]:
    """This month, last month, this year."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    periods = (
        (_("This month"), month, today),
        (_("Last month"), before.replace(day=1), before),
        (_("This year"), today.replace(month=1, day=1), today),
    )
    return [
        Chip(
            label,
            link_with(request, since=since.isoformat(), until=until.isoformat()),
            is_current=given == {"since": since.isoformat(), "until": until.isoformat()},
        )
        for label, since, until in periods
    ]

"""The one file on a dealer, by parts, and what is done to the dealer."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.ledger import services as ledger
from billing.ledger.errors import AccountMissing
from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import AccountLine, account_line, statement
from core.events.selectors import MOST_HAPPENINGS, timeline
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.web.paging import page_number
from core.web.requests import SignedInRequest
from dms.dealers import selectors, services
from dms.dealers.events import DEALER
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from dms.notices.permissions import Permission as NoticePermission
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import stock_of_dealer
from dms.territories.permissions import Permission as GrantPermission
from dms.territories.selectors import grants_of
from frontend.console.auditwords import event_words
from frontend.console.doors import form_page
from frontend.console.forms.dealers import (
    AddressForm,
    ChangeForm,
    LimitForm,
    PayInForm,
    RebateForm,
    SuspendForm,
)
from frontend.console.groundwords import grant_lines
from frontend.console.lists import choice_asked, pager_of
from frontend.console.orderwords import statuses_of
from frontend.console.shell import shown
from frontend.console.views import dealer_licences as licences
from frontend.console.views import dealer_parts as parts
from frontend.console.who import names_of
from frontend.ui.refusals import REFUSED, attempt, did
from frontend.ui.shapes import Chip
from ordering.orders.permissions import Permission as OrderPermission
from ordering.orders.selectors import OrderFilters, order_page, ordering_settings
from ordering.pricing.permissions import Permission as PricePermission
from tenants.access.permissions import Permission as AccessPermission

STATEMENT_DAYS = 90
REBATE_ID = "id_rebate_%s"
"""Ids of the rebate's fields: the payment's form beside it has fields of the same names."""
MOST_GRANTS = 200
"""Shown in the file; the list of grants has them all."""


@form_page(permission=Permission.READ)
def dealer(request: SignedInRequest, code: str) -> HttpResponse:
    """The file on one dealer; ``?tab=`` names the part, POST does what its ``act`` says."""
    found = selectors.dealer(request.actor, code)
    if request.method == "POST":
        return _act(request, found)
    return _file(request, found, _tab(request), {})


def _tab(request: SignedInRequest) -> str:
    return choice_asked(request, "tab", [name for name, _label in _tabs(request.actor)], "facts")


def _tabs(actor: Actor) -> list[tuple[str, str]]:
    parts = [
        ("facts", _("Overview"), Permission.READ),
        ("people", _("People"), AccessPermission.READ),
        ("licences", _("Licences"), Permission.READ),
        ("grants", _("Grants"), GrantPermission.READ),
        ("prices", _("Prices"), PricePermission.READ),
        ("account", _("Account"), LedgerPermission.READ),
        ("stock", _("Stock"), StockPermission.READ),
        ("orders", _("Orders"), OrderPermission.READ),
        ("notices", _("Notices"), NoticePermission.READ),
        ("record", _("Record"), Permission.READ),
    ]
    return [(name, label) for name, label, code in parts if actor.can(code)]


def _file(
    request: SignedInRequest, found: Dealer, tab: str, forms: dict[str, BaseForm], **more: object
) -> HttpResponse:
    actor = request.actor
    here = reverse("console:dealer", args=[found.code])
    gathered: dict[str, Callable[[SignedInRequest, Dealer, dict[str, BaseForm]], dict[str, Any]]] = {
        "facts": _facts,
        "people": parts.people,
        "prices": parts.prices,
        "notices": parts.notices,
        "licences": licences.gathered,
        "account": _account,
        "orders": _orders,
        "stock": _stock,
        "grants": _grants,
        "record": _record,
    }
    context = {
        "dealer": found,
        "tab": tab,
        "tabs": [
            Chip(label, here if name == "facts" else f"{here}?tab={name}", is_current=name == tab)
            for name, label in _tabs(actor)
        ],
        "here": f"{here}?tab={tab}",
        "may_edit": actor.can(Permission.EDIT),
        "may_import": actor.can(Permission.IMPORT),
        **gathered[tab](request, found, forms),
        **more,
    }
    is_refused = any(form.errors for form in forms.values())
    return shown(request, "console/dealer.html", context, at="dealers", status=REFUSED if is_refused else 200)


def _facts(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    papers = selectors.papers(request.actor, found.code)
    return {
        "papers": papers,
        "group_names": [one.name for one in found.price_groups.order_by("rank", "code")],
        **licences.in_short(request, found),
        "account": _line_of(request.actor, found),
        "address_form": forms.get("address") or AddressForm(before=parts.address_asked(request, papers)),
        "change_form": forms.get("change") or ChangeForm(initial=ChangeForm.of(found), groups=_groups(request.actor)),
        "suspend_form": forms.get("suspend") or SuspendForm(),
        "do": request.POST.get("act") or request.GET.get("do", ""),
    }


def _line_of(actor: Actor, found: Dealer) -> AccountLine | None:
    """Its account with the brand; None without the right, or where somebody else supplies it."""
    if not actor.can(LedgerPermission.READ):
        return None
    try:
        return account_line(actor, buyer_dealer_id=found.pk, seller_dealer_id=actor.dealer_id)
    except AccountMissing:
        return None


def _account(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    actor = request.actor
    line = _line_of(actor, found)
    if line is None:
        return {"account": None}
    today = clock.business_day(zone=request.brand.time_zone)
    since = _day(request, "since", today - timedelta(days=STATEMENT_DAYS))
    until = _day(request, "until", today)
    terms = {"credit_limit": line.credit_limit, "terms_days": line.terms_days, "is_blocked": line.is_blocked}
    return {
        "account": line,
        "statement": statement(
            actor, buyer_dealer_id=found.pk, seller_dealer_id=actor.dealer_id, since=since, until=until
        ),
        "pay_in_form": forms.get("pay_in") or PayInForm(initial={"received_on": today}),
        "rebate_form": forms.get("rebate") or RebateForm(auto_id=REBATE_ID),
        "limit_form": forms.get("limit") or LimitForm(initial=terms),
        "may_pay_in": actor.can(LedgerPermission.PAY_IN),
        "may_limit": actor.can(LedgerPermission.SET_LIMIT),
    }


def _day(request: SignedInRequest, name: str, usual: date) -> date:
    try:
        return clock.read_day(request.GET.get(name, ""))
    except ValueError:
        return usual


def _orders(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    page = order_page(
        actor=request.actor, filters=OrderFilters(buyer_code=found.code, role="sales"), page=page_number(request)
    )
    return {
        "orders": [(row, statuses_of(row)) for row in page.rows],
        "pager": pager_of(page.page, page.page_count, page.total, len(page.rows)),
    }


def _stock(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    rows = stock_of_dealer(request.actor, found.code)
    is_english = (get_language() or "").startswith("en")
    return {"held": [(row.sku_name_en if is_english and row.sku_name_en else row.sku_name, row) for row in rows]}


def _grants(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    rows = grants_of(actor, found.code)[:MOST_GRANTS]
    return {"grants": grant_lines(rows, today), "may_grant": actor.can(GrantPermission.EDIT)}


def _record(request: SignedInRequest, found: Dealer, forms: dict[str, BaseForm]) -> dict[str, Any]:
    items = timeline(DEALER, found.code)
    names = names_of(request.actor, [item.person_id for item in items])
    told = [
        (event_words(item.kind), item.at, item.payload, names.get(item.person_id) if item.person_id else "")
        for item in reversed(items)
    ]
    is_cut = len(items) >= MOST_HAPPENINGS and request.actor.can(AccessPermission.READ)
    return {"items": told, "audit_url": f"{reverse('console:audit')}?{urlencode({'q': found.code})}" if is_cut else ""}


# acts ------------------------------------------------------------------------------------------------


def _act(request: SignedInRequest, found: Dealer) -> HttpResponse:
    do = request.POST.get("act", "")
    acts: dict[str, tuple[str, Callable[[SignedInRequest, Dealer], tuple[BaseForm, str]]]] = {
        "activate": ("facts", _activate),
        "suspend": ("facts", _suspend),
        "close": ("facts", _close),
        "credential": ("licences", licences.record),
        "submit": ("licences", licences.submit),
        "accept": ("licences", licences.accept),
        "refuse": ("licences", licences.refuse),
        "recall": ("licences", licences.recall),
        "address": ("facts", _address),
        "drop_address": ("facts", _drop_address),
        "change": ("facts", _change),
        "pay_in": ("account", _pay_in),
        "rebate": ("account", _rebate),
        "limit": ("account", _limit),
    }
    if do not in acts:
        return redirect("console:dealer", code=found.code)
    tab, call = acts[do]
    form, said = call(request, found)
    if not said:
        name = "suspend" if do in ("suspend", "close", "activate") else do
        return _file(request, found, tab, {name: form})
    return _done(request, found, tab, said)


def _done(request: SignedInRequest, found: Dealer, tab: str, said: str) -> HttpResponse:
    messages.success(request, said)
    response = redirect("console:dealer", code=found.code)
    if tab != "facts":
        response["Location"] += f"?tab={tab}"
    return response


def _activate(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form = Form(request.POST)
    form.is_valid()
    done = attempt(form, lambda: services.activate(actor=request.actor, code=found.code))
    return form, _("%(name)s may order now.") % {"name": found.name} if done else ""


def _suspend(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form = SuspendForm(request.POST)
    done = did(
        form,
        lambda: services.suspend(actor=request.actor, code=found.code, reason=form.cleaned_data["reason"]),
    )
    return form, _("%(name)s is suspended; what is under way goes on.") % {"name": found.name} if done else ""


def _close(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form = SuspendForm(request.POST)
    done = did(
        form,
        lambda: services.close(actor=request.actor, code=found.code, reason=form.cleaned_data["reason"]),
    )
    return form, _("%(name)s is closed.") % {"name": found.name} if done else ""


def _address(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    before = parts.address_asked(request, selectors.papers(request.actor, found.code))
    form = AddressForm(request.POST, before=before)
    done = did(form, lambda: services.save_address(actor=request.actor, command=form.command(found.code)))
    return form, _("The address is saved.") if done else ""


def _drop_address(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    before = parts.address_asked(request, selectors.papers(request.actor, found.code))
    if before is None:
        raise Missing
    services.delete_address(actor=request.actor, dealer_code=found.code, address_id=before.pk)
    return Form(), _("The address is removed. Orders placed before still go there.")


def _groups(actor: Actor) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in selectors.price_groups(actor)]


def _change(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form = ChangeForm(request.POST, groups=_groups(request.actor))
    done = did(form, lambda: services.change_dealer(actor=request.actor, command=form.command(found.code)))
    return form, _("Saved.") if done else ""


def _pay_in(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form, line = PayInForm(request.POST), _line_of(request.actor, found)
    if not form.is_valid() or line is None:
        return form, ""
    done = attempt(form, lambda: ledger.pay_in(actor=request.actor, command=form.command(line)))
    if done is None:
        return form, ""
    return form, _("This transfer was booked before; nothing changed.") if done.is_repeated else _(
        "The payment is booked."
    )


def _rebate(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form, line = RebateForm(request.POST, auto_id=REBATE_ID), _line_of(request.actor, found)
    if not form.is_valid() or line is None:
        return form, ""
    command = form.command(line, tax_rate_bp=ordering_settings().tax_rate_bp)
    done = attempt(form, lambda: ledger.add_rebate(actor=request.actor, command=command))
    if done is None:
        return form, ""
    said = _("This settlement was booked before; nothing changed.") if done.is_repeated else ""
    return form, said or _("The rebate is in the pool.")


def _limit(request: SignedInRequest, found: Dealer) -> tuple[BaseForm, str]:
    form, line = LimitForm(request.POST), _line_of(request.actor, found)
    if not form.is_valid() or line is None:
        return form, ""
    attempt(form, lambda: ledger.set_limit(actor=request.actor, command=form.command(line)))
    return form, "" if form.errors else _("The terms are saved.")

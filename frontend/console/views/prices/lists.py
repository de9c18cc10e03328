"""The lists of prices, a new one, and the way from one of them into the matrix."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.db.naming import called
from core.kernel.errors import Missing
from core.kernel.sorting import name_key
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import price_groups
from dms.dealers.services import SavePriceGroup, order_price_groups, save_price_group
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.prices import ChangeListForm, GroupsForm, ListForm, PricingForm
from frontend.console.lists import chips_of, choice_asked, ordered_list, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.console.views.prices.tabs import price_tabs
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.vocabulary import term
from ordering.pricing import services
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import changes_by_rounds, lists_visible_to, pricing_settings
from ordering.rounds.selectors import reach_of_lists


@staff_page(permission=Permission.READ)
def price_lists(request: SignedInRequest) -> HttpResponse:
    """The brand's own lists by scope."""
    scope, text = choice_asked(request, "scope", PriceList.Scope.values), text_asked(request).lower()
    everything = list(lists_visible_to(request.actor).select_related("dealer", "price_group").order_by("scope", "code"))
    found = [one for one in everything if text in f"{one.code} {one.name}".lower()]
    options = [("", _("All"), len(found))]
    options += [
        (code, term("price_scope", code), sum(one.scope == code for one in found)) for code in PriceList.Scope.values
    ]
    rows = [one for one in found if not scope or one.scope == scope]
    columns: dict[str, tuple[str, Callable[[PriceList], str]]] = {
        "name": (_("Name"), lambda one: name_key(one.name)),
        "code": (_("Code"), lambda one: one.code),
    }
    rows, sorts = ordered_list(request, rows, columns, usual="code", rising=columns)
    page = page_of(rows, request, total=len(rows))
    context = {
        "rows": page.rows,
        "tabs": price_tabs(request, "prices"),
        "has_currencies": len({one.currency for one in everything}) > 1,
        "sorts": sorts,
        "pager": pager_of(page.number, page.page_count, len(rows), len(page.rows)),
        "chips": chips_of(request, "scope", options),
        "q": text_asked(request),
        "may_edit": request.actor.can(Permission.EDIT),
        "may_set": request.actor.can(Permission.SETTINGS),
        "by_rounds": changes_by_rounds(request.actor),
    }
    return shown(request, "console/prices.html", context, at="prices")


@form_page(permission=Permission.EDIT)
def new_list(request: SignedInRequest) -> HttpResponse:
    """A new, empty list."""
    groups = [(one.code, one.name) for one in price_groups(request.actor)] if request.actor.can("dealers.read") else []
    usual = {
        "currency": request.brand.currency,
        "region_code": "CN",
        "kind": request.GET.get("kind", PriceList.Kind.SALE),
        "factor_ppm": 1_000_000,
    }
    form = ListForm(
        request.POST or None,
        initial=usual,
        groups=groups,
        dealers=offered_dealers(request.actor),
        parents=_parents(request),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_list(actor=request.actor, command=form.command()))
        if made is not None:
            messages.success(request, _("The list is open. Enter its prices."))
            return redirect("console:price_list", code=made.code)
    status = REFUSED if form.errors else 200
    return shown(request, "console/price_list_new.html", {"form": form}, at="prices", status=status)


@staff_page(permission=Permission.READ)
def price_list(request: SignedInRequest, code: str) -> HttpResponse:
    """One list: the matrix with just its columns."""
    if not lists_visible_to(request.actor).filter(code=code).exists():
        raise Missing(list=code)
    query = request.GET.copy()
    query["list"] = code
    return redirect(f"{reverse('console:price_matrix')}?{query.urlencode()}")


@form_page(permission=Permission.EDIT)
def change_list(request: SignedInRequest, code: str) -> HttpResponse:
    """What a list is: its names, its channel, where its prices come from, whether it is in force."""
    listed = lists_visible_to(request.actor).select_related("parent", "dealer", "price_group").filter(code=code).first()
    if listed is None:
        raise Missing(list=code)
    form = ChangeListForm(request.POST or None, initial=ChangeListForm.of(listed))
    form.offer_parents(one for one in _parents(request) if one[0] != code)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.change_list(actor=request.actor, command=form.command(code)))
        if done is not None:
            messages.success(request, _("Saved; in force at once."))
            return redirect("console:list_versions", code=code)
    houses = sum(one.houses for one in reach_of_lists(request.actor, [listed.pk]))
    context = {"form": form, "listed": listed, "houses": houses}
    return shown(
        request, "console/price_list_change.html", context, at="prices", status=REFUSED if form.errors else 200
    )


def _parents(request: SignedInRequest) -> list[tuple[str, str]]:
    return [(one.code, f"{called(one)} · {one.code}") for one in lists_visible_to(request.actor).order_by("code")]


@form_page(permission=Permission.SETTINGS)
def price_settings(request: SignedInRequest) -> HttpResponse:
    """Which list prices a product, who may change prices, and in which order price groups are asked."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    settings, may_order = pricing_settings(), request.actor.can(DealerPermission.EDIT)
    said = {name: getattr(settings, name) for name in PricingForm.base_fields}
    groups = [(one.code, one.name) for one in price_groups(request.actor)] if may_order else []
    rules = PricingForm(request.POST if act == "rules" else None, initial=said, auto_id="rules-%s")
    order = GroupsForm(request.POST if act == "groups" else None, groups=groups, auto_id="groups-%s")
    is_done = False
    if rules.is_valid():
        is_done = attempt(rules, lambda: _save_rules(request, rules)) is True
    elif may_order and order.is_valid():
        is_done = attempt(order, lambda: _save_groups(request, order)) is True
    if is_done:
        messages.success(request, _("Saved; in force at once."))
        return redirect("console:price_settings")
    context = {"rules": rules, "order": order, "may_order": may_order}
    is_refused = bool(rules.errors or order.errors)
    return shown(request, "console/price_settings.html", context, at="prices", status=REFUSED if is_refused else 200)


def _save_rules(request: SignedInRequest, form: PricingForm) -> bool:
    services.change_pricing_settings(actor=request.actor, command=form.command())
    return True


def _save_groups(request: SignedInRequest, form: GroupsForm) -> bool:
    said = form.cleaned_data
    if form.groups:
        order_price_groups(actor=request.actor, codes=form.order())
    if said["code"] or said["name"]:
        save_price_group(actor=request.actor, command=SavePriceGroup(said["code"], said["name"]))
    return True

"""The lists of prices, a new one, and the way from one of them into the matrix."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.errors import Missing
from core.kernel.sorting import name_key
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import price_groups
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.prices import ListForm
from frontend.console.lists import chips_of, choice_asked, ordered_list, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.vocabulary import term
from ordering.pricing import services
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to


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
        "sorts": sorts,
        "pager": pager_of(page.number, page.page_count, len(rows), len(page.rows)),
        "chips": chips_of(request, "scope", options),
        "q": text_asked(request),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/prices.html", context, at="prices")


@form_page(permission=Permission.EDIT)
def new_list(request: SignedInRequest) -> HttpResponse:
    """A new, empty list."""
    groups = [(one.code, one.name) for one in price_groups(request.actor)] if request.actor.can("dealers.read") else []
    usual = {"currency": request.brand.currency, "region_code": "CN"}
    form = ListForm(request.POST or None, initial=usual, groups=groups, dealers=offered_dealers(request.actor))
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

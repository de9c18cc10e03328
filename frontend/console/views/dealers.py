"""Dealers: the tree with its search, and a new dealer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.kernel.actor import Actor
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers import selectors, services
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from dms.dealers.selectors import Branch, DealerFilter
from dms.dealers.selectors.branches import MOST
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.dealers import (
    DealerForm,
)
from frontend.console.lists import chips_of, ordered, pager_of, removable_chips
from frontend.console.longacts import imports_of_dealers
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.vocabulary import term
from frontend.ui.words import status_word

TIERS = tuple(code for code in Dealer.Tier.values if code != Dealer.Tier.BRAND)


@staff_page(permission=Permission.READ)
def dealers(request: SignedInRequest) -> HttpResponse:
    """The tree, level by level; with words or a chip, what fits below those above it, or as a list."""
    actor = request.actor
    asked = DealerFilter.of(request.GET.dict())
    counts = selectors.tier_counts(actor)
    total = sum(counts.values())
    is_list = request.GET.get("view") == "list"
    branches = None if is_list else _branches(actor, asked)
    options = [("", _("All"), total), *((code, term("tier", code), counts.get(code, 0)) for code in TIERS)]
    context = {
        "branches": branches,
        **(_listed(request, asked) if branches is None else {}),
        "is_too_many": branches is None and not is_list,
        "is_filtered": asked != DealerFilter(),
        "chips": chips_of(request, "tier", options),
        "views": chips_of(request, "view", [("", _("Tree"), None), ("list", _("List"), None)]),
        "removable": removable_chips(request, {"below": _("below %(code)s") % {"code": asked.below_code}}),
        "statuses": [(code, status_word("dealer", code)) for code in Dealer.Status.values],
        "asked": asked,
        "total": total,
        "may_edit": actor.can(Permission.EDIT),
        "may_import": actor.can(Permission.IMPORT),
        "imports": imports_of_dealers(actor),
    }
    return shown(request, "console/dealers.html", context, at="dealers")


def _branches(actor: Actor, asked: DealerFilter) -> list[Branch] | None:
    """The tree as it is asked for; None where it would be too long to read."""
    if asked == DealerFilter():
        return selectors.top_branches(actor)
    return selectors.found_branches(actor, asked)


def _listed(request: SignedInRequest, asked: DealerFilter) -> dict[str, object]:
    columns = {
        "name": (_("Name"), "name_key"),
        "code": (_("Code"), "code"),
        "division": (_("Division"), "region_code"),
        "supplier": (_("Supplied by"), "supplier__name_key"),
    }
    found, sorts = ordered(request, selectors.dealer_rows(request.actor, asked), columns, usual="code", rising=columns)
    page = page_of(found, request, total=found.count())
    return {
        "page": page,
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "sorts": sorts,
    }


@staff_page(permission=Permission.READ)
def branch(request: SignedInRequest, code: str) -> HttpResponse:
    """Those directly below a dealer, for the tree that opens there."""
    below = selectors.branches_below(request.actor, selectors.dealer(request.actor, code).code)
    context = {"branches": below, "parent_code": code, "is_cut": len(below) >= MOST}
    return render(request, "console/parts/branches.html", context)


@form_page(permission=Permission.EDIT)
def new_dealer(request: SignedInRequest) -> HttpResponse:
    """A new dealer with its party and account."""
    groups = [(one.code, one.name) for one in selectors.price_groups(request.actor)]
    initial = {"parent_code": request.GET.get("below", ""), "channel": "TRADITIONAL", "activates": True}
    form = DealerForm(request.POST or None, initial=initial, groups=groups, dealers=offered_dealers(request.actor))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: _create(request, form),
            {"dealer_code": "code", "phone": "contact_phone"},
        )
        if made is not None:
            messages.success(request, _("%(name)s is set up.") % {"name": made.name})
            return redirect("console:dealer", code=made.code)
    context = {"form": form, "dealer": None}
    return shown(request, "console/dealer_new.html", context, at="dealers", status=REFUSED if form.errors else 200)


def _create(request: SignedInRequest, form: DealerForm) -> Dealer:
    """The firm's place in the public register first, by its USCC; then the dealer."""
    command = services.registered(actor=request.actor, command=form.command())
    return services.create_dealer(actor=request.actor, command=command)

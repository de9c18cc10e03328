"""Dealers: the tree with its search, and a new dealer."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers import selectors, services
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from dms.dealers.selectors import DealerFilter, TreeNode
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.dealers import (
    DealerForm,
)
from frontend.console.lists import chips_of, choice_asked, ordered, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.vocabulary import term
from frontend.ui.words import status_word

TIERS = tuple(code for code in Dealer.Tier.values if code != Dealer.Tier.BRAND)


@staff_page(permission=Permission.READ)
def dealers(request: SignedInRequest) -> HttpResponse:
    """The tree; with words or a chip, the dealers they narrow it to."""
    actor, text = request.actor, text_asked(request)
    tier = choice_asked(request, "tier", TIERS)
    status = choice_asked(request, "status", Dealer.Status.values)
    nodes = selectors.tree(actor)
    is_filtered = bool(text or tier or status)
    found = selectors.dealer_rows(actor, DealerFilter(text=text, tier=tier, status=status))
    columns = {
        "name": (_("Name"), "name_key"),
        "code": (_("Code"), "code"),
        "division": (_("Division"), "region_code"),
        "supplier": (_("Supplied by"), "supplier__name_key"),
    }
    found, sorts = ordered(request, found, columns, usual="code", rising=columns)
    page = page_of(found, request, total=found.count()) if is_filtered else None
    by_tier = {code: sum(node.tier == code for node in nodes) for code in TIERS}
    context = {
        "branches": _branches(nodes),
        "page": page,
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)) if page else None,
        "chips": chips_of(
            request,
            "tier",
            [("", _("All"), sum(by_tier.values())), *((code, term("tier", code), by_tier[code]) for code in TIERS)],
        ),
        "statuses": [(code, status_word("dealer", code)) for code in Dealer.Status.values],
        "status": status,
        "tier": tier,
        "q": text,
        "sorts": sorts,
        "total": len(nodes),
        "may_edit": actor.can(Permission.EDIT),
        "may_import": actor.can(Permission.IMPORT),
    }
    return shown(request, "console/dealers.html", context, at="dealers")


@dataclass(slots=True)
class Branch:
    """A dealer with those below it, as the tree's template walks it."""

    node: TreeNode
    below: list["Branch"] = field(default_factory=list)


def _branches(nodes: tuple[TreeNode, ...]) -> list[Branch]:
    """The topmost branches; every node stands after its parent."""
    made: dict[int, Branch] = {}
    tops: list[Branch] = []
    for node in nodes:
        branch = made[node.id] = Branch(node)
        above = made.get(node.parent_id) if node.parent_id is not None else None
        (above.below if above else tops).append(branch)
    return tops


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

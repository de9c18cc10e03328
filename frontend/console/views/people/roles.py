"""Roles of the brand's own making."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import Missing
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.access import RoleForm
from frontend.console.lists import choice_asked
from frontend.console.shell import shown
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.codewords import code_words
from frontend.ui.refusals import REFUSED, attempt, did
from frontend.ui.shapes import Chip
from frontend.ui.vocabulary import term
from tenants.access import selectors, services
from tenants.access.models import CustomRole, Seat
from tenants.access.permissions import Permission
from tenants.access.rules import SIDE_CODES


@staff_page(permission=Permission.READ)
def roles(request: SignedInRequest) -> HttpResponse:
    """The brand's own roles, of both sides."""
    request.actor.require(Permission.READ, writes=False)
    rows = [
        (role, [code_words(code) for code in role.codes])
        for side in Seat.Side.values
        for role in selectors.custom_roles_of(side)
    ]
    context = {
        "rows": rows,
        "tabs": people_tabs(request, "roles"),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/roles.html", context, at="people")


@form_page(permission=Permission.EDIT)
def role(request: SignedInRequest, code: str = "") -> HttpResponse:
    """A new role, or one to be changed or retired."""
    found = _found(code) if code else None
    side = Side(found.side if found else choice_asked(request, "side", Seat.Side.values, Side.BRAND.value))
    if found is not None and request.method == "POST" and request.POST.get("act") == "retire":
        return _retired(request, found)
    usual = {"name": found.name, "codes": found.codes} if found else {}
    form = RoleForm(request.POST or None, codes=SIDE_CODES[side] - {Permission.EDIT}, initial=usual)
    if request.method == "POST" and did(form, lambda: _saved(request, found, side, form)):
        messages.success(request, _("The role is saved, in force from the next request on."))
        return redirect("console:roles")
    return _page(request, found, side, form)


def _found(code: str) -> CustomRole:
    for side in Seat.Side.values:
        for one in selectors.custom_roles_of(side).filter(code=code):
            return one
    raise Missing


def _saved(request: SignedInRequest, found: CustomRole | None, side: Side, form: RoleForm) -> CustomRole:
    name, codes = form.cleaned_data["name"], form.cleaned_data["codes"]
    if found is None:
        return services.make_role(actor=request.actor, name=name, side=side, codes=codes)
    return services.change_role(actor=request.actor, code=found.code, name=name, codes=codes)


def _retired(request: SignedInRequest, found: CustomRole) -> HttpResponse:
    form = Form(request.POST)
    form.is_valid()
    if attempt(form, lambda: services.retire_role(actor=request.actor, code=found.code)):
        messages.success(request, _("The role is retired."))
        return redirect("console:roles")
    side = Side(found.side)
    usual = {"name": found.name, "codes": found.codes}
    problems = [str(one) for one in form.non_field_errors()]
    return _page(request, found, side, RoleForm(codes=SIDE_CODES[side] - {Permission.EDIT}, initial=usual), problems)


def _page(
    request: SignedInRequest, found: CustomRole | None, side: Side, form: RoleForm, problems: list[str] | None = None
) -> HttpResponse:
    context = {
        "role": found,
        "form": form,
        "side": side.value,
        "problems": problems or [],
        "tabs": [Chip(term("side", one), f"?side={one}", is_current=one == side.value) for one in Seat.Side.values],
    }
    refused = bool(form.errors or problems)
    return shown(request, "console/role.html", context, at="people", status=REFUSED if refused else 200)

"""The brand's warehouses: what lies where, a new one, changed, closed and opened again."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.text import normalised, whole_of
from core.web.requests import SignedInRequest
from dms.stock import errors, selectors, services
from dms.stock.models import Warehouse
from dms.stock.permissions import Permission
from dms.stock.services import ChangeWarehouse
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.stock import WarehouseForm
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, attempt


@staff_page(permission=Permission.READ)
def warehouses(request: SignedInRequest) -> HttpResponse:
    """Every warehouse with what lies there, those drawn from first in front."""
    context = {
        "rows": selectors.warehouse_sums(request.actor),
        "may_adjust": request.actor.can(Permission.ADJUST),
    }
    return shown(request, "console/warehouses.html", context, at="stock")


@form_page(permission=Permission.ADJUST)
def new_warehouse(request: SignedInRequest) -> HttpResponse:
    """A new place goods lie."""
    form = WarehouseForm(request.POST or None, initial={"priority": 100})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.open_warehouse(actor=request.actor, command=form.command()))
        if made is not None:
            messages.success(request, _("The warehouse is open."))
            return redirect("console:warehouses")
    context = {
        "form": form,
        "title": _("New warehouse"),
        "button": _("Open the warehouse"),
        "back_url": reverse("console:warehouses"),
    }
    return shown(request, "console/form.html", context, at="stock", status=REFUSED if form.errors else 200)


@form_page(permission=Permission.ADJUST)
def warehouse(request: SignedInRequest, code: str) -> HttpResponse:
    """One warehouse, to change; POST ``act=close`` or ``open`` puts it out of use and back."""
    found = selectors.warehouses_visible_to(request.actor).filter(code=normalised(code)).first()
    if found is None:
        raise errors.WarehouseMissing(warehouse=code[:40])
    do = request.POST.get("act", "")
    if do in ("close", "open"):
        return _turn(request, found, do)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _change(request, found, form))
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("console:warehouses")
    return _page(request, found, form)


def _form(request: SignedInRequest, found: Warehouse) -> WarehouseForm:
    facts = {name: getattr(found, name) for name in ("code", "name", "name_en", "kind", "region_code", "priority")}
    data = {**request.POST.dict(), "code": found.code} if request.method == "POST" else None
    return WarehouseForm(data, initial=facts)


def _change(request: SignedInRequest, found: Warehouse, form: WarehouseForm) -> Warehouse:
    said, seen = form.command(), request.POST.get("version", "")
    version = whole_of(seen) or 0
    command = ChangeWarehouse(found.code, said.name, said.kind, said.region_code, said.priority, version, said.name_en)
    return services.change_warehouse(actor=request.actor, command=command)


def _turn(request: SignedInRequest, found: Warehouse, do: str) -> HttpResponse:
    verb = services.close_warehouse if do == "close" else services.reopen_warehouse
    form = Form(request.POST)
    form.is_valid()
    done = attempt(form, lambda: verb(actor=request.actor, code=found.code))
    if done is None:
        return _page(request, found, WarehouseForm(initial=_form(request, found).initial), form)
    messages.success(request, _("The warehouse is closed.") if do == "close" else _("The warehouse is open."))
    return redirect("console:warehouses")


def _page(request: SignedInRequest, found: Warehouse, form: WarehouseForm, turn: Form | None = None) -> HttpResponse:
    is_refused = bool(form.errors or (turn and turn.errors))
    context = {"warehouse": found, "form": form, "turn": turn, "version": request.POST.get("version") or found.version}
    return shown(request, "console/warehouse.html", context, at="stock", status=REFUSED if is_refused else 200)

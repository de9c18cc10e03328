"""Stock by warehouse and product, its movements, and what changes it by hand."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.web.paging import page_number
from core.web.requests import SignedInRequest
from dms.stock import selectors, services
from dms.stock.permissions import Permission
from dms.stock.selectors import StockFilter
from dms.stock.services import AdjustStock, Counted, TransferStock
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.stock import AdjustForm, QuantityForm, TransferForm, WarehouseForm
from frontend.console.lists import chips_of, choice_asked, text_asked
from frontend.console.offers import offered_skus
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.shapes import Pager


@staff_page(permission=Permission.READ)
def stock(request: SignedInRequest) -> HttpResponse:
    """What the brand has: on hand, reserved, free; by product with its places."""
    actor, text = request.actor, text_asked(request)
    warehouses = list(selectors.warehouses_visible_to(actor))
    warehouse = choice_asked(request, "warehouse", [one.code for one in warehouses])
    only = choice_asked(request, "only", ("short", "reserved"))
    number = page_number(request)
    page = selectors.stock_page(actor=actor, filters=StockFilter(text, warehouse, only), page=number)
    context = {
        "rows": page.rows,
        "pager": Pager(
            previous_url=link_with(request, page=number - 1) if number > 1 else "",
            next_url=link_with(request, page=number + 1) if page.has_next else "",
        ),
        "warehouses": warehouses,
        "warehouse": warehouse,
        "only": only,
        "q": text,
        "chips": chips_of(
            request,
            "only",
            [("", _("All"), None), ("short", _("Nothing free"), None), ("reserved", _("Reserved"), None)],
        ),
        "may": {
            "adjust": actor.can(Permission.ADJUST),
            "transfer": actor.can(Permission.TRANSFER),
            "count": actor.can(Permission.COUNT),
        },
    }
    return shown(request, "console/stock.html", context, at="stock")


@staff_page(permission=Permission.READ)
def movements(request: SignedInRequest, code: str) -> HttpResponse:
    """What moved of one product, the newest first."""
    actor = request.actor
    warehouses = list(selectors.warehouses_visible_to(actor))
    warehouse = choice_asked(request, "warehouse", [one.code for one in warehouses])
    options = [("", _("All warehouses"), None), *((one.code, one.name, None) for one in warehouses)]
    context = {
        "sku": sku_by_code(actor, code),
        "rows": selectors.movements(actor, code, warehouse_code=warehouse),
        "chips": chips_of(request, "warehouse", options),
    }
    return shown(request, "console/movements.html", context, at="stock")


@form_page(permission=Permission.ADJUST)
def adjust(request: SignedInRequest) -> HttpResponse:
    """More or less of one product, with its reason."""
    form = AdjustForm(
        request.POST or None,
        initial={"sku_code": request.GET.get("sku", ""), "warehouse": request.GET.get("warehouse", "")},
        warehouses=selectors.warehouses_visible_to(request.actor),
        skus=offered_skus(request.actor),
    )
    return _moved(request, form, _adjusted, _("Adjust stock"), _("Book the difference"))


def _adjusted(request: SignedInRequest, form: QuantityForm, sku: Sku) -> str:
    said = form.cleaned_data
    bottles = form.total(sku.bottles_per_case) * (-1 if said["sign"] == "-" else 1)
    command = AdjustStock(said["warehouse"], (Counted(sku.code, bottles, said["batch"]),), said["reason"])
    return services.adjust_stock(actor=request.actor, command=command).number


@form_page(permission=Permission.TRANSFER)
def transfer(request: SignedInRequest) -> HttpResponse:
    """One product from one warehouse to another."""
    form = TransferForm(
        request.POST or None,
        initial={"sku_code": request.GET.get("sku", ""), "from_code": request.GET.get("warehouse", "")},
        warehouses=selectors.warehouses_visible_to(request.actor),
        skus=offered_skus(request.actor),
    )
    return _moved(request, form, _transferred, _("Transfer stock"), _("Book the transfer"))


def _transferred(request: SignedInRequest, form: QuantityForm, sku: Sku) -> str:
    said = form.cleaned_data
    line = Counted(sku.code, form.total(sku.bottles_per_case), said["batch"])
    command = TransferStock(said["from_code"], said["to_code"], (line,), said["reason"])
    return services.transfer_stock(actor=request.actor, command=command).number


def _moved(
    request: SignedInRequest,
    form: QuantityForm,
    book: Callable[[SignedInRequest, QuantityForm, Sku], str],
    title: str,
    button: str,
) -> HttpResponse:
    """Show the form, or book what it says once."""
    if request.method == "POST" and form.is_valid():
        sku = attempt(form, lambda: sku_by_code(request.actor, form.cleaned_data["sku_code"]))
        if sku is not None:
            number = attempt(form, lambda: once(request, lambda: book(request, form, sku)))
            if number is not None:
                messages.success(request, _("Booked under %(number)s.") % {"number": number})
                return redirect("console:movements", code=sku.code)
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back_url": reverse("console:stock"),
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
    }
    return shown(request, "console/form.html", context, at="stock", status=REFUSED if form.errors else 200)


@form_page(permission=Permission.ADJUST)
def new_warehouse(request: SignedInRequest) -> HttpResponse:
    """A new place goods lie."""
    form = WarehouseForm(request.POST or None, initial={"priority": 100})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.open_warehouse(actor=request.actor, command=form.command()))
        if made is not None:
            messages.success(request, _("The warehouse is open."))
            return redirect("console:stock")
    context = {
        "form": form,
        "title": _("New warehouse"),
        "button": _("Open the warehouse"),
        "back_url": reverse("console:stock"),
    }
    return shown(request, "console/form.html", context, at="stock", status=REFUSED if form.errors else 200)

"""Stock by warehouse and product, its movements, and what changes it by hand."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.kernel.text import whole_of
from core.web.paging import page_number
from core.web.requests import SignedInRequest
from dms.stock import selectors, services
from dms.stock.models import Movement
from dms.stock.permissions import Permission
from dms.stock.selectors import StockFilter
from dms.stock.selectors.moved import MovementFilter, movement_slice
from dms.stock.services import AdjustStock, Counted
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.stock import AdjustForm, QuantityForm
from frontend.console.lists import SortLink, chips_of
from frontend.console.offers import offered_skus
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.console.shelves import PIVOT, pivot_rows
from frontend.ui.paging import link_with
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.stocklist import set_thresholds, stock_chips, stock_pager
from frontend.ui.vocabulary import term


@form_page(permission=Permission.READ)
def stock(request: SignedInRequest) -> HttpResponse:
    """What the brand has: on hand, reserved, free; by product with its places, or by warehouse. POST: thresholds."""
    if request.method == "POST":
        set_thresholds(request)
        return redirect(request.get_full_path())
    actor = request.actor
    warehouses = list(selectors.warehouses_visible_to(actor))
    asked = StockFilter.of(request.GET.dict())
    number = page_number(request)
    page = selectors.stock_page(actor=actor, filters=asked, page=number)
    counts = selectors.stock_counts(actor=actor, filters=asked)
    is_pivot = request.GET.get("view") == "pivot"
    shelves = [one for one in warehouses if one.is_active and one.code == (asked.warehouse_code or one.code)][:PIVOT]
    context = {
        "rows": pivot_rows(page.rows, shelves) if is_pivot else page.rows,
        "shelves": shelves,
        "is_pivot": is_pivot,
        "is_english": (get_language() or "").startswith("en"),
        "pager": stock_pager(page, counts, asked.only),
        "warehouses": warehouses,
        "asked": asked,
        "chips": stock_chips(request, counts),
        "views": chips_of(request, "view", [("", _("By product"), None), ("pivot", _("By warehouse"), None)]),
        "may": {
            "adjust": actor.can(Permission.ADJUST),
            "transfer": actor.can(Permission.TRANSFER),
            "count": actor.can(Permission.COUNT),
            "thresholds": actor.can(Permission.THRESHOLDS),
        },
    }
    return shown(request, "console/stock.html", context, at="stock")


@staff_page(permission=Permission.READ)
def movements(request: SignedInRequest, code: str) -> HttpResponse:
    """What moved of one product, the newest first."""
    return _moved_page(request, sku_by_code(request.actor, code))


@staff_page(permission=Permission.READ)
def all_movements(request: SignedInRequest) -> HttpResponse:
    """What moved of everything, the newest first."""
    return _moved_page(request, None)


def _moved_page(request: SignedInRequest, sku: Sku | None) -> HttpResponse:
    actor = request.actor
    params = {**request.GET.dict(), **({"sku": sku.code} if sku else {})}
    asked = MovementFilter.of(params)
    before = request.GET.get("before", "")
    older_than = whole_of(before)
    is_oldest_first = request.GET.get("sort") == "when"
    found = movement_slice(
        actor, asked, older_than=older_than, zone=request.brand.time_zone, is_oldest_first=is_oldest_first
    )
    turned = link_with(request, sort=None if is_oldest_first else "when", before=None)
    kinds = [("", _("All"), None), *((kind, term("movement", kind), None) for kind in Movement.Kind.values)]
    context = {
        "sku": sku,
        "rows": found.rows,
        "by_time": SortLink(_("When"), turned, "ascending" if is_oldest_first else "descending"),
        "is_oldest_first": is_oldest_first,
        "older_url": link_with(request, before=found.older_than) if found.older_than else "",
        "newest_url": link_with(request, before=None) if older_than else "",
        "warehouses": selectors.warehouses_visible_to(actor),
        "asked": asked,
        "is_english": (get_language() or "").startswith("en"),
        "is_filtered": bool(asked.text or asked.kind or asked.warehouse_code or asked.since or asked.until),
        "chips": chips_of(request, "kind", kinds),
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

"""What the own house has: on hand, kept for its customers, free; what runs low; what moved; what lies there really."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.kernel.actor import Actor, Side
from core.kernel.ids import uuid7
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.paging import page_number
from core.web.requests import SignedInRequest
from dms.stock import selectors, services
from dms.stock.errors import BatchReused
from dms.stock.permissions import Permission
from dms.stock.selectors import StockFilter, StockLine, StockPlace
from dms.stock.selectors.moved import MovementFilter, movement_slice
from dms.stock.services import Counted, CountStock
from frontend.storefront.goods import name_of
from frontend.storefront.shell import shown
from frontend.ui.inputs import WholeField, text_field
from frontend.ui.paging import link_with
from frontend.ui.refusals import REFUSED, did
from frontend.ui.shapes import Crumb
from frontend.ui.stocklist import ThresholdForm, set_thresholds, stock_chips, stock_pager, threshold_said

MOST_MOVED = 20


class FoundForm(forms.Form):
    """What lies in one place, as somebody found it: the row of stock with what the books said when it was shown."""

    place = forms.CharField(label=gettext_lazy("Where"), max_length=40, widget=forms.Select)
    cases = WholeField(label=gettext_lazy("Cases there"), required=False, high=1_000_000)
    bottles = WholeField(label=gettext_lazy("Single bottles there"), required=False, high=10_000_000)
    reason = text_field(
        gettext_lazy("What happened"),
        limit=200,
        help_text=gettext_lazy("For example: sold outside the portal, broken."),
    )
    number = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict | None, places: Sequence[StockPlace]) -> None:
        super().__init__(given, initial={"number": _number()})
        self.places = {str(one.stock_id): one for one in places}
        self._offer(str(self.data.get("place", "")))  # stays chosen, with the books it was counted against

    def _offer(self, sent: str) -> None:
        choices = [
            (
                sent if sent.partition(".")[0] == key else _as_it_is(one),
                " · ".join(filter(None, (one.warehouse_name, one.batch))),
            )
            for key, one in self.places.items()
        ]
        self.fields["place"].widget = forms.Select(choices=choices)

    def begin_anew(self) -> None:
        """A number of its own and the books as they are now: what was booked under the old number is in them."""
        place = _as_it_is(self.places[self.cleaned_data["place"].partition(".")[0]])
        self.data = {**{name: self.data[name] for name in self.data}, "number": _number(), "place": place}
        self._offer(place)

    def clean(self) -> dict[str, Any]:
        """Something has to be said of a place that is there."""
        said = super().clean() or {}
        place, _dot, books = str(said.get("place", "")).partition(".")
        if place not in self.places or whole_of(books) is None:
            self.add_error("place", _("Choose where it lies."))
        elif said.get("cases") is None and said.get("bottles") is None and not self.errors:
            self.add_error("cases", _("Write how much lies there, 0 for nothing."))
        return said

    def command(self, sku: Sku) -> CountStock:
        """What is asked of stock: what has moved since the page was shown stays moved. Sent twice it is once."""
        said = self.cleaned_data
        key, _dot, books = said["place"].partition(".")
        place = self.places[key]
        bottles = (said["cases"] or 0) * sku.bottles_per_case + (said["bottles"] or 0)
        line = Counted(sku.code, bottles, place.batch, books=whole_of(books))
        return CountStock(place.warehouse_code, (line,), number=said["number"], reason=said["reason"])


def _number() -> str:
    return f"ST-{uuid7().hex[-12:].upper()}"


def _as_it_is(place: StockPlace) -> str:
    return f"{place.stock_id}.{place.on_hand}"


@page(permission=Permission.READ, side=Side.DEALER, methods=("GET", "POST"))
def stock(request: SignedInRequest) -> HttpResponse:
    """Every product the house has, or wants to hear of. POST: one threshold for those that are ticked."""
    if request.method == "POST":
        set_thresholds(request)
        return redirect(request.get_full_path())
    actor = request.actor
    asked = StockFilter.of(request.GET.dict())
    found = selectors.stock_page(actor=actor, filters=asked, page=page_number(request))
    counts = selectors.stock_counts(actor=actor, filters=asked)
    context = {
        "rows": found.rows,
        "chips": stock_chips(request, counts),
        "pager": stock_pager(found, counts, asked.only),
        "asked": asked,
        "is_narrowed": asked != StockFilter(),
        "may_set": actor.can(Permission.THRESHOLDS),
    }
    return shown(request, "storefront/stock.html", context, at="stock")


@page(permission=Permission.READ, side=Side.DEALER, methods=("GET", "POST"))
def goods(request: SignedInRequest, code: str) -> HttpResponse:
    """One product: where it lies, below how much one wants to hear, what moved.

    POST: a threshold, or what was found in one place, which is what the books say from then on.
    """
    actor, sku = request.actor, sku_by_code(request.actor, code)
    below = threshold_said(request) if "below" in request.POST else ThresholdForm()
    if below.is_bound and not below.errors:
        return redirect("storefront:stock_goods", code=sku.code)
    line = _line_of(actor, sku)
    places = [place for place in line.places if place.condition == "AVAILABLE"] if line else []
    form = FoundForm(None if below.is_bound else request.POST or None, places)
    if form.is_bound and did(form, lambda: _count(actor, form, sku)):
        messages.success(request, _("Noted. The books say so from now on."))
        return redirect("storefront:stock_goods", code=sku.code)
    context = {
        "sku": sku,
        "name": name_of(sku),
        "line": line,
        "form": form,
        "below": below,
        "may_count": bool(places) and actor.can(Permission.COUNT),
        "may_set": actor.can(Permission.THRESHOLDS),
        **_moved(request, sku),
        "crumbs": [Crumb(_("My stock"), reverse("storefront:stock")), Crumb(name_of(sku))],
    }
    status = REFUSED if form.errors or below.errors else 200
    return shown(request, "storefront/stock_goods.html", context, at="stock", status=status)


def _count(actor: Actor, form: FoundForm, sku: Sku) -> None:
    try:
        services.count_stock(actor=actor, command=form.command(sku))
    except BatchReused:  # a page the browser kept: sent once more as it is, it would be refused for ever
        form.begin_anew()
        raise


def _line_of(actor: Actor, sku: Sku) -> StockLine | None:
    """What the house has of it; None for goods it has nothing of and does not ask to hear of."""
    rows = selectors.stock_page(actor=actor, filters=StockFilter(text=sku.code)).rows
    return next((line for line in rows if line.sku_id == sku.pk), None)


def _moved(request: SignedInRequest, sku: Sku) -> dict[str, object]:
    older_than = whole_of(request.GET.get("before", ""))
    found = movement_slice(
        request.actor,
        MovementFilter(sku_code=sku.code),
        older_than=older_than,
        size=MOST_MOVED,
        zone=request.brand.time_zone,
    )
    return {
        "moved": found.rows,
        "older_url": link_with(request, before=found.older_than) if found.older_than else "",
        "newest_url": link_with(request, before=None) if older_than else "",
    }

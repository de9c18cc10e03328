"""A house's list of stock, the same on both faces: its chips, its pages, thresholds of ticked products, its files."""

from django import forms
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.jobs.exports import Column, instant, text, words
from core.kernel.text import N_
from core.web.paging import Page
from core.web.requests import SignedInRequest
from dms.stock import selectors, services
from dms.stock.selectors import StockCounts, StockFilter, StockLine
from dms.stock.services import SetThresholds, ThresholdLine
from frontend.ui.inputs import WholeField
from frontend.ui.lists import chips_of, pager_of, ticked
from frontend.ui.refusals import attempt
from frontend.ui.shapes import Chip, Pager
from frontend.ui.tables import term

MOST_THRESHOLDS = 1_000
"""Products one bulk act takes."""


class ThresholdForm(forms.Form):
    """Below how much free stock somebody wants to hear."""

    below = WholeField(
        label=gettext_lazy("Less than"),
        required=False,
        high=10_000_000,
        help_text=gettext_lazy("Leave it empty to take the threshold away."),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=(("CASE", gettext_lazy("cases")), ("BOTTLE", gettext_lazy("bottles")))
    )

    def bottles(self, per_case: int) -> int:
        """The threshold of a product with that many bottles a case; 0: none."""
        below = self.cleaned_data["below"] or 0
        return below * (per_case if self.cleaned_data["unit"] == "CASE" else 1)


def stock_chips(request: SignedInRequest, counts: StockCounts) -> list[Chip]:
    """All, what is under a threshold, what has nothing free, what is partly reserved."""
    options = [
        ("", _("All"), counts.total),
        ("alerts", _("Under the threshold"), counts.alerts),
        ("low", _("Low"), counts.low),
        ("short", _("Nothing free"), counts.short),
        ("reserved", _("Reserved"), counts.reserved),
    ]
    return chips_of(request, "only", options)


def stock_pager(page: Page[StockLine], counts: StockCounts, only: str) -> Pager:
    """Where the list stands among all that fit ``only``."""
    sums = {"alerts": counts.alerts, "low": counts.low, "short": counts.short, "reserved": counts.reserved}
    total = sums.get(only, counts.total)
    return pager_of(page.number, max(1, -(-total // page.size)), total, len(page.rows), page.size)


def set_thresholds(request: SignedInRequest) -> None:
    """``threshold_said``, what is refused told by the page that follows."""
    for faults in threshold_said(request).errors.values():
        for fault in faults:
            messages.error(request, str(fault))


def threshold_said(request: SignedInRequest) -> ThresholdForm:
    """One threshold for every ticked product, in cases or bottles; nothing entered takes it away. The page tells it.

    What is refused stands on the form that comes back.
    """
    actor, asked = request.actor, StockFilter.of(request.GET.dict())
    codes, is_more = ticked(
        request,
        "sku",
        lambda most: selectors.stock_codes(actor=actor, filters=asked, limit=most),
        most=MOST_THRESHOLDS,
    )
    form = ThresholdForm(request.POST)
    if not codes:
        messages.warning(request, _("Tick at least one product first."))
    elif form.is_valid():
        per_case = selectors.skus_by_term(actor, codes)
        lines = tuple(ThresholdLine(code, form.bottles(per_case[code][1])) for code in codes if code in per_case)
        command = SetThresholds(lines, asked.warehouse_code)
        done = attempt(form, lambda: services.set_thresholds(actor=actor, command=command))
        if done is not None:
            told = ngettext("%(n)s threshold saved.", "%(n)s thresholds saved.", done)
            messages.success(request, told % {"n": done})
        if is_more:
            told = _("Only the first %(count)s products were taken; narrow the list and send the rest.")
            messages.warning(request, told % {"count": MOST_THRESHOLDS})
    return form


def stock_columns() -> tuple[Column, ...]:
    """One row of stock, as ``dms.stock.tables.STOCK_COLUMNS``."""
    return (
        text("sku_code", N_("SKU code")),
        text("sku_name", N_("Product name")),
        text("bottles_per_case", N_("Bottles per case")),
        text("warehouse_code", N_("Warehouse code")),
        text("warehouse_name", N_("Warehouse")),
        text("batch", N_("Batch")),
        words("condition", N_("Condition"), term("condition")),
        text("on_hand", N_("On hand (bottles)")),
        text("reserved", N_("Reserved (bottles)")),
        text("free", N_("Free (bottles)")),
    )


def movement_columns() -> tuple[Column, ...]:
    """One movement."""
    return (
        instant("at", N_("When")),
        words("kind", N_("What"), term("movement")),
        text("stock__sku__code", N_("SKU code")),
        text("stock__sku__name", N_("Product name")),
        text("stock__warehouse__name", N_("Warehouse")),
        text("stock__batch", N_("Batch")),
        text("bottles", N_("Number of bottles")),
        text("document_number", N_("Document")),
        text("reason", N_("Reason")),
    )

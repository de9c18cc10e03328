"""The list of the order desk: rows, chips with counts, sums, sorts and pages; all of it from the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.web.paging import page_number
from core.web.requests import SignedInRequest
from frontend.console.lists import pager_of, removable_chips, sort_links
from frontend.console.orderwords import statuses_of
from frontend.ui.format import money, packed
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, FiveStatuses, SortLink
from ordering.fulfilment.permissions import Permission as FulfilmentPermission
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderFilters
from ordering.orders.selectors.desk import ALL, DeskOrder, DeskPage, desk_page
from ordering.orders.selectors.filters import USUAL_SORT, WAITING

KEPT = ("view", "q", "sort", "page", "buyer", "since", "until", "currency")
"""What of the list's URL an order's URL carries on."""
SHIPPING_VIEWS = ("allocate", "ship", "late", "road")


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the list: the order with what stands in its way, where it leads, how a tick names it."""

    desk: DeskOrder
    url: str
    is_open: bool

    @property
    def order(self) -> object:
        """The order's columns."""
        return self.desk.row

    @property
    def goods(self) -> str:
        """Its goods in words: 12 箱 + 3 瓶."""
        return packed(self.desk.cases, self.desk.loose)

    @property
    def nothing(self) -> str:
        """No money at all in its currency, as the page prints it: the pattern of a sum."""
        return money(0, self.desk.row.currency)

    @property
    def tick(self) -> str:
        """Number and version, so that a bulk act is about the order as it was seen."""
        return f"{self.desk.row.number}:{self.desk.row.version}"

    @property
    def statuses(self) -> FiveStatuses:
        """Its five statuses."""
        return statuses_of(self.desk.row)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one order of a bulk act, in words."""

    number: str
    is_done: bool
    words: str
    who: str = ""


def kept_of(request: HttpRequest) -> dict[str, str]:
    """What of the URL names the list."""
    return {name: request.GET[name] for name in KEPT if request.GET.get(name)}


def order_url(request: HttpRequest, number: str, **more: str) -> str:
    """One order beside the list as it is narrowed now."""
    words = urlencode({**kept_of(request), **more})
    return f"{reverse('console:order', args=[number])}{'?' if words else ''}{words}"


def list_url(request: HttpRequest) -> str:
    """The list as it is narrowed now."""
    words = urlencode(kept_of(request))
    return f"{reverse('console:orders')}{'?' if words else ''}{words}"


def row_of(request: HttpRequest, desk: DeskOrder, opened: str) -> DeskRow:
    """A row as the list shows it."""
    return DeskRow(desk, order_url(request, desk.row.number), desk.row.number == opened)


def figures_context(request: SignedInRequest) -> dict[str, object]:
    """The chips with their counts and the sum above the list, counted anew after an act."""
    filters = OrderFilters.of(request.GET.dict())
    page = desk_page(actor=request.actor, filters=filters, page=page_number(request))
    return {"chips": _chips(request, page, filters.view), "page": page}


def list_context(request: SignedInRequest, opened: str, told: Sequence[Told] = ()) -> dict[str, object]:
    """Everything the list shows; three statements."""
    filters = OrderFilters.of(request.GET.dict())
    page = desk_page(actor=request.actor, filters=filters, page=page_number(request))
    can = request.actor.can
    return {
        "rows": [row_of(request, row, opened) for row in page.rows],
        "pager": pager_of(page.page, page.page_count, page.total, len(page.rows)),
        "page": page,
        "chips": _chips(request, page, filters.view),
        "sorts": _sorts(request),
        "filters": filters,
        "kept": {name: value for name, value in kept_of(request).items() if name not in ("q", "page")},
        "told": told,
        "told_done": sum(one.is_done for one in told),
        "list_url": list_url(request),
        "may_approve": can(Permission.APPROVE),
        "may_ship": can(FulfilmentPermission.SHIP),
        "reads_goods": can(FulfilmentPermission.READ),
        "waiting_statuses": WAITING,
    }


def _chips(request: SignedInRequest, page: DeskPage, given: str) -> list[Chip]:
    base = reverse("console:orders")
    words: Mapping[str, str] = {
        ALL: _("All"),
        "approve": _("To approve"),
        "expiring": _("About to expire"),
        "allocate": _("To allocate"),
        "ship": _("To ship"),
        "late": _("Late"),
        "blocked": _("Blocked"),
        "road": _("In transit"),
        "received": _("Received"),
        "lost": _("Rejected, cancelled, expired"),
    }
    chips = [
        Chip(
            word,
            f"{base}{link_with(request, view=view or None, do=None, warehouse=None)}",
            is_current=view == given,
            count=page.counts[view],
        )
        for view, word in words.items()
    ]
    named = {name: request.GET.get(name, "") for name in ("buyer", "since", "until", "currency")}
    others = removable_chips(
        request,
        {
            "buyer": _("Dealer %(code)s") % {"code": named["buyer"]},
            "since": _("From %(day)s") % {"day": named["since"]},
            "until": _("Until %(day)s") % {"day": named["until"]},
            "currency": named["currency"],
        },
    )
    return [*chips, *(Chip(one.label, f"{base}{one.url}", is_current=True, is_removable=True) for one in others)]


def _sorts(request: SignedInRequest) -> dict[str, SortLink]:
    columns = {
        "buyer__name": _("Dealer"),
        "submitted_at": _("Placed"),
        "bottles": _("Quantity"),
        "total": _("Payable"),
        "approve_by": _("Deadline"),
    }
    base = reverse("console:orders")
    return sort_links(request, columns, usual=USUAL_SORT, rising=("buyer__name", "approve_by"), base=base)

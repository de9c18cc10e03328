"""The audit trail as people read it: what was done exactly, and a link to the thing it was done to."""

from collections.abc import Iterable, Mapping

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.events.models import Event
from core.kernel.actor import Actor
from dms.notices.selectors import NoticeFilter, notices_visible_to
from dms.stock.events import COUNT_MOVED_ON, STOCK_TRANSFERRED, TRANSFER_MOVED_ON
from frontend.console.auditwords import event_words
from frontend.ui.format import money

_PAGES: Mapping[str, tuple[str, str]] = {
    "order": ("order", "orders.read"),
    "sku": ("product", "catalogue.read"),
    "dealer": ("dealer", "dealers.read"),
    "price_list": ("price_list", "prices.read"),
    "notice": ("notice", "notices.read"),
    "grant": ("grant", "territories.read"),
    "zone": ("zone", "territories.read"),
    "stock_count": ("count", "stock.read"),
    "seat": ("seat", "access.read"),
    "role": ("role", "access.read"),
    "job": ("job", "jobs.read"),
}
"""By aggregate type: the page that shows the thing, and what one needs to open it."""
_MOVED: Mapping[tuple[str, str], str | Promise] = {
    (COUNT_MOVED_ON, "COUNTED"): gettext_lazy("Stock count finished"),
    (COUNT_MOVED_ON, "OPEN"): gettext_lazy("Stock count reopened"),
    (COUNT_MOVED_ON, "CANCELLED"): gettext_lazy("Stock count cancelled"),
    (TRANSFER_MOVED_ON, "DRAFT"): gettext_lazy("Transfer drafted"),
    (TRANSFER_MOVED_ON, "SENT"): gettext_lazy("Transfer sent"),
    (TRANSFER_MOVED_ON, "CANCELLED"): gettext_lazy("Transfer cancelled"),
}
_SHOWN_PRICES = 3


def deed_of(event: Event) -> str:
    """What was done, down to the step: one kind of event may tell three."""
    found = _MOVED.get((event.kind, str(event.payload.get("status"))))
    return str(found) if found is not None else event_words(event.kind)


def more_of(event: Event) -> str:
    """What the figures say now: of changed prices the first few, each from which quantity on."""
    if event.kind != "ordering.prices_changed.v1":
        return ""
    changes, currency = event.payload.get("changes") or [], str(event.payload.get("currency") or "CNY")
    said = [f"{one['sku']} ≥ {one['min_quantity']}: {_price(one['amount'], currency)}" for one in changes]
    return "; ".join([*said[:_SHOWN_PRICES], *(["…"] if len(said) > _SHOWN_PRICES else [])])


def _price(amount: int | None, currency: str) -> str:
    return _("not sold") if amount is None else money(amount, currency)


def titles_of(actor: Actor, events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """Names of the things of one page that have but a number, by type and id. One statement, where there are any."""
    numbers = {event.aggregate_id for event in events if event.aggregate_type == "notice"}
    if not numbers or not actor.can("notices.read"):
        return {}
    rows = notices_visible_to(actor, NoticeFilter()).filter(pk__in=numbers).values_list("pk", "title")
    return {("notice", str(pk)): title for pk, title in rows}


def url_of(event: Event, actor: Actor) -> str:
    """Its page; empty where there is none or the seat may not open it."""
    page, code = _PAGES.get(event.aggregate_type, ("", ""))
    if event.aggregate_type == "stock_count" and event.kind in (TRANSFER_MOVED_ON, STOCK_TRANSFERRED):
        page = "transfer"
    if not page or not actor.can(code):
        return ""
    thing = event.aggregate_version if event.aggregate_type == "grant" else event.aggregate_id  # its id is the holder's
    try:
        return reverse(f"console:{page}", args=[thing])
    except NoReverseMatch:
        return ""

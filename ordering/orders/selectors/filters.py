"""What a list of orders is narrowed to: one way for the desk, its export, the buyer's page and programs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from billing.ledger.models import TradingAccount
from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from ordering.orders.models import Order, OrderLine

SOON = timedelta(hours=12)
"""A waiting order that expires within this is about to be lost."""
WAITING = (Order.Status.SUBMITTED, Order.Status.APPROVING)
LOST = (Order.Status.REJECTED, Order.Status.CANCELLED, Order.Status.EXPIRED)
TO_SHIP = (Order.Fulfilment.NONE, Order.Fulfilment.ALLOCATED, Order.Fulfilment.PART_SHIPPED)
ON_THE_ROAD = (Order.Fulfilment.PART_SHIPPED, Order.Fulfilment.SHIPPED, Order.Fulfilment.PART_RECEIVED)
SORTS = frozenset({"submitted_at", "total", "approve_by", "number", "buyer__name", "bottles"})
USUAL_SORT = "-submitted_at"
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What a page of orders is narrowed to; empty means all.

    ``role``: ``sales`` or ``purchases`` of the actor's house. ``text`` is a number, a buyer's name, code or reference,
    words of the note, or a product's code or name. ``view`` is one of ``VIEWS``. ``currency`` narrows to one.
    """

    statuses: tuple[str, ...] = ()
    fulfilment: tuple[str, ...] = ()
    buyer_code: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    role: str = ""
    sort: str = USUAL_SORT
    view: str = ""
    currency: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str], *, role: str = "sales") -> "OrderFilters":
        """Read ``?view= &status= &q= &buyer= &since= &until= &currency= &sort=``; what is unknown is left aside."""
        view, sort, status = params.get("view", ""), params.get("sort", USUAL_SORT), params.get("status", "")
        return cls(
            statuses=(status,) if status in Order.Status.values and status != Order.Status.DRAFT else (),
            buyer_code=params.get("buyer", "").strip()[:20],
            text=params.get("q", "").strip()[:LONGEST_TEXT],
            since=_day(params.get("since", "")),
            until=_day(params.get("until", "")),
            role=role,
            sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
            view=view if view in VIEWS else "",
            currency=params.get("currency", "").strip().upper()[:3],
        )


def _day(text: str) -> date | None:
    try:
        return clock.read_day(text.strip())
    except ValueError:
        return None


def narrowed(actor: Actor, filters: OrderFilters) -> Q:
    """Everything but status and view, which have counts of their own."""
    wanted = Q()
    if filters.fulfilment:
        wanted &= Q(fulfilment_status__in=filters.fulfilment)
    if filters.buyer_code:
        wanted &= Q(buyer__code=filters.buyer_code)
    if filters.currency:
        wanted &= Q(currency=filters.currency)
    if text := filters.text.strip()[:LONGEST_TEXT]:
        wanted &= _said(text)
    if filters.since:
        wanted &= Q(submitted_at__gte=clock.start_of_day(filters.since))
    if filters.until:
        wanted &= Q(submitted_at__lt=clock.end_of_day(filters.until))
    if filters.role == "sales":
        wanted &= Q(seller_id=actor.dealer_id)
    if filters.role == "purchases":
        wanted &= Q(buyer_id=actor.dealer_id)
    return wanted


def _said(text: str) -> Q:
    words = normalised(text)
    goods = Sku.objects.filter(Q(code__istartswith=words) | Q(name__icontains=words) | Q(name_en__icontains=words))
    holding = OrderLine.objects.filter(sku__in=goods.order_by().values("pk")).values("order_id")
    return (
        Q(number__istartswith=words)
        | Q(buyer__name__icontains=words)
        | Q(buyer__code__iexact=words)
        | Q(buyer_reference__icontains=words)
        | Q(note__icontains=words)
        | Q(pk__in=holding)  # the few products first, then their lines by index: asked once, not by row
    )


# views: the desk's questions to its orders ------------------------------------------------------


def _waits() -> Q:
    return Q(status__in=WAITING)


def _leaves() -> Q:
    return Q(status=Order.Status.CONFIRMED, fulfilment_status__in=TO_SHIP)


def _expiring(now: datetime) -> Q:
    return _waits() & Q(approve_by__lte=now + SOON)


def _late(now: datetime) -> Q:
    return _leaves() & Q(wished_on__lt=clock.business_day(now))


def _unallocated(_now: datetime) -> Q:
    return Q(status=Order.Status.CONFIRMED, fulfilment_status=Order.Fulfilment.NONE)


def _on_the_road(_now: datetime) -> Q:
    moving = (Order.Status.CONFIRMED, Order.Status.CLOSED_SHORT)
    return Q(status__in=moving, fulfilment_status__in=ON_THE_ROAD)


def buyer_is_blocked() -> Q:
    """The buyer may not trade at the moment: the house is not active, or its account with the seller is blocked."""
    account = TradingAccount.objects.filter(
        buyer__dealer_id=OuterRef("buyer_id"), book__seller__dealer_id=OuterRef("seller_id"), is_blocked=True
    )
    return ~Q(buyer__status=Dealer.Status.ACTIVE) | Q(Exists(account))


def _blocked(_now: datetime) -> Q:
    return (_waits() | _leaves()) & buyer_is_blocked()


VIEWS: Mapping[str, Callable[[datetime], Q]] = {
    "approve": lambda _now: _waits(),
    "expiring": _expiring,
    "allocate": _unallocated,
    "ship": lambda _now: _leaves(),
    "late": _late,
    "blocked": _blocked,
    "road": _on_the_road,
    "received": lambda _now: Q(fulfilment_status=Order.Fulfilment.RECEIVED),
    "lost": lambda _now: Q(status__in=LOST),
}
"""What the desk asks of an order, by its word in the URL. ``late``: the wished day is over and goods still lie here."""


def in_view(view: str, now: datetime) -> Q:
    """The condition of a view; every order for an unknown one."""
    asked = VIEWS.get(view)
    return asked(now) if asked else Q()

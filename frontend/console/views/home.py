"""The desk: what is to be done today, what was sold by week, who has gone quiet; and one's messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.messages.models import Message
from core.messages.selectors import inbox, inbox_item, undelivered
from core.messages.services import mark_read
from core.web.paging import PAGE_SIZE, page_number
from core.web.requests import SignedInRequest
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors.papers import Concern, concern_counts
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import StockFilter, stock_alerts, stock_counts, stock_page
from frontend.console.beginning import beginning_of
from frontend.console.charts import Curve as Drawing
from frontend.console.charts import curve
from frontend.console.doors import staff_page
from frontend.console.lists import chips_of, choice_asked
from frontend.console.shell import shown, waiting
from frontend.console.views.netprices import inverted_count, inverted_known, sees_inversions
from frontend.ui import format as words
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Pager
from ordering.orders.permissions import Permission
from ordering.orders.selectors.desk import oldest_waiting
from ordering.orders.selectors.sold import Curve, WeekSold, quiet_page, sold_by_week, top_buyers, top_skus
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.permissions import Permission as PromotionPermission
from ordering.promotions.selectors import PolicyFilter, policies_visible_to
from ordering.rounds.selectors import RoundFilter, rounds_visible_to
from tenants.access.models import Seat
from tenants.access.permissions import Permission as AccessPermission

WEEKS = 13
QUIET_WEEKS = 8
QUIET_CHOICES = ("4", "8", "13", "26")
UNDELIVERED_DAYS = 7
MOST_SHORT = 6
MOST_QUIET = 6


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do today: how many, what about it, and the list that shows just these."""

    name: str
    label: str
    count: int
    url: str
    note: str = ""
    tone: str = ""


@staff_page()
def home(request: SignedInRequest) -> HttpResponse:
    """Today at a glance; a seat sees what its role works with. ``?part=today`` is the strip that is asked anew."""
    today = clock.business_day(zone=request.brand.time_zone)
    part = request.GET.get("part") if request.htmx else ""
    if part == "inverted":
        return render(request, "console/parts/today_late.html", {"tasks": _inverted(request, is_late=True)})
    strip = {
        "tasks": tasks_of(request, today),
        "asked_at": clock.now(),
        "is_counting": sees_inversions(request.actor) and inverted_known(request.actor) is None,
    }
    if part == "today":
        return render(request, "console/parts/today.html", strip)
    context = {"today": today, **strip, **_sold(request, today), **_quiet(request, today), **_short(request)}
    if not context.get("weeks"):
        context |= _begun(request.actor)
    return shown(request, "console/home.html", context, at="home")


def _begun(actor: Actor) -> dict[str, object]:
    beginning = beginning_of(actor) if actor.can(Permission.READ) else []
    return {"beginning": beginning, "begun": sum(step.is_done for step in beginning)}


def tasks_of(request: SignedInRequest, today: date) -> list[Task]:
    """What waits, each with the list behind it; three statements and the counts of the rail."""
    return [*_order_tasks(request), *_second_hand(request.actor), *_house_tasks(request, today)]


def _order_tasks(request: SignedInRequest) -> list[Task]:
    if not request.actor.can(Permission.READ):
        return []
    counts, orders = waiting(request.actor), reverse("console:orders")
    sums = " · ".join(words.money(one.total, one.currency) for one in counts.waiting)
    unallocated = ngettext("%(n)s not allocated yet", "%(n)s not allocated yet", counts.to_allocate)
    found = [
        Task("approve", _("To approve"), counts.to_approve, f"{orders}?view=approve&sort=approve_by", sums),
        Task(
            "expiring",
            _("About to expire"),
            counts.expiring,
            f"{orders}?view=expiring&sort=approve_by",
            _("within 12 hours, unless approved"),
            "bad" if counts.expiring else "",
        ),
        Task("ship", _("To ship"), counts.to_ship, f"{orders}?view=ship", unallocated % {"n": counts.to_allocate}),
        Task(
            "late",
            _("Late"),
            counts.late,
            f"{orders}?view=late",
            _("the wished day is over"),
            "warn" if counts.late else "",
        ),
        Task("road", _("In transit"), counts.on_the_road, f"{orders}?view=road", _("until the buyer signs")),
    ]
    if counts.blocked:
        blocked = _("dealer not active, or account blocked")
        found.append(Task("blocked", _("Blocked"), counts.blocked, f"{orders}?view=blocked", blocked, "bad"))
    return found


def _second_hand(actor: Actor) -> list[Task]:
    """Price rounds and promotions that wait for a second person, told to those who may decide on them."""
    found = list[Task]()
    note = _("a second person decides")
    if actor.can(PricePermission.APPROVE) and actor.can(PricePermission.READ):
        count, url = rounds_visible_to(actor, RoundFilter(state="SUBMITTED")).count(), reverse("console:rounds")
        if count:
            found.append(Task("rounds", _("Price rounds to decide"), count, f"{url}?state=SUBMITTED", note, "warn"))
    if actor.can(PromotionPermission.APPROVE) and actor.can(PromotionPermission.READ):
        count, url = policies_visible_to(actor, PolicyFilter(status="SUBMITTED")).count(), reverse("console:promotions")
        if count:
            found.append(Task("policies", _("Promotions to decide"), count, f"{url}?status=SUBMITTED", note, "warn"))
    return found


def _house_tasks(request: SignedInRequest, today: date) -> list[Task]:
    actor, found = request.actor, list[Task]()
    if actor.can(DealerPermission.READ):
        counts, papers = concern_counts(actor, day=today), reverse("console:licences")
        found.append(
            Task(
                "licences",
                _("Licences ending"),
                counts[Concern.MONTH],
                f"{papers}?concern={Concern.MONTH}",
                ngettext("%(n)s has ended", "%(n)s have ended", counts[Concern.ENDED]) % {"n": counts[Concern.ENDED]},
                "warn" if counts[Concern.MONTH] or counts[Concern.ENDED] else "",
            )
        )
    if actor.can(StockPermission.READ):
        stock, shelves = stock_counts(actor=actor, filters=StockFilter()), reverse("console:stock")
        words_of_gone = ngettext("%(n)s with nothing free", "%(n)s with nothing free", stock.short)
        gone = words_of_gone % {"n": stock.short} if stock.short else ""
        found.append(
            Task("stock", _("Running low"), stock.low, f"{shelves}?only=low", gone, "warn" if stock.low else "")
        )
    found += _inverted(request)
    if sees_undelivered(request):
        lost = undelivered(clock.now() - timedelta(days=UNDELIVERED_DAYS)).count()
        url = f"{reverse('console:messages')}?view=undelivered"
        if lost:
            found.append(Task("messages", _("Messages not delivered"), lost, url, _("in 7 days"), "warn"))
    return found


def _inverted(request: SignedInRequest, *, is_late: bool = False) -> list[Task]:
    """What is known of inverted prices; ``is_late``: counted, after the page itself is there."""
    actor = request.actor
    if not sees_inversions(actor):
        return []
    count = inverted_count(actor) if is_late else inverted_known(actor)
    url, note = reverse("console:inversions"), _("the market pays less than city dealers do")
    return [Task("inverted", _("Prices inverted"), count, url, note, "bad")] if count else []


def sees_undelivered(request: SignedInRequest) -> bool:
    """Whether the seat looks after the house's people: messages that reached nobody are its matter."""
    return request.actor.can(AccessPermission.READ) and not request.actor.scope.is_limited


# what was sold -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week of the table behind the curve, with its orders' list."""

    week: WeekSold
    url: str


def _sold(request: SignedInRequest, today: date) -> dict[str, object]:
    actor = request.actor
    if not actor.can(Permission.READ):
        return {}
    curves = {one.currency: one for one in sold_by_week(actor, until=today, weeks=WEEKS, zone=request.brand.time_zone)}
    usual = request.brand.currency if request.brand.currency in curves or not curves else next(iter(curves))
    currency = choice_asked(request, "currency", curves, usual)
    chosen = curves.get(currency) or Curve(currency, ())
    since = chosen.weeks[0].monday if chosen.weeks else today - timedelta(weeks=WEEKS - 1)
    return {
        "sees_orders": True,
        "currency": currency,
        "curve": chosen,
        "since": since,
        "weeks": [WeekRow(week, _orders_of(week, currency)) for week in reversed(chosen.weeks)],
        "sold_url": f"{reverse('console:orders')}?{urlencode({'since': since, 'currency': currency})}",
        "chart": _drawn(chosen, today),
        "small_chart": _drawn(chosen, today, width=354, height=190),
        "currencies": _currency_chips(request, tuple(curves), usual) if len(curves) > 1 else (),
        "buyers": top_buyers(actor, since=since, until=today, currency=currency),
        "skus": top_skus(actor, since=since, until=today, currency=currency),
        "oldest": oldest_waiting(actor),
    }


def _orders_of(week: WeekSold, currency: str) -> str:
    asked = {"since": week.monday, "until": week.monday + timedelta(days=6), "currency": currency}
    return f"{reverse('console:orders')}?{urlencode(asked)}"


def _drawn(chosen: Curve, today: date, *, width: int = 720, height: int = 240) -> Drawing:
    points = [
        (week.monday, week.total, f"{week.monday} {words.money(week.total, chosen.currency)}") for week in chosen.weeks
    ]
    is_running = bool(points) and points[-1][0] + timedelta(days=6) >= today
    if is_running:
        day, total, told = points[-1]
        points[-1] = (day, total, _("%(week)s, so far this week") % {"week": told})
    return curve(points, width=width, height=height, is_running=is_running)


def _currency_chips(request: SignedInRequest, currencies: Sequence[str], usual: str) -> list[Chip]:
    return chips_of(request, "currency", [(code, code, None) for code in currencies], usual=usual)


# who has gone quiet, what has run out --------------------------------------------------------------


def _quiet(request: SignedInRequest, today: date) -> dict[str, object]:
    if not (request.actor.can(Permission.READ) and request.actor.can(DealerPermission.READ)):
        return {}
    rows, total = quiet_page(request.actor, since=today - timedelta(weeks=QUIET_WEEKS), most=MOST_QUIET)
    return {"sees_quiet": True, "quiet": rows, "quiet_total": total, "quiet_weeks": QUIET_WEEKS}


def _short(request: SignedInRequest) -> dict[str, object]:
    if not request.actor.can(StockPermission.READ):
        return {}
    found = stock_page(actor=request.actor, filters=StockFilter(only="short"), size=MOST_SHORT)
    alerts = stock_alerts(request.actor, limit=MOST_SHORT)
    return {"sees_stock": True, "short": found.rows, "alerts": alerts.rows}


@staff_page(permission=Permission.READ)
def quiet(request: SignedInRequest) -> HttpResponse:
    """The dealers without an order for some weeks, the longest silent first."""
    request.actor.require(DealerPermission.READ, writes=False)
    weeks = int(choice_asked(request, "weeks", QUIET_CHOICES, str(QUIET_WEEKS)))
    number = page_number(request)
    today = clock.business_day(zone=request.brand.time_zone)
    since = today - timedelta(weeks=weeks)
    rows, total = quiet_page(request.actor, since=since, most=PAGE_SIZE + 1, first=(number - 1) * PAGE_SIZE)
    options = [
        (one, ngettext("%(n)s week", "%(n)s weeks", int(one)) % {"n": one}, total if int(one) == weeks else None)
        for one in QUIET_CHOICES
    ]
    context = {
        "rows": rows[:PAGE_SIZE],
        "total": total,
        "weeks": weeks,
        "chips": chips_of(request, "weeks", options, usual=str(QUIET_WEEKS)),
        "pager": _plain_pager(request, number, has_next=len(rows) > PAGE_SIZE),
    }
    return shown(request, "console/quiet.html", context, at="home")


# messages ------------------------------------------------------------------------------------------


@staff_page()
def messages_page(request: SignedInRequest) -> HttpResponse:
    """One's own messages; looking at them marks them as read. ``?view=undelivered``: those that reached nobody."""
    if request.GET.get("view") == "undelivered":
        return _undelivered(request)
    number = page_number(request)
    found = inbox(request.actor, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    rows, has_next = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if any(not row.is_read for row in rows):
        mark_read(actor=request.actor)
    context = {"rows": rows, "pager": _plain_pager(request, number, has_next=has_next), "chips": _views(request)}
    return shown(request, "console/messages.html", context, at="")


def _undelivered(request: SignedInRequest) -> HttpResponse:
    if not sees_undelivered(request):
        raise Missing
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    since = clock.now() - timedelta(days=UNDELIVERED_DAYS)
    found = list(undelivered(since)[start : start + PAGE_SIZE + 1])
    seats = Seat.objects.filter(pk__in={one.seat_id for one in found}).values_list("pk", "person_name", "dealer_name")
    people = {pk: f"{person} · {house}" for pk, person, house in seats}
    context = {
        "lost": [
            _lost(one, people.get(one.seat_id, words.DASH) if one.seat_id else words.DASH) for one in found[:PAGE_SIZE]
        ],
        "pager": _plain_pager(request, number, has_next=len(found) > PAGE_SIZE),
        "chips": _views(request),
    }
    return shown(request, "console/messages.html", context, at="")


@dataclass(frozen=True, slots=True)
class LostMessage:
    """A message that reached nobody: its subject, over which way and to whom."""

    subject: str
    way: str
    person: str
    at: object


def _lost(message: Message, person: str) -> LostMessage:
    ways = {Message.Way.MAIL: _("Mail"), Message.Way.SMS: _("Text message")}
    return LostMessage(
        inbox_item(message).subject, ways.get(Message.Way(message.way), message.way), person, message.created_at
    )


def _views(request: SignedInRequest) -> list[Chip]:
    if not sees_undelivered(request):
        return []
    return chips_of(request, "view", [("", _("Mine"), None), ("undelivered", _("Not delivered, 7 days"), None)])


def _plain_pager(request: SignedInRequest, number: int, *, has_next: bool) -> Pager:
    return Pager(
        previous_url=link_with(request, page=number - 1) if number > 1 else "",
        next_url=link_with(request, page=number + 1) if has_next else "",
    )

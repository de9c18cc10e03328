"""The versions of a price list: who changed what, when and by which price change, and the way back to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.console.auditwords import event_words
from frontend.console.doors import staff_page
from frontend.console.lists import pager_of
from frontend.console.once import KEY, new_key
from frontend.console.shell import shown
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.selectors.matrix import may_change
from ordering.rounds.rules import Status
from ordering.rounds.selectors import ListVersion, reach_of_lists, version_events, versions_told

FACTS: Mapping[str, object] = {
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("English name"),
    "channel": gettext_lazy("Channel"),
    "parent": gettext_lazy("Prices come from"),
    "factor_ppm": gettext_lazy("Percentage"),
    "round_to": gettext_lazy("Rounded to"),
    "round_mode": gettext_lazy("Rounding"),
    "divides_cases": gettext_lazy("Single bottles"),
    "is_active": gettext_lazy("In force"),
}
"""What may be changed of a list, in words."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in words. ``day``: the first whole day on which the list said this; None: it changed no price."""

    told: ListVersion
    what: str
    day: date | None
    is_planned: bool
    may_return: bool


@staff_page(permission=Permission.READ)
def list_versions(request: SignedInRequest, code: str) -> HttpResponse:
    """All versions of one list, the newest first."""
    actor, zone = request.actor, request.brand.time_zone
    events = version_events(actor, code)
    listed = lists_visible_to(actor).select_related("dealer", "price_group", "parent").get(code=code)
    total = events.count()
    page = page_of(events, request, total=total)
    told = versions_told(actor, page.rows)
    current = next((one.version for one in told if not _is_planned(one)), None) if page.number == 1 else None
    may_return = may_change(actor, listed)
    context = {
        "listed": listed,
        "current": current,
        "rows": [_row(one, listed.version, zone, may_return) for one in told],
        "pager": pager_of(page.number, page.page_count, total, len(page.rows)),
        "houses": sum(one.houses for one in reach_of_lists(actor, [listed.pk])),
        "may_edit": actor.can(Permission.EDIT),
        "may_return": may_return,
        "key_name": KEY,
        "key": new_key(),
    }
    return shown(request, "console/list_versions.html", context, at="prices")


def _row(one: ListVersion, newest: int, zone: str, may_return: bool) -> VersionRow:
    rules_from, is_planned = one.rules_from, _is_planned(one)
    return VersionRow(
        told=one,
        what=_what(one),
        day=None if rules_from is None else _day_of(rules_from, zone),
        is_planned=is_planned,
        may_return=may_return and one.sets_prices and not is_planned and one.version != newest,
    )


def _is_planned(one: ListVersion) -> bool:
    """Whether the list is to say it, and does not yet."""
    is_taken_back = one.round is not None and one.round.status == Status.WITHDRAWN
    return one.rules_from is not None and one.rules_from > clock.now() and not is_taken_back


def _day_of(at: datetime, zone: str) -> date:
    """The first day that begins with it, for the matrix shows days: a price of yesterday noon stands on today's list.

    Of today's prices today itself, whose list is the one of now.
    """
    day = clock.business_day(at, zone)
    is_whole = clock.start_of_day(day, zone) >= at or day >= clock.business_day(zone=zone)
    return day if is_whole else day + timedelta(days=1)


def _what(one: ListVersion) -> str:
    if not one.changed:
        return event_words(one.kind)
    return _("Changed: %(names)s") % {"names": ", ".join(str(FACTS.get(name, name)) for name in one.changed)}

"""Market quotes: the list, writing them down, and what one product fetched over time."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.catalogue.selectors import sku_by_code
from core.db.naming import called
from core.kernel import clock, regions
from core.kernel.errors import DomainError
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.sellthrough import services
from dms.sellthrough.errors import TooManyQuotes
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.permissions import Permission
from dms.sellthrough.selectors import Course, QuoteFilter, courses_of, quote_rows, quoted_regions
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.quotes import (
    QuoteHeadForm,
    QuoteRow,
    posted_rows,
    put_on,
    read_rows,
    typed_rows,
    with_empty,
)
from frontend.console.goods import drawing_of, picture_url_of, spec_of_sku
from frontend.console.lists import chips_of, choice_asked, removable_chips
from frontend.console.offers import offered_skus
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.console.timecharts import MOST_COURSES, TimeChart, time_chart
from frontend.ui.format import money
from frontend.ui.paging import link_with
from frontend.ui.places import place_name
from frontend.ui.refusals import REFUSED
from frontend.ui.shapes import Chip, Pager

SPANS = ("30", "90", "365", "1095")
USUAL_SPAN = "90"


def market_name(code: str) -> str:
    """A division, or the whole country, as the reader calls it; a code nobody knows stays as it is."""
    if code == regions.COUNTRY:
        return _("Whole country")
    try:
        return place_name(code, full=True)
    except regions.UnknownRegion:
        return code


@staff_page(permission=Permission.READ)
def quotes(request: SignedInRequest) -> HttpResponse:
    """What was heard, the newest day first."""
    actor, asked = request.actor, QuoteFilter.of(request.GET.dict())
    page = page_of(quote_rows(actor, asked), request)
    named = {
        "sku": asked.sku_code,
        "region": market_name(asked.region_code) if asked.region_code else "",
        "source": asked.source,
        "since": _("from %(day)s") % {"day": asked.since} if asked.since else "",
        "until": _("until %(day)s") % {"day": asked.until} if asked.until else "",
    }
    context = {
        "rows": [(row, market_name(row.region_code)) for row in page.rows],
        "pager": Pager(
            previous_url=link_with(request, page=page.number - 1) if page.number > 1 else "",
            next_url=link_with(request, page=page.number + 1) if page.has_next else "",
        ),
        "asked": asked,
        "chips": chips_of(request, "all", [("", _("Standing"), None), ("1", _("With corrected ones"), None)]),
        "narrowed": removable_chips(request, named),
        "is_filtered": asked != QuoteFilter(with_corrected=asked.with_corrected),
        "may_write": actor.can(Permission.WRITE),
        "may_import": actor.can(Permission.IMPORT),
        "sees_inversions": actor.can("prices.read") and actor.can("promotions.read"),
    }
    return shown(request, "console/quotes.html", context, at="quotes")


@form_page(permission=Permission.WRITE)
def new_quotes(request: SignedInRequest) -> HttpResponse:
    """Several quotes at once: the place and the day above, a row a product below."""
    if request.method == "POST":
        return _entered(request)
    ground = request.actor.scope.regions if request.actor.scope.limits_regions else ()
    usual = {"quoted_on": clock.business_day(), "region_code": ground[0] if len(ground) == 1 else ""}
    row = QuoteRow(request.GET["sku"][:48]) if request.GET.get("sku") else None
    return _form(request, QuoteHeadForm(initial=usual), [row] if row else [])


def _entered(request: SignedInRequest) -> HttpResponse:
    form, posted = QuoteHeadForm(request.POST), request.POST.dict()
    try:
        rows = posted_rows(posted)
    except TooManyQuotes as refusal:
        form.add_error(None, words_of(refusal))
        return _form(request, form, typed_rows(posted), is_refused=True, pasted=posted.get("text", ""))
    if request.POST.get("act") == "more" or not form.is_valid():
        return _form(request, form, rows, is_refused=request.POST.get("act") != "more")
    said = form.cleaned_data
    rows, heard = read_rows(request.actor, rows, **said, currency=request.brand.currency)
    if any(row.problem for row in rows):
        return _form(request, form, rows, is_refused=True)
    try:
        written = int(once(request, lambda: str(services.record_quotes(actor=request.actor, rows=heard).written)))
    except DomainError as refusal:
        return _form(request, form, put_on(form, rows, refusal), is_refused=True)
    if written:
        words = ngettext("%(count)s quote written down.", "%(count)s quotes written down.", written)
        messages.success(request, words % {"count": written})
    else:
        messages.info(request, _("All of it stands already."))
    return redirect("console:quotes")


def _form(
    request: SignedInRequest,
    form: QuoteHeadForm,
    rows: Sequence[QuoteRow],
    *,
    is_refused: bool = False,
    pasted: str = "",
) -> HttpResponse:
    """The page; ``pasted`` is text that could not be taken over into rows."""
    context = {
        "form": form,
        "rows": with_empty(rows),
        "pasted": pasted,
        "paste_unit": request.POST.get("paste_unit", ""),
        "skus": offered_skus(request.actor),
        "currency": request.brand.currency,
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
    }
    return shown(request, "console/new_quotes.html", context, at="quotes", status=REFUSED if is_refused else 200)


@verb_page(permission=Permission.WRITE)
def withdraw_quote(request: SignedInRequest, quote_id: int) -> HttpResponse:
    """Take a quote back; it stays on record."""
    try:
        services.withdraw_quote(actor=request.actor, quote_id=quote_id)
    except DomainError as refusal:
        if refusal.code in {"missing", "actor.not_permitted"}:
            raise
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, _("The quote is taken back; it stays on record."))
    return redirect("console:quotes")


@staff_page(permission=Permission.READ)
def quote_course(request: SignedInRequest, code: str) -> HttpResponse:
    """What one product fetched, by division over time, drawn and as a table."""
    actor, sku = request.actor, sku_by_code(request.actor, code)
    known = quoted_regions(actor, code)
    chosen = [one for one in request.GET.getlist("region") if one in dict(known)][:MOST_COURSES]
    shown_regions = chosen or [region for region, _count in known[:MOST_COURSES]]
    span = choice_asked(request, "days", SPANS, USUAL_SPAN)
    today = clock.business_day(zone=request.brand.time_zone)
    asked = QuoteFilter(sku_code=code, since=today - timedelta(days=int(span)))
    courses = courses_of(actor, asked, shown_regions)
    currency = _usual_currency(courses, request.brand.currency)
    drawn = [one for one in courses if one.currency == currency]
    context = {
        "sku": sku,
        "name": called(sku),
        "spec": spec_of_sku(sku),
        "drawing": drawing_of(sku),
        "picture_url": picture_url_of(sku),
        "currency": currency,
        "chart": _drawn(drawn),
        "small_chart": _drawn(drawn, width=354, height=200),
        "regions": _region_chips(request, known, shown_regions),
        "spans": chips_of(request, "days", [(one, _span_words(one), None) for one in SPANS], usual=USUAL_SPAN),
        "rows": [(row, market_name(row.region_code)) for row in _latest_rows(request, asked, shown_regions)],
        "list_url": f"{reverse('console:quotes')}?sku={code}",
        "may_write": actor.can(Permission.WRITE),
    }
    return shown(request, "console/quote_course.html", context, at="quotes")


MOST_LISTED = 24


def _latest_rows(request: SignedInRequest, asked: QuoteFilter, region_codes: list[str]) -> list[MarketQuote]:
    return list(quote_rows(request.actor, asked).filter(region_code__in=region_codes)[:MOST_LISTED])


def _usual_currency(courses: Sequence[Course], usual: str) -> str:
    found = [one.currency for one in courses]
    return usual if usual in found or not found else found[0]


def _drawn(courses: Sequence[Course], *, width: int = 720, height: int = 260) -> TimeChart | None:
    told = [
        (market_name(one.region_code), [_told(one, point.day, point.bottle_amount) for point in one.points])
        for one in courses
    ]
    return time_chart(told, currency=courses[0].currency if courses else "CNY", width=width, height=height)


def _told(course: Course, day: date, amount: int) -> tuple[date, int, str]:
    return day, amount, f"{day} {money(amount, course.currency)}"


def _region_chips(request: SignedInRequest, known: Sequence[tuple[str, int]], shown_now: list[str]) -> list[Chip]:
    """A chip a division: pressed it is drawn, or not any more."""
    chips, days = [], request.GET.get("days", "")
    for code, count in known:
        is_on = code in shown_now
        wanted = [one for one in shown_now if one != code] if is_on else [*shown_now, code][-MOST_COURSES:]
        asked = [*(("region", one) for one in wanted), *([("days", days)] if days else [])]
        chips.append(Chip(market_name(code), f"?{urlencode(asked)}", is_current=is_on, count=count))
    return chips


def _span_words(days: str) -> str:
    count = int(days)
    if count < 365:
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    return ngettext("%(n)s year", "%(n)s years", count // 365) % {"n": count // 365}

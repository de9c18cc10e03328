"""Where a price comes from (价格溯源): one dealer, one product, any day, and everything that leads to the price."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError, Kind
from core.kernel.quantity import Unit
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page
from frontend.console.forms.pricetrace import TraceForm
from frontend.console.goods import name_of, spec_of_sku
from frontend.console.offers import offered_dealers, offered_skus
from frontend.console.shell import shown
from frontend.console.timecharts import TimeChart, time_chart
from frontend.console.views.quotes import market_name
from frontend.ui.format import exact, money, unit_word, units_word
from frontend.ui.refusals import REFUSED
from frontend.ui.vocabulary import term
from ordering.pricing.explaining import Made, Verdict
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.tracing import PriceQuestion, TracedList, TracedPrice, end_of, traced_price

TONES: Mapping[Verdict, str] = {
    Verdict.WINS: "good",
    Verdict.PLANNED: "info",
    Verdict.OTHER_UNIT: "warn",
    Verdict.BELOW_STEP: "warn",
}
_PLAIN = {
    Verdict.WINS: gettext_lazy("rules"),
    Verdict.OUTRANKED: gettext_lazy("has a price; a list in front of it goes first"),
    Verdict.DEARER: gettext_lazy("asks more than the lowest list"),
    Verdict.NO_PRICE: gettext_lazy("says nothing of this product"),
    Verdict.OTHER_UNIT: gettext_lazy("prices it by the other unit only"),
}


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A list of the chain in words."""

    traced: TracedList
    whom: str
    verdict: str
    tone: str
    amount: int | None


@staff_page(permission=Permission.READ)
def price_trace(request: SignedInRequest) -> HttpResponse:
    """The question, and once it is asked the answer."""
    actor = request.actor
    actor.require("dealers.read", writes=False)
    today = clock.business_day(zone=request.brand.time_zone)
    asked = request.GET if "sku" in request.GET and "dealer" in request.GET else None
    usual = {"day": today, "quantity": 1, **{name: request.GET.get(name, "")[:48] for name in ("dealer", "sku")}}
    form = TraceForm(asked, initial=usual, dealers=offered_dealers(actor), skus=offered_skus(actor))
    context: dict[str, object] = {"form": form, "today": today}
    if asked is not None and form.is_valid():
        found = _found(request, form)
        if found is not None:
            context |= _answer(request, found, form.cleaned_data["day"], today)
    status = REFUSED if form.errors else 200
    return shown(request, "console/price_trace.html", context, at="prices", status=status)


def _found(request: SignedInRequest, form: TraceForm) -> TracedPrice | None:
    said = form.cleaned_data
    unit = Unit(said["unit"]) if said["unit"] else None
    question = PriceQuestion(said["dealer"], said["sku"], end_of(said["day"]), unit, said["quantity"] or 1)
    try:
        return traced_price(request.actor, question)
    except DomainError as refusal:
        if refusal.kind is Kind.FORBIDDEN:
            raise
        is_dealer = refusal.code == "missing"
        words = _("This dealer is not there, or buys from somebody else.") if is_dealer else words_of(refusal)
        form.add_error("dealer" if is_dealer else "sku", words)
        return None


def _answer(request: SignedInRequest, found: TracedPrice, day: date, today: date) -> dict[str, object]:
    zone = ZoneInfo(request.brand.time_zone)
    unit = unit_word(found.question.unit)
    chart, small = (
        _drawn(found, zone, today, width=width, height=height) for width, height in ((720, 220), (354, 180))
    )
    return {
        "found": found,
        "day": day,
        "name": name_of(found.sku),
        "spec": spec_of_sku(found.sku),
        "unit": unit,
        "units": units_word(found.question.unit),
        "sees_landed": request.actor.can("promotions.read"),
        "refusal": words_of(found.refusal) if found.refusal else "",
        "total": found.price.amount * found.question.quantity if found.price else None,
        "rows": [_row(one, found) for one in found.chain],
        "made": [_made(one, found.currency) for one in (found.price.made if found.price and found.source else ())],
        "chart": chart,
        "small_chart": small,
        "course": [(at, amount, at > clock.now()) for at, amount in reversed(found.course)][:24],
        "is_lowest": found.question.is_lowest,
    }


def _row(one: TracedList, found: TracedPrice) -> ChainRow:
    asked = one.asked
    words = _PLAIN.get(asked.verdict)
    if asked.verdict is Verdict.ENDED:
        said = _("its price ended on %(day)s") % {"day": _day(asked.at)}
    elif asked.verdict is Verdict.PLANNED:
        said = _("its price begins on %(day)s") % {"day": _day(asked.at)}
    elif asked.verdict is Verdict.BELOW_STEP:
        starts = [quantity for code, quantity in asked.ladder if code == found.question.unit]
        said = _("begins at %(n)s %(unit)s") % {"n": min(starts), "unit": units_word(found.question.unit)}
    else:
        said = str(words)
    return ChainRow(one, _whom(one), said, TONES.get(asked.verdict, ""), asked.step[1].amount if asked.step else None)


def _day(at: datetime | None) -> str:
    return exact(at)[:10] if at is not None else ""


def _whom(one: TracedList) -> str:
    """For whom a list is: 市级 · 山东省 · 团购."""
    said = one.dealer_name or one.group_name or (term("tier", one.tier) if one.tier else "")
    parts = [term("price_scope", one.scope), said]
    if one.region_code != "CN":
        parts.append(market_name(one.region_code))
    if one.channel:
        parts.append(term("channel", one.channel))
    return " · ".join(part for part in parts if part)


def _made(one: Made, currency: str) -> str:
    """One stage a price went through, in words."""
    figures = {"list": one.list_code, "before": money(one.before, currency), "after": money(one.after, currency)}
    if one.derivation is None:
        return _("%(before)s a case ÷ %(bottles)s bottles = %(after)s a bottle (list %(list)s)") % {
            **figures,
            "bottles": one.bottles,
        }
    factor = f"{one.derivation.factor_ppm / 1_000_000:.6f}".rstrip("0").rstrip(".")
    return _("%(before)s × %(factor)s, rounded to %(to)s = %(after)s (list %(list)s)") % {
        **figures,
        "factor": factor,
        "to": money(one.derivation.round_to, currency),
    }


def _drawn(found: TracedPrice, zone: ZoneInfo, today: date, *, width: int, height: int) -> TimeChart | None:
    days: dict[date, int | None] = {at.astimezone(zone).date(): amount for at, amount in found.course}
    told = [(day, amount, _told(day, amount, found.currency)) for day, amount in days.items()]
    return time_chart([("", told)], currency=found.currency, until=today, is_stepped=True, width=width, height=height)


def _told(day: date, amount: int | None, currency: str) -> str:
    return f"{day} {money(amount, currency)}"

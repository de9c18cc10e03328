"""What goods really cost (到手价), stage by stage, and where the market has fallen below it (价格倒挂)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Kind, OutOfScope
from core.kernel.quantity import Unit
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.sellthrough.permissions import Permission as MarketPermission
from dms.sellthrough.selectors import LatestQuote, latest_quotes
from frontend.console.doors import staff_page
from frontend.console.forms.netprices import NetPriceForm
from frontend.console.goods import name_of, spec_of_sku
from frontend.console.inversionwords import fits, names_of
from frontend.console.lists import chips_of, pager_of, removable_chips
from frontend.console.offers import offered_dealers, offered_skus
from frontend.console.shell import shown
from frontend.console.views.quotes import market_name
from frontend.ui.format import quantity as quantity_words
from frontend.ui.format import unit_word
from frontend.ui.refusals import REFUSED
from frontend.ui.vocabulary import term
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Stage
from ordering.promotions.selectors.inversions import (
    SHOWN,
    USUAL_CASES,
    Inversion,
    InversionFilter,
    market_inversions,
)
from ordering.promotions.selectors.waterfall import TIERS, NetAnswer, NetPrice, Squeeze, squeezed, waterfalls

COUNT_KEPT_S = 900
"""How long the desk remembers how many prices are inverted: every quote is held against its landed price."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: what one of the unit costs after it, and what led there, in words."""

    label: str
    amount: int
    why: tuple[str, ...]
    share: int
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Fall:
    """One tier's, or dealer's, way from the list price to the landed price; ``ratio`` is the market's to it.

    ``no_margin``: the tier beneath that pays no more, in words.
    """

    title: str
    net: NetPrice | None
    refusal: str
    unit: str
    stages: tuple[StageRow, ...]
    bottle: int
    quote: LatestQuote | None
    ratio: Fraction | None
    no_margin: str = ""

    @property
    def is_inverted(self) -> bool:
        """Whether the market pays less."""
        return self.ratio is not None and self.ratio < 1

    @property
    def ratio_words(self) -> str:
        """``0.986``, never rounded up to 1."""
        return "" if self.ratio is None else ratio_words(int(self.ratio * 1000))


def ratio_words(permille: int) -> str:
    """Thousandths as ``0.986``."""
    return f"{permille // 1000}.{permille % 1000:03d}"


@staff_page(permission=PricePermission.READ)
def waterfall(request: SignedInRequest) -> HttpResponse:
    """The net price of each tier in a division, or of one dealer."""
    actor = request.actor
    for code in (Permission.READ, "dealers.read"):
        actor.require(code, writes=False)
    asked = request.GET if request.GET.get("sku") else None
    usual = {"sku": "", "quantity": USUAL_CASES, "region": _own_region(actor)}
    form = NetPriceForm(asked, initial=usual, dealers=offered_dealers(actor), skus=offered_skus(actor))
    context: dict[str, object] = {"form": form}
    if asked is not None and form.is_valid():
        context |= _falls(request, form)
    status = REFUSED if form.errors else 200
    return shown(request, "console/waterfall.html", context, at="prices", status=status)


def _own_region(actor: Actor) -> str:
    return actor.scope.regions[0] if actor.scope.limits_regions else "CN"


def _falls(request: SignedInRequest, form: NetPriceForm) -> dict[str, object]:
    actor, said = request.actor, form.cleaned_data
    try:
        sku = sku_by_code(actor, said["sku"])
        found = waterfalls(
            actor,
            sku_code=sku.code,
            quantity=said["quantity"] or USUAL_CASES,
            unit=Unit(said["unit"]) if said["unit"] else None,
            region_code=said["region"] or _own_region(actor),
            dealer_code=said["dealer"],
        )
    except DomainError as refusal:
        if isinstance(refusal, OutOfScope):
            form.add_error(refusal.field if refusal.field in form.fields else None, words_of(refusal))
            return {}
        if refusal.kind is Kind.FORBIDDEN:
            raise
        is_dealer = refusal.code == "missing"
        words = _("This dealer is not there, or buys from somebody else.") if is_dealer else words_of(refusal)
        form.add_error("dealer" if is_dealer else "sku", words)
        return {}
    quotes = _quotes(actor, sku, found)
    tight = {} if said["dealer"] else {one.upper: one for one in squeezed(found)}
    return {
        "sku": sku,
        "name": name_of(sku),
        "spec": spec_of_sku(sku),
        "falls": [_fall(one, sku, quotes, tight.get(one.tier)) for one in found],
        "is_tight": bool(tight),
        "place": market_name(said["region"] or _own_region(actor)),
        "is_of_dealer": bool(said["dealer"]),
        "sees_market": actor.can(MarketPermission.READ),
    }


def _quotes(actor: Actor, sku: Sku, found: Sequence[NetAnswer]) -> dict[tuple[str, str], LatestQuote]:
    places = {one.net.region_code for one in found if one.net is not None}
    if not places or not actor.can(MarketPermission.READ):
        return {}
    return latest_quotes(actor, region_codes=places, sku_codes=[sku.code], day=clock.business_day())


def _fall(one: NetAnswer, sku: Sku, quotes: dict[tuple[str, str], LatestQuote], tight: Squeeze | None) -> Fall:
    title = one.buyer_name or term("tier", one.tier)
    if one.net is None:
        return Fall(title, None, words_of(one.refusal) if one.refusal else "", "", (), 0, None, None)
    net, quote = one.net, quotes.get((sku.code, one.net.region_code))
    if quote is not None and quote.currency != net.currency:
        quote = None
    ratio = None
    if quote is not None and net.landed:
        ratio = Fraction(quote.amount, 1 if quote.unit == Unit.BOTTLE else quote.bottles_per_case) / net.landed
    bottle, no_margin = net.bottle_amount, term("tier", tight.lower) if tight else ""
    return Fall(title, net, "", unit_word(net.unit), tuple(_stages(net)), bottle, quote, ratio, no_margin)


def _stages(net: NetPrice) -> list[StageRow]:
    """List price, then what each stage leaves of one unit; gifts spread the money over more goods."""
    listed = net.a_unit(net.listed)
    given = net.a_unit(net.after_tier - net.given_value, with_gifts=True)
    rows = [
        (_("List price"), listed, [_("list %(list)s") % {"list": net.list_code}]),
        (_("After time-limited discounts"), net.a_unit(net.after_flash), _names(net, Stage.FLASH)),
        (_("After quantity and amount steps"), net.a_unit(net.after_tier), _names(net, Stage.TIER)),
        (_("After gifts"), given, _gift_names(net)),
        (_("After rebate: landed price"), net.landed_amount, _names(net, Stage.REBATE)),
    ]
    last = len(rows) - 1
    return [
        StageRow(
            label, amount, tuple(why), max(min(round(100 * amount / listed), 100), 0) if listed else 0, place == last
        )
        for place, (label, amount, why) in enumerate(rows)
    ]


def _share(amount: int, listed: int) -> int:
    """Percent of the list price, for the bar."""
    return max(min(round(100 * amount / listed), 100), 0) if listed else 0


def _names(net: NetPrice, stage: Stage) -> list[str]:
    return [one.name for one in net.steps if one.stage is stage]


def _gift_names(net: NetPrice) -> list[str]:
    return [
        _("%(policy)s: %(quantity)s of %(sku)s")
        % {"policy": one.name, "quantity": quantity_words(one.bottles, net.bottles_per_case), "sku": one.sku}
        for one in net.steps
        if one.stage is Stage.GIFT
    ]


# inversion -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InversionRow:
    """A row of the list, words and all."""

    found: Inversion
    name: str
    place: str
    ratio: str
    listed: int
    quote_bottle: int
    landed_bottle: int


def sees_inversions(actor: Actor) -> bool:
    """Whether the seat may compare the market with what dealers pay."""
    return all(actor.can(code) for code in (PricePermission.READ, Permission.READ, MarketPermission.READ))


@staff_page(permission=MarketPermission.READ)
def inversions(request: SignedInRequest) -> HttpResponse:
    """Where the newest quotes stand against the landed price of a tier, the worst first."""
    asked = InversionFilter.of(request.GET.dict())
    found = market_inversions(request.actor, asked)
    names = names_of(request.actor, found)
    fitting = [one for one in found if fits(one, names, asked.text)]
    page = page_of(fitting, request, total=len(fitting))
    shown_words = {"inverted": _("Inverted"), "thin": _("Thin margin"), "all": _("All")}
    context = {
        "rows": [_inversion_row(one, names) for one in page.rows],
        "pager": pager_of(page.number, page.page_count, len(fitting), len(page.rows)),
        "chips": chips_of(request, "show", [(one, shown_words[one], None) for one in SHOWN], usual="inverted"),
        "tiers": chips_of(request, "tier", [(one, term("tier", one), None) for one in TIERS], usual="CITY"),
        "narrowed": removable_chips(request, {"region": market_name(asked.region_code) if asked.region_code else ""}),
        "asked": asked,
        "tier": term("tier", asked.tier),
        "may_trace": request.actor.can("dealers.read"),
    }
    return shown(request, "console/inversions.html", context, at="quotes")


def _inversion_row(one: Inversion, names: dict[str, str]) -> InversionRow:
    return InversionRow(
        one,
        names.get(one.quote.sku_code, one.quote.sku_code),
        market_name(one.quote.region_code),
        ratio_words(one.ratio_permille),
        one.net.a_unit(one.net.listed)
        if one.net.unit is Unit.CASE
        else one.net.a_unit(one.net.listed) * one.net.bottles_per_case,
        one.quote.bottle_amount,
        one.net.bottle_amount,
    )


def inverted_known(actor: Actor) -> int | None:
    """How many prices of city dealers are inverted, as somebody with the same limits was told of late; None: nobody."""
    known = cache.get(_key_of(actor))
    return None if known is None else int(known)


def inverted_count(actor: Actor) -> int:
    """The same, counted where nobody was told within the last quarter of an hour."""
    known = inverted_known(actor)
    if known is None:
        known = len(market_inversions(actor, InversionFilter()))
        cache.set(_key_of(actor), known, COUNT_KEPT_S)
    return known


def _key_of(actor: Actor) -> str:
    """Seats of the same limits are told the same, and other limits are asked anew."""
    scope = hashlib.sha256(repr(actor.scope).encode()).hexdigest()[:24]
    return f"console:inverted:{scope}"

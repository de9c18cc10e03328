"""Price inversion (价格倒挂): where goods fetch less between traders than what a dealer really pays for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from core.kernel.regions import COUNTRY
from dms.dealers.selectors import brand_currency
from dms.sellthrough.permissions import Permission as MarketPermission
from dms.sellthrough.selectors import LatestQuote, fresh_quotes
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.permissions import Permission
from ordering.promotions.selectors.waterfall import TIERS, NetPrice, NetPricer, a_dealer_of

USUAL_CASES = 50
"""Cases a dealer is taken to order where nobody says how many: enough to reach a step."""
THIN = Fraction(105, 100)
"""Under it a margin is thin: the next fall of the market inverts the price."""
SHOWN = ("inverted", "thin", "all")


@dataclass(frozen=True, slots=True)
class InversionFilter:
    """What is looked at: one tier, how many cases it orders, where, and how much of it is shown."""

    tier: str = "CITY"
    cases: int = USUAL_CASES
    region_code: str = ""
    text: str = ""
    shown: str = "inverted"

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "InversionFilter":
        """Read ``?tier= &cases= &region= &q= &show=``; what is no choice is the usual one."""
        tier, shown, cases = params.get("tier", ""), params.get("show", ""), params.get("cases", "")
        is_number = cases.isascii() and cases.isdigit() and 0 < len(cases) < 6 and int(cases) > 0
        return cls(
            tier if tier in TIERS else "CITY",
            int(cases) if is_number else USUAL_CASES,
            params.get("region", "")[:6],
            params.get("q", "").strip()[:80],
            shown if shown in SHOWN else "inverted",
        )


@dataclass(frozen=True, slots=True)
class Inversion:
    """A quote beside the net price of a tier where it was heard. ``ratio``: the quote ÷ what a bottle really costs."""

    quote: LatestQuote
    net: NetPrice
    ratio: Fraction

    @property
    def is_inverted(self) -> bool:
        """Whether the dealer pays more than the market does."""
        return self.ratio < 1

    @property
    def is_thin(self) -> bool:
        """Whether little is left."""
        return self.ratio < THIN

    @property
    def ratio_permille(self) -> int:
        """The ratio in thousandths, rounded down: what is below 1 reads as below 1."""
        return int(self.ratio * 1000)


def market_inversions(
    actor: Actor, asked: InversionFilter, *, at: datetime | None = None, day: date | None = None
) -> tuple[Inversion, ...]:
    """Every fresh quote against the tier's net price, the lowest ratio first; four statements, however many divisions.

    Quotes in another currency, and goods the tier cannot buy, are left out. Raises ``NotPermitted``, ``Missing``.
    """
    for code in (PricePermission.READ, Permission.READ, MarketPermission.READ):
        actor.require(code, writes=False)
    now = at or clock.now()
    quotes = fresh_quotes(actor, day=day or clock.business_day(), region_code=asked.region_code)
    by_place: dict[str, list[LatestQuote]] = defaultdict(list)
    currency = brand_currency()
    for quote in quotes:
        if quote.currency == currency:
            by_place[quote.region_code].append(quote)
    pricers = NetPricer.of_divisions(
        seller_id=actor.dealer_id,
        buyer=a_dealer_of(asked.tier, COUNTRY, seller_id=actor.dealer_id, currency=currency),
        region_codes=by_place,
        codes=sorted({quote.sku_code for quote in quotes}),
        at=now,
    )
    found = [one for place, heard in by_place.items() for one in _compared(pricers[place], heard, asked.cases)]
    wanted = [one for one in found if asked.shown == "all" or one.ratio < (THIN if asked.shown == "thin" else 1)]
    return tuple(sorted(wanted, key=lambda one: (one.ratio, one.quote.sku_code, one.quote.region_code)))


def _compared(pricer: NetPricer, quotes: Sequence[LatestQuote], cases: int) -> list[Inversion]:
    found = []
    for quote in quotes:
        try:
            net = _net(pricer, quote, cases)
        except DomainError:
            continue  # the tier cannot buy it: nothing to invert
        if net.landed:
            found.append(Inversion(quote, net, _a_bottle(quote) / net.landed))
    return found


def _net(pricer: NetPricer, quote: LatestQuote, cases: int) -> NetPrice:
    """By the case where the SKU is sold so, else as many bottles."""
    offer = pricer.known.get(quote.sku_code)
    is_bottled = offer is not None and offer.own_unit is Unit.BOTTLE
    quantity = cases * quote.bottles_per_case if is_bottled else cases
    return pricer.price(quote.sku_code, None, quantity)


def _a_bottle(quote: LatestQuote) -> Fraction:
    return Fraction(quote.amount, 1 if quote.unit == Unit.BOTTLE else quote.bottles_per_case)

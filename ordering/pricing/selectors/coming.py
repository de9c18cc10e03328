"""What a buyer will pay from a coming day on: prices that are planned already (提价通知)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from core.db import sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import Offer
from ordering.pricing.selectors.chains import CHAIN, chain_parameters
from ordering.pricing.selectors.offers import offers

LOOKED_AHEAD = timedelta(days=60)
MOST_INSTANTS = 3
"""Coming days looked at for each product, its next ones."""
MOST_ASKED = 24
"""Coming days looked at for all products asked for, the nearest: each costs a statement."""


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """From ``at`` on one ``unit`` costs ``amount`` instead of ``before``, minor units of ``currency``; None: no price.

    ``funded_until``: orders placed before ``at`` keep the old price if they are approved by then; None: always.
    """

    sku_code: str
    unit: Unit
    at: datetime
    before: int | None
    amount: int | None
    currency: str
    funded_until: datetime | None

    @property
    def is_raise(self) -> bool:
        """Whether it becomes dearer: the reason to order before."""
        return self.before is not None and self.amount is not None and self.amount > self.before


_INSTANTS = f"""
WITH {CHAIN}
SELECT sku.code, instant.valid_from
FROM catalogue_sku AS sku CROSS JOIN LATERAL (
    SELECT DISTINCT entry.valid_from FROM pricing_priceentry AS entry
    WHERE entry.price_list_id IN (SELECT source_id FROM chain) AND entry.sku_id = sku.id
      AND entry.valid_from > %(at)s AND entry.valid_from <= %(until)s
    ORDER BY 1 LIMIT %(most)s
) AS instant
WHERE sku.code = ANY(%(codes)s::text[])
ORDER BY 2, 1
"""
_CUT_OFFS = "SELECT id, funded_until FROM pricing_priceentry WHERE id = ANY(%(ids)s::bigint[])"


def coming_prices(
    *, actor: Actor, sku_codes: Sequence[str], buyer: TradingDealer | None = None
) -> dict[str, ComingPrice]:
    """The next change of what the actor's house pays, by SKU code; what stays as it is for 60 days is not in it.

    Of the unit it is sold in, from the first step on. One statement where nothing is planned; of one product six at
    most, of more one for each further instant at which one of them changes, up to ``MOST_ASKED``.
    Raises ``NotPermitted``.
    """
    actor.require(Permission.PURCHASE, writes=False)
    if not sku_codes:
        return {}
    now = clock.now()
    buyer = buyer or trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    instants = _instants(buyer, list(sku_codes), now)
    if not instants:
        return {}
    asked = partial(offers, seller_id=buyer.supplier_id, buyer=buyer, currency=buyer.currency)
    before = asked(codes=sorted(set().union(*instants.values())), at=now)
    found: dict[str, tuple[ComingPrice, int]] = {}
    for at, codes in islice(instants.items(), MOST_ASKED):
        then = asked(codes=wanted, at=at) if (wanted := sorted(codes - found.keys())) else {}
        for code, offer in then.items():
            (was, _entry), (amount, entry) = _first(before[code]), _first(offer)
            if was != amount:
                found[code] = ComingPrice(code, offer.own_unit, at, was, amount, buyer.currency, None), entry
    return _with_cut_offs(found)


def _instants(buyer: TradingDealer, codes: list[str], now: datetime) -> dict[datetime, set[str]]:
    """When a price the buyer pays by is planned, and of which products; the next ones of each, in their order."""
    asked = chain_parameters(seller_id=buyer.supplier_id, buyer=buyer, currency=buyer.currency, at=now)
    asked |= {"codes": codes, "until": now + LOOKED_AHEAD, "most": MOST_INSTANTS}
    found: dict[datetime, set[str]] = defaultdict(set)
    for code, at in sql.rows(_INSTANTS, asked):
        found[at].add(code)
    return found


def _first(offer: Offer) -> tuple[int | None, int]:
    """The price of the first step of its unit, and the entry it comes from."""
    ladder = offer.ladders.get(offer.own_unit, ())
    return (ladder[0].amount, ladder[0].entry_id) if ladder else (None, 0)


def _with_cut_offs(found: dict[str, tuple[ComingPrice, int]]) -> dict[str, ComingPrice]:
    ids = sorted({entry for _one, entry in found.values()})
    until: dict[int, datetime | None] = dict(sql.rows(_CUT_OFFS, {"ids": ids})) if found else {}
    return {
        code: ComingPrice(
            one.sku_code,
            one.unit,
            one.at,
            one.before,
            one.amount,
            one.currency,
            until.get(entry) if one.is_raise else None,
        )
        for code, (one, entry) in found.items()
    }

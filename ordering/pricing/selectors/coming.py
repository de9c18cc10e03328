"""What a buyer will pay from a coming day on: prices that are planned already (提价通知)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.db import sql
from core.db.sql import shortened
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import own_unit
from ordering.pricing.selectors.chains import CHAIN, MOST_STEPS, STEPS, chain_parameters
from ordering.pricing.selectors.laid import CHAIN_TOLD, ListSteps, chain_told, lay, sold_by

LOOKED_AHEAD = timedelta(days=60)
MOST_INSTANTS = 3
"""Coming days looked at for each product, its next ones."""


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


_COMING = shortened(f"""
WITH {CHAIN}, goods AS MATERIALIZED (
    SELECT sku.id, sku.code, sku.bottles_per_case, sku.sells_in, instant.at
    FROM catalogue_sku AS sku CROSS JOIN LATERAL (
        SELECT array_agg(next.valid_from) AS days FROM (
            SELECT DISTINCT entry.valid_from FROM pricing_priceentry AS entry
            WHERE entry.price_list_id IN (SELECT source_id FROM chain) AND entry.sku_id = sku.id
              AND entry.valid_from > %(at)s AND entry.valid_from <= %(until)s
            ORDER BY 1 LIMIT %(most)s
        ) AS next
    ) AS planned CROSS JOIN LATERAL unnest(%(at)s::timestamptz || planned.days) AS instant(at)
    WHERE sku.code = ANY(%(codes)s::text[]) AND planned.days IS NOT NULL
)
SELECT code, bottles_per_case, sells_in, at, list_id, depth, unit, entry_id, min_quantity, amount,
       extract(epoch FROM valid_from)::float8,
       (SELECT cut.funded_until FROM pricing_priceentry AS cut WHERE cut.id = entry_id AND goods.at > %(at)s),
       CASE goods.id WHEN (SELECT min(id) FROM goods) THEN {CHAIN_TOLD} END
FROM goods LEFT JOIN LATERAL ({STEPS.replace("%(at)s", "goods.at")}
    ORDER BY position FETCH FIRST (SELECT 1 + {MOST_STEPS} * count(*) FROM lowest WHERE yes) ROWS WITH TIES
) AS step ON true ORDER BY code, at, list_id, unit, min_quantity
""")
"""A row a step of what rules now and at each coming instant, only of products with such an instant."""


@dataclass(slots=True)
class _Then:
    """What lists say of one product at one instant; ``cut_offs`` by entry."""

    bottles: int
    unit: Unit
    steps: dict[int, ListSteps] = field(default_factory=dict)
    cut_offs: dict[int, datetime] = field(default_factory=dict)

    def first(self, *, is_lowest: bool) -> tuple[int | None, int]:
        """The price of the first step of its unit, and the entry it comes from."""
        said = sorted(self.steps.values(), key=lambda one: one.place)
        _list, ladders = sold_by(said if is_lowest else said[:1], self.bottles)
        ladder = ladders.get(self.unit, ())
        return (ladder[0].amount, ladder[0].entry_id) if ladder else (None, 0)


def coming_prices(
    *, actor: Actor, sku_codes: Sequence[str], buyer: TradingDealer | None = None
) -> dict[str, ComingPrice]:
    """The next change of what the actor's house pays, by SKU code; what stays as it is for 60 days is not in it.

    Of the unit it is sold in, from the first step on. One statement for any number of products and days, and one more
    where ``buyer`` is not given. Raises ``NotPermitted``.
    """
    actor.require(Permission.PURCHASE, writes=False)
    if not sku_codes:
        return {}
    now = clock.now()
    buyer = buyer or trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    is_lowest, goods = _said(buyer, list(sku_codes), now)
    found: dict[str, ComingPrice] = {}
    for code, said in goods.items():
        was, _entry = said.pop(now).first(is_lowest=is_lowest)
        for at, then in said.items():
            amount, entry = then.first(is_lowest=is_lowest)
            if amount != was:
                one = ComingPrice(code, then.unit, at, was, amount, buyer.currency, None)
                found[code] = replace(one, funded_until=then.cut_offs.get(entry)) if one.is_raise else one
                break
    return found


def _said(buyer: TradingDealer, codes: list[str], now: datetime) -> tuple[bool, dict[str, dict[datetime, _Then]]]:
    """Whether the lowest price counts, and by product what its lists say now and at its next instants, in order."""
    asked = chain_parameters(seller_id=buyer.supplier_id, buyer=buyer, currency=buyer.currency, at=now)
    rows = sql.rows(_COMING, asked | {"codes": codes, "until": now + LOOKED_AHEAD, "most": MOST_INSTANTS})
    is_lowest, lists = chain_told(next((row[12] for row in rows if row[12] is not None), None))
    goods: dict[str, dict[datetime, _Then]] = {}
    for code, bottles, sells_in, at, *told, cut_off, _chain in rows:
        then = goods.setdefault(code, {}).setdefault(at, _Then(bottles, own_unit(sells_in)))
        if told[0] is not None:
            lay(then.steps, lists, told)
        if cut_off is not None:
            then.cut_offs[told[3]] = cut_off
    return is_lowest, goods

"""What goods cost one buyer: SKU facts and the winning price ladder, for any number of SKUs in one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import sql
from core.db.sql import shortened
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer
from ordering.pricing.rules import (
    FIRST_LIST,
    LOWEST,
    NO_FLOORS,
    Offer,
    ResolvedPrice,
    first_steps,
    price_of,
)
from ordering.pricing.selectors.chains import CHAIN, WINNING_LADDERS, chain_parameters
from ordering.pricing.selectors.laid import CHAIN_TOLD, SINCE, ListSteps, chain_told, floors_by, lay, sold_by

KINDS = ("SALE", "FLOOR")
GOODS = """goods AS (
    SELECT sku.id, sku.code, sku.name, sku.bottles_per_case, sku.status, sku.sells_in, sku.order_multiple,
           sku.product_line_id, line.code AS line_code, sku.aroma
    FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.code = ANY(%(codes)s::text[]) OR sku.id = ANY(%(ids)s::bigint[])
)"""
GOODS_FACTS = "id, code, name, bottles_per_case, status, sells_in, order_multiple, product_line_id, line_code, aroma"
_OFFERS = shortened(f"""
WITH {CHAIN}, {GOODS}, {WINNING_LADDERS}
SELECT {GOODS_FACTS},
       list_id, depth, unit, entry_id, min_quantity, amount,
       {SINCE}, CASE id WHEN (SELECT min(id) FROM goods) THEN {CHAIN_TOLD} END
FROM ladder ORDER BY id, unit, min_quantity
""")
"""A row a step; those of one SKU say of the chain what every other would have to repeat."""


@dataclass(frozen=True, slots=True)
class PriceAsk:
    """The question for one line: ``quantity`` of ``unit``."""

    line_no: int
    sku_id: int
    unit: Unit
    quantity: int


def offers(
    *, seller_id: int, buyer: TradingDealer, codes: Sequence[str], currency: str, at: datetime
) -> dict[str, Offer]:
    """The offer for every SKU code that exists, by code; one statement. A SKU without a price has no ladder."""
    parameters = chain_parameters(seller_id=seller_id, buyer=buyer, currency=currency, at=at, kinds=KINDS)
    return {offer.sku_code: offer for offer in _read({**parameters, "codes": list(codes), "ids": []})}


def resolve(
    *, seller_id: int, buyer: TradingDealer, lines: Sequence[PriceAsk], at: datetime, currency: str
) -> dict[int, ResolvedPrice | DomainError]:
    """The price of every line, or why it has none, by line number; one statement."""
    parameters = chain_parameters(seller_id=seller_id, buyer=buyer, currency=currency, at=at, kinds=KINDS)
    ids = sorted({line.sku_id for line in lines})
    known = {offer.sku_id: offer for offer in _read({**parameters, "codes": [], "ids": ids})}
    answers: dict[int, ResolvedPrice | DomainError] = {}
    for line in lines:
        try:
            answers[line.line_no] = price_of(known[line.sku_id], line.unit, line.quantity)
        except DomainError as fault:
            answers[line.line_no] = fault
    return answers


def _read(parameters: Mapping[str, object]) -> Iterable[Offer]:
    rows = sql.rows(_OFFERS, parameters)
    is_lowest, lists = chain_told(next((row[17] for row in rows if row[17] is not None), None))
    choice = LOWEST if is_lowest else FIRST_LIST
    facts: dict[int, sql.Row] = {}
    found: dict[int, dict[int, ListSteps]] = {}
    for row in rows:
        sku_id = row[0]
        if sku_id not in facts:
            facts[sku_id], found[sku_id] = row, {}
        if row[10] is not None:
            lay(found[sku_id], lists, row[10:17])
    for sku_id, row in facts.items():
        yield _offer(row, choice, found[sku_id].values())


def _offer(row: sql.Row, choice: str, steps: Collection[ListSteps]) -> Offer:
    first, ladders = sold_by(steps, row[3])
    floors = floors_by(steps, row[3])
    red_line = first_steps(floors) if floors else NO_FLOORS
    winner = (first.id, first.code) if first else (None, "")
    return Offer(*(*row[:9], *winner, ladders, row[9], choice, red_line))

"""What goods cost one buyer: SKU facts and the winning price ladder, for any number of SKUs in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import sql
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer
from ordering.pricing.rules import UNITS, Offer, ResolvedPrice, Step, price_of
from ordering.pricing.selectors.chains import CHAIN, WINNING_LADDERS, chain_parameters

_OFFERS = f"""
WITH {CHAIN}, goods AS MATERIALIZED (
    SELECT sku.id, sku.code, sku.name, sku.bottles_per_case, sku.status, sku.sells_in, sku.order_multiple,
           sku.product_line_id, line.code AS line_code
    FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.code = ANY(%(codes)s::text[]) OR sku.id = ANY(%(ids)s::bigint[])
), {WINNING_LADDERS}
SELECT id, code, name, bottles_per_case, status, sells_in, order_multiple, product_line_id, line_code,
       list_id, list_code, unit, entry_id, min_quantity, amount
FROM ladder ORDER BY id, unit, min_quantity
"""


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
    parameters = chain_parameters(seller_id=seller_id, buyer=buyer, currency=currency, at=at)
    return {offer.sku_code: offer for offer in _read({**parameters, "codes": list(codes), "ids": []})}


def resolve(
    *, seller_id: int, buyer: TradingDealer, lines: Sequence[PriceAsk], at: datetime, currency: str
) -> dict[int, ResolvedPrice | DomainError]:
    """The price of every line, or why it has none, by line number; one statement."""
    parameters = chain_parameters(seller_id=seller_id, buyer=buyer, currency=currency, at=at)
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
    facts: dict[int, sql.Row] = {}
    ladders: dict[int, dict[Unit, tuple[Step, ...]]] = {}
    for row in sql.rows(_OFFERS, parameters):
        facts[row[0]] = row
        if row[9] is not None:
            ladder = ladders.setdefault(row[0], {})
            unit = UNITS[row[11]]
            ladder[unit] = (*ladder.get(unit, ()), Step(row[12], row[13], row[14]))
    for sku_id, row in facts.items():
        yield Offer(*(*row[:10], row[10] or "", ladders.get(sku_id, {})))

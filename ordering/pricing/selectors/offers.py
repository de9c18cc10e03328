"""What goods cost one buyer: SKU facts and the winning price ladder, for any number of SKUs in one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db import sql
from core.db.sql import shortened
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer
from ordering.pricing.rules import (
    FIRST_LIST,
    LOWEST,
    NO_FLOORS,
    NO_STEPS,
    UNITS,
    Offer,
    Origin,
    ResolvedPrice,
    Said,
    Stage,
    Step,
    composed,
    first_steps,
    price_of,
)
from ordering.pricing.selectors.chains import CHAIN, WINNING_LADDERS, chain_parameters

KINDS = ("SALE", "FLOOR")
_OFFERS = shortened(f"""
WITH {CHAIN}, goods AS MATERIALIZED (
    SELECT sku.id, sku.code, sku.name, sku.bottles_per_case, sku.status, sku.sells_in, sku.order_multiple,
           sku.product_line_id, line.code AS line_code, sku.aroma
    FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.code = ANY(%(codes)s::text[]) OR sku.id = ANY(%(ids)s::bigint[])
), {WINNING_LADDERS}
SELECT id, code, name, bottles_per_case, status, sells_in, order_multiple, product_line_id, line_code, aroma,
       list_id, depth, unit, entry_id, min_quantity, amount,
       CASE WHEN (SELECT yes FROM lowest) THEN extract(epoch FROM valid_from)::float8 END,
       CASE WHEN row_number() OVER () = 1 THEN (SELECT json_build_array((SELECT yes FROM lowest), json_agg(
           json_build_array(id, code, is_floor, divides_cases, position, depth, origin))) FROM chain) END
FROM ladder ORDER BY id, unit, min_quantity
""")
"""A row a step; one of them says of the chain what every other would have to repeat."""


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


@dataclass(frozen=True, slots=True)
class _List:
    """A list of the chain, by the sources of its prices."""

    id: int
    code: str
    is_floor: bool
    divides_cases: bool
    position: int
    origins: dict[int, Origin | None]


class _Steps:
    """What one list says of one SKU. ``newest``: the latest of its entries, where several lists may price it."""

    __slots__ = ("ladders", "listed", "newest")

    def __init__(self, listed: _List) -> None:
        self.listed = listed
        self.ladders: dict[Unit, tuple[Step, ...]] = {}
        self.newest = 0.0

    @property
    def said(self) -> Said:
        """As the rules know it."""
        return Said(self.ladders, self.listed.divides_cases)

    @property
    def place(self) -> tuple[int, float, int]:
        """Where the list stands in the chain for this SKU."""
        return self.listed.position, -self.newest, -self.listed.id


def _read(parameters: Mapping[str, object]) -> Iterable[Offer]:
    rows = sql.rows(_OFFERS, parameters)
    is_lowest, told = next((row[17] for row in rows if row[17] is not None), (False, ()))
    choice, lists = LOWEST if is_lowest else FIRST_LIST, _lists(told or ())
    facts: dict[int, sql.Row] = {}
    found: dict[int, dict[int, _Steps]] = {}
    for row in rows:
        sku_id = row[0]
        if sku_id not in facts:
            facts[sku_id], found[sku_id] = row, {}
        if row[10] is not None:
            _lay(found[sku_id], lists, row)
    for sku_id, row in facts.items():
        yield _offer(row, choice, found[sku_id].values())


def _lists(told: Iterable[Any]) -> dict[int, _List]:
    found: dict[int, _List] = {}
    for list_id, code, is_floor, divides_cases, position, depth, origin in told:
        listed = found.setdefault(list_id, _List(list_id, code, is_floor, divides_cases, position, {}))
        listed.origins[depth] = origin_of(origin) if origin else None
    return found


def origin_of(told: Sequence[Any]) -> Origin:
    """The origin of a derived price: ``[source, [factor, to, mode] of the first derivation, of the next, …]``."""
    code, *stages = told
    return Origin(code, tuple(Stage(*stage) for stage in stages))


def _lay(steps: dict[int, _Steps], lists: Mapping[int, _List], row: sql.Row) -> None:
    """Lay the step of a row to what its list says of the SKU."""
    list_id, depth, unit_code, entry_id, min_quantity, amount, since = row[10:17]
    one = steps.get(list_id)
    if one is None:
        one = steps[list_id] = _Steps(lists[list_id])
    if since is not None and since > one.newest:
        one.newest = since
    unit, listed = UNITS[unit_code], one.listed
    step = Step(entry_id, min_quantity, amount, list_id, listed.code, listed.origins[depth])
    one.ladders[unit] = (*one.ladders.get(unit, ()), step)


def _offer(row: sql.Row, choice: str, steps: Collection[_Steps]) -> Offer:
    sale = [one for one in steps if not one.listed.is_floor]
    if len(sale) > 1:
        sale.sort(key=lambda one: one.place)
    floors = [one.said for one in steps if one.listed.is_floor]
    first = (sale[0].listed.id, sale[0].listed.code) if sale else (None, "")
    ladders = composed([one.said for one in sale], row[3]) if sale else NO_STEPS
    red_line = first_steps(composed(floors, row[3])) if floors else NO_FLOORS
    return Offer(*(*row[:9], *first, ladders, row[9], choice, red_line))

"""The shelf as one buyer meets it: cards with own price, free stock and facets, never a loop over selectors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.utils.translation import get_language

from core.catalogue.selectors import FOUND, found_parameters
from core.db import scopes, sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer, trading_dealer
from dms.stock.selectors import free_by_sku
from dms.territories.selectors import CoveredLines
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import Ladders, Step
from ordering.pricing.selectors import shelf_statements as statements
from ordering.pricing.selectors.chains import CHAIN, chain_parameters
from ordering.pricing.selectors.coverage import coverage_of
from ordering.pricing.selectors.kept_prices import keep, kept_parameters
from ordering.pricing.selectors.laid import ChainList, ListSteps, chain_told, lay, sold_by

CARDS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ShelfFilters:
    """What the buyer narrowed the shelf to; within a facet any of the values, across facets all of them.

    ``packs`` are ``<volume_ml>x<bottles_per_case>``, ``bands`` words of ``BANDS``. ``is_sellable_only`` leaves out
    goods without a price or grant. ``sort`` is a word of ``SORTS``. Who may not see prices neither narrows nor sorts
    by them.
    """

    text: str = ""
    aromas: tuple[str, ...] = ()
    abv_tenths: tuple[int, ...] = ()
    packs: tuple[str, ...] = ()
    product_lines: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    sort: str = ""
    sku_codes: tuple[str, ...] = ()
    is_sellable_only: bool = False


@dataclass(frozen=True, slots=True)
class ShelfStep:
    """From ``min_quantity`` of ``unit`` on, one costs ``amount`` minor units."""

    unit: str
    min_quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class ShelfCard:
    """One SKU with the buyer's own price: of one ``unit`` from the ladder's first step.

    ``is_priced``: there is a price. Where the seat may not see it, ``price`` is None all the same, the ladder empty.
    """

    sku_id: int
    sku_code: str
    name: str
    name_en: str
    spu_code: str
    product_line: str
    product_line_name: str
    product_line_name_en: str
    aroma: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    age_code: str
    edition: str
    packaging: str
    picture_file_id: UUID | None
    sells_in: str
    order_multiple: int
    unit: str
    price: int | None
    currency: str
    ladder: tuple[ShelfStep, ...]
    price_list: str
    free_bottles: int
    is_granted: bool
    is_priced: bool

    @property
    def is_sellable(self) -> bool:
        """Whether the buyer may order it at all (stock apart)."""
        return self.is_priced and self.is_granted


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many cards choosing it would show, under the other facets' choices."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page of cards; facets by name: aroma, abv, pack, line, band (the last only for who may see prices).

    ``is_near``: nothing matched the words, these are what may have been meant. ``buyer``: for whom it was asked.
    """

    cards: tuple[ShelfCard, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    total: int
    page: int
    page_count: int
    currency: str
    buyer: TradingDealer
    is_near: bool = False


def shelf_page(*, actor: Actor, filters: ShelfFilters, page: int = 1, with_facets: bool = True) -> ShelfPage:
    """The shelf for the actor's own dealer; four statements for any number of cards. A page past the end is the last.

    Counting by facet is half its cost: programs leave it out (``facets`` then hold nothing).

    Raises ``Missing`` for an actor without a supplier (the brand's own staff buys from nobody).
    """
    actor.require(Permission.READ, writes=False)
    now = clock.now()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    covered = coverage_of(buyer, region_code=buyer.region_code, day=clock.business_day(now))
    head, parameters = _question(actor, buyer, covered, filters, now, with_facets=with_facets)
    parameters |= {"limit": CARDS_A_PAGE, "page": max(page, 1)}
    chosen = {facet for facet, values in _choices(actor, filters).items() if values}
    statement = statements.shelf(
        _sort(actor, filters),
        chosen=chosen,
        with_facets=with_facets,
        is_found="words" in parameters,
        is_keeping="kept_stamp" in parameters,
        in_english=_is_in_english(),
    )
    counts, cards = _read(actor, buyer, covered, head + statement, parameters)
    total, near = (next(row[3] for row in counts if row[0] == facet) for facet in ("total", "near"))
    page_count = max(1, ceil(total / CARDS_A_PAGE))
    facets = _facets(counts, _choices(actor, filters)) if with_facets else {}
    at = min(max(page, 1), page_count)
    return ShelfPage(cards, facets, total, at, page_count, buyer.currency, buyer, is_near=near > 0)


def shelf_card(*, actor: Actor, sku_code: str) -> ShelfCard:
    """One card by SKU code. Raises ``Missing`` when it is not on the shelf."""
    cards = shelf_cards(actor=actor, sku_codes=(sku_code,))
    if not cards:
        raise Missing
    return cards[0]


def shelf_cards(*, actor: Actor, sku_codes: Sequence[str], buyer: TradingDealer | None = None) -> tuple[ShelfCard, ...]:
    """The cards of ``sku_codes`` that are on the shelf, in shelf order; four statements, three where the ``buyer``
    is read already.
    """
    actor.require(Permission.READ, writes=False)
    if not sku_codes:
        return ()
    now = clock.now()
    buyer = buyer or trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    covered = coverage_of(buyer, region_code=buyer.region_code, day=clock.business_day(now))
    head, parameters = _question(actor, buyer, covered, ShelfFilters(sku_codes=tuple(sku_codes)), now)
    parameters |= {"limit": len(sku_codes), "page": 1}
    return _read(actor, buyer, covered, head + statements.shelf("", with_facets=False), parameters)[1]


def _sort(actor: Actor, filters: ShelfFilters) -> str:
    sort = filters.sort if filters.sort in statements.SORTS else ""
    return "" if sort in statements.BY_PRICE and not actor.can(Permission.PURCHASE) else sort


def _question(
    actor: Actor,
    buyer: TradingDealer,
    covered: CoveredLines,
    filters: ShelfFilters,
    now: datetime,
    *,
    with_facets: bool = False,
) -> tuple[str, dict[str, object]]:
    """``WITH chain, fits, offered`` and its parameters; only the conditions that are asked for stand in it."""
    parameters = chain_parameters(seller_id=buyer.supplier_id, buyer=buyer, currency=buyer.currency, at=now)
    parameters |= {
        "aromas": list(filters.aromas),
        "abv": list(filters.abv_tenths),
        "packs": list(filters.packs),
        "lines": list(filters.product_lines),
        "bands": list(filters.bands),
        "codes": list(filters.sku_codes),
        "covered": sorted(covered.line_ids),
        "reserved": sorted(covered.reserved_ids),
        "covered_skus": sorted(covered.sku_ids),
        "reserved_skus": sorted(covered.reserved_sku_ids),
        **scopes.parameters(actor),
    }
    lines = actor.scope.product_lines
    words = found_parameters(filters.text, any_status=False, line_codes=lines, is_buyer=True)
    parameters |= words or {}
    sort = _sort(actor, filters)
    sees_prices = actor.can(Permission.PURCHASE)
    with_prices = sees_prices and (with_facets or bool(filters.bands) or sort in statements.BY_PRICE)
    is_light = not (words or with_facets or with_prices or filters.is_sellable_only)
    fits = statements.fitting(
        conditions=_conditions(actor, covered, filters, has_words=bool(words)),
        is_found=bool(words),
        is_light=is_light,
        sort=sort,
        in_english=_is_in_english(),
    )
    is_few = bool(words or filters.sku_codes)
    if with_prices and not is_few:
        parameters |= kept_parameters(parameters)
    offered = statements.offered(with_prices=with_prices, is_few=is_few, is_light=is_light, sort=sort)
    return f"WITH {CHAIN}, {f'{FOUND}, ' if words else ''}{fits}, {offered}", parameters


def _is_in_english() -> bool:
    return (get_language() or "").startswith("en")


def _choices(actor: Actor, filters: ShelfFilters) -> dict[str, tuple[str, ...]]:
    """What is chosen of each facet; bands are one only for who sees prices."""
    chosen = {
        "aroma": filters.aromas,
        "abv": tuple(str(abv) for abv in filters.abv_tenths),
        "pack": filters.packs,
        "line": filters.product_lines,
    }
    return chosen | {"band": filters.bands} if actor.can(Permission.PURCHASE) else chosen


def _conditions(actor: Actor, covered: CoveredLines, filters: ShelfFilters, *, has_words: bool) -> str:
    conditions = ""
    if filters.text.strip() and not has_words:  # signs alone name nothing; showing everything would look like a hit
        conditions += " AND false"
    if actor.scope.product_lines:
        conditions += statements.WITHIN_LINES
    if filters.sku_codes:
        conditions += " AND sku.code = ANY(%(codes)s::text[])"
    if filters.is_sellable_only:
        conditions += statements.SELLABLE + ("" if covered.all_lines else statements.COVERED)
    return conditions


def _read(
    actor: Actor, buyer: TradingDealer, covered: CoveredLines, statement: str, parameters: dict[str, object]
) -> tuple[Sequence[sql.Row], tuple[ShelfCard, ...]]:
    """What was counted, and the cards of the page."""
    rows = sql.rows(statement, parameters)
    found = [row[4:] for row in rows if row[3] is not None]
    keep(parameters, rows[0][2])
    free = free_by_sku(seller_id=buyer.supplier_id, sku_ids=[row[0] for row in found])
    _is_lowest, lists = chain_told(rows[0][1])
    return rows[0][0], tuple(_card(actor, buyer, covered, lists, row, free[row[0]]) for row in found)


def _card(
    actor: Actor,
    buyer: TradingDealer,
    covered: CoveredLines,
    lists: Mapping[int, ChainList],
    row: sql.Row,
    free_bottles: int,
) -> ShelfCard:
    *facts, line_id, told = row
    steps: dict[int, ListSteps] = {}
    for step in told or ():
        lay(steps, lists, step)
    first, ladders = sold_by(steps.values(), facts[11])
    ladder = tuple(_shown(ladders))
    sells_in = facts[16]
    unit = "BOTTLE" if sells_in == "BOTTLE" else "CASE"
    price = next((step.amount for step in ladder if step.unit == unit), None)
    if price is None and sells_in == "BOTH":
        unit, price = "BOTTLE", next((step.amount for step in ladder if step.unit == "BOTTLE"), None)
    is_blind = not actor.can(Permission.PURCHASE)
    own = (None, buyer.currency, (), "") if is_blind else (price, buyer.currency, ladder, first.code if first else "")
    words = (unit, *own, free_bottles, covered.covers(line_id, facts[0]), price is not None)
    return ShelfCard(*(*facts, *words))


def _shown(ladders: Ladders) -> Iterator[ShelfStep]:
    """Cases first, by quantity; a step that only names another list at the same price is none to show."""
    for unit in (Unit.CASE, Unit.BOTTLE):
        before: Step | None = None
        for step in ladders.get(unit, ()):
            if before is None or step.list_id == before.list_id or step.amount != before.amount:
                yield ShelfStep(unit.value, step.min_quantity, step.amount)
            before = step


def _facets(counts: Sequence[sql.Row], chosen: dict[str, tuple[str, ...]]) -> dict[str, tuple[FacetValue, ...]]:
    """What was counted and what is chosen, also where nothing is left of it."""
    found: dict[str, tuple[FacetValue, ...]] = {}
    for name, values in chosen.items():
        rows = {value: (label, count) for facet, value, label, count in counts if facet == name}
        usual = [word for word, _end in statements.BANDS] if name == "band" else list(rows)
        told = [FacetValue(one, *rows.get(one, ("", 0)), one in values) for one in dict.fromkeys((*usual, *values))]
        found[name] = tuple(sorted(told, key=_PLACES[name]))
    return found


def _volume_and_pack(one: FacetValue) -> tuple[int, ...]:
    return tuple(int(part) for part in one.value.split("x") if part.isdigit())


_BAND_PLACES = {word: place for place, (word, _end) in enumerate(statements.BANDS)}
_PLACES: dict[str, Callable[[FacetValue], tuple[int | str, ...]]] = {
    "aroma": lambda one: (-one.count, one.value),
    "abv": lambda one: (int(one.value),),
    "pack": _volume_and_pack,
    "line": lambda one: (-one.count, one.value),
    "band": lambda one: (_BAND_PLACES.get(one.value, len(_BAND_PLACES)),),
}
"""Figures by size, words by how many they have."""

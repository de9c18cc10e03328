"""The shelf as one buyer meets it: cards with own price, free stock and facets, never a loop over selectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from core.catalogue.selectors import FOUND, found_parameters
from core.db import scopes, sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.selectors import TradingDealer, trading_dealer
from dms.stock.selectors import free_by_sku
from dms.territories.selectors import CoveredLines
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.chains import CHAIN, WINNING_LADDERS, chain_parameters
from ordering.pricing.selectors.coverage import coverage_of

CARDS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ShelfFilters:
    """What the buyer narrowed the shelf to; within a facet any of the values, across facets all of them.

    ``packs`` are ``<volume_ml>x<bottles_per_case>``. ``is_sellable_only`` leaves out goods without a price or grant.
    """

    text: str = ""
    aromas: tuple[str, ...] = ()
    abv_tenths: tuple[int, ...] = ()
    packs: tuple[str, ...] = ()
    product_lines: tuple[str, ...] = ()
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
    """One page of cards; facets by name: aroma, abv, pack, line."""

    cards: tuple[ShelfCard, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    total: int
    page: int
    page_count: int
    currency: str


_FITS = """
    SELECT sku.id, sku.rank, {likeness} AS likeness, sku.aroma, sku.abv_tenths,
           sku.volume_ml || 'x' || sku.bottles_per_case AS pack,
           line.code AS line, line.name AS line_name,
           coalesce(sku.aroma = ANY(%(aromas)s::text[]), true) AS in_aroma,
           coalesce(sku.abv_tenths = ANY(%(abv)s::int[]), true) AS in_abv,
           coalesce(sku.volume_ml || 'x' || sku.bottles_per_case = ANY(%(packs)s::text[]), true) AS in_pack,
           coalesce(line.code = ANY(%(lines)s::text[]), true) AS in_line
    FROM {found} catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.status = 'ON' {of_found}"""
_ALL_FIT = _FITS.format(likeness="1.0", found="", of_found="")
_FOUND_FIT = _FITS.format(likeness="found.likeness", found="found,", of_found="AND found.id = sku.id")
_FACETS = """
SELECT 'total', '', '', count(*) FROM fits WHERE in_aroma AND in_abv AND in_pack AND in_line
UNION ALL SELECT 'aroma', aroma, '', count(*) FROM fits WHERE in_abv AND in_pack AND in_line GROUP BY 2
UNION ALL SELECT 'abv', abv_tenths::text, '', count(*) FROM fits WHERE in_aroma AND in_pack AND in_line GROUP BY 2
UNION ALL SELECT 'pack', pack, '', count(*) FROM fits WHERE in_aroma AND in_abv AND in_line GROUP BY 2
UNION ALL SELECT 'line', line, line_name, count(*) FROM fits WHERE in_aroma AND in_abv AND in_pack GROUP BY 2, 3
"""
_TOTAL = """
SELECT 'total', '', '', count(*) FROM fits WHERE in_aroma AND in_abv AND in_pack AND in_line
"""
_CARDS = f"""
, goods AS MATERIALIZED (
    SELECT id, rank, likeness FROM fits WHERE in_aroma AND in_abv AND in_pack AND in_line
    ORDER BY likeness DESC, rank, id LIMIT %(limit)s OFFSET %(offset)s
), {WINNING_LADDERS}, priced AS MATERIALIZED (
    SELECT id, rank, likeness, min(list_code) AS list_code,
           json_agg(json_build_array(unit, min_quantity, amount) ORDER BY unit DESC, min_quantity)
               FILTER (WHERE list_id IS NOT NULL) AS steps
    FROM ladder GROUP BY id, rank, likeness
)
SELECT sku.id, sku.code, sku.name, sku.name_en, spu.code, line.code, line.name, sku.aroma, sku.abv_tenths,
       sku.volume_ml, sku.bottles_per_case, sku.age_code, sku.edition, spu.packaging, sku.picture_file_id, sku.sells_in,
       sku.order_multiple, sku.product_line_id, priced.list_code, priced.steps
FROM priced JOIN catalogue_sku AS sku ON sku.id = priced.id
JOIN catalogue_spu AS spu ON spu.id = sku.spu_id JOIN catalogue_productline AS line ON line.id = sku.product_line_id
ORDER BY priced.likeness DESC, priced.rank, priced.id
"""
_SELLABLE = """
      AND sku.product_line_id <> ALL(%(reserved)s::bigint[]) AND sku.id <> ALL(%(reserved_skus)s::bigint[])
      AND EXISTS (SELECT FROM chain CROSS JOIN LATERAL (
              SELECT DISTINCT ON (unit, min_quantity) amount FROM pricing_priceentry
              WHERE price_list_id = chain.id AND sku_id = sku.id AND valid_from <= %(at)s
              ORDER BY unit, min_quantity, valid_from DESC
          ) AS ruling WHERE ruling.amount IS NOT NULL)"""
"""A price that was ended rules no more: its last entry holds no amount."""
_COVERED = """
      AND (sku.product_line_id = ANY(%(covered)s::bigint[]) OR sku.id = ANY(%(covered_skus)s::bigint[]))"""


def shelf_page(*, actor: Actor, filters: ShelfFilters, page: int = 1, with_facets: bool = True) -> ShelfPage:
    """The shelf for the actor's own dealer; five statements for any number of cards. A page past the end is the last.

    Counting by facet is half its cost: programs leave it out (``facets`` then hold nothing).

    Raises ``Missing`` for an actor without a supplier (the brand's own staff buys from nobody).
    """
    actor.require(Permission.READ, writes=False)
    now = clock.now()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    covered = coverage_of(buyer, region_code=buyer.region_code, day=clock.business_day(now))
    head, parameters = _question(actor, buyer, covered, filters, now)
    counts = sql.rows(head + (_FACETS if with_facets else _TOTAL), parameters)
    total = next(count for facet, _, _, count in counts if facet == "total")
    page_count = max(1, ceil(total / CARDS_A_PAGE))
    page = min(max(page, 1), page_count)
    slice_asked = {"limit": CARDS_A_PAGE, "offset": (page - 1) * CARDS_A_PAGE}
    cards = _cards(actor, buyer, covered, head, {**parameters, **slice_asked})
    return ShelfPage(cards, _facets(counts, filters), total, page, page_count, buyer.currency)


def shelf_card(*, actor: Actor, sku_code: str) -> ShelfCard:
    """One card by SKU code. Raises ``Missing`` when it is not on the shelf."""
    cards = shelf_cards(actor=actor, sku_codes=(sku_code,))
    if not cards:
        raise Missing
    return cards[0]


def shelf_cards(*, actor: Actor, sku_codes: Sequence[str]) -> tuple[ShelfCard, ...]:
    """The cards of ``sku_codes`` that are on the shelf, in shelf order; four statements."""
    actor.require(Permission.READ, writes=False)
    now = clock.now()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    covered = coverage_of(buyer, region_code=buyer.region_code, day=clock.business_day(now))
    head, parameters = _question(actor, buyer, covered, ShelfFilters(sku_codes=tuple(sku_codes)), now)
    return _cards(actor, buyer, covered, head, {**parameters, "limit": len(sku_codes), "offset": 0})


def _question(
    actor: Actor, buyer: TradingDealer, covered: CoveredLines, filters: ShelfFilters, now: datetime
) -> tuple[str, dict[str, object]]:
    """``WITH chain, fits`` and its parameters; only the conditions that are asked for stand in it."""
    parameters = chain_parameters(seller_id=buyer.supplier_id, buyer=buyer, currency=buyer.currency, at=now)
    parameters |= {
        "aromas": list(filters.aromas) or None,
        "abv": list(filters.abv_tenths) or None,
        "packs": list(filters.packs) or None,
        "lines": list(filters.product_lines) or None,
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
    conditions = _FOUND_FIT if words else _ALL_FIT
    if filters.text.strip() and not words:  # signs alone name nothing; showing everything would look like a hit
        conditions += " AND false"
    if actor.scope.product_lines:
        conditions += f" AND {scopes.line_condition('line.code')}"
    if filters.sku_codes:
        conditions += " AND sku.code = ANY(%(codes)s::text[])"
    if filters.is_sellable_only:
        conditions += _SELLABLE + ("" if covered.all_lines else _COVERED)
    found = f"{FOUND}, " if words else ""
    return f"WITH {CHAIN}, {found}fits AS ({conditions})", parameters


def _cards(
    actor: Actor, buyer: TradingDealer, covered: CoveredLines, head: str, parameters: dict[str, object]
) -> tuple[ShelfCard, ...]:
    rows = sql.rows(head + _CARDS, parameters)
    free = free_by_sku(seller_id=buyer.supplier_id, sku_ids=[row[0] for row in rows])
    is_blind = not actor.can(Permission.PURCHASE)
    cards = []
    for *facts, line_id, list_code, steps in rows:
        ladder = tuple(ShelfStep(*step) for step in steps or ())
        sells_in = facts[15]
        unit = "BOTTLE" if sells_in == "BOTTLE" else "CASE"
        price = next((step.amount for step in ladder if step.unit == unit), None)
        if price is None and sells_in == "BOTH":
            unit, price = "BOTTLE", next((step.amount for step in ladder if step.unit == "BOTTLE"), None)
        own = (None, buyer.currency, (), "") if is_blind else (price, buyer.currency, ladder, list_code or "")
        words = (unit, *own, free[facts[0]], covered.covers(line_id, facts[0]), price is not None)
        cards.append(ShelfCard(*(*facts, *words)))
    return tuple(cards)


def _facets(counts: Sequence[sql.Row], filters: ShelfFilters) -> dict[str, tuple[FacetValue, ...]]:
    chosen = {
        "aroma": set(filters.aromas),
        "abv": {str(abv) for abv in filters.abv_tenths},
        "pack": set(filters.packs),
        "line": set(filters.product_lines),
    }
    return {
        name: tuple(
            FacetValue(value, label, count, value in values)
            for facet, value, label, count in sorted(counts, key=lambda row: (-row[3], row[1]))
            if facet == name
        )
        for name, values in chosen.items()
    }

"""SKU × list: what a seller's lists say, as a matrix, block by block."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.catalogue.rules.search import query_terms
from core.db import scopes, sql
from core.db.naming import called
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.pricing.derivation import Derivation, derived_ladder, divided
from ordering.pricing.inversion import Place, inverts, is_above, place_of
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.floors import floors_of_lists
from ordering.pricing.selectors.lists import lists_visible_to

MOST_ROWS = 500
"""Rows of one block."""
_KINDS = ("FLOOR", "SALE", "GUIDE")
_SCOPES = ("NATIONAL", "TIER", "GROUP", "DEALER")
_TIERS = ("", "PROVINCIAL", "CITY", "COUNTY", "TERMINAL")


@dataclass(frozen=True, slots=True)
class Step:
    """From ``min_quantity`` of ``unit`` on: with a list it makes one column."""

    unit: str
    min_quantity: int


@dataclass(frozen=True, slots=True)
class MatrixList:
    """One list. ``place``: where in the channel it is paid; ``is_editable``: the seat answers for all of it.

    ``derivations``: from which list it is derived, from which that one is, and so on.
    """

    id: int
    code: str
    name: str
    kind: str
    scope: str
    tier: str
    region_code: str
    channel: str
    dealer_name: str
    group_name: str
    currency: str
    version: int
    is_active: bool
    is_editable: bool
    place: Place | None
    divides_cases: bool
    parent_name: str
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What one key of a list costs at the instant asked for, and what is scheduled next (None: nothing).

    ``is_derived``: the list has no entry of its own for the SKU, or divides its case by the bottles in it.
    """

    unit: str
    min_quantity: int
    amount: int | None
    valid_from: datetime | None
    next_amount: int | None
    next_from: datetime | None
    is_derived: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One SKU; ``cells`` by list id, each the list's keys: cases first, then by quantity."""

    sku_id: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    sells_in: str
    status: str
    cells: dict[int, tuple[MatrixCell, ...]] = field(default_factory=dict)

    def cell(self, list_id: int, step: Step) -> MatrixCell | None:
        """What the list says of the step; None: nothing."""
        found = (one for one in self.cells.get(list_id, ()) if (one.unit, one.min_quantity) == _key(step))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which SKUs: words, the code of a product line, or just these codes (None: no matter)."""

    text: str = ""
    line: str = ""
    codes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of the matrix from ``offset`` on; ``total``: how many rows fit.

    ``floors``: what a price may not fall below, by list, SKU and unit. ``codes``: of all rows with the mark that was
    asked for, so that the next ones are asked for by name.
    """

    rows: tuple[MatrixRow, ...]
    total: int
    offset: int
    floors: Mapping[tuple[int, int, str], int] = field(default_factory=dict)
    codes: tuple[str, ...] = ()


_ROWS = f"""
SELECT sku.id, sku.code, sku.name, sku.name_en, abv_tenths, volume_ml, bottles_per_case, sells_in, status,
       count(*) OVER ()
FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE (%(words)s = '' OR search @@ %(words)s::tsquery)
  AND (%(line)s = '' OR line.code = %(line)s)
  AND (%(codes)s::text[] IS NULL OR sku.code = ANY(%(codes)s::text[]))
ORDER BY status = 'DRAFT', rank, sku.id LIMIT %(limit)s OFFSET %(offset)s
"""
_CELLS = """
SELECT sku_id, price_list_id, unit, min_quantity,
       (array_agg(amount ORDER BY valid_from DESC) FILTER (WHERE valid_from <= %(at)s))[1],
       max(valid_from) FILTER (WHERE valid_from <= %(at)s),
       (array_agg(amount ORDER BY valid_from) FILTER (WHERE valid_from > %(at)s))[1],
       min(valid_from) FILTER (WHERE valid_from > %(at)s)
FROM pricing_priceentry
WHERE price_list_id = ANY(%(lists)s::bigint[]) AND sku_id = ANY(%(skus)s::bigint[])
GROUP BY sku_id, price_list_id, unit, min_quantity
ORDER BY sku_id, price_list_id, unit DESC, min_quantity
"""
_OWN = """
SELECT DISTINCT ON (entry.price_list_id, sku.code, unit, min_quantity)
       entry.price_list_id, sku.code, unit, min_quantity, amount
FROM pricing_priceentry AS entry JOIN catalogue_sku AS sku ON sku.id = entry.sku_id
WHERE entry.price_list_id = ANY(%(lists)s::bigint[]) AND sku.code = ANY(%(codes)s::text[]) AND valid_from <= %(at)s
ORDER BY entry.price_list_id, sku.code, unit, min_quantity, valid_from DESC
"""
_STEPS = """
SELECT DISTINCT unit, min_quantity FROM pricing_priceentry WHERE price_list_id = ANY(%(lists)s::bigint[])
UNION SELECT 'CASE', 1 UNION SELECT 'BOTTLE', 1 WHERE EXISTS (SELECT FROM catalogue_sku WHERE sells_in <> 'CASE')
"""


def matrix_lists(actor: Actor, *, with_inactive: bool = False) -> list[MatrixList]:
    """Every list of the seller the seat may see: floors, sale prices for all, by tier, group, dealer; guide prices."""
    found = lists_visible_to(actor).select_related("dealer", "price_group", "parent__parent__parent")
    rows = found if with_inactive else found.filter(is_active=True)
    return [_listed(actor, row) for row in sorted(rows, key=_place_in_line)]


def steps_of(lists: Collection[MatrixList]) -> list[Step]:
    """Every step these lists have a price for, one case, and one bottle where any is sold so: cases first."""
    found = sql.rows(_STEPS, {"lists": [one.id for one in lists]})
    return sorted((Step(*row) for row in found), key=lambda one: (one.unit != Unit.CASE, one.min_quantity))


def matrix_block(
    *,
    actor: Actor,
    lists: Sequence[MatrixList],
    asked: RowFilter,
    at: datetime | None = None,
    offset: int = 0,
    limit: int = MOST_ROWS,
) -> Block:
    """Rows from ``offset`` on with what ``lists`` say of them at an instant (now), and the floors under it.

    The same statements for any size: two, and those of ``floors_of_lists``.
    """
    actor.require(Permission.READ, writes=False)
    rows, total = _rows(actor, asked, offset=max(offset, 0), limit=min(max(limit, 0), MOST_ROWS))
    _fill(rows, lists, at)
    return Block(tuple(rows), total, max(offset, 0), _floors(rows, lists, at))


class Mark(StrEnum):
    """What rows may be narrowed to: a tier pays as much as the one under it (倒挂), or a price is below its floor."""

    INVERTED = "inverted"
    FLOOR = "floor"


def marked_block(
    *,
    mark: Mark,
    actor: Actor,
    lists: Sequence[MatrixList],
    steps: Sequence[Step],
    asked: RowFilter,
    at: datetime | None = None,
    offset: int = 0,
    limit: int = MOST_ROWS,
) -> Block:
    """As ``matrix_block``, but only rows with a cell of ``lists`` and ``steps`` that has the mark."""
    actor.require(Permission.READ, writes=False)
    rows, _total = _rows(actor, asked, offset=0, limit=None)
    _fill(rows, lists, at)
    pairs, floors = above_one_another(lists), _floors(rows, lists, at)
    if mark is Mark.INVERTED:
        found = [row for row in rows if any(_inverts(row, *pair, step) for pair in pairs for step in steps)]
    else:
        found = [row for row in rows if any(_is_below(row, one, step, floors) for one in lists for step in steps)]
    first = max(offset, 0)
    codes = tuple(row.sku_code for row in found)
    return Block(tuple(found[first : first + min(limit, MOST_ROWS)]), len(found), first, floors, codes)


def above_one_another(lists: Sequence[MatrixList]) -> list[tuple[MatrixList, MatrixList]]:
    """Which lists are paid by somebody who may sell on to whoever pays which other one."""
    placed = [(one, one.place) for one in lists if one.place is not None]
    return [
        (one, other)
        for one, higher in placed
        for other, lower in placed
        if one.currency == other.currency and is_above(higher, lower)
    ]


def _inverts(row: MatrixRow, higher: MatrixList, lower: MatrixList, step: Step) -> bool:
    paid, sold = row.cell(higher.id, step), row.cell(lower.id, step)
    return paid is not None and sold is not None and inverts(paid.amount, sold.amount)


def _is_below(row: MatrixRow, one: MatrixList, step: Step, floors: Mapping[tuple[int, int, str], int]) -> bool:
    known, floor = row.cell(one.id, step), floors.get((one.id, row.sku_id, step.unit))
    return floor is not None and known is not None and known.amount is not None and known.amount < floor


def _floors(
    rows: Sequence[MatrixRow], lists: Sequence[MatrixList], at: datetime | None
) -> dict[tuple[int, int, str], int]:
    ids, skus = [one.id for one in lists], [row.sku_id for row in rows]
    return floors_of_lists(list_ids=ids, sku_ids=skus, at=at or clock.now())


def own_amounts(
    lists: Collection[MatrixList], sku_codes: Collection[str], *, at: datetime | None = None
) -> dict[tuple[str, str, Step], int | None]:
    """By list, SKU and step: what the list itself says at an instant (now). One statement, read after the lists."""
    codes = {one.id: one.code for one in lists}
    wanted = {"lists": list(codes), "codes": sorted(sku_codes), "at": at or clock.now()}
    return {
        (codes[list_id], sku_code, Step(unit, quantity)): amount
        for list_id, sku_code, unit, quantity, amount in sql.rows(_OWN, wanted)
    }


def _rows(actor: Actor, asked: RowFilter, *, offset: int, limit: int | None) -> tuple[list[MatrixRow], int]:
    parameters = {
        "words": query_terms(asked.text).tsquery,
        "line": asked.line,
        "codes": None if asked.codes is None else list(asked.codes),
        "limit": limit,
        "offset": offset,
        **scopes.parameters(actor),
    }
    found = sql.rows(_ROWS, parameters)
    return [MatrixRow(*facts) for *facts, _ in found], found[0][-1] if found else 0


def _fill(rows: Sequence[MatrixRow], lists: Sequence[MatrixList], at: datetime | None) -> None:
    by_id = {row.sku_id: row for row in rows}
    ids = {one.id for one in lists} | {by.parent_id for one in lists for by in one.derivations}
    wanted = {"lists": sorted(ids), "skus": list(by_id), "at": at or clock.now()}
    for sku_id, list_id, *facts in sql.rows(_CELLS, wanted):
        cell = MatrixCell(*facts)
        if cell.amount is not None or cell.next_from is not None:
            cells = by_id[sku_id].cells
            cells[list_id] = (*cells.get(list_id, ()), cell)
    derived = [one for one in lists if one.derivations or one.divides_cases]
    for row in rows if derived else ():
        row.cells.update({one.id: _said(row, one) for one in derived})


def _said(row: MatrixRow, one: MatrixList) -> tuple[MatrixCell, ...]:
    """The list's own prices of the SKU and those it derives or divides."""
    said = _ladder(row, one.id, one.derivations)
    if one.divides_cases and not any(unit == Unit.BOTTLE for unit, _quantity in said):
        said |= divided(said, row.bottles_per_case)
    cells = {(cell.unit, cell.min_quantity): cell for cell in row.cells.get(one.id, ())}
    found = {key: MatrixCell(*key, amount, None, None, None, True) for key, amount in said.items()}
    return tuple(
        (found | {key: cell for key, cell in cells.items() if cell.amount is not None or key not in found}).values()
    )


def _ladder(row: MatrixRow, list_id: int, derivations: tuple[Derivation, ...]) -> dict[tuple[str, int], int]:
    """A list's own prices of the SKU are its whole ladder; without any it charges its parent's by the factor."""
    own = {
        (cell.unit, cell.min_quantity): cell.amount
        for cell in row.cells.get(list_id, ())
        if cell.amount is not None and not cell.is_derived
    }
    if own or not derivations:
        return own
    return derived_ladder(_ladder(row, derivations[0].parent_id, derivations[1:]), derivations[0])


def _key(step: Step) -> tuple[str, int]:
    return step.unit, step.min_quantity


def _place_in_line(row: PriceList) -> tuple[int, int, int, str, str]:
    kind, scope = _KINDS.index(row.kind), _SCOPES.index(row.scope)
    return kind, scope, _TIERS.index(row.tier), row.region_code.replace("CN", ""), row.code


def _listed(actor: Actor, row: PriceList) -> MatrixList:
    payer = row.dealer.tier if row.dealer else row.tier
    region_code = row.dealer.region_code if row.dealer else row.region_code
    return MatrixList(
        id=row.pk,
        code=row.code,
        name=called(row),
        kind=row.kind,
        scope=row.scope,
        tier=row.tier,
        region_code=row.region_code,
        channel=row.channel,
        dealer_name=row.dealer.name if row.dealer else "",
        group_name=row.price_group.name if row.price_group else "",
        currency=row.currency,
        version=row.version,
        is_active=row.is_active,
        is_editable=may_change(actor, row),
        place=place_of(kind=row.kind, tier=payer, region_code=region_code, channel=row.channel),
        divides_cases=row.divides_cases,
        parent_name=called(row.parent) if row.parent else "",
        derivations=tuple(_derivations(row)),
    )


def _derivations(row: PriceList) -> Iterator[Derivation]:
    while row.parent is not None:
        yield Derivation(row.parent.pk, row.factor_ppm, row.round_to, row.round_mode)
        row = row.parent


def may_change(actor: Actor, row: PriceList) -> bool:
    """Whoever answers for everybody the list rules for (``set_prices`` has the last word)."""
    if not actor.can(Permission.EDIT):
        return False
    if row.dealer:
        return actor.scope.covers_dealer(path=row.dealer.path, region_code=row.dealer.region_code)
    return not actor.scope.subtree and actor.scope.covers_region(row.region_code)

"""What a seller's lists say: the grid of the console, one price as of an instant, the history of a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db.models import Q, QuerySet

from core.catalogue.rules.search import query_terms
from core.db import scopes, sql
from core.db.naming import called
from core.db.scopes import dealers_within, lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.permissions import Permission

ROWS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class GridList:
    """One column of the grid."""

    code: str
    name: str
    scope: str
    tier: str
    region_code: str
    dealer_name: str
    currency: str
    version: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class GridCell:
    """What one key of a list costs at the instant asked for, and what is scheduled next (None: nothing)."""

    unit: str
    min_quantity: int
    amount: int | None
    valid_from: datetime | None
    next_amount: int | None
    next_from: datetime | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One SKU; ``cells`` by list code, each the list's keys by unit and quantity."""

    sku_code: str
    sku_name: str
    sku_name_en: str
    bottles_per_case: int
    sells_in: str
    status: str
    cells: dict[str, tuple[GridCell, ...]]


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """Lists × SKUs of one seller."""

    lists: tuple[GridList, ...]
    rows: tuple[GridRow, ...]
    total: int
    page: int
    page_count: int


_SKUS = f"""
SELECT sku.id, sku.code, sku.name, sku.name_en, bottles_per_case, sells_in, status, count(*) OVER ()
FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE (%(words)s = '' OR search @@ %(words)s::tsquery)
  AND (%(line)s = '' OR line.code = %(line)s)
ORDER BY status = 'DRAFT', rank, sku.id LIMIT %(limit)s OFFSET %(offset)s
"""
_CELLS = """
WITH keys AS (
    SELECT DISTINCT price_list_id, sku_id, unit, min_quantity FROM pricing_priceentry
    WHERE price_list_id = ANY(%(lists)s::bigint[]) AND sku_id = ANY(%(skus)s::bigint[])
)
SELECT list.code, keys.sku_id, keys.unit, keys.min_quantity, now.amount, now.valid_from, next.amount, next.valid_from
FROM keys JOIN pricing_pricelist AS list ON list.id = keys.price_list_id
LEFT JOIN LATERAL (
    SELECT amount, valid_from FROM pricing_priceentry AS entry
    WHERE entry.price_list_id = keys.price_list_id AND entry.sku_id = keys.sku_id AND entry.unit = keys.unit
      AND entry.min_quantity = keys.min_quantity AND entry.valid_from <= %(at)s
    ORDER BY entry.valid_from DESC LIMIT 1
) AS now ON true
LEFT JOIN LATERAL (
    SELECT amount, valid_from FROM pricing_priceentry AS entry
    WHERE entry.price_list_id = keys.price_list_id AND entry.sku_id = keys.sku_id AND entry.unit = keys.unit
      AND entry.min_quantity = keys.min_quantity AND entry.valid_from > %(at)s
    ORDER BY entry.valid_from LIMIT 1
) AS next ON true
WHERE now.amount IS NOT NULL OR next.valid_from IS NOT NULL
ORDER BY list.code, keys.sku_id, keys.unit DESC, keys.min_quantity
"""


def lists_visible_to(actor: Actor) -> QuerySet[PriceList]:
    """The lists of the actor's own dealer that may rule for somebody within the seat's limits.

    What another seller charges is not even the brand's to read.
    """
    actor.require(Permission.READ, writes=False)
    return PriceList.objects.filter(_in_sight(actor), seller_id=actor.dealer_id)


def _in_sight(actor: Actor) -> Q:
    """A dealer's own list by the dealer, a group's by any member, the others by their region."""
    if not actor.scope.limits_dealers:
        return Q()
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id)
    wide = Q(scope__in=(PriceList.Scope.TIER, PriceList.Scope.NATIONAL))
    wide |= Q(scope=PriceList.Scope.GROUP, price_group__in=inside.values("price_groups"))
    if actor.scope.limits_regions:
        wide &= Q(region_code__in=sorted(actor.scope.met_region_codes))
    return wide | Q(scope=PriceList.Scope.DEALER, dealer__in=inside)


def price_grid(
    *,
    actor: Actor,
    list_codes: Sequence[str] = (),
    text: str = "",
    product_line: str = "",
    at: datetime | None = None,
    page: int = 1,
) -> PriceGrid:
    """SKUs × lists (all active ones when none is named) at an instant (now); three statements for any size."""
    actor.require(Permission.READ, writes=False)
    found = lists_visible_to(actor).select_related("dealer").order_by("scope", "code")
    lists = list(found.filter(code__in=list_codes) if list_codes else found.filter(is_active=True))
    parameters = {
        "words": query_terms(text).tsquery,
        "line": product_line,
        "limit": ROWS_A_PAGE,
        "offset": (max(page, 1) - 1) * ROWS_A_PAGE,
        **scopes.parameters(actor),
    }
    skus = sql.rows(_SKUS, parameters)
    wanted = {"lists": [row.pk for row in lists], "skus": [sku[0] for sku in skus], "at": at or clock.now()}
    cells: dict[int, dict[str, tuple[GridCell, ...]]] = {sku[0]: {} for sku in skus}
    for list_code, sku_id, *facts in sql.rows(_CELLS, wanted):
        cells[sku_id][list_code] = (*cells[sku_id].get(list_code, ()), GridCell(*facts))
    total = skus[0][-1] if skus else 0
    rows = tuple(GridRow(*(*facts, cells[sku_id])) for sku_id, *facts, _ in skus)
    return PriceGrid(tuple(map(_column, lists)), rows, total, max(page, 1), max(1, ceil(total / ROWS_A_PAGE)))


def price_as_of(*, actor: Actor, list_code: str, sku_code: str, at: datetime) -> tuple[GridCell, ...]:
    """What the list said of the SKU at ``at``, every unit and step; one grid row. Raises ``Missing``."""
    actor.require(Permission.READ, writes=False)
    entries = price_history(actor=actor, list_code=list_code, sku_code=sku_code)
    ruling: dict[tuple[str, int], PriceEntry] = {}
    later: dict[tuple[str, int], PriceEntry] = {}
    for entry in entries:
        key = (entry.unit, entry.min_quantity)
        if entry.valid_from <= at:
            ruling[key] = entry
        else:
            later.setdefault(key, entry)
    cells = []
    for key in sorted(ruling.keys() | later.keys(), key=lambda key: (key[0] != Unit.CASE, key[1])):
        now, following = ruling.get(key), later.get(key)
        if (now and now.amount is not None) or following:
            cells.append(
                GridCell(
                    *key,
                    now.amount if now else None,
                    now.valid_from if now else None,
                    following.amount if following else None,
                    following.valid_from if following else None,
                )
            )
    return tuple(cells)


def price_history(*, actor: Actor, list_code: str, sku_code: str) -> list[PriceEntry]:
    """Every entry of the SKU in one of the actor's lists, the oldest first. Raises ``Missing``."""
    actor.require(Permission.READ, writes=False)
    price_list = lists_visible_to(actor).filter(code=list_code).first()
    if price_list is None:
        raise Missing(list=list_code)
    inside = PriceEntry.objects.filter(lines_within(actor, "sku__product_line__code"), price_list=price_list)
    return list(inside.filter(sku__code=sku_code).order_by("valid_from", "id"))


def _column(price_list: PriceList) -> GridList:
    return GridList(
        price_list.code,
        called(price_list),
        price_list.scope,
        price_list.tier,
        price_list.region_code,
        price_list.dealer.name if price_list.dealer else "",
        price_list.currency,
        price_list.version,
        price_list.is_active,
    )

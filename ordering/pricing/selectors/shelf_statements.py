"""The statements of the shelf: what fits, what the buyer pays for a bottle of it, how many by facet, which cards.

Nothing is joined to what a CTE found but by index: the work stays linear where PostgreSQL has no statistics yet and
takes every CTE for a single row.
"""

from ordering.pricing.selectors.chains import WINNING_LADDERS

YUAN = 100
BANDS = (("0-100", 100), ("100-300", 300), ("300-600", 600), ("600-1000", 1000), ("1000-", None))
"""Price bands by their word in the URL and their upper end, included, in whole units of the currency a bottle."""

_FITS = """
    SELECT sku.id, sku.rank, {likeness} AS likeness, sku.aroma, sku.abv_tenths,
           sku.volume_ml || 'x' || sku.bottles_per_case AS pack, sku.bottles_per_case, sku.sells_in,
           line.code AS line, {line_name} AS line_name, {sorted} AS sorted,
           coalesce(sku.aroma = ANY(%(aromas)s::text[]), true) AS in_aroma,
           coalesce(sku.abv_tenths = ANY(%(abv)s::int[]), true) AS in_abv,
           coalesce(sku.volume_ml || 'x' || sku.bottles_per_case = ANY(%(packs)s::text[]), true) AS in_pack,
           coalesce(line.code = ANY(%(lines)s::text[]), true) AS in_line
    FROM {found} catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.status = 'ON' {conditions}"""
_BAND = " ".join(f"WHEN price <= {end * YUAN} THEN '{word}'" for word, end in BANDS if end is not None)
_WITH_PRICES = f"""
firsts AS (
    SELECT first.*, chain.position, chain.id AS list_id FROM chain CROSS JOIN LATERAL (
        SELECT sku_id, max(valid_from) AS since,
               (min(ARRAY[min_quantity, amount]) FILTER (WHERE unit = 'CASE'))[2] AS case_amount,
               (min(ARRAY[min_quantity, amount]) FILTER (WHERE unit = 'BOTTLE'))[2] AS bottle_amount
        FROM (
            SELECT DISTINCT ON (sku_id, unit, min_quantity) sku_id, unit, min_quantity, amount, valid_from
            FROM pricing_priceentry
            WHERE price_list_id = chain.id AND sku_id = ANY(ARRAY(SELECT id FROM fits)) AND valid_from <= %(at)s
            ORDER BY sku_id DESC, unit DESC, min_quantity DESC, valid_from DESC
        ) AS ruling WHERE amount IS NOT NULL GROUP BY sku_id
    ) AS first
), told AS MATERIALIZED (
    SELECT DISTINCT ON (sku_id) sku_id, case_amount, bottle_amount
    FROM firsts ORDER BY sku_id, position, since DESC, list_id DESC
), priced_fits AS (
    SELECT fits.*, CASE
               WHEN sells_in <> 'BOTTLE' AND told.case_amount IS NOT NULL
                   THEN told.case_amount::numeric / bottles_per_case
               WHEN sells_in <> 'CASE' THEN told.bottle_amount END AS price
    FROM fits FULL JOIN told ON told.sku_id = fits.id
), banded AS (
    SELECT *, CASE WHEN price IS NULL THEN '' {_BAND} ELSE '{BANDS[-1][0]}' END AS band FROM priced_fits
), offered AS MATERIALIZED (SELECT *, coalesce(band = ANY(%(bands)s::text[]), true) AS in_band FROM banded)"""
"""The first step of the winning list, as ``WINNING_LADDERS`` has it, for everything that fits, in one walk of each
list: its key read backwards gives the entry that rules without sorting. Every price is of something that fits, so the
full join is the left join, but one PostgreSQL cannot loop over where it has no statistics.
"""
_WITHOUT_PRICES = "offered AS MATERIALIZED (SELECT *, NULL::numeric AS price, '' AS band, true AS in_band FROM fits)"
_IN = {"aroma": "in_aroma", "abv": "in_abv", "pack": "in_pack", "line": "in_line", "band": "in_band"}
_IN_ALL = " AND ".join(_IN.values())


def _counted(facet: str, value: str, label: str = "''") -> str:
    """Counts by value under the choices of the other facets; a value nothing is left of counts 0."""
    others = " AND ".join(condition for name, condition in _IN.items() if name != facet)
    return f"SELECT '{facet}', {value}, {label}, count(*) FILTER (WHERE {others}) FROM offered GROUP BY 2"


TOTAL = f"""
SELECT 'total', '', '', count(*) FROM offered WHERE {_IN_ALL}
UNION ALL SELECT 'near', '', '', count(*) FROM offered WHERE likeness < 1
"""
FACETS = " UNION ALL ".join(
    (
        TOTAL,
        _counted("aroma", "aroma"),
        _counted("abv", "abv_tenths::text"),
        _counted("pack", "pack"),
        _counted("line", "line", "min(line_name)"),
        _counted("band", "band"),
    )
)
_ORDERS = {
    "": "likeness DESC, rank, id",
    "price": "price NULLS LAST, rank, id",
    "-price": "price DESC NULLS LAST, rank, id",
    "name": "sorted, id",
    "new": "sorted DESC, id DESC",
}
SORTS = tuple(_ORDERS)
BY_PRICE = ("price", "-price")
_SORTED = {"name": "sku.name_key", "new": "sku.created_at"}
_SORTED_IN_ENGLISH = "coalesce(nullif(lower(sku.name_en), ''), sku.name_key)"
SELLABLE = """
      AND sku.product_line_id <> ALL(%(reserved)s::bigint[]) AND sku.id <> ALL(%(reserved_skus)s::bigint[])
      AND EXISTS (SELECT FROM chain CROSS JOIN LATERAL (
              SELECT DISTINCT ON (unit, min_quantity) amount FROM pricing_priceentry
              WHERE price_list_id = chain.id AND sku_id = sku.id AND valid_from <= %(at)s
              ORDER BY unit, min_quantity, valid_from DESC
          ) AS ruling WHERE ruling.amount IS NOT NULL)"""
"""A price that was ended rules no more: its last entry holds no amount."""
COVERED = """
      AND (sku.product_line_id = ANY(%(covered)s::bigint[]) OR sku.id = ANY(%(covered_skus)s::bigint[]))"""


def fitting(*, conditions: str, is_found: bool, sort: str, in_english: bool) -> str:
    """The CTE ``fits`` under ``conditions``; ``is_found``: only what the CTE ``found`` holds."""
    by_name = _SORTED_IN_ENGLISH if in_english else _SORTED["name"]
    return f"fits AS ({_FITS})".format(
        likeness="found.likeness" if is_found else "1.0",
        line_name="coalesce(nullif(line.name_en, ''), line.name)" if in_english else "line.name",
        sorted=by_name if sort == "name" else _SORTED.get(sort, "NULL::text"),
        found="found," if is_found else "",
        conditions=("AND found.id = sku.id" if is_found else "") + conditions,
    )


def offered(*, with_prices: bool) -> str:
    """The CTE ``offered``: what fits, with its price a bottle where that is asked for."""
    return _WITH_PRICES if with_prices else _WITHOUT_PRICES


def shelf(sort: str, *, with_facets: bool) -> str:
    """One page of cards in that order, each with its ladder, and before them in the first row what was counted.

    ``told`` is empty but in the first row, which is there without cards too.
    """
    order = _ORDERS[sort]
    return f"""
, counted(facet, value, label, count) AS MATERIALIZED ({FACETS if with_facets else TOTAL}
), goods AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY {order}) AS place FROM (
        SELECT * FROM offered WHERE {_IN_ALL} ORDER BY {order} LIMIT %(limit)s OFFSET (
            SELECT greatest(least(%(page)s::bigint, (count + %(limit)s - 1) / %(limit)s) - 1, 0) * %(limit)s
            FROM counted WHERE facet = 'total')
    ) AS slice
), {WINNING_LADDERS}, priced AS MATERIALIZED (
    SELECT id, place, min(list_code) AS list_code,
           json_agg(json_build_array(unit, min_quantity, amount) ORDER BY unit DESC, min_quantity)
               FILTER (WHERE list_id IS NOT NULL) AS steps
    FROM ladder GROUP BY id, place
), cards AS (
    SELECT priced.place, sku.id, sku.code, sku.name, sku.name_en, spu.code AS spu_code, line.code AS line_code,
           line.name AS line_name, line.name_en AS line_name_en, sku.aroma, sku.abv_tenths, sku.volume_ml,
           sku.bottles_per_case, sku.age_code, sku.edition, spu.packaging, sku.picture_file_id, sku.sells_in,
           sku.order_multiple, sku.product_line_id, priced.list_code, priced.steps
    FROM priced JOIN catalogue_sku AS sku ON sku.id = priced.id
    JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id
)
SELECT CASE WHEN coalesce(cards.place, 1) = 1 THEN told.rows END, cards.*
FROM (SELECT json_agg(json_build_array(facet, value, label, count)) AS rows FROM counted) AS told
LEFT JOIN cards ON true ORDER BY cards.place
"""

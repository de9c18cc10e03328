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
           line.code AS line, line.name AS line_name, {sorted} AS sorted,
           coalesce(sku.aroma = ANY(%(aromas)s::text[]), true) AS in_aroma,
           coalesce(sku.abv_tenths = ANY(%(abv)s::int[]), true) AS in_abv,
           coalesce(sku.volume_ml || 'x' || sku.bottles_per_case = ANY(%(packs)s::text[]), true) AS in_pack,
           coalesce(line.code = ANY(%(lines)s::text[]), true) AS in_line
    FROM {found} catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.status = 'ON' {conditions}"""
_BAND = " ".join(f"WHEN price <= {end * YUAN} THEN '{word}'" for word, end in BANDS if end is not None)
_WITH_PRICES = f"""
priced_fits AS MATERIALIZED (
    SELECT fits.*, CASE
               WHEN sells_in <> 'BOTTLE' AND told.case_amount IS NOT NULL
                   THEN told.case_amount::numeric / bottles_per_case
               WHEN sells_in <> 'CASE' THEN told.bottle_amount END AS price
    FROM fits LEFT JOIN LATERAL (
        SELECT step.case_amount, step.bottle_amount FROM chain CROSS JOIN LATERAL (
            SELECT max(valid_from) AS since,
                   (array_agg(amount ORDER BY min_quantity) FILTER (WHERE unit = 'CASE'))[1] AS case_amount,
                   (array_agg(amount ORDER BY min_quantity) FILTER (WHERE unit = 'BOTTLE'))[1] AS bottle_amount
            FROM (
                SELECT DISTINCT ON (unit, min_quantity) unit, min_quantity, amount, valid_from
                FROM pricing_priceentry
                WHERE price_list_id = chain.id AND sku_id = fits.id AND valid_from <= %(at)s
                ORDER BY unit, min_quantity, valid_from DESC
            ) AS ruling WHERE amount IS NOT NULL
        ) AS step WHERE step.since IS NOT NULL
        ORDER BY chain.position, step.since DESC, chain.id DESC LIMIT 1
    ) AS told ON true
), banded AS (
    SELECT *, CASE WHEN price IS NULL THEN '' {_BAND} ELSE '{BANDS[-1][0]}' END AS band FROM priced_fits
), offered AS MATERIALIZED (SELECT *, coalesce(band = ANY(%(bands)s::text[]), true) AS in_band FROM banded)"""
"""The first step of the winning list, as ``WINNING_LADDERS`` has it, for everything that fits."""
_WITHOUT_PRICES = "offered AS MATERIALIZED (SELECT *, NULL::numeric AS price, '' AS band, true AS in_band FROM fits)"
_IN = {"aroma": "in_aroma", "abv": "in_abv", "pack": "in_pack", "line": "in_line", "band": "in_band"}
_IN_ALL = " AND ".join(_IN.values())


def _counted(facet: str, value: str, label: str = "''") -> str:
    """Counts by value under the choices of the other facets; a value nothing is left of counts 0."""
    others = " AND ".join(condition for name, condition in _IN.items() if name != facet)
    groups = "2" if label == "''" else "2, 3"
    return f"SELECT '{facet}', {value}, {label}, count(*) FILTER (WHERE {others}) FROM offered GROUP BY {groups}"


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
        _counted("line", "line", "line_name"),
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
        sorted=by_name if sort == "name" else _SORTED.get(sort, "NULL::text"),
        found="found," if is_found else "",
        conditions=("AND found.id = sku.id" if is_found else "") + conditions,
    )


def offered(*, with_prices: bool) -> str:
    """The CTE ``offered``: what fits, with its price a bottle where that is asked for."""
    return _WITH_PRICES if with_prices else _WITHOUT_PRICES


def cards(sort: str) -> str:
    """One page of cards in that order, each with its ladder."""
    order = _ORDERS[sort]
    return f"""
, goods AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY {order}) AS place FROM (
        SELECT * FROM offered WHERE {_IN_ALL} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
    ) AS slice
), {WINNING_LADDERS}, priced AS MATERIALIZED (
    SELECT id, place, min(list_code) AS list_code,
           json_agg(json_build_array(unit, min_quantity, amount) ORDER BY unit DESC, min_quantity)
               FILTER (WHERE list_id IS NOT NULL) AS steps
    FROM ladder GROUP BY id, place
)
SELECT sku.id, sku.code, sku.name, sku.name_en, spu.code, line.code, line.name, sku.aroma, sku.abv_tenths,
       sku.volume_ml, sku.bottles_per_case, sku.age_code, sku.edition, spu.packaging, sku.picture_file_id, sku.sells_in,
       sku.order_multiple, sku.product_line_id, priced.list_code, priced.steps
FROM priced JOIN catalogue_sku AS sku ON sku.id = priced.id
JOIN catalogue_spu AS spu ON spu.id = sku.spu_id JOIN catalogue_productline AS line ON line.id = sku.product_line_id
ORDER BY priced.place
"""

"""The statements of the shelf: what fits, what the buyer pays for a bottle of it, how many by facet, which cards.

Nothing is joined to what a CTE found but by index: the work stays linear where PostgreSQL has no statistics yet and
takes every CTE for a single row.
"""

from collections.abc import Collection

from core.db import scopes
from ordering.pricing.selectors.chains import WINNING_LADDERS, derived
from ordering.pricing.selectors.laid import CHAIN_TOLD, SINCE

YUAN = 100
BANDS = (("0-100", 100), ("100-300", 300), ("300-600", 600), ("600-1000", 1000), ("1000-", None))
"""Price bands by their word in the URL and their upper end, included, in whole units of the currency a bottle."""

FACETS = ("aroma", "abv", "pack", "line", "band")
_CHOSEN = {
    "aroma": "aroma = ANY(%(aromas)s::text[])",
    "abv": "abv_tenths = ANY(%(abv)s::int[])",
    "pack": "volume_ml || 'x' || bottles_per_case = ANY(%(packs)s::text[])",
    "line": "line_id = ANY(ARRAY(SELECT id FROM catalogue_productline WHERE code = ANY(%(lines)s::text[])))",
    "band": "band = ANY(%(bands)s::text[])",
}
_VALUES = {"aroma": "aroma", "abv": "abv_tenths::text", "pack": "volume_ml || 'x' || bottles_per_case", "band": "band"}

_FITS = """
    SELECT sku.id, sku.rank, {likeness} AS likeness, sku.aroma, sku.abv_tenths, sku.volume_ml, sku.bottles_per_case,
           sku.sells_in, sku.product_line_id AS line_id, {sorted} AS sorted
    FROM {found} catalogue_sku AS sku WHERE sku.status = 'ON' {conditions}"""
_OF_FITS = "AND sku_id = ANY(ARRAY(SELECT id FROM fits))"
_BAND = " ".join(f"WHEN amount <= {end * YUAN} * bottles THEN '{word}'" for word, end in BANDS if end is not None)
_FIRSTS = """
    SELECT first.*, position, chain.id AS list_id, divides_cases, depth FROM chain CROSS JOIN LATERAL (
        SELECT sku_id, {since} AS since, {first} FILTER (WHERE unit = 'CASE'{rules}) AS by_case,
               {first} FILTER (WHERE unit = 'BOTTLE'{rules}) AS by_bottle
        FROM ({ruling}) AS ruling WHERE amount IS NOT NULL GROUP BY sku_id
    ) AS first WHERE {lists}"""
_FIRST = "min(ARRAY[min_quantity, amount])"
_RULING = """
            SELECT DISTINCT ON (sku_id, unit, min_quantity) sku_id, unit, min_quantity, amount, valid_from
            FROM pricing_priceentry WHERE price_list_id = chain.source_id {of_fits} AND valid_from <= %(at)s
            ORDER BY sku_id DESC, unit DESC, min_quantity DESC, valid_from DESC"""
_DERIVED = f"SELECT sku_id, unit, min_quantity, {derived('amount')} AS amount, valid_from FROM ({_RULING}) AS entry\
            WHERE amount IS NOT NULL"
_PLAIN_FIRSTS = _FIRSTS.format(since="max(valid_from)", first=_FIRST, rules="", ruling=_RULING, lists="NOT is_derived")
_DERIVED_FIRSTS = _FIRSTS.format(
    since="max(valid_from) FILTER (WHERE amount > 0)",
    first=_FIRST,
    rules=" AND amount > 0",
    ruling=f"SELECT * FROM ({_RULING}) AS own WHERE depth = 0 UNION ALL {_DERIVED} AND depth > 0",
    lists="is_derived",
)
_HALF_UP = "(2 * {cases} + {bottles}) / (2 * {bottles})"
_BOTTLE_OF_CASES = f"""(
        SELECT ARRAY[CASE by_case[1] WHEN 1 THEN 1 ELSE by_case[1] * bottles_per_case END, bottle]
        FROM catalogue_sku AS sku, LATERAL (SELECT {_HALF_UP.format(cases="by_case[2]", bottles="bottles_per_case")})
            AS divided(bottle) WHERE sku.id = sku_id AND divides_cases AND bottle > 0)"""
_WITH_PRICES = f"""
firsts AS NOT MATERIALIZED ({_PLAIN_FIRSTS}
    UNION ALL SELECT * FROM (
        SELECT DISTINCT ON (sku_id, list_id) * FROM ({_DERIVED_FIRSTS}) AS told ORDER BY sku_id, list_id, depth
    ) AS nearest WHERE since IS NOT NULL
), {{stamp}} told AS MATERIALIZED ({{kept}}
    SELECT * FROM (
        SELECT DISTINCT ON (sku_id) sku_id, by_case[2] AS case_amount, by_bottle[2] AS bottle_amount, divides_cases
        FROM firsts WHERE (SELECT yes FROM lowest) IS NOT TRUE {{is_walked}}
        ORDER BY sku_id, position, since DESC, list_id DESC
    ) AS winner
    UNION ALL SELECT sku_id, (min(by_case))[2], (min(coalesce(by_bottle, {_BOTTLE_OF_CASES})))[2], false
    FROM firsts WHERE (SELECT yes FROM lowest) {{is_walked}} GROUP BY sku_id
), priced_fits AS (
    SELECT fits.*, CASE WHEN sells_in <> 'BOTTLE' AND case_amount IS NOT NULL THEN case_amount
                        WHEN sells_in <> 'CASE' THEN coalesce(bottle_amount, CASE WHEN divides_cases THEN nullif(
                            {_HALF_UP.format(cases="case_amount", bottles="bottles_per_case")}, 0) END) END AS amount,
           CASE WHEN sells_in <> 'BOTTLE' AND case_amount IS NOT NULL THEN bottles_per_case ELSE 1 END AS bottles
    FROM fits FULL JOIN told ON told.sku_id = fits.id WHERE coalesce(fits.id, 0) > 0
), offered AS MATERIALIZED (
    SELECT *, {{price}} AS price, CASE WHEN amount IS NULL THEN '' {_BAND} ELSE '{BANDS[-1][0]}' END AS band
    FROM priced_fits
)"""
"""The first step of the winning list, as ``WINNING_LADDERS`` has it, in one walk of each list: its key read backwards
gives the entry that rules without sorting. Prices of what does not fit fall out again: the full join is the left join,
but one PostgreSQL cannot loop over where it has no statistics. Bands are told without dividing. Only a derived list is
walked by all its sources; where the lowest counts, the lower envelope's first step is the least of all first steps.
"""
_STAMP = """stamp AS MATERIALIZED (
    SELECT concat((SELECT yes FROM lowest), ' ', string_agg(
               concat_ws('/', chain.id, source_id, depth, position, source.version, source.xmin), ' '
               ORDER BY position, chain.id, depth)) AS told
    FROM chain JOIN pricing_pricelist AS source ON source.id = chain.source_id
),"""
"""Which lists make up the chain, and in which state: every change of a list leaves another version and ``xmin``.

The version alone would not do: a brand that was restored may come to the same number by other prices.
"""
_IS_KEPT = "(SELECT told FROM stamp) = %(kept_stamp)s"
_KEPT = f"""
    SELECT sku_id, case_amount, bottle_amount, divides_cases FROM unnest(
        %(kept_skus)s::bigint[], %(kept_cases)s::bigint[], %(kept_bottles)s::bigint[], %(kept_divided)s::boolean[]
    ) AS kept(sku_id, case_amount, bottle_amount, divides_cases) WHERE {_IS_KEPT}
    UNION ALL"""
_TO_KEEP = f"""CASE WHEN {_IS_KEPT} THEN NULL ELSE json_build_array(
    (SELECT told FROM stamp), (SELECT min(valid_from) FROM pricing_priceentry
        WHERE price_list_id = ANY(ARRAY(SELECT source_id FROM chain)) AND valid_from > %(at)s),
    (SELECT array_agg(sku_id)::text FROM told), (SELECT array_agg(case_amount)::text FROM told),
    (SELECT array_agg(bottle_amount)::text FROM told), (SELECT array_agg(divides_cases)::text FROM told)) END"""
"""``FirstPrices`` of who had to walk the lists."""
_WITHOUT_PRICES = "offered AS {kept} (SELECT *, NULL::numeric AS price, '' AS band FROM fits)"


def _where(chosen: Collection[str], *, but: str = "") -> str:
    """What the choices of all facets ask of a row, those of the facet ``but`` apart."""
    return " AND ".join(_CHOSEN[facet] for facet in FACETS if facet in chosen and facet != but) or "true"


def _totals(chosen: Collection[str], *, is_found: bool) -> str:
    near = "count(*) FROM offered WHERE likeness < 1" if is_found else "0"
    return f"""
SELECT 'total' AS facet, '' AS value, '' AS label, count(*) AS count FROM offered WHERE {_where(chosen)}
UNION ALL SELECT 'near', '', '', {near}"""


def _counted(chosen: Collection[str], line_name: str, *, is_found: bool) -> str:
    """Counts by value under the choices of the other facets; a value nothing is left of counts 0.

    Goods of one kind, alike in all that is counted, are counted once for all facets.
    """
    counts = {facet: f"coalesce(sum(n) FILTER (WHERE {_where(chosen, but=facet)}), 0)::bigint" for facet in FACETS}
    facets = [f"SELECT '{name}', {value}, '', {counts[name]} FROM kinds GROUP BY 2" for name, value in _VALUES.items()]
    lines = f"SELECT line_id, {counts['line']} AS n FROM kinds GROUP BY line_id"
    facets.append(
        f"SELECT 'line', line.code, {line_name}, told.n FROM ({lines}) AS told"
        " JOIN catalogue_productline AS line ON line.id = told.line_id"
    )
    return " UNION ALL ".join((_totals(chosen, is_found=is_found), *facets))


_KINDS = """
kinds AS MATERIALIZED (
    SELECT aroma, abv_tenths, volume_ml, bottles_per_case, line_id, band, count(*) AS n
    FROM offered GROUP BY aroma, abv_tenths, volume_ml, bottles_per_case, line_id, band
)"""
_ORDERS = {
    "": "rank, id",
    "price": "price NULLS LAST, rank, id",
    "-price": "price DESC NULLS LAST, rank, id",
    "name": "sorted, id",
    "new": "sorted DESC, id DESC",
}
_NEAREST = "likeness DESC, rank, id"
SORTS = tuple(_ORDERS)
BY_PRICE = ("price", "-price")
_SORTED = {"name": "sku.name_key", "new": "sku.created_at"}
_SORTED_IN_ENGLISH = "coalesce(nullif(lower(sku.name_en), ''), sku.name_key)"
SELLABLE = f"""
      AND sku.product_line_id <> ALL(%(reserved)s::bigint[]) AND sku.id <> ALL(%(reserved_skus)s::bigint[])
      AND EXISTS (SELECT FROM chain CROSS JOIN LATERAL (
              SELECT DISTINCT ON (unit, min_quantity) amount FROM pricing_priceentry
              WHERE price_list_id = chain.source_id AND sku_id = sku.id AND valid_from <= %(at)s
              ORDER BY unit, min_quantity, valid_from DESC
          ) AS ruling WHERE amount IS NOT NULL AND (depth = 0 OR {derived("amount")} > 0))"""
"""A price that was ended rules no more: its last entry holds no amount."""
WITHIN_LINES = f"""
      AND sku.product_line_id = ANY(ARRAY(
          SELECT line.id FROM catalogue_productline AS line WHERE {scopes.line_condition("line.code")}))"""
COVERED = """
      AND (sku.product_line_id = ANY(%(covered)s::bigint[]) OR sku.id = ANY(%(covered_skus)s::bigint[]))"""


def fitting(*, conditions: str, is_found: bool, is_light: bool, sort: str, in_english: bool) -> str:
    """The CTE ``fits`` under ``conditions``; ``is_found``: only what the CTE ``found`` holds.

    ``is_light``: counted and paged each by its own walk of an index, for what is neither found, priced nor counted
    by facet.
    """
    by_name = _SORTED_IN_ENGLISH if in_english else _SORTED["name"]
    return f"fits AS {'NOT MATERIALIZED' if is_light else ''} ({_FITS})".format(
        likeness="found.likeness" if is_found else "1.0",
        sorted=by_name if sort == "name" else _SORTED.get(sort, "NULL::text"),
        found="found," if is_found else "",
        conditions=("AND found.id = sku.id" if is_found else "") + conditions,
    )


def offered(*, with_prices: bool, is_few: bool, is_light: bool, sort: str) -> str:
    """The CTE ``offered``: what fits, with its price band where that is asked for, and its price where sorted by it.

    ``is_few``: what fits is looked up in the lists, which else are read whole, or not at all where what they say is
    kept.
    """
    if not with_prices:
        return _WITHOUT_PRICES.format(kept="NOT MATERIALIZED" if is_light else "MATERIALIZED")
    price = "amount::numeric / bottles" if sort in BY_PRICE else "NULL::numeric"
    if is_few:
        return _WITH_PRICES.format(of_fits=_OF_FITS, price=price, stamp="", kept="", is_walked="")
    is_walked = f"AND ({_IS_KEPT}) IS NOT TRUE"
    return _WITH_PRICES.format(of_fits="", price=price, stamp=_STAMP, kept=_KEPT, is_walked=is_walked)


def shelf(
    sort: str,
    *,
    chosen: Collection[str] = (),
    with_facets: bool,
    is_found: bool = False,
    is_keeping: bool = False,
    in_english: bool = False,
) -> str:
    """One page of cards in that order, each with its ladder, and before them in the first row what was counted.

    ``chosen`` names the facets with a choice. ``told`` is empty but in the first row, which is there without cards too;
    ``is_keeping``: so is what is to be kept of the lists, where they had to be walked.
    """
    order = _NEAREST if is_found and not sort else _ORDERS[sort]
    line_name = "coalesce(nullif(line.name_en, ''), line.name)" if in_english else "line.name"
    counted = _counted(chosen, line_name, is_found=is_found) if with_facets else _totals(chosen, is_found=is_found)
    return f"""
{f", {_KINDS}" if with_facets else ""}, counted(facet, value, label, count) AS MATERIALIZED ({counted}
), goods AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY {order}) AS place FROM (
        SELECT * FROM offered WHERE {_where(chosen)} ORDER BY {order} LIMIT %(limit)s OFFSET (
            SELECT greatest(least(%(page)s::bigint, (count + %(limit)s - 1) / %(limit)s) - 1, 0) * %(limit)s
            FROM counted WHERE facet = 'total')
    ) AS slice
), {WINNING_LADDERS}, priced AS MATERIALIZED (
    SELECT id, place, json_agg(json_build_array(list_id, depth, unit, entry_id, min_quantity, amount, {SINCE})
                               ORDER BY unit DESC, min_quantity) FILTER (WHERE list_id IS NOT NULL) AS steps
    FROM ladder GROUP BY id, place
), cards AS (
    SELECT priced.place, sku.id, sku.code, sku.name, sku.name_en, spu.code AS spu_code, line.code AS line_code,
           line.name AS line_name, line.name_en AS line_name_en, sku.aroma, sku.abv_tenths, sku.volume_ml,
           sku.bottles_per_case, sku.age_code, sku.edition, spu.packaging, sku.picture_file_id, sku.sells_in,
           sku.order_multiple, sku.product_line_id, priced.steps
    FROM priced JOIN catalogue_sku AS sku ON sku.id = priced.id
    JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id
)
SELECT CASE WHEN coalesce(cards.place, 1) = 1 THEN told.rows END, CASE cards.place WHEN 1 THEN {CHAIN_TOLD} END,
       CASE WHEN coalesce(cards.place, 1) = 1 THEN {_TO_KEEP if is_keeping else "NULL::json"} END, cards.*
FROM (SELECT json_agg(json_build_array(facet, value, label, count)) AS rows FROM counted) AS told
LEFT JOIN cards ON true ORDER BY cards.place
"""

"""Finding products by what people type: words, pinyin, initials, codes, barcodes, and what was misspelled.

``FOUND`` is a CTE for statements of other rooms too: it answers everything that matches exactly, or, when nothing
does, what shares at least 60 % of the query's letter pairs.
"""

import re

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.catalogue.models import Sku
from core.catalogue.permissions import Permission
from core.catalogue.rules.lookup import SIGNATURE_BITS, name_key, signature
from core.catalogue.rules.search import query_terms
from core.catalogue.selectors.found import COLUMNS, FoundSku, may_see
from core.db import sql
from core.kernel.actor import Actor

MOST_NEAR = 200
"""Misspelled hits beyond these are of no use to anybody."""
_PLACES = re.compile(r"%\((\w+)\)s")
_SEEN = """(%(any_status)s OR status = 'ON') AND (%(line_codes)s::text[] IS NULL OR product_line_id IN (
    SELECT id FROM catalogue_productline WHERE code = ANY(%(line_codes)s::text[])))"""


def _exact(columns: str) -> str:
    return f"SELECT {columns} FROM catalogue_sku WHERE search @@ %(words)s::tsquery AND {_SEEN}"


def _found(exact_columns: str, near_columns: str) -> str:
    """The CTE ``found``: what matches, or else what is near. One condition decides which half runs at all."""
    return f"""
found AS MATERIALIZED (
    {_exact(exact_columns)}
    UNION ALL (
        SELECT {near_columns} FROM catalogue_sku AS near, LATERAL (
            SELECT count(*)::float / %(gram_count)s AS likeness
            FROM unnest(string_to_array(near.search_grams, ' ')) AS gram WHERE gram = ANY(%(grams)s::text[])
        ) AS shared
        WHERE NOT EXISTS ({_exact("")})
          AND bit_count(near.signature & %(signature)s::bit({SIGNATURE_BITS})) >= %(needed_bits)s
          AND shared.likeness * %(gram_count)s >= %(needed)s AND {_SEEN}
        ORDER BY shared.likeness DESC, length(near.search_grams), near.rank LIMIT {MOST_NEAR}
    )
)"""


FOUND = _found("id, 1.0 AS likeness", "near.id, shared.likeness")
"""``found(id, likeness 0–1)`` for a text with words in it; needs ``found_parameters``."""
_SEARCH = f"""
WITH {
    _found(
        "id, 1.0 AS likeness, rank, keys && %(name_keys)s::text[] AS is_named, 0 AS size",
        "near.id, shared.likeness, near.rank, false, length(near.search_grams)",
    )
}, best AS MATERIALIZED (
    SELECT * FROM found ORDER BY likeness DESC, is_named DESC, size, rank, id LIMIT %(limit)s
)
SELECT {COLUMNS} FROM best JOIN catalogue_sku AS sku USING (id)
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
ORDER BY best.likeness DESC, best.is_named DESC, best.size, best.rank, best.id
"""


def found_parameters(text: str, *, any_status: bool, line_codes: tuple[str, ...] = ()) -> dict[str, object] | None:
    """What ``FOUND`` asks with, or None when ``text`` holds nothing to ask for.

    ``any_status``: also what is not ON; ``line_codes``: only these product lines (empty: all).
    """
    query = query_terms(text)
    if not query.tsquery:
        return None
    bits = signature(query.grams)
    # Two grams of the query may share a bit: so many bits fewer are set, so many fewer may be asked for.
    needed_bits = query.needed - (len(query.grams) - bits.count("1"))
    return {
        "words": query.tsquery,
        "grams": list(query.grams),
        "gram_count": max(len(query.grams), 1),
        "needed": max(query.needed, 1),
        "needed_bits": max(needed_bits, 1),
        "signature": bits,
        "any_status": any_status,
        "line_codes": list(line_codes) or None,
    }


def search(actor: Actor, text: str, *, limit: int = 20) -> tuple[FoundSku, ...]:
    """The best ``limit`` products for ``text`` among those the actor may see, the best first. One query."""
    actor.require(Permission.READ, writes=False)
    any_status, line_codes = may_see(actor)
    parameters = found_parameters(text, any_status=any_status, line_codes=line_codes)
    if parameters is None:
        return ()
    plain = name_key(text)
    parameters |= {"name_keys": [f"n{plain}", f"i{plain}", f"p{plain}", f"c{plain}"], "limit": limit}
    return tuple(FoundSku(*row) for row in sql.rows(_SEARCH, parameters))


def matching(rows: QuerySet[Sku], text: str, *, any_status: bool = True) -> QuerySet[Sku]:
    """``rows`` that match ``text``, all of them when it asks for nothing. Composes with filters, joins and pages.

    ``any_status`` False when ``rows`` are what is ON: what nobody sees shall not count as an exact match.
    """
    parameters = found_parameters(text, any_status=any_status)
    if parameters is None:
        return rows
    statement = f"WITH {FOUND} SELECT id FROM found"
    values = [parameters[name] for name in _PLACES.findall(statement)]
    return rows.filter(pk__in=RawSQL(_PLACES.sub("%s", statement), values))  # nosec B611 - words of ours, values bound

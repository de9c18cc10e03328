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

_PLACES = re.compile(r"%\((\w+)\)s")
_SEEN = """(%(any_status)s OR status = 'ON') AND (%(line_codes)s::text[] IS NULL OR product_line_id IN (
    SELECT id FROM catalogue_productline WHERE code = ANY(%(line_codes)s::text[])))"""
FOUND = f"""
found AS MATERIALIZED (
    SELECT id, 1.0 AS likeness FROM catalogue_sku WHERE search @@ %(words)s::tsquery AND {_SEEN}
    UNION ALL
    SELECT near.id, shared.share FROM catalogue_sku AS near, LATERAL (
        SELECT count(*)::float / %(gram_count)s AS share
        FROM unnest(string_to_array(near.search_grams, ' ')) AS gram WHERE gram = ANY(%(grams)s::text[])
    ) AS shared
    WHERE NOT EXISTS (SELECT FROM catalogue_sku WHERE search @@ %(words)s::tsquery AND {_SEEN})
      AND bit_count(near.signature & %(signature)s::bit({SIGNATURE_BITS})) >= %(needed_bits)s
      AND shared.share * %(gram_count)s >= %(needed)s AND {_SEEN}
)"""
"""``found(id, likeness 0–1)`` for a text with words in it; needs ``found_parameters``."""
_SEARCH = f"""
WITH {FOUND}
SELECT {COLUMNS} FROM found JOIN catalogue_sku AS sku USING (id)
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
ORDER BY found.likeness DESC, (sku.keys && %(name_keys)s::text[]) DESC,
         length(sku.search_grams) * (found.likeness < 1)::int, sku.rank, sku.id
LIMIT %(limit)s
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


def matching(rows: QuerySet[Sku], text: str) -> QuerySet[Sku]:
    """``rows`` that match ``text``, all of them when it asks for nothing. Composes with filters, joins and pages."""
    parameters = found_parameters(text, any_status=True)
    if parameters is None:
        return rows
    statement = f"WITH {FOUND} SELECT id FROM found"
    values = [parameters[name] for name in _PLACES.findall(statement)]
    return rows.filter(pk__in=RawSQL(_PLACES.sub("%s", statement), values))

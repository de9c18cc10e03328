"""Finding products by what people type: words, pinyin, initials, codes, barcodes, and what was misspelled.

``FOUND`` is a CTE for statements of other rooms too. It answers everything that matches exactly; when nothing does,
what was meant with one slip, or a few that share one of two characters, or what shares at least 60 % of the query's
letter pairs. The brand's own staff gets the letter pairs alone: it looks for what it knows.
"""

import re

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.catalogue.models import Sku
from core.catalogue.permissions import Permission
from core.catalogue.rules.lookup import SIGNATURE_BITS, name_key, signature
from core.catalogue.rules.misspelling import LOOSE, PART
from core.catalogue.rules.search import query_terms
from core.catalogue.selectors.found import COLUMNS, FoundSku, may_see
from core.db import sql
from core.kernel.actor import Actor

MOST_NEAR = 200
"""Misspelled hits beyond these are of no use to anybody."""
_MOST_PARTLY = 20
_PLACES = re.compile(r"%\((\w+)\)s")
_SEEN = """(%(any_status)s OR status = 'ON') AND (%(line_codes)s::text[] IS NULL OR product_line_id IN (
    SELECT id FROM catalogue_productline WHERE code = ANY(%(line_codes)s::text[])))"""


def _found(columns: str, named: str) -> str:
    """The CTE ``found``: what matches, or else what is near.

    ``columns`` of ``catalogue_sku``; ``named`` whether the query is the name itself. Each step asks first, once,
    whether those before it have found anything.
    """
    asked = f"SELECT {columns}, {{}}::float AS likeness, {{}} AS is_named, {{}} AS size FROM catalogue_sku"
    exact = asked.format("1.0", named, "0")
    loose = asked.format(LOOSE, "false", "length(search_grams)")
    partial = asked.format(PART, "false", "length(search_grams)")
    return f"""
exactly AS MATERIALIZED ({exact} WHERE search @@ %(words)s::tsquery AND {_SEEN}),
loosely AS MATERIALIZED (
    {loose} WHERE NOT EXISTS (SELECT FROM exactly) AND search @@ %(loose)s::tsquery AND {_SEEN}
    ORDER BY size, rank LIMIT {MOST_NEAR}
), partly AS MATERIALIZED (
    {partial} WHERE NOT EXISTS (SELECT FROM exactly) AND NOT EXISTS (SELECT FROM loosely)
      AND search @@ %(partial)s::tsquery AND {_SEEN}
    ORDER BY size, rank LIMIT {_MOST_PARTLY}
), nearly AS MATERIALIZED (
    SELECT {columns}, shared.likeness, false AS is_named, length(search_grams) AS size
    FROM catalogue_sku, LATERAL (
        SELECT count(*)::float / %(gram_count)s AS likeness
        FROM unnest(string_to_array(search_grams, ' ')) AS gram WHERE gram = ANY(%(grams)s::text[])
    ) AS shared
    WHERE NOT EXISTS (SELECT FROM exactly) AND NOT EXISTS (SELECT FROM partly)
      AND bit_count(signature & %(signature)s::bit({SIGNATURE_BITS})) >= %(needed_bits)s
      AND shared.likeness * %(gram_count)s >= %(needed)s AND {_SEEN} AND NOT id = ANY(ARRAY(SELECT id FROM loosely))
    ORDER BY shared.likeness DESC, size, rank LIMIT {MOST_NEAR}
), found AS MATERIALIZED (
    SELECT * FROM exactly UNION ALL SELECT * FROM loosely UNION ALL SELECT * FROM nearly UNION ALL SELECT * FROM partly
)"""


FOUND = _found("id, rank", "false")
"""``found(id, likeness 0–1)`` for a text with words in it; needs ``found_parameters``."""
_SEARCH = f"""
WITH {_found("id, rank", "keys && %(name_keys)s::text[]")}, best AS MATERIALIZED (
    SELECT * FROM found ORDER BY likeness DESC, is_named DESC, size, rank, id LIMIT %(limit)s
)
SELECT {COLUMNS} FROM best JOIN catalogue_sku AS sku USING (id)
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
ORDER BY best.likeness DESC, best.is_named DESC, best.size, best.rank, best.id
"""


def found_parameters(
    text: str, *, any_status: bool, line_codes: tuple[str, ...] = (), is_buyer: bool = False
) -> dict[str, object] | None:
    """What ``FOUND`` asks with, or None when ``text`` holds nothing to ask for.

    ``any_status``: also what is not ON; ``line_codes``: only these product lines (empty: all). ``is_buyer``: also
    what was meant with a slip.
    """
    query = query_terms(text)
    if not query.tsquery:
        return None
    bits = signature(query.grams)
    # Two grams of the query may share a bit: so many bits fewer are set, so many fewer may be asked for.
    needed_bits = query.needed - (len(query.grams) - bits.count("1"))
    return {
        "words": query.tsquery,
        "loose": query.loose if is_buyer else "",
        "partial": query.partial if is_buyer else "",
        "grams": list(query.grams),
        "gram_count": max(len(query.grams), 1),
        "needed": max(query.needed, 1),
        "needed_bits": max(needed_bits, 1),
        "signature": bits,
        "any_status": any_status,
        "line_codes": list(line_codes) or None,
    }


def search(actor: Actor, text: str, *, limit: int = 20, is_exact: bool = False) -> tuple[FoundSku, ...]:
    """The best ``limit`` products for ``text`` among those the actor may see, the best first. One query.

    ``is_exact``: nothing that is only near, for whoever has found other things by the same words.
    """
    actor.require(Permission.READ, writes=False)
    any_status, line_codes = may_see(actor)
    is_buyer = not actor.is_brand_staff
    parameters = found_parameters(text, any_status=any_status, line_codes=line_codes, is_buyer=is_buyer)
    if parameters is None:
        return ()
    if is_exact:
        parameters |= {"loose": "", "partial": "", "needed_bits": SIGNATURE_BITS + 1}
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

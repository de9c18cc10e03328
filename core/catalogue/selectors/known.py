"""Products whose codes are known already: a cart's, an order's. Looking them up needs no keys."""

from collections.abc import Collection

from core.catalogue.permissions import Permission
from core.catalogue.selectors.found import COLUMNS, FoundSku, may_see
from core.db import sql
from core.kernel.actor import Actor

_KNOWN = f"""
SELECT {COLUMNS} FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
WHERE sku.code = ANY(%(codes)s::text[]) AND (%(any_status)s OR sku.status = 'ON')
  AND (%(line_codes)s::text[] IS NULL OR line.code = ANY(%(line_codes)s::text[]))
"""


def known_skus(actor: Actor, codes: Collection[str]) -> dict[str, FoundSku]:
    """The products of exactly these codes that the actor may see, by code. One query, none for no codes."""
    actor.require(Permission.READ, writes=False)
    if not codes:
        return {}
    any_status, line_codes = may_see(actor)
    parameters = {"codes": list(codes), "any_status": any_status, "line_codes": list(line_codes) or None}
    found = (FoundSku(*row) for row in sql.rows(_KNOWN, parameters))
    return {sku.code: sku for sku in found}

"""What lists say at an instant, entry by entry: the ground a percentage is put on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import scopes, sql
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Ruling:
    """One key of a list and what it costs, minor units."""

    list_id: int
    sku_id: int
    unit: str
    min_quantity: int
    amount: int


RULING_BEFORE = """
LEFT JOIN LATERAL (
    SELECT amount FROM pricing_priceentry AS entry
    WHERE entry.price_list_id = line.price_list_id AND entry.sku_id = line.sku_id AND entry.unit = line.unit
      AND entry.min_quantity = line.min_quantity AND entry.valid_from < round.takes_effect_at
    ORDER BY entry.valid_from DESC LIMIT 1
) AS ruling ON true
"""
"""What rules (``ruling.amount``) just before a ``round`` begins, by ``line``.

Read anew whenever it is asked: another price may have been written for a day before since the round was published.
"""
_RULING = f"""
SELECT * FROM (
    SELECT DISTINCT ON (entry.price_list_id, entry.sku_id, entry.unit, entry.min_quantity)
           entry.price_list_id, entry.sku_id, entry.unit, entry.min_quantity, entry.amount
    FROM pricing_priceentry AS entry JOIN catalogue_sku AS sku ON sku.id = entry.sku_id
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
    WHERE entry.price_list_id = ANY(%(lists)s::bigint[]) AND entry.valid_from <= %(at)s
      AND (%(line)s = '' OR line.code = %(line)s)
      AND (%(skus)s::bigint[] IS NULL OR entry.sku_id = ANY(%(skus)s::bigint[]))
    ORDER BY entry.price_list_id, entry.sku_id, entry.unit, entry.min_quantity, entry.valid_from DESC
) AS ruling WHERE amount IS NOT NULL LIMIT %(most)s
"""


def ruling_of_lists(
    actor: Actor,
    list_ids: Sequence[int],
    *,
    at: datetime,
    product_line: str = "",
    sku_ids: Sequence[int] | None = None,
    most: int = 10_000,
) -> list[Ruling]:
    """Every price of the lists that rules at ``at``, within the seat's product lines; one statement.

    ``sku_ids`` None: of every product.
    """
    asked = {
        "lists": list(list_ids),
        "at": at,
        "line": product_line,
        "skus": None if sku_ids is None else list(sku_ids),
        "most": most,
        **scopes.parameters(actor),
    }
    return [Ruling(*facts) for facts in sql.rows(_RULING, asked)]

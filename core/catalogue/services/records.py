"""Writing SKU rows: one set-based statement for one or a thousand, with the search document in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import IntegrityError

from core.catalogue.models import Sku
from core.catalogue.services.checks import SkuFacts
from core.catalogue.services.documents import CHUNK, DOCUMENT_COLUMNS, Findable, search_document
from core.db import sql
from core.kernel.errors import VersionConflict

FACT_COLUMNS = {
    "code": "text",
    "name": "text",
    "name_en": "text",
    "aroma": "text",
    "abv_tenths": "int",
    "volume_ml": "int",
    "bottles_per_case": "int",
    "inner_pack": "int",
    "age_code": "text",
    "edition": "text",
    "gtin13": "text",
    "gtin14": "text",
    "sells_in": "text",
    "order_multiple": "int",
    "gross_weight_g": "int",
    "rank": "int",
    "is_placeholder": "boolean",
    "picture_file_id": "uuid",
}
FACT_NAMES = tuple(FACT_COLUMNS)
_COLUMNS = {"spu_id": "bigint", "product_line_id": "bigint", "version": "int", **FACT_COLUMNS, **DOCUMENT_COLUMNS}
_NAMES = ", ".join(_COLUMNS)
_MERGE = f"""
INSERT INTO catalogue_sku ({_NAMES}, status, created_at, updated_at)
SELECT {_NAMES}, 'DRAFT', %(now)s, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS incoming({", ".join(f"{name} {sort}" for name, sort in _COLUMNS.items())})
ON CONFLICT (code) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "code")},
    updated_at = EXCLUDED.updated_at
WHERE catalogue_sku.version = EXCLUDED.version - 1
RETURNING code, id
"""


@dataclass(frozen=True, slots=True)
class SkuRecord:
    """A SKU to write. ``version`` is the new one: 1 for a new SKU, else one above what was read."""

    facts: SkuFacts
    spu_id: int
    product_line_id: int
    line_name: str
    version: int
    line_name_en: str = ""


def facts_of(row: Sku) -> SkuFacts:
    """What a stored SKU says of itself."""
    return SkuFacts(**{name: getattr(row, name) for name in FACT_NAMES})


def write_records(records: Sequence[SkuRecord], now: datetime) -> dict[str, int]:
    """Insert or update, 1,000 per statement; ids by code. Inside the caller's act.

    Raises ``VersionConflict`` when a row changed, or came to be, since it was read.
    """
    written: dict[str, int] = {}
    for first in range(0, len(records), CHUNK):
        chunk = [_columns(record) for record in records[first : first + CHUNK]]
        try:
            written.update(sql.rows(_MERGE, {"rows": orjson.dumps(chunk).decode(), "now": now}))
        except IntegrityError as clash:  # the case barcode went to another SKU since it was checked
            raise VersionConflict from clash
    if len(written) < len(records):
        raise VersionConflict
    return written


def _columns(record: SkuRecord) -> dict[str, object]:
    facts = record.facts
    document = search_document(
        Findable(
            code=facts.code,
            name=facts.name,
            name_en=facts.name_en,
            aroma=facts.aroma,
            abv_tenths=facts.abv_tenths,
            volume_ml=facts.volume_ml,
            gtin13=facts.gtin13,
            gtin14=facts.gtin14,
            line_name=record.line_name,
            line_name_en=record.line_name_en,
        )
    )
    return {
        "spu_id": record.spu_id,
        "product_line_id": record.product_line_id,
        "version": record.version,
        **{name: getattr(facts, name) for name in FACT_NAMES},
        **document.columns(),
    }

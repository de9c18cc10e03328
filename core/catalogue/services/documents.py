"""The search document of a SKU: computed by the verb that saves it, never by a trigger."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from core.catalogue.rules import AROMA_WORDS, Aroma, search_terms
from core.catalogue.rules.lookup import SIGNATURE_BITS, lookup_keys, signature
from core.db import sql
from core.kernel.sorting import name_key

CHUNK = 1_000
"""Rows of one set-based statement."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """``search`` is a ``tsvector`` literal, ``search_grams`` parted by spaces, ``signature`` a row of bits.

    ``name_key`` is what lists by name are sorted by.
    """

    search: str
    search_grams: str
    name_key: str
    signature: str
    keys: tuple[str, ...]

    def columns(self) -> dict[str, object]:
        """The document by column."""
        return {name: getattr(self, name) for name in DOCUMENT_COLUMNS}


@dataclass(frozen=True, slots=True)
class Findable:
    """What a SKU may be found by."""

    code: str
    name: str
    name_en: str
    aroma: str
    abv_tenths: int
    volume_ml: int
    gtin13: str
    gtin14: str
    line_name: str
    line_name_en: str = ""


def search_document(sku: Findable) -> SearchDocument:
    """Words, pinyin, initials, letter pairs and lookup keys of one SKU."""
    barcodes = [barcode for barcode in (sku.gtin13, sku.gtin14) if barcode]
    terms = search_terms(
        sku.name,
        code=sku.code,
        barcodes=barcodes,
        abv_tenths=sku.abv_tenths,
        volume_ml=sku.volume_ml,
        extra=[sku.line_name, *AROMA_WORDS[Aroma(sku.aroma)], *filter(None, (sku.name_en, sku.line_name_en))],
    )
    return SearchDocument(
        search=" ".join(map(_lexeme, terms.tokens)),
        search_grams=" ".join(terms.grams),
        name_key=name_key(sku.name),
        signature=signature(terms.grams),
        keys=lookup_keys(sku.name, code=sku.code, barcodes=barcodes),
    )


DOCUMENT_COLUMNS = {
    "search": "tsvector",
    "search_grams": "text",
    "name_key": "text",
    "signature": f"bit({SIGNATURE_BITS})",
    "keys": "text[]",
}


def _lexeme(token: str) -> str:
    if token.isalnum():
        return f"'{token}'"
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


_FINDABLE = """
SELECT sku.id, sku.code, sku.name, sku.name_en, sku.aroma, sku.abv_tenths, sku.volume_ml, sku.gtin13, sku.gtin14,
       line.name, line.name_en
FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
WHERE %(ids)s::bigint[] IS NULL OR sku.id = ANY(%(ids)s::bigint[]) ORDER BY sku.id
"""
_WRITE = f"""
UPDATE catalogue_sku AS sku SET {", ".join(f"{name} = doc.{name}" for name in DOCUMENT_COLUMNS)}
FROM jsonb_to_recordset(%(documents)s::jsonb)
    AS doc(id bigint, {", ".join(f"{name} {sort}" for name, sort in DOCUMENT_COLUMNS.items())})
WHERE sku.id = doc.id
"""


def write_documents(sku_ids: Sequence[int] | None = None) -> int:
    """Compute the search documents of ``sku_ids`` (None: all) anew; how many. Inside the caller's act.

    For a line whose name changed, and after a change of the search rules (``manage.py index_products``).
    """
    found = sql.rows(_FINDABLE, {"ids": list(sku_ids) if sku_ids is not None else None})
    for first in range(0, len(found), CHUNK):
        documents = [
            {"id": sku_id, **search_document(Findable(*facts)).columns()}
            for sku_id, *facts in found[first : first + CHUNK]
        ]
        sql.execute(_WRITE, {"documents": orjson.dumps(documents).decode()})
    return len(found)

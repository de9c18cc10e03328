"""Products as a table that can be changed and imported again."""

from collections.abc import Iterator

from django.db.models import QuerySet

from core.catalogue.models import Sku
from core.catalogue.permissions import Permission
from core.catalogue.resources.products import FIELDS, LABELS
from core.catalogue.selectors import SkuFilters, listed
from core.files.sheets import Cell
from core.jobs.exports import CHUNK, Asked, Column, Found, list_export, text
from core.kernel.actor import Actor, Side
from core.kernel.text import N_


def _columns() -> tuple[Column, ...]:
    """Those an import reads."""
    return tuple(text(name, LABELS[name]) for name in FIELDS)


@list_export("products", side=Side.BRAND, title=N_("Products"), permission=Permission.READ, columns=_columns)
def products(actor: Actor, asked: Asked) -> Found:
    """The products the list of products shows, in its order."""
    rows = listed(actor, SkuFilters.of(asked), sort=asked.get("sort", ""))
    return Found(tuple(FIELDS), _cells(rows), rows.count())


def _cells(rows: QuerySet[Sku]) -> Iterator[list[Cell]]:
    for sku in rows.iterator(chunk_size=CHUNK):
        yield [field.export(sku) for field in FIELDS.values()]

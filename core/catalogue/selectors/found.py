"""One product as search and lookup answer it."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.actor import Actor

COLUMNS = (
    "sku.id, sku.code, sku.name, sku.name_en, sku.aroma, sku.abv_tenths, sku.volume_ml, sku.bottles_per_case,"
    " sku.inner_pack, sku.sells_in, sku.order_multiple, sku.status, sku.product_line_id, line.code, spu.packaging,"
    " sku.picture_file_id"
)
"""In the order of ``FoundSku``; needs ``sku``, ``line`` and ``spu``."""


@dataclass(frozen=True, slots=True)
class FoundSku:
    """What a line of the order pad and a search suggestion need. Strength in tenths of %vol, volume in ml."""

    id: int
    code: str
    name: str
    name_en: str
    aroma: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    inner_pack: int
    sells_in: str
    order_multiple: int
    status: str
    product_line_id: int
    product_line: str
    packaging: str
    picture_file_id: UUID | None


def may_see(actor: Actor) -> tuple[bool, tuple[str, ...]]:
    """Whether the actor sees more than what is ON, and the product lines it is limited to (empty: all)."""
    return actor.is_brand_staff, actor.scope.product_lines

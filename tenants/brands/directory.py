"""The public directory: brands that wish to be found, and nothing of them but what they say of themselves."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from core.db.acts import public
from core.kernel.errors import Missing
from core.kernel.text import normalised
from tenants.brands.models import Brand

OPEN = (Brand.State.ACTIVE, Brand.State.READ_ONLY)
MOST = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A brand as anybody may read of it. ``region_code`` is GB/T 2260, ``aromas`` codes of the catalogue."""

    slug: str
    name: str
    name_en: str
    seal: str
    introduction: str
    introduction_en: str
    region_code: str
    aromas: tuple[str, ...]
    host: str


def listed_brands(*, query: str = "", aroma: str = "", province: str = "") -> list[Listed]:
    """Listed brands whose portal answers, by name; ``province`` is a province's code. One query."""
    found = Q()
    words = normalised(query)[:80]
    if words:
        found &= Q(name__icontains=words) | Q(name_en__icontains=words) | Q(slug__iexact=words)
    if aroma:
        found &= Q(aromas__contains=[aroma])
    if province:
        found &= Q(region_code__startswith=province[:2])
    return _read(found)


def listed_brand(slug: str) -> Listed:
    """One of them. Raises ``Missing`` for a brand that is not listed as for none."""
    found = _read(Q(slug=slug))
    if not found:
        raise Missing
    return found[0]


def _read(condition: Q) -> list[Listed]:
    names = ("slug", "name", "name_en", "seal", "introduction", "introduction_en", "region_code", "aromas")
    with public():
        listed = Brand.objects.filter(condition, is_listed=True, state__in=OPEN, domains__is_primary=True)
        rows: list[dict[str, Any]] = list(listed.order_by("name").values(*names, host=F("domains__domain"))[:MOST])
    return [Listed(**{**row, "aromas": tuple(row["aromas"])}) for row in rows]

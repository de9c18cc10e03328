"""Which products an actor may see, one of them, and what there is to narrow them by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language

from core.catalogue.errors import SkuUnknown
from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.rules import Aroma
from core.catalogue.selectors.search import matching
from core.db.acts import public
from core.db.scopes import lines_within
from core.files.models import StoredFile
from core.files.selectors import kept_file
from core.kernel.actor import Actor
from core.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class SkuFilters:
    """What a list of products is narrowed by; empty means not at all. Strength in tenths of %vol, ends included."""

    text: str = ""
    aromas: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    volumes_ml: tuple[int, ...] = ()
    packs: tuple[int, ...] = ()
    abv_from: int | None = None
    abv_to: int | None = None

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "SkuFilters":
        """Read ``?q= &aroma= &line= &status=``, for the page and its export alike; what is unknown is left aside."""
        aroma, status = params.get("aroma", ""), params.get("status", "")
        line = params.get("line", "")[:20]
        return cls(
            text=params.get("q", "").strip()[:80],
            aromas=(aroma,) if aroma in set(Aroma) else (),
            lines=(line,) if line else (),
            statuses=(status,) if status in Sku.Status.values else (),
        )


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet, its words where it has some, and how many products carry it."""

    value: str
    label: str
    count: int


def skus_visible_to(actor: Actor) -> QuerySet[Sku]:
    """Brand staff see every SKU, dealers what is ON, each of the seat's product lines.

    Joined with its SPU, line and producer.
    """
    actor.require(Permission.READ, writes=False)
    rows = Sku.objects.select_related("spu", "spu__producer", "product_line")
    rows = rows.filter(lines_within(actor, "product_line__code"))
    return rows if actor.is_brand_staff else rows.filter(status=Sku.Status.ON)


def sku_by_code(actor: Actor, code: str) -> Sku:
    """The SKU of exactly that code (small letters are read as capitals). Raises ``SkuUnknown``."""
    try:
        return skus_visible_to(actor).get(code=code.strip().upper())
    except Sku.DoesNotExist:
        raise SkuUnknown(value=code[:48]) from None


def filtered(rows: QuerySet[Sku], filters: SkuFilters) -> QuerySet[Sku]:
    """``rows`` narrowed by ``filters``, in shelf order."""
    chosen = {
        "aroma__in": filters.aromas,
        "product_line__code__in": filters.lines,
        "status__in": filters.statuses,
        "volume_ml__in": filters.volumes_ml,
        "bottles_per_case__in": filters.packs,
    }
    rows = rows.filter(**{name: values for name, values in chosen.items() if values})
    if filters.abv_from is not None:
        rows = rows.filter(abv_tenths__gte=filters.abv_from)
    if filters.abv_to is not None:
        rows = rows.filter(abv_tenths__lte=filters.abv_to)
    return matching(rows, filters.text).order_by("rank", "id")


SORTS: Mapping[str, tuple[str, ...]] = {
    "rank": ("rank", "id"),
    "name": ("name_key", "id"),
    "code": ("code",),
    "-updated": ("-updated_at", "id"),
}
"""The orders of a list of products by their word in the URL, the usual one first."""


def listed(actor: Actor, filters: SkuFilters, *, sort: str = "") -> QuerySet[Sku]:
    """The products the actor may see under the filters, in the order asked for; by the name the reader reads."""
    rows = filtered(skus_visible_to(actor), filters)
    if sort == "name" and (get_language() or "").startswith("en"):
        return rows.order_by(Coalesce(NullIf(Lower("name_en"), Value("")), "name_key"), "id")
    return rows.order_by(*SORTS.get(sort, SORTS["rank"]))


def facets(rows: QuerySet[Sku]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts of ``rows`` by aroma, line, status, strength, volume and pack; one query."""
    columns = ("aroma", "product_line__code", "status", "abv_tenths", "volume_ml", "bottles_per_case")
    names = ("aroma", "line", "status", "abv", "volume", "pack")
    found: dict[str, dict[str, FacetCount]] = {name: {} for name in names}
    groups = (
        rows.order_by().select_related(None).values_list(*columns, "product_line__name").annotate(count=Count("id"))
    )
    for *values, line_name, count in groups:
        for name, value in zip(names, values, strict=True):
            before = found[name].get(str(value))
            label = line_name if name == "line" else ""
            found[name][str(value)] = FacetCount(str(value), label, count + (before.count if before else 0))
    return {name: _in_order(name, tuple(counts.values())) for name, counts in found.items()}


def _in_order(name: str, counts: Sequence[FacetCount]) -> tuple[FacetCount, ...]:
    """Figures by size, words by how many they have."""
    if name in {"abv", "volume", "pack"}:
        return tuple(sorted(counts, key=lambda one: int(one.value)))
    return tuple(sorted(counts, key=lambda one: (-one.count, one.value)))


def spus_visible_to(actor: Actor) -> QuerySet[Spu]:
    """Every SPU of the seat's product lines, for those who edit products."""
    actor.require(Permission.EDIT, writes=False)
    inside = Spu.objects.filter(lines_within(actor, "product_line__code"))
    return inside.select_related("product_line", "producer").order_by("code")


def lines_visible_to(actor: Actor) -> QuerySet[ProductLine]:
    """Every product line of the seat in the brand's order."""
    actor.require(Permission.READ, writes=False)
    return ProductLine.objects.filter(lines_within(actor, "code")).order_by("position", "code")


def producers_visible_to(actor: Actor) -> QuerySet[Producer]:
    """Every producer, for those who edit products."""
    actor.require(Permission.EDIT, writes=False)
    return Producer.objects.order_by("name")


def producer_scan(actor: Actor, producer_id: int, file_id: UUID) -> StoredFile:
    """A scan of a producer's licence this brand sent in, from the public schema.

    Raises ``Missing``, or ``LeftBehind`` for one that has stayed behind on another server.
    """
    if not producers_visible_to(actor).filter(pk=producer_id, sc_file_ids__contains=[file_id]).exists():
        raise Missing
    with public():
        return kept_file(file_id)

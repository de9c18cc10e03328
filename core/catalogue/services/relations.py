"""What a SKU's facts may not do to the SKUs there are: change what a code stands for, take another's barcode."""

from collections.abc import Iterable, Iterator, Sequence

from core.catalogue.errors import BarcodeTaken, NeedsNewCode
from core.catalogue.models import Sku
from core.catalogue.rules import Advice
from core.catalogue.services.checks import SkuFacts
from core.kernel.errors import DomainError
from core.kernel.text import N_

STOOD_FOR = ("abv_tenths", "volume_ml", "bottles_per_case", "age_code", "edition")
"""What a code stands for (handbook §13): a change is another product. A label refresh is not."""


def identity_faults(before: SkuFacts, after: SkuFacts, *, status: str) -> Iterator[DomainError]:
    """Refuse another strength, bottle, pack, age or edition under a code that has been on the shelf.

    A DRAFT was never offered to anybody, so its measures may still be corrected.
    """
    if status == Sku.Status.DRAFT:
        return
    for field in STOOD_FOR:
        if getattr(before, field) != getattr(after, field):
            yield NeedsNewCode(field=field, before=_shown(field, getattr(before, field)))


def _shown(field: str, value: int | str) -> str:
    """A measure as it stands on a label."""
    if field == "abv_tenths":
        whole, rest = divmod(int(value), 10)
        return f"{whole}.{rest}%vol" if rest else f"{whole}%vol"
    return f"{value}ml" if field == "volume_ml" else str(value) or "–"


def owners_of_case_barcodes(skus: Iterable[SkuFacts]) -> dict[str, str]:
    """SKU code by case barcode (GTIN-14), of those already stored. One query."""
    barcodes = [sku.gtin14 for sku in skus if sku.gtin14]
    return dict(Sku.objects.filter(gtin14__in=barcodes).values_list("gtin14", "code")) if barcodes else {}


def barcode_fault(sku: SkuFacts, owners: dict[str, str]) -> BarcodeTaken | None:
    """Refuse a case barcode that is another SKU's; ``owners`` learns this one."""
    if not sku.gtin14:
        return None
    owner = owners.setdefault(sku.gtin14, sku.code)
    return BarcodeTaken(field="gtin14", value=sku.gtin14, sku=owner) if owner != sku.code else None


def bottles_by_barcode(skus: Sequence[SkuFacts]) -> dict[str, list[tuple[str, int, int]]]:
    """Code, strength and volume of stored SKUs by retail barcode (GTIN-13). One query."""
    barcodes = [sku.gtin13 for sku in skus if sku.gtin13]
    found: dict[str, list[tuple[str, int, int]]] = {}
    if barcodes:
        rows = Sku.objects.filter(gtin13__in=barcodes).values_list("gtin13", "code", "abv_tenths", "volume_ml")
        for barcode, code, abv_tenths, volume_ml in rows:
            found.setdefault(barcode, []).append((code, abv_tenths, volume_ml))
    return found


def bottle_advice(sku: SkuFacts, bottles: dict[str, list[tuple[str, int, int]]]) -> Iterator[Advice]:
    """One bottle in several cases shares its barcode; two different bottles never do."""
    for code, abv_tenths, volume_ml in bottles.get(sku.gtin13, []):
        if code != sku.code and (abv_tenths, volume_ml) != (sku.abv_tenths, sku.volume_ml):
            yield Advice(
                "catalogue.barcode_of_other_bottle",
                N_("%(sku)s has the same barcode %(value)s, but is another bottle."),
                {"sku": code, "value": sku.gtin13},
            )
            return

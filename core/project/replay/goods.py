"""Items of the file as SKUs: codes by our rule, barcodes repaired or left out, placeholders for what is unknown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from core.catalogue import services as catalogue
from core.catalogue.models import Sku
from core.catalogue.rules import Aroma, sku_code
from core.kernel.actor import Actor
from core.kernel.identifiers import InvalidIdentifier, gtin, gtin14, restore_upc
from core.project.replay.files import FileProduct
from core.project.replay.report import Kind, Report

PREFIX = "IA"
PRODUCTS = "products"
BATCH = 1_000
LONGEST_EDITION = 6
_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def edition_of(item: str) -> str:
    """The item number as the edition of a code; one of more than six digits written shorter, with a Z in front.

    A longer one with letters in it (``x904631``) becomes the digest of its letters, with a Y in front.
    """
    if len(item) <= LONGEST_EDITION:
        return item.upper()
    if item.isascii() and item.isdigit():
        return f"Z{_shorter(int(item))}"
    return f"Y{_shorter(crc32(item.encode()) % len(_DIGITS) ** (LONGEST_EDITION - 1)):0>{LONGEST_EDITION - 1}}"


def _shorter(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, len(_DIGITS))
        letters = _DIGITS[place] + letters
    return letters


def save_products(
    actor: Actor, products: Sequence[FileProduct], wanted: frozenset[str], report: Report
) -> dict[str, str]:
    """Save every item of ``wanted``, the unknown ones as placeholders, and put them on the shelf; SKU code by item."""
    known = [product for product in products if product.item in wanted]
    rows = {product.item: _row(product, report) for product in known}
    rows = dict(_accepted(rows, {product.item: product for product in known}, report))
    for item in sorted(wanted - rows.keys()):
        rows[item] = _placeholder(item, len(products) + len(rows) + 1)
        report.note(Kind.PLACEHOLDER_ITEM, PRODUCTS, 0, item, "an item the product file does not describe")
    ordered = list(rows.values())
    for start in range(0, len(ordered), BATCH):
        batch = tuple(ordered[start : start + BATCH])
        catalogue.bulk_save_skus(actor=actor, command=catalogue.BulkSaveSkus(batch, batch="replay"))
    codes = {item: row.code for item, row in rows.items()}
    _put_on_shelf(actor, codes.values())
    return codes


def _put_on_shelf(actor: Actor, codes: Iterable[str]) -> None:
    waiting = sorted(Sku.objects.filter(code__in=list(codes), status=Sku.Status.DRAFT).values_list("code", flat=True))
    for start in range(0, len(waiting), BATCH):
        command = catalogue.ChangeShelfState(tuple(waiting[start : start + BATCH]), "ON")
        catalogue.change_shelf_state(actor=actor, command=command)


def _row(product: FileProduct, report: Report) -> catalogue.SkuRow:
    abv_tenths = int(product.proof * 5)
    return catalogue.SkuRow(
        row=product.row,
        code=_code(product.item, abv_tenths, product.volume_ml, product.pack),
        name=product.name,
        aroma=Aroma.OT.value,
        abv_tenths=abv_tenths,
        volume_ml=product.volume_ml,
        bottles_per_case=product.pack,
        edition=edition_of(product.item),
        gtin13=_retail_barcode(product, report),
        gtin14=_case_barcode(product, report),
        sells_in="BOTTLE",
        spu_code=f"item-{product.item}",
        spu_name=product.name,
        line=product.category or "OTHER",
        producer_name=product.vendor,
        category="SPIRIT",
    )


def _placeholder(item: str, row: int) -> catalogue.SkuRow:
    """Strength 0 and 1 ml say that nothing is known of it but its number."""
    return catalogue.SkuRow(
        row=row,
        code=_code(item, 0, 1, 1),
        name=f"Item {item}",
        aroma=Aroma.OT.value,
        abv_tenths=0,
        volume_ml=1,
        bottles_per_case=1,
        edition=edition_of(item),
        sells_in="BOTTLE",
        is_placeholder=True,
        spu_code=f"item-{item}",
        spu_name=f"Item {item}",
        line="UNKNOWN",
        category="SPIRIT",
    )


def _code(item: str, abv_tenths: int, volume_ml: int, pack: int) -> str:
    return sku_code(
        PREFIX,
        Aroma.OT,
        abv_tenths=abv_tenths,
        volume_ml=volume_ml,
        bottles_per_case=pack,
        edition=edition_of(item),
    )


def _retail_barcode(product: FileProduct, report: Report) -> str:
    """GTIN-13 of the UPC; zeros a spreadsheet ate are put back, a wrong number is left out."""
    if not product.upc:
        return ""
    try:
        return gtin(product.upc, 12, 13).zfill(13)
    except InvalidIdentifier as fault:
        restored = restore_upc(product.upc)
        if restored is None:
            report.note(Kind.BARCODE_LEFT_OUT, PRODUCTS, product.row, product.item, f"UPC {product.upc}: {fault.code}")
            return ""
        report.note(Kind.UPC_RESTORED, PRODUCTS, product.row, product.item, f"{product.upc} is {restored}")
        return restored.zfill(13)


def _case_barcode(product: FileProduct, report: Report) -> str:
    if not product.scc:
        return ""
    try:
        return gtin14(product.scc.zfill(14))
    except InvalidIdentifier as fault:
        report.note(Kind.BARCODE_LEFT_OUT, PRODUCTS, product.row, product.item, f"SCC {product.scc}: {fault.code}")
        return ""


def _accepted(
    rows: dict[str, catalogue.SkuRow], products: dict[str, FileProduct], report: Report
) -> Iterator[tuple[str, catalogue.SkuRow]]:
    """The rows the catalogue accepts: without the barcodes it refuses; what it still refuses becomes a placeholder."""
    items = {row.row: item for item, row in rows.items()}
    for row, field, why in _faults(rows):
        item = items[row]
        if field == "gtin13":
            rows[item] = replace(rows[item], gtin13="")
        elif field == "gtin14":
            rows[item] = replace(rows[item], gtin14="")
        else:
            continue
        report.note(Kind.BARCODE_LEFT_OUT, PRODUCTS, products[item].row, item, why)
    for row, _, why in _faults(rows):
        rows.pop(items[row], None)
        report.note(Kind.PRODUCT_REFUSED, PRODUCTS, products[items[row]].row, items[row], why)
    yield from rows.items()


def _faults(rows: dict[str, catalogue.SkuRow]) -> list[tuple[int, str, str]]:
    """Row, field and words of everything the catalogue has against the rows."""
    return [
        (planned.source.row, fault.field or "", str(fault))
        for planned in catalogue.plan_rows(tuple(rows.values())).rows
        for fault in planned.faults
    ]

"""The table of products: its columns, the headings people give them, how each is read and written."""

from collections.abc import Mapping

from django.utils.translation import gettext
from import_export import resources
from import_export.fields import Field

from core.catalogue.models import ProductLine
from core.catalogue.resources.widgets import (
    PACKAGINGS,
    SELLS_IN,
    AgeCode,
    Barcode,
    Choice,
    Pack,
    Strength,
    Volume,
    Whole,
    Words,
)
from core.catalogue.selectors import brand_rules
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, without_guard
from core.kernel.errors import DomainError
from core.kernel.errors import Field as Value
from core.kernel.text import N_

HEADINGS: dict[str, tuple[str, ...]] = {
    "code": (
        "商品编码",
        "货号",
        "产品编码",
        "物料编码",
        "编码",
        "代码",
        "商品代码",
        "产品代码",
        "SKU",
        "SKU编码",
        "SKU code",
        "code",
        "item code",
    ),
    "name": (
        "品名",
        "商品名称",
        "产品名称",
        "商品",
        "产品",
        "名称",
        "标题",
        "product",
        "product name",
        "name",
        "title",
    ),
    "name_en": ("英文名", "英文品名", "English name"),
    "aroma": ("香型", "aroma", "aroma type"),
    "abv_tenths": ("度数", "酒精度", "酒精度数", "酒度", "ABV", "strength", "alcohol"),
    "spec": ("规格", "规格型号", "包装规格", "spec", "specification"),
    "volume_ml": ("容量", "净含量", "毫升", "ml", "volume", "volume ml", "net content"),
    "bottles_per_case": ("箱规", "装箱数", "每箱瓶数", "瓶/箱", "入数", "bottles per case", "pack", "case pack"),
    "inner_pack": ("礼盒装数", "每盒瓶数", "bottles per box", "inner pack"),
    "age_code": ("年份", "酒龄", "age"),
    "edition": ("版本", "版别", "edition"),
    "line": ("系列", "产品线", "品系", "品项", "product line", "line", "series"),
    "producer_name": ("厂家", "生产厂家", "生产商", "生产企业", "酒厂", "producer", "manufacturer"),
    "gtin13": ("条码", "商品条码", "条形码", "69码", "瓶码", "barcode", "bottle barcode", "GTIN-13", "EAN", "UPC"),
    "gtin14": ("箱码", "外箱条码", "箱条码", "case barcode", "GTIN-14", "ITF-14"),
    "sells_in": ("销售单位", "订货单位", "单位", "sells in", "unit"),
    "order_multiple": ("订货倍数", "起订倍数", "order multiple"),
    "gross_weight_g": ("毛重", "毛重克", "gross weight", "gross weight g"),
    "exec_standard": ("执行标准", "产品标准", "standard"),
    "packaging": ("包装", "包装形式", "packaging"),
    "spu_code": ("产品族编码", "SPU", "SPU编码", "family code"),
    "rank": ("排序", "rank"),
    "status": ("状态", "上架状态", "status", "shelf state"),
}
"""By field, the headings of a table people keep; the first is the one that is asked for."""

LABELS: dict[str, str] = {
    "code": N_("SKU code"),
    "name": N_("Product name"),
    "name_en": N_("English name"),
    "aroma": N_("Aroma type"),
    "abv_tenths": N_("Strength (%vol)"),
    "spec": N_("Specification"),
    "volume_ml": N_("Volume (ml)"),
    "bottles_per_case": N_("Bottles per case"),
    "inner_pack": N_("Bottles per box"),
    "age_code": N_("Age"),
    "edition": N_("Edition"),
    "line": N_("Product line"),
    "producer_name": N_("Producer"),
    "gtin13": N_("Bottle barcode"),
    "gtin14": N_("Case barcode"),
    "sells_in": N_("Sells in"),
    "order_multiple": N_("Order multiple"),
    "gross_weight_g": N_("Gross weight (g)"),
    "exec_standard": N_("Standard"),
    "packaging": N_("Packaging"),
    "spu_code": N_("Family code"),
    "rank": N_("Rank"),
    "status": N_("Shelf state"),
}
REQUIRED = frozenset({"code", "name", "aroma", "abv_tenths", "volume_ml", "bottles_per_case", "line"})
"""What a new product needs; a known one only its code."""
NOT_IMPORTED = ("status",)
"""Written only: what goes on the shelf is a decision of its own."""


class ProductResource(resources.Resource):
    """Maps, parses and words a row; saving is the verb's business."""

    code = Field("code", "code", Words())
    name = Field("name", "name", Words())
    name_en = Field("name_en", "name_en", Words())
    aroma = Field("aroma", "aroma", Words())
    abv_tenths = Field("abv_tenths", "abv_tenths", Strength())
    volume_ml = Field("volume_ml", "volume_ml", Volume())
    bottles_per_case = Field("bottles_per_case", "bottles_per_case", Pack())
    inner_pack = Field("inner_pack", "inner_pack", Whole("瓶", high=99))
    age_code = Field("age_code", "age_code", AgeCode())
    edition = Field("edition", "edition", Words())
    line = Field("product_line__name", "line", Words())
    producer_name = Field("spu__producer__name", "producer_name", Words())
    gtin13 = Field("gtin13", "gtin13", Barcode())
    gtin14 = Field("gtin14", "gtin14", Barcode())
    sells_in = Field("sells_in", "sells_in", Choice(SELLS_IN))
    order_multiple = Field("order_multiple", "order_multiple", Whole("箱", "瓶"))
    gross_weight_g = Field("gross_weight_g", "gross_weight_g", Whole("g", "克"))
    exec_standard = Field("spu__exec_standard", "exec_standard", Words())
    packaging = Field("spu__packaging", "packaging", Choice(PACKAGINGS))
    spu_code = Field("spu__code", "spu_code", Words())
    rank = Field("rank", "rank", Whole())
    status = Field("status", "status", Choice({}))


FIELDS: dict[str, Field] = ProductResource().fields  # type: ignore[no-untyped-call]  # django-import-export


def read_cells(cells: Mapping[str, str]) -> tuple[dict[str, Value], list[DomainError]]:
    """Values by field of the columns that are there and filled, and what could not be read."""
    values: dict[str, Value] = {}
    faults: list[DomainError] = []
    for name, cell in cells.items():
        if name not in FIELDS or name in NOT_IMPORTED:
            continue
        try:
            value = FIELDS[name].clean({name: without_guard(cell)})
        except DomainError as fault:
            fault.field = name
            faults.append(fault)
            continue
        if value is not None:
            values[name] = value
    return values, faults


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    asked = {field: label for field, label in LABELS.items() if field not in NOT_IMPORTED}
    return guide_of(HEADINGS, asked, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one product as an example in the brand's own letters and first product line."""
    prefix = next(iter(brand_rules().code_prefixes), "JM")
    line = ProductLine.objects.order_by("position", "pk").values_list("name", flat=True).first()
    example: dict[str, Cell] = {
        "code": f"{prefix}-NX-520-0500-NV-06-DEMO",
        "name": gettext("Example product"),
        "name_en": "Example",
        "aroma": gettext("Strong aroma"),
        "abv_tenths": 52,
        "volume_ml": 500,
        "bottles_per_case": 6,
        "line": line or gettext("Example line"),
        "sells_in": gettext("case"),
        "order_multiple": 1,
    }
    return template_file(import_guide(), [example], name=gettext("products-template"), is_csv=is_csv)


def column_labels() -> dict[str, str]:
    """The columns of an export by field, in the present language and in order."""
    return {name: gettext(LABELS[name]) for name in FIELDS}

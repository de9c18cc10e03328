"""Doors for tables: products in from xlsx and csv, and out again."""

from core.catalogue.resources.exporting import products as export_products
from core.catalogue.resources.importing import IMPORT_PRODUCTS, import_products
from core.catalogue.resources.preview import PreviewLine, PreviewNote, preview_lines
from core.catalogue.resources.products import column_labels, import_guide, import_template

__all__ = [
    "IMPORT_PRODUCTS",
    "PreviewLine",
    "PreviewNote",
    "column_labels",
    "export_products",
    "import_guide",
    "import_products",
    "import_template",
    "preview_lines",
]

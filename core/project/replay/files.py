"""Reading the files: ``orders*.parquet``, ``products*.csv.gz``, ``stores*.csv.gz`` in one folder; docs/replay.md."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as parquet

INVOICE_LENGTH = -5
"""The last five characters of ``invoice_item`` number the line within its invoice."""
COLUMNS = ("invoice_item", "date", "store", "item", "bottles", "sale_dollars")


class FilesUnreadable(Exception):
    """A file is missing or has other columns; the words say which."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One row: ``row`` counts from 1, ``cents`` is None where the amount is no whole number of cents."""

    row: int
    invoice_item: str
    day: date
    store: str
    item: str
    bottles: int
    cents: int | None

    @property
    def invoice(self) -> str:
        """The invoice the line belongs to."""
        return self.invoice_item[:INVOICE_LENGTH]

    @property
    def number_is_whole(self) -> bool:
        """Whether there is an invoice and a line number."""
        return len(self.invoice_item) > -INVOICE_LENGTH and self.invoice_item[INVOICE_LENGTH:].isdecimal()


@dataclass(frozen=True, slots=True)
class FileProduct:
    """An item as the file has it; ``row`` counts from 1 after the headings."""

    row: int
    item: str
    name: str
    category: str
    vendor: str
    volume_ml: int
    pack: int
    proof: Decimal
    upc: str
    scc: str


@dataclass(frozen=True, slots=True)
class FileStore:
    """A store as the file has it."""

    store: str
    name: str
    address: str
    city: str


@dataclass(frozen=True, slots=True)
class Files:
    """The three files of a folder."""

    lines: tuple[FileLine, ...]
    products: tuple[FileProduct, ...]
    stores: tuple[FileStore, ...]


def read(folder: Path) -> Files:
    """All of the folder. Raises ``FilesUnreadable``."""
    products = _table(folder, "products")
    stores = _table(folder, "stores")
    try:
        return Files(
            lines=tuple(_lines(folder)),
            products=tuple(_product(row, words) for row, words in enumerate(products, start=1)),
            stores=tuple(FileStore(one["Store"], one["Name"], one["Address"], one["City"]) for one in stores),
        )
    except (KeyError, ValueError, ArithmeticError) as problem:
        raise FilesUnreadable(f"{folder}: {problem!r}") from None


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FilesUnreadable(f"{folder} holds {len(found)} files {pattern}, one is needed.")
    return found[0]


def _lines(folder: Path) -> Iterator[FileLine]:
    table = parquet.read_table(_one(folder, "orders*.parquet"), columns=list(COLUMNS))
    columns = [table.column(name).to_pylist() for name in COLUMNS]
    for row, (invoice_item, day, store, item, bottles, dollars) in enumerate(zip(*columns, strict=True), start=1):
        yield FileLine(row, str(invoice_item), day, str(store), str(item), int(bottles), cents_of(dollars))


def cents_of(dollars: float) -> int | None:
    """Whole cents, or None when ``dollars`` is none: a float is read as people wrote it, 73.8 as 73.80."""
    exact = Decimal(repr(float(dollars))) * 100
    return int(exact) if exact == exact.to_integral_value() else None


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(_one(folder, f"{name}*.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _product(row: int, words: dict[str, str]) -> FileProduct:
    return FileProduct(
        row,
        words["Item Number"],
        words["Item Description"],
        words["Category Name"],
        words["Vendor Name"],
        int(words["Bottle Volume (ml)"]),
        int(words["Pack"]),
        Decimal(words["Proof"]),
        words["UPC"],
        words["SCC"],
    )

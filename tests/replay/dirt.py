"""A small world in the shape of the files, clean or with dirt of every kind; known are the rows that must be reported.

Deterministic: the same seed writes the same files.
"""

import csv
import gzip
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as arrow
import pyarrow.parquet as parquet

from core.kernel.identifiers import gtin14_of_case

FIRST_DAY = date(2018, 1, 2)
PRODUCT_COLUMNS = (
    *("Item Number", "Category Name", "Item Description", "Vendor Name", "Bottle Volume (ml)", "Pack", "Proof"),
    *("UPC", "SCC"),
)
STORE_COLUMNS = ("Store", "Name", "Address", "City")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the orders file; ``cents`` may be a fraction."""

    invoice_item: str
    day: date
    store: str
    item: str
    bottles: int
    cents: float


@dataclass(slots=True)
class SmallWorld:
    """The three files before they are written."""

    lines: list[Line]
    products: list[dict[str, str]]
    stores: list[dict[str, str]]
    must_be_held_back: dict[int, str] = field(default_factory=dict)
    """Row of the orders file (from 1) → a word its reason must hold."""
    restored_upcs: set[str] = field(default_factory=set)
    wrong_barcodes: set[str] = field(default_factory=set)
    unknown_items: set[str] = field(default_factory=set)
    unknown_stores: set[str] = field(default_factory=set)

    def write(self, folder: Path) -> Path:
        """Write the files; the folder."""
        columns = {
            "invoice_item": [line.invoice_item for line in self.lines],
            "date": [line.day for line in self.lines],
            "store": [line.store for line in self.lines],
            "item": [line.item for line in self.lines],
            "bottles": arrow.array([line.bottles for line in self.lines], arrow.int32()),
            "sale_dollars": [line.cents / 100 for line in self.lines],
        }
        parquet.write_table(arrow.table(columns), folder / "orders_small.parquet")
        _write_csv(folder / "products_small.csv.gz", PRODUCT_COLUMNS, self.products)
        _write_csv(folder / "stores_small.csv.gz", STORE_COLUMNS, self.stores)
        return folder

    def of_invoice(self, number: int) -> list[int]:
        """Places of the lines of the invoice that stands ``number``-th in the file."""
        invoices = list(dict.fromkeys(line.invoice_item[:-5] for line in self.lines))
        return [place for place, line in enumerate(self.lines) if line.invoice_item[:-5] == invoices[number]]

    def spoil(self, place: int, word: str, **changes: object) -> None:
        """Change a line so that its whole invoice must be held back; its own reason holds ``word``."""
        invoice = self.lines[place].invoice_item[:-5]
        self.lines[place] = replace(self.lines[place], **changes)  # type: ignore[arg-type]  # names are given in full
        for other, line in enumerate(self.lines):
            if line.invoice_item[:-5] == invoice:
                self.must_be_held_back.setdefault(other + 1, "faulty row")
        self.must_be_held_back[place + 1] = word


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def upc(serial: int) -> str:
    """A UPC-A with the right check digit."""
    body = f"08{serial:09d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def clean(seed: int = 1, *, items: int = 12, stores: int = 4, invoices: int = 16, days: int = 80) -> SmallWorld:
    """A world without a fault: prices rise once, some lines are no whole cases, one price differs from its month's."""
    dice = Random(seed)
    products = [_product(number) for number in range(items)]
    shops = [
        {"Store": f"{2100 + n}", "Name": f"SHOP #{n} / TEST", "Address": f"{n} MAIN ST.", "City": "ADEL"}
        for n in range(stores)
    ]
    lines = []
    for number in range(invoices):
        day = FIRST_DAY + timedelta(days=number * days // invoices)
        store = shops[number % stores]["Store"]
        for line, place in enumerate(sorted(dice.sample(range(items), k=dice.randint(2, 6))), start=1):
            bottles = dice.choice((1, 3, 6, 12, 48))
            each = 500 + 73 * place + (40 if day.month > 1 else 0)
            item = products[place]["Item Number"]
            lines.append(Line(f"INV-{number + 1:06d}{line:05d}", day, store, item, bottles, each * bottles))
    lines[-1] = replace(lines[-1], bottles=7, cents=1000)  # 142.86 cents a bottle: the amount counts, made by hand
    return SmallWorld(lines, products, shops)


def _product(number: int) -> dict[str, str]:
    pack = (12, 6, 24, 48)[number % 4]
    retail = upc(number + 1)
    return {
        "Item Number": str(10_000 + number) if number else "1000123",
        "Category Name": ("SCOTCH WHISKIES", "VODKA", "BAIJIU LIQUEUR")[number % 3],
        "Item Description": f"TEST SPIRIT {number}",
        "Vendor Name": f"VENDOR {number % 2}",
        "Bottle Volume (ml)": str((750, 1750, 50)[number % 3]),
        "Pack": str(pack),
        "Proof": ("80", "101", "35")[number % 3],
        "UPC": retail,
        "SCC": gtin14_of_case(f"0{retail}"),
    }


def dirty(seed: int = 1) -> SmallWorld:
    """The clean world with every kind of dirt in it, each in an invoice of its own."""
    world = clean(seed)
    first = [world.of_invoice(number)[0] for number in range(9)]
    world.spoil(first[0], "return", bottles=-6, cents=-3000.0)
    world.spoil(first[1], "no bottles", bottles=0)
    world.spoil(first[2], "nothing was charged", cents=0.0)
    world.spoil(world.of_invoice(3)[1], "two stores", store="2199")
    world.spoil(world.of_invoice(4)[1], "same invoice line", invoice_item=world.lines[first[4]].invoice_item)
    world.spoil(first[5], "whole number of cents", cents=1000.5)
    world.spoil(world.of_invoice(6)[1], "two days", day=world.lines[first[6]].day + timedelta(days=1))
    _spoil_products(world)
    place = world.of_invoice(7)[0]
    world.lines[place] = replace(world.lines[place], item="77777")
    world.unknown_items.add("77777")
    _forget_store(world, first[8])
    return world


def _spoil_products(world: SmallWorld) -> None:
    sold = [
        product
        for product in world.products
        if any(
            line.item == product["Item Number"] and place + 1 not in world.must_be_held_back
            for place, line in enumerate(world.lines)
        )
    ]
    lost, wrong = sold[0], sold[1]
    lost["UPC"] = lost["UPC"].lstrip("0")
    world.restored_upcs.add(lost["Item Number"])
    wrong["UPC"] = wrong["UPC"][:-1] + str((int(wrong["UPC"][-1]) + 1) % 10)
    world.wrong_barcodes.add(wrong["Item Number"])


def _forget_store(world: SmallWorld, place: int) -> None:
    store = world.lines[place].store
    world.stores = [one for one in world.stores if one["Store"] != store]
    world.unknown_stores.add(store)

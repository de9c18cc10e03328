"""Files that are not what they should be: each gets a clear word, or is read all the same."""

import io
import zipfile

import pytest
from django.test import override_settings
from openpyxl import Workbook

from core.files.errors import (
    Disguised,
    FileEmpty,
    FileTooLarge,
    FormulaUnsaved,
    HeadMissing,
    TableEmpty,
    TypeNotAllowed,
)
from core.files.rules import Purpose
from core.files.services import store
from core.files.tables import find_head, open_table, read_table, under_head
from core.kernel.errors import DomainError
from tests.core.actors import an_actor
from tests.portals import TestPortal

CLERK = an_actor("李敏", "files.upload")
COLUMNS = {"code": ("商品编码", "SKU code"), "bottles": ("瓶数", "bottles"), "batch": ("批次", "batch")}
MEGABYTE = 1024 * 1024


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"a,b\n1,2\n", "renamed.xlsx", Disguised),
        (workbook(("a",)), "renamed.csv", Disguised),
        (zipped(), "an archive.xlsx", TypeNotAllowed),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.xls", TypeNotAllowed),
        (b"", "nothing.csv", FileEmpty),
        (b"1," * (20 * MEGABYTE), "forty megabytes.csv", FileTooLarge),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@override_settings(UPLOAD_MAX_BYTES=20 * MEGABYTE)
def test_a_file_that_is_no_table_of_ours_is_refused_at_the_door(
    xinghe: TestPortal, content: bytes, name: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        store(actor=CLERK, upload=io.BytesIO(content), name=name, purpose=Purpose.IMPORT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "head", [("瓶数", " 商品 编码 ", "批次"), ("Bottles", "SKU Code", "batch"), ("瓶数", "商品编码*", "批次（选填）")]
)
def test_every_way_an_office_saves_a_table_is_read(encoding: str, delimiter: str, head: tuple[str, ...]) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (head, ("12", "A-1", "春"), ("0", "B-2", "")))
    found, rows = under_head(open_table(io.BytesIO(text.encode(encoding))), COLUMNS, needed=("code",))
    read = [found.cells(row) for row in rows]
    assert [(cells["code"], cells["bottles"], cells["batch"]) for cells in read] == [
        ("A-1", "12", "春"),
        ("B-2", "0", ""),
    ]


def test_a_formula_nobody_has_worked_out_is_told_with_its_cell() -> None:
    with pytest.raises(FormulaUnsaved) as told:
        read_table(io.BytesIO(workbook(("商品编码", "瓶数"), ("A-1", "=6*2"))))
    assert told.value.fields == {"cell": "B2"}


def test_a_table_without_rows_or_without_a_head_says_so() -> None:
    with pytest.raises(TableEmpty):
        open_table(io.BytesIO(b" , ,\r\n,,\r\n"))
    with pytest.raises(TableEmpty):
        open_table(io.BytesIO(workbook()))
    with pytest.raises(HeadMissing):
        find_head(read_table(io.BytesIO("甲,乙\n1,2\n".encode())), COLUMNS, needed=("code",))


def test_a_long_table_is_read_in_pieces_and_counted_first() -> None:
    text = "商品编码,瓶数\r\n" + "".join(f"A-{n},{n}\r\n" for n in range(60_000))
    table = open_table(io.BytesIO(text.encode()))
    assert table.count == 60_001
    assert next(table.rows).cells == ("商品编码", "瓶数")
    assert sum(1 for _ in table.rows) == 60_000

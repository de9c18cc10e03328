"""Tables from spreadsheets: what people save, what goes wrong, and formulas made harmless."""

import csv
import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from core.files.errors import ColumnTwice, HeadMissing, TableEmpty, TableTooLong, TableUnreadable
from core.files.tables import MOST_ROWS, csv_table, find_head, read_table, without_guard, xlsx_table

COLUMNS = {
    "code": ("货号", "商品编码", "SKU code"),
    "name": ("品名", "name"),
    "abv": ("度数", "abv"),
    "pack": ("箱规", "bottles per case"),
}


def workbook(*rows: tuple[object, ...], merged: str = "") -> io.BytesIO:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def cells(stream: io.BytesIO) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_table(stream)]


def test_numbers_and_dates_come_as_people_wrote_them() -> None:
    stream = workbook((53.0, 6901234567892, 52.5, date(2026, 1, 12), True, None, " 青花２０\n"))
    assert cells(stream) == [(1, ("53", "6901234567892", "52.5", "2026-01-12", "TRUE", "", "青花20"))]


def test_rows_keep_the_numbers_a_spreadsheet_shows() -> None:
    assert cells(workbook(("a",), (None,), ("b",))) == [(1, ("a",)), (3, ("b",))]


def test_a_cell_merged_downwards_says_the_same_of_every_row() -> None:
    stream = workbook(("青花系列", "20"), (None, "30"), (None, "50"), merged="A1:A3")
    assert [row[0] for _, row in cells(stream)] == ["青花系列"] * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_csv_of_every_sort_is_read(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("货号", "品名")) + "\r\n" + delimiter.join(("A-1", '"青花 20"')) + "\r\n"
    assert cells(io.BytesIO(text.encode(encoding))) == [(1, ("货号", "品名")), (2, ("A-1", "青花 20"))]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing of a workbook",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\xff",
        b'"unclosed' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(TableUnreadable):
        read_table(io.BytesIO(content))


def test_a_workbook_cut_short_is_refused() -> None:
    content = workbook(("货号",), ("A-1",)).getvalue()
    with pytest.raises(TableUnreadable):
        read_table(io.BytesIO(content[: len(content) // 2]))


@pytest.mark.parametrize("content", [b"", b"\r\n , ,\r\n"])
def test_an_empty_table_is_refused(content: bytes) -> None:
    with pytest.raises(TableEmpty):
        read_table(io.BytesIO(content))


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(TableTooLong) as refusal:
        read_table(io.BytesIO(b"a\n" * (MOST_ROWS + 1)))
    assert refusal.value.fields == {"rows": MOST_ROWS + 1, "limit": MOST_ROWS}


def test_the_head_is_found_below_a_title_and_above_its_translation() -> None:
    stream = workbook(
        ("杏禾酒业 2026 年产品表", None, None, None),
        ("基本信息", None, "包装", None),
        ("*货号", "品 名", "度数（%vol）", "备注"),
        ("SKU code", "Name", "ABV", "note"),
        ("A-1", "青花20", 53, "x"),
        merged="A1:D1",
    )
    head = find_head(read_table(stream), COLUMNS, needed=("code", "name"))
    assert (dict(head.places), head.unknown) == ({"code": 0, "name": 1, "abv": 2}, ("备注",))
    assert head.titles == {"code": "*货号", "name": "品 名", "abv": "度数(%vol)"}
    assert [(row.number, head.cells(row)) for row in head.below] == [
        (5, {"code": "A-1", "name": "青花20", "abv": "53"})
    ]


def test_a_table_without_a_head_is_refused() -> None:
    with pytest.raises(HeadMissing) as refusal:
        find_head(read_table(workbook(("A-1", "青花20"), ("A-2", "青花30"))), COLUMNS, needed=("code", "name"))
    assert refusal.value.fields == {"wanted": "货号 / 品名"}


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(ColumnTwice) as refusal:
        find_head(read_table(workbook(("货号", "商品编码"), ("A", "B"))), COLUMNS, needed=("code",))
    assert refusal.value.fields == {"first": "货号", "second": "商品编码"}


DANGEROUS = ("=1+1", "+8613", "-2", "@SUM(A1)", " =cmd|' /C calc'!A0")


def test_formulas_are_made_harmless_and_figures_stay_figures() -> None:
    rows = [(text, -5) for text in DANGEROUS]
    read = list(csv.reader(io.StringIO(csv_table(("a", "b"), rows).decode("utf-8-sig"))))[1:]
    assert [row[0] for row in read] == [f"'{text}" for text in DANGEROUS]
    sheet = load_workbook(io.BytesIO(xlsx_table(("a", "b"), rows, title="A/B:C"))).active
    assert sheet is not None
    assert [(row[0].value, row[0].data_type, row[1].value) for row in sheet.iter_rows(min_row=2)] == [
        (f"'{text}", "s", -5) for text in DANGEROUS
    ]


def test_what_was_guarded_on_the_way_out_is_unguarded_on_the_way_in() -> None:
    assert [without_guard(f"'{text}") for text in DANGEROUS] == list(DANGEROUS)
    assert without_guard("'quoted") == "'quoted"


def test_digits_in_texts_keep_their_zeros() -> None:
    read = read_table(io.BytesIO(xlsx_table(("条码",), [("0036000291452",)], title="x")))
    assert read[1].cells == ("0036000291452",)

"""Importing products: preview, confirmation of guesses, errors by row, nothing half-imported."""

import pytest
from django.utils.translation import override

from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.resources import import_guide, import_template, preview_lines
from core.catalogue.services import (
    ChangeShelfState,
    SaveSettings,
    change_shelf_state,
    save_settings,
)
from core.files.errors import Disguised, TypeNotAllowed, Unreadable
from core.jobs.models import Job
from core.jobs.selectors import RowFilter, failure_lines, shown_rows
from core.kernel.actor import Actor
from tests.core.catalogue.sheets import CODE, GOOD, HEAD, SECOND, changed, counts, faults, imported, xlsx


def test_a_clean_table_comes_in_whole(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, GOOD, SECOND))
    assert (job.status, job.total, job.done, job.failed, counts(job)) == ("DONE", 2, 2, 0, {"new": 2})
    stored = Sku.objects.select_related("spu__producer", "product_line").get(code=CODE)
    assert (stored.name, stored.aroma, stored.abv_tenths, stored.volume_ml) == ("青花汾酒20", "QX", 530, 500)
    assert (stored.bottles_per_case, stored.age_code, stored.gtin13, stored.gtin14) == (
        6,
        "Y20",
        "6901234567892",
        "16901234567899",
    )
    assert (stored.product_line.code, stored.status) == ("QH", "DRAFT")
    assert Producer.objects.get().name == "山西杏花村汾酒厂股份有限公司"
    assert Sku.objects.get(code="FJ-QX-530-0475-NV-12").volume_ml == 475


def test_csv_from_an_old_office_comes_in_too(importer: Actor) -> None:
    lines = "\r\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in (HEAD, GOOD, SECOND))
    job = imported(importer, lines.encode("gb18030"), name="products.csv")
    assert (job.status, counts(job)) == ("DONE", {"new": 2})


def test_a_dry_run_writes_nothing_and_says_what_would_be(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD))
    table = xlsx(HEAD, changed(GOOD, 品名="青花汾酒20 新标"), SECOND, changed(SECOND, 货号="53", 条码="123"))
    job = imported(importer, table, is_dry_run=True)
    assert (job.status, counts(job)) == ("DONE_WITH_ERRORS", {"failed": 1, "changed": 1, "new": 1})
    assert (Sku.objects.get().name, job.result["is_written"]) == ("青花汾酒20", False)
    with override("en"):
        changed_line, new, failed = preview_lines(shown_rows(job, RowFilter()))
    assert (failed.row, failed.fate, failed.problems[0].column) == (4, "failed", "SKU code")
    assert "“53” is not an SKU code" in failed.problems[0].text
    assert changed_line.changes == (("Product name", "青花汾酒20", "青花汾酒20 新标"),)
    assert (new.fate, new.name) == ("new", "玻汾")


def test_a_preview_speaks_in_words(importer: Actor) -> None:
    head, row = (*HEAD, "销售单位"), (*changed(SECOND, 系列="不存在的线"), "箱")
    job = imported(importer, xlsx(head, row), is_dry_run=True)
    with override("zh-hans"):
        (new,) = preview_lines(shown_rows(job, RowFilter()))
    said = {column: (before, after) for column, before, after in new.changes}
    assert said["品名"] == ("", "玻汾")
    assert (said["产品线"][1], said["香型"][1], said["销售单位"][1]) == ("不存在的线", "清香", "箱")
    assert not {"NV", "QX", "CASE"} & {after for _, _, after in new.changes}
    assert (new.fate, [guess.value for guess in new.guesses]) == ("confirm", ["不存在的线"])
    assert (job.is_preview, job.would_write) == (True, True)


def test_run_twice_the_second_time_every_row_is_the_same(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD, SECOND))
    job = imported(importer, xlsx(HEAD, GOOD, SECOND))
    assert (job.status, counts(job)) == ("DONE", {"same": 2})
    assert set(Sku.objects.values_list("version", flat=True)) == {1}


def test_a_column_that_is_not_there_leaves_its_values_alone(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD))
    imported(importer, xlsx(("SKU code", "毛重(g)"), (CODE, 7200)))
    stored = Sku.objects.get()
    assert (stored.gross_weight_g, stored.gtin13, stored.name) == (7200, "6901234567892", "青花汾酒20")


def test_one_bad_row_holds_all_back(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, GOOD, changed(SECOND, 度数="99")))
    assert (job.status, job.done, job.failed, job.result["is_written"]) == ("DONE_WITH_ERRORS", 0, 1, False)
    assert faults(job) == [(3, "catalogue.abv_range")]
    assert not Sku.objects.exists()
    assert not Spu.objects.exists()


def test_the_good_rows_come_in_when_the_user_chose_so(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, GOOD, changed(SECOND, 度数="99")), only_good_rows=True)
    assert (job.status, job.done, job.failed, job.result["is_written"]) == ("DONE_WITH_ERRORS", 1, 1, True)
    assert Sku.objects.get().code == CODE


def test_every_failure_says_why_and_what_to_do_in_chinese(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, changed(GOOD, 条码="6901234567890"), GOOD))
    with override("zh-hans"):
        lines = failure_lines(job)
    assert [(line.row, line.text, line.remedy) for line in lines] == [
        (
            2,
            "条码：条码“6901234567890”的校验位不符，请重新扫描。",
            "请重新扫码；这一列请设成文本格式，以免丢掉开头的 0。",
        ),
        (3, "商品编码：FJ-QX-530-0500-Y20-06 在第 2 行已经出现过。", "两行只保留一行。"),
    ]


def test_a_file_after_the_words_of_the_page_comes_in(importer: Actor) -> None:
    head = ("代码", *HEAD[1:])
    job = imported(importer, xlsx(head, GOOD))
    assert (job.status, counts(job)) == ("DONE", {"new": 1})


@pytest.mark.parametrize(("language", "is_csv"), [("zh-hans", False), ("zh-hans", True), ("en", False)])
def test_the_template_imports_without_a_fault(importer: Actor, language: str, is_csv: bool) -> None:
    with override(language):
        made = import_template(is_csv=is_csv)
        required = [column.field for column in import_guide() if column.is_required]
    job = imported(importer, made.content, name=made.name, is_dry_run=True)
    assert (job.status, job.failures, counts(job)) == ("DONE", [], {"new": 1})
    assert required == ["code", "name", "aroma", "abv_tenths", "volume_ml", "bottles_per_case", "line"]


def test_a_run_that_imported_nothing_says_so(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, changed(GOOD, 货号="53")))
    assert (job.status, job.took_nothing) == ("DONE_WITH_ERRORS", True)
    job = imported(importer, xlsx(HEAD, changed(GOOD, 货号="53"), SECOND), only_good_rows=True)
    assert (job.status, job.took_nothing) == ("DONE_WITH_ERRORS", False)


# --- titles and other guesses


TITLES = ("货号", "品名", "香型", "系列")
TITLED = ("FJ-QX-530-0500-NV-06", "青花汾酒 53度500ml*6瓶", "清香", "青花系列")


def test_what_was_read_out_of_a_title_waits_for_confirmation(importer: Actor) -> None:
    preview = imported(importer, xlsx(TITLES, TITLED), is_dry_run=True)
    (line,) = preview_lines(shown_rows(preview, RowFilter()))
    assert (preview.status, line.fate, line.name) == ("DONE", "confirm", "青花汾酒")
    assert [(guess.field, guess.value) for guess in line.guesses] == [
        ("abv_tenths", "53"),
        ("volume_ml", "500"),
        ("bottles_per_case", "6"),
    ]
    job = imported(importer, xlsx(TITLES, TITLED))
    assert faults(job) == [(2, "catalogue.guess_unconfirmed")] * 3
    assert not Sku.objects.exists()


def test_one_tick_accepts_every_guess(importer: Actor) -> None:
    job = imported(importer, xlsx(TITLES, TITLED), accept_guesses=True)
    stored = Sku.objects.get()
    assert (job.status, stored.name) == ("DONE", "青花汾酒")
    assert (stored.abv_tenths, stored.volume_ml, stored.bottles_per_case) == (530, 500, 6)


def test_the_button_below_the_preview_leaves_out_bad_rows_and_those_nobody_agreed_to(importer: Actor) -> None:
    table = xlsx(TITLES, TITLED, ("bad", "坏行 53度500ml*6", "清香", "青花系列"))
    preview = imported(importer, table, is_dry_run=True)
    assert [row.said["guess"] for row in shown_rows(preview, RowFilter())] == ["53%vol · 500ml · 6"] * 2
    job = imported(importer, table, confirmed=True)
    assert (job.status, job.done, {row for row, _ in faults(job)}) == ("DONE_WITH_ERRORS", 0, {2, 3})
    job = imported(importer, table, confirmed=True, answers={"2": True})
    assert (job.status, job.done, {row for row, _ in faults(job)}) == ("DONE_WITH_ERRORS", 1, {3})
    assert Sku.objects.get().code == TITLED[0]


def test_a_row_may_be_confirmed_or_corrected_alone(importer: Actor) -> None:
    other = ("FJ-QX-420-0500-NV-12", "汾酒 42度500ml", "清香", "青花系列")
    table = xlsx(TITLES, TITLED, other)
    job = imported(importer, table, answers={"2": True, "3": {"bottles_per_case": "12", "abv_tenths": "42度"}})
    assert faults(job) == [(3, "catalogue.guess_unconfirmed")]
    answers = {"2": True, "3": {"bottles_per_case": "12", "abv_tenths": "42度", "volume_ml": "500"}}
    assert imported(importer, table, answers=answers).status == "DONE"
    assert Sku.objects.get(code="FJ-QX-420-0500-NV-12").bottles_per_case == 12


def test_a_guess_that_says_what_is_known_asks_nobody(importer: Actor) -> None:
    imported(importer, xlsx(TITLES, TITLED), accept_guesses=True)
    job = imported(importer, xlsx(TITLES, TITLED))
    assert (job.status, counts(job)) == ("DONE", {"same": 1})


def test_a_specification_column_is_taken_at_its_word(importer: Actor) -> None:
    table = xlsx((*TITLES, "度数", "规格"), ("FJ-QX-530-0500-NV-06", "青花汾酒", "清香", "青花系列", 53, "500ml*6"))
    job = imported(importer, table)
    assert (job.status, counts(job)) == ("DONE", {"new": 1})
    assert Sku.objects.get().bottles_per_case == 6


def test_a_title_that_contradicts_its_columns_is_asked_about(importer: Actor) -> None:
    table = xlsx((*TITLES, "度数", "容量", "箱规"), (*TITLED, 52, 500, 6))
    job = imported(importer, table, is_dry_run=True)
    (line,) = preview_lines(shown_rows(job, RowFilter()))
    with override("en"):
        (guess,) = preview_lines(shown_rows(job, RowFilter()))[0].guesses
    assert (line.fate, guess.field, guess.value) == ("confirm", "abv_tenths", "52")
    assert guess.text == "The name says 53%vol, the column 52%vol. Compare with the label."


def test_a_title_with_two_strengths_cannot_be_ticked_away(importer: Actor) -> None:
    table = xlsx(TITLES, ("FJ-QX-530-0500-NV-06", "青花汾酒 53度/42度 500ml*6", "清香", "青花系列"))
    job = imported(importer, table, accept_guesses=True)
    assert faults(job) == [(2, "catalogue.guess_unconfirmed")]
    assert imported(importer, table, accept_guesses=True, answers={"2": {"abv_tenths": "53"}}).status == "DONE"


def test_a_missing_code_is_made_and_asked_about(importer: Actor) -> None:
    save_settings(actor=importer, command=SaveSettings(code_prefixes=("FJ",)))
    head, row = HEAD[1:], GOOD[1:]
    job = imported(importer, xlsx(head, row), is_dry_run=True)
    (line,) = preview_lines(shown_rows(job, RowFilter()))
    assert (line.fate, line.code) == ("confirm", CODE)
    assert imported(importer, xlsx(head, row), answers={"2": True}).status == "DONE"
    assert Sku.objects.get().code == CODE


def test_a_new_product_line_is_asked_about(importer: Actor) -> None:
    table = xlsx(HEAD, changed(GOOD, 系列="典藏系列"))
    job = imported(importer, table)
    assert faults(job) == [(2, "catalogue.guess_unconfirmed")]
    assert ProductLine.objects.count() == 1
    imported(importer, table, accept_guesses=True)
    assert set(ProductLine.objects.values_list("code", "name")) == {("QH", "青花系列"), ("DCXL", "典藏系列")}


def test_a_lost_zero_is_put_back_and_asked_about(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD, changed(GOOD, 条码=36000291452, 箱码=None)), is_dry_run=True)
    (line,) = preview_lines(shown_rows(job, RowFilter()))
    assert [(guess.field, guess.value) for guess in line.guesses] == [("gtin13", "0036000291452")]


# --- dirt


def test_a_head_below_a_title_and_over_two_languages_is_found(importer: Actor) -> None:
    table = xlsx(("2026 年产品表",), (None, "基本信息"), HEAD, ("SKU code", "name", "aroma", "ABV"), GOOD)
    job = imported(importer, table)
    assert (job.status, Sku.objects.get().code) == ("DONE", CODE)
    assert job.result["columns"]["abv_tenths"] == "度数"


def test_full_width_digits_and_spreadsheet_figures_are_understood(importer: Actor) -> None:
    row = changed(
        GOOD, 度数="５３．０", 容量="５００ｍｌ", 箱规=6.0, 条码=6901234567892.0, 箱码="１６９０１２３４５６７８９９"
    )
    assert imported(importer, xlsx(HEAD, row)).status == "DONE"
    stored = Sku.objects.get()
    assert (stored.abv_tenths, stored.gtin13, stored.gtin14) == (530, "6901234567892", "16901234567899")


def test_a_strength_kept_as_a_percentage_is_understood(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, changed(GOOD, 度数=0.53)))
    assert Sku.objects.get().abv_tenths == 530


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"货号": "123"}, "catalogue.sku_code_format"),
        ({"货号": None}, "catalogue.sku_code_format"),
        ({"品名": "青花🍶"}, "catalogue.text_not_plain"),
        ({"品名": "<img src=x onerror=alert(1)>"}, "catalogue.text_not_plain"),
        ({"品名": "'; DROP TABLE catalogue_sku; --"}, "catalogue.text_not_plain"),
        ({"品名": "'=HYPERLINK(1)"}, "catalogue.text_not_plain"),
        ({"品名": "长" * 161}, "catalogue.text_too_long"),
        ({"品名": None}, "catalogue.value_missing"),
        ({"香型": "甜香"}, "catalogue.aroma_unknown"),
        ({"度数": "很高"}, "catalogue.cell_unreadable"),
        ({"度数": -53}, "catalogue.cell_unreadable"),
        ({"度数": None}, "catalogue.value_missing"),
        ({"容量": "两瓶"}, "catalogue.cell_unreadable"),
        ({"箱规": 2.5}, "catalogue.cell_unreadable"),
        ({"箱规": 48}, "catalogue.pack_range"),
        ({"系列": None}, "catalogue.value_missing"),
        ({"条码": "6901234567890"}, "identifier.gtin_check_digit"),
        ({"条码": "690123456789"}, "identifier.gtin_check_digit"),
        ({"条码": 69012345}, "identifier.gtin_format"),
        ({"条码": "2012345678903"}, "identifier.gtin_in_store"),
        ({"箱码": "6901234567892"}, "identifier.gtin_format"),
    ],
)
def test_a_dirty_cell_is_refused_on_its_row_and_nothing_is_written(
    importer: Actor, cells: dict[str, object], code: str
) -> None:
    job = imported(importer, xlsx(HEAD, changed(GOOD, **cells), SECOND))
    assert faults(job) == [(2, code)]
    assert (job.status, job.result["failed"], Sku.objects.count(), Spu.objects.count()) == (
        "DONE_WITH_ERRORS",
        1,
        0,
        0,
    )


def test_a_shelved_products_measures_are_not_changed_by_a_table(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD))
    Producer.objects.update(sc_no="SC11552038220099")
    change_shelf_state(actor=importer, command=ChangeShelfState((CODE,), "ON"))
    job = imported(importer, xlsx(HEAD, changed(GOOD, 度数=42, 箱规=12)))
    assert faults(job) == [(2, "catalogue.needs_new_code")] * 2
    assert Sku.objects.get().abv_tenths == 530


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "products.xlsx", Exception),
        (b"%PDF-1.7\n%%EOF", "products.xlsx", Disguised),
        (b"<html><table><tr><td>x</td></tr></table></html>", "products.xls", TypeNotAllowed),
        (xlsx(HEAD, GOOD)[:400], "products.xlsx", Unreadable),
    ],
)
def test_a_disguised_or_broken_file_does_not_even_come_in(
    importer: Actor, content: bytes, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        imported(importer, content, name=name)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("你好\r\n世界\r\n".encode(), "files.head_missing"),
        ("货号,编码,品名\r\nA,B,C\r\n".encode(), "files.column_twice"),
        (b" , , \r\n", "files.table_empty"),
    ],
)
def test_a_file_that_is_no_table_of_products_ends_the_job_with_its_reason(
    importer: Actor, content: bytes, code: str
) -> None:
    job = imported(importer, content, name="products.csv")
    assert (job.status, faults(job)) == ("FAILED", [(0, code)])
    assert not Sku.objects.exists()


def test_a_table_with_a_head_only_changes_nothing(importer: Actor) -> None:
    job = imported(importer, xlsx(HEAD))
    assert (job.status, job.total, counts(job), job.result["is_written"]) == ("DONE", 0, {}, False)

"""The order pad's paste: what people copy out of spreadsheets and chats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import Kind
from core.kernel.quantity import Unit
from ordering.orders.paste import PastedLine, PasteProblem, TooManyLines, parse_paste

CASE, BOTTLE = Unit.CASE, Unit.BOTTLE


def read(text: str) -> list[tuple[str, int | None, Unit | None]]:
    lines = parse_paste(text)
    assert [line.problem for line in lines] == [None] * len(lines)
    return [(line.term, line.quantity, line.unit) for line in lines]


def only(text: str) -> PastedLine:
    (line,) = parse_paste(text)
    return line


@pytest.mark.parametrize(
    ("text", "term", "quantity", "unit"),
    [
        ("sjj 100", "sjj", 100, None),
        ("青花汾酒20 12箱", "青花汾酒20", 12, CASE),
        ("青花汾酒20 12 箱", "青花汾酒20", 12, CASE),
        ("MT-JX-530-0500-NV-06\t10", "MT-JX-530-0500-NV-06", 10, None),
        ("6901234567892 3瓶", "6901234567892", 3, BOTTLE),
        ("白云边12年 42度 5箱", "白云边12年 42度", 5, CASE),
        ("五粮液 8代 20件", "五粮液 8代", 20, CASE),
        ("国窖1573 6", "国窖1573", 6, None),
        ("梦之蓝M6+ 52度 550ml×4 3箱", "梦之蓝M6+ 52度 550ml×4", 3, CASE),
        ("M6+10箱", "M6+", 10, CASE),
        ("Moutai 10 cases", "Moutai", 10, CASE),
        ("西凤x5", "西凤", 5, None),
        ("西凤X 5箱", "西凤", 5, CASE),
        ("西凤*5", "西凤", 5, None),
        ("青禾20x5", "青禾20", 5, None),
        ("VSOPX 5", "VSOPX", 5, None),
    ],
)
def test_reads_goods_and_quantity(text: str, term: str, quantity: int, unit: Unit | None) -> None:
    assert read(text) == [(term, quantity, unit)]


@pytest.mark.parametrize(
    ("text", "term", "quantity", "unit"),
    [
        ("100 sjj", "sjj", 100, None),
        ("10\tMT-JX-530-0500-NV-06", "MT-JX-530-0500-NV-06", 10, None),
        ("１２箱 飞天茅台", "飞天茅台", 12, CASE),
        ("3瓶 6901234567892", "6901234567892", 3, BOTTLE),
        ("10 6901234567892", "6901234567892", 10, None),
        ("20件五粮液", "五粮液", 20, CASE),
    ],
)
def test_reads_the_quantity_in_front(text: str, term: str, quantity: int, unit: Unit | None) -> None:
    assert read(text) == [(term, quantity, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "五粮液\t20件",
        "五粮液,20件",
        "五粮液，20件",
        "五粮液;20;件",
        "五粮液|20|件",
        "五粮液   20   件",
        "五粮液：20件",
        "五粮液*20件",
        "五粮液 x20件",
    ],
)
def test_reads_every_common_separator(text: str) -> None:
    assert read(text) == [("五粮液", 20, CASE)]


@pytest.mark.parametrize(
    "text", ["飞天茅台 1,200箱", "飞天茅台\t1,200箱", '"飞天茅台","1,200箱"', "飞天茅台　１，２００箱"]
)
def test_reads_thousands_separators(text: str) -> None:
    assert read(text) == [("飞天茅台", 1200, CASE)]


def test_a_comma_after_a_code_or_barcode_is_no_thousands_separator() -> None:
    assert read("MT-JX-530-0500-NV-12,120") == [("MT-JX-530-0500-NV-12", 120, None)]
    assert read("6901234567892,120") == [("6901234567892", 120, None)]


@pytest.mark.parametrize(
    "text", ["五粮液 12 箱 3 瓶", "五粮液12箱3瓶", "12箱3瓶 五粮液", "五粮液\t12箱零3瓶", "五粮液 十二箱加三瓶"]
)
def test_cases_and_bottles_are_two_demands_of_one_line(text: str) -> None:
    assert read(text) == [("五粮液", 12, CASE), ("五粮液", 3, BOTTLE)]
    assert [line.number for line in parse_paste(text)] == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "🍶五粮液 20件🎉",
        "五粮液\x00 20\x07件",
        "\ufeff五粮液 20件\u200b",
        "1、五粮液 20件。",
        "2. 五粮液 20件！",
        "③五粮液 20件",
    ],
)
def test_emoji_control_characters_and_list_marks_are_harmless(text: str) -> None:
    line = only(text)
    assert (line.quantity, line.unit, line.problem) == (20, CASE, None)
    assert line.term.endswith("五粮液")


@pytest.mark.parametrize(("text", "quantity"), [("五粮液两箱", 2), ("汾酒 十二箱", 12), ("汾酒一百二十箱", 120)])
def test_reads_chinese_numerals_before_a_unit(text: str, quantity: int) -> None:
    assert read(text)[0][1:] == (quantity, CASE)


def test_a_header_row_is_skipped_and_lines_keep_their_numbers() -> None:
    lines = parse_paste("商品编码\t数量\n\nMT-JX-530-0500-NV-06\t10\nsjj\t3\n合计\t13\n")
    assert [(line.number, line.term, line.quantity) for line in lines] == [
        (3, "MT-JX-530-0500-NV-06", 10),
        (4, "sjj", 3),
    ]


@pytest.mark.parametrize(
    "header", ["编码,名称,数量,单价", "序号 商品 数量", "Product\tQty", "SKU Code\tName\tQuantity"]
)
def test_headers_in_both_languages_are_known(header: str) -> None:
    assert parse_paste(header) == ()


def test_headings_say_which_column_is_which() -> None:
    header = "序号\t单价\t数量\t单位\t商品名称\t编码"
    first, second = "1\t1980.00\t7\t瓶\t飞天茅台\t", "2\t216\t30\t箱\t光瓶\tNLS-GY-420-0500-NV-12"
    sheet = f"{header}\n{first}\r\n{second}"
    assert read(sheet) == [("飞天茅台", 7, BOTTLE), ("NLS-GY-420-0500-NV-12", 30, CASE)]


def test_columns_of_cases_and_bottles_are_read_and_rows_left_blank_are_not_ordered() -> None:
    sheet = "商品\t箱数\t瓶数\n飞天\t2\t3\n汾酒\t0\t5\n郎酒\t\t"
    assert read(sheet) == [("飞天", 2, CASE), ("飞天", 3, BOTTLE), ("汾酒", 5, BOTTLE)]


def test_a_chat_line_below_a_sheet_is_not_taken_for_a_blank_row() -> None:
    assert read("商品\t数量\n飞天\t2\n五粮液 20件")[1] == ("五粮液", 20, CASE)


def test_a_row_with_index_and_price_finds_the_quantity() -> None:
    assert read("1\tMT-JX-530-0500-NV-06\t飞天茅台\t10\t3588.00") == [("MT-JX-530-0500-NV-06", 10, None)]
    assert read("飞天茅台\t53度500ml\t10\t加急") == [("飞天茅台 53度500ml", 10, None)]


@pytest.mark.parametrize("text", ["五粮液 -5箱", "五粮液\t-5", "五粮液 0", "-3 五粮液", "五粮液,−2箱"])
def test_a_quantity_not_above_zero_is_a_problem(text: str) -> None:
    line = only(text)
    assert isinstance(line.problem, PasteProblem)
    assert (line.term, line.quantity, line.problem.code) == ("五粮液", None, "paste.quantity_not_positive")


@pytest.mark.parametrize("text", ["五粮液 1.5箱", "五粮液\t0.5", "五粮液半箱"])
def test_a_fraction_is_a_problem(text: str) -> None:
    line = only(text)
    assert line.problem is not None
    assert (line.term, line.quantity, line.problem.code, line.problem.line) == (
        "五粮液",
        None,
        "paste.quantity_not_whole",
        1,
    )


def test_a_whole_number_written_with_decimals_is_whole() -> None:
    assert read("五粮液 10.0") == [("五粮液", 10, None)]


@pytest.mark.parametrize(
    ("text", "term", "code"),
    [
        ("五粮液", "五粮液", "paste.quantity_missing"),
        ("飞天茅台 53度500ml*6瓶", "飞天茅台 53度500ml*6瓶", "paste.quantity_missing"),
        ("6901234567892", "6901234567892", "paste.quantity_missing"),
        ("10箱", "", "paste.term_missing"),
        ("五粮液 99999999999", "五粮液", "paste.quantity_too_large"),
    ],
)
def test_an_incomplete_line_says_what_is_missing(text: str, term: str, code: str) -> None:
    line = only(text)
    assert line.problem is not None
    assert (line.term, line.quantity, line.problem.code, line.problem.kind) == (term, None, code, Kind.INVALID)
    assert str(line.problem)


def test_five_hundred_lines_below_a_header_are_read() -> None:
    assert len(parse_paste("商品\t数量\n" + "sjj\t1\n" * 500)) == 500


@pytest.mark.parametrize("count", [501, 5000])
def test_more_lines_are_refused_with_their_number(count: int) -> None:
    with pytest.raises(TooManyLines) as refusal:
        parse_paste("sjj 1\n" * count)
    assert (refusal.value.code, refusal.value.fields) == ("paste.too_many_lines", {"count": count, "limit": 500})


def test_nothing_pasted_is_no_line() -> None:
    assert parse_paste("") == parse_paste(" \n\t\n🎉\n") == ()


NAMES = st.sampled_from(
    ["飞天茅台", "青花汾酒20", "白云边12年 42度", "国窖1573", "sjj", "MT-JX-530-0500-NV-06", "6901234567892"]
)


@given(NAMES, st.integers(1, 99_999), st.sampled_from([(" ", "箱"), ("\t", "件"), (",", "箱"), ("  ", " 箱")]))
def test_every_name_and_quantity_comes_back(name: str, quantity: int, form: tuple[str, str]) -> None:
    between, unit = form
    assert read(f"{name}{between}{quantity}{unit}") == [(name, quantity, CASE)]
    assert read(f"{quantity}{unit}\t{name}") == [(name, quantity, CASE)]


@given(st.text(max_size=200))
def test_any_text_is_read_or_explained(text: str) -> None:
    for line in parse_paste(text):
        assert (line.quantity is None) == (line.problem is not None)
        assert line.quantity is None or line.quantity > 0
        assert line.term or line.problem

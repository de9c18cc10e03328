"""EAN-13 bars: a reader of its own finds the digits again; what is no GTIN-13 has no bars."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.ui.ean import ean13_svg, modules

WIDTHS = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
"""The widths of the four elements of each digit, as scanners are taught them."""
PARITIES = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")


def read(svg: str) -> str:
    """Scan a drawing: bars by their places, then digits by widths and parity."""
    line = ["0"] * 113
    bars = svg.split('fill="#000"')[1]
    for at, width in re.findall(r"M(\d+) 0h(\d+)v", bars):
        line[int(at) : int(at) + int(width)] = ["1"] * int(width)
    code = "".join(line)
    assert code[:11] == "0" * 11, "the quiet zone before"
    assert code[106:] == "0" * 7, "the quiet zone after"
    inside = code[11:106]
    assert (inside[:3], inside[45:50], inside[92:]) == ("101", "01010", "101")
    left = [inside[3 + 7 * place : 10 + 7 * place] for place in range(6)]
    right = [inside[50 + 7 * place : 57 + 7 * place] for place in range(6)]
    parity = "".join("O" if seven.count("1") % 2 else "E" for seven in left)
    digits = [
        digit_of(seven) if kind == "O" else digit_of(seven[::-1]) for seven, kind in zip(left, parity, strict=True)
    ]
    return f"{PARITIES.index(parity)}{''.join(digits)}{''.join(map(digit_of, right))}"


def digit_of(seven: str) -> str:
    widths = "".join(str(len(run[0])) for run in re.finditer(r"0+|1+", seven))
    return str(WIDTHS.index(widths))


def check_digit(twelve: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve)) % 10)


def test_the_bars_of_the_handbooks_code_read_as_it() -> None:
    assert read(ean13_svg("6901234567892")) == "6901234567892"
    assert len(modules("6901234567892")) == 95


@given(st.text("0123456789", min_size=10, max_size=10), st.sampled_from(["00", "69", "41", "88", "97"]))
def test_every_code_reads_as_itself(rest: str, prefix: str) -> None:
    code = prefix + rest
    code += check_digit(code)
    if code.startswith("02"):
        return
    assert read(ean13_svg(code)) == code


@pytest.mark.parametrize(
    "code", ["", "6901234567893", "690123456789", "16901234567899", "2001234567893", "<b>123456789"]
)
def test_no_bars_for_what_no_scanner_may_read(code: str) -> None:
    assert ean13_svg(code) == ""

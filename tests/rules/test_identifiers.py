"""Check digits of the handbook §2.5, positive and negative, and numbers as people type them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean

from core.kernel.identifiers import (
    USCC_ALPHABET,
    InvalidIdentifier,
    gtin,
    gtin13,
    gtin14,
    gtin14_of_case,
    is_liquor_sc,
    is_valid_gtin,
    is_valid_licence_number,
    is_valid_sscc,
    is_valid_uscc,
    licence_number,
    mod11_10,
    restore_upc,
    sscc,
    uscc,
    uscc_check_character,
)

DIGITS = "0123456789"
USCC_BODY = st.builds(
    lambda head, region, subject: head + region + subject,
    st.text(USCC_ALPHABET, min_size=2, max_size=2),
    st.text(DIGITS, min_size=6, max_size=6),
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
)


def refused(number: str) -> str:
    with pytest.raises(InvalidIdentifier) as refusal:
        uscc(number)
    assert refusal.value.fields["value"] is not None
    return refusal.value.code


def code_of(call: object) -> str:
    assert callable(call)
    with pytest.raises(InvalidIdentifier) as refusal:
        call()
    return refusal.value.code


def other_digit(digit: str, shift: int) -> str:
    return str((int(digit) + shift) % 10)


def test_the_uscc_of_the_standard_is_valid() -> None:
    assert uscc("91350100M000100Y43") == "91350100M000100Y43"
    assert is_valid_uscc("91350100M000100Y43")


def test_a_wrong_uscc_check_character_is_refused() -> None:
    assert refused("91350100M000100Y4A") == "identifier.uscc_check_digit"
    assert not is_valid_uscc("91350100M000100Y4A")


def test_a_uscc_with_a_letter_outside_the_alphabet_is_refused() -> None:
    assert refused("91350100M000100Y4Z") == "identifier.uscc_format"
    assert refused("9135010OM000100Y43") == "identifier.uscc_format"


@pytest.mark.parametrize("number", ["", "91350100M000100Y4", "91350100M000100Y433", "9135A100M000100Y43", "贵州茅台"])
def test_a_uscc_of_another_shape_is_refused(number: str) -> None:
    assert refused(number) == "identifier.uscc_format"


def test_a_uscc_is_read_as_people_type_it() -> None:
    assert uscc(" ９１３５０１００ m000-100y43 ") == "91350100M000100Y43"


@given(USCC_BODY)
def test_every_uscc_with_its_check_character_is_valid(body: str) -> None:
    number = body + uscc_check_character(body)
    assert uscc(number) == number


@given(USCC_BODY, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_changing_one_character_of_a_uscc_fails(body: str, place: int, other: str) -> None:
    number = body + uscc_check_character(body)
    assume(number[place] != other)
    assert not is_valid_uscc(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize("number", ["SC11552038220099", "SC11513042800065", "JY15308250014109"])
def test_the_public_licence_numbers_are_valid(number: str) -> None:
    assert licence_number(number) == number
    assert licence_number(number[2:], number[:2]) == number


def test_a_wrong_licence_check_digit_is_refused() -> None:
    assert code_of(lambda: licence_number("SC11552038200099")) == "identifier.licence_check_digit"
    assert mod11_10("1155203820009") == "8"
    assert not is_valid_licence_number("11552038200099", "SC")


def test_a_filing_for_prepacked_food_follows_the_same_rule() -> None:
    digits = "1370102000123"
    assert licence_number("yb " + digits + mod11_10(digits)) == "YB" + digits + mod11_10(digits)


def test_a_licence_of_another_kind_is_refused() -> None:
    assert code_of(lambda: licence_number("JY15308250014109", "SC")) == "identifier.licence_kind"


@pytest.mark.parametrize(
    "number", ["", "SC", "SC1155203822009", "XX11552038220099", "11552038220099", "SC1155203822009A"]
)
def test_a_licence_of_another_shape_is_refused(number: str) -> None:
    assert code_of(lambda: licence_number(number)) == "identifier.licence_format"


def test_only_category_115_produces_liquor() -> None:
    assert is_liquor_sc("SC11552038220099")
    assert not is_liquor_sc("SC11513042800065".replace("115", "101", 1))
    milk = "1013101200001"
    assert is_valid_licence_number("SC" + milk + mod11_10(milk))
    assert not is_liquor_sc("SC" + milk + mod11_10(milk))
    assert not is_liquor_sc("")


@given(st.text(DIGITS, min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_changing_one_digit_of_a_licence_fails(body: str, place: int, shift: int) -> None:
    number = body + mod11_10(body)
    assert is_valid_licence_number(number, "JY")
    flipped = number[:place] + other_digit(number[place], shift) + number[place + 1 :]
    assert not is_valid_licence_number(flipped, "JY")


def test_the_barcodes_of_the_handbook_are_valid() -> None:
    assert gtin13("6901234567892") == "6901234567892"
    assert gtin14("16901234567899") == "16901234567899"
    assert sscc("106141411234567897") == "106141411234567897"
    assert gtin("73513537") == "73513537"
    assert gtin("036000291452", 12) == "036000291452"


def test_a_barcode_is_read_as_people_type_it() -> None:
    assert gtin13("６９０１２３４ 567892") == "6901234567892"
    assert gtin13("690-1234-567892") == "6901234567892"
    assert sscc("(00)106141411234567897") == "106141411234567897"
    assert sscc("00106141411234567897") == "106141411234567897"


@pytest.mark.parametrize("number", ["6901234567890", "16901234567890", "73513530"])
def test_a_wrong_barcode_check_digit_is_refused(number: str) -> None:
    assert code_of(lambda: gtin(number)) == "identifier.gtin_check_digit"


@pytest.mark.parametrize(
    "number", ["", "690123456789", "69012345678921", "69012345678९2", "69012345", "abc", "١٢٣٤٥٦٧٨"]
)
def test_a_barcode_of_another_shape_is_refused(number: str) -> None:
    assert not is_valid_gtin(number, 13)


def test_a_gtin13_is_not_taken_for_a_case_code() -> None:
    assert code_of(lambda: gtin14("6901234567892")) == "identifier.gtin_format"


@pytest.mark.parametrize("body", ["200000000001", "250123456789", "299999999999"])
def test_a_shops_own_number_is_refused(body: str) -> None:
    number = body + ean.calc_check_digit(body)
    assert code_of(lambda: gtin(number)) == "identifier.gtin_in_store"
    case = "1" + body
    assert code_of(lambda: gtin(case + ean.calc_check_digit(case))) == "identifier.gtin_in_store"


def test_a_case_code_is_made_from_the_retail_code() -> None:
    assert gtin14_of_case("6901234567892", 1) == "16901234567899"
    assert gtin14_of_case("6901234567892") == "16901234567899"
    assert [is_valid_gtin(gtin14_of_case("6901234567892", indicator), 14) for indicator in range(1, 9)] == [True] * 8


@pytest.mark.parametrize("indicator", [-1, 0, 9, 10])
def test_a_case_code_needs_an_indicator_from_1_to_8(indicator: int) -> None:
    assert code_of(lambda: gtin14_of_case("6901234567892", indicator)) == "identifier.gtin_indicator"


def test_a_case_code_of_a_wrong_retail_code_is_refused() -> None:
    assert code_of(lambda: gtin14_of_case("6901234567890", 1)) == "identifier.gtin_check_digit"


def test_a_upc_without_its_leading_zero_is_restored() -> None:
    assert restore_upc("36000291452") == "036000291452"
    assert restore_upc("36000291452.0") == "036000291452"


@pytest.mark.parametrize("text", ["36000291453", "6901234567892", "036000291452", "", "abc", "73513537"])
def test_what_cannot_be_a_shortened_upc_is_left_alone(text: str) -> None:
    assert restore_upc(text) is None


def test_a_wrong_pallet_number_is_refused() -> None:
    assert code_of(lambda: sscc("106141411234567890")) == "identifier.sscc_check_digit"
    assert code_of(lambda: sscc("10614141123456789")) == "identifier.sscc_format"


@given(
    st.sampled_from([8, 12, 13, 14, 18]).flatmap(lambda n: st.text(DIGITS, min_size=n - 1, max_size=n - 1)), st.data()
)
def test_changing_one_digit_of_a_barcode_fails(body: str, data: st.DataObject) -> None:
    number = body + ean.calc_check_digit(body)
    place = data.draw(st.integers(0, len(number) - 1))
    flipped = number[:place] + other_digit(number[place], data.draw(st.integers(1, 9))) + number[place + 1 :]
    if len(number) == 18:
        assert is_valid_sscc(number)
        assert not is_valid_sscc(flipped)
    else:
        assume(is_valid_gtin(number))
        assert not is_valid_gtin(flipped)


@given(st.text(max_size=30))
def test_any_text_is_accepted_or_refused_in_order(text: str) -> None:
    for check in (uscc, licence_number, gtin, sscc):
        try:
            assert check(text).isascii()
        except InvalidIdentifier as refusal:
            assert refusal.code.startswith("identifier.")
            assert str(refusal)

"""Keys of pasted terms, and the bits that stand for letter pairs."""

from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.rules.lookup import SIGNATURE_BITS, asked_keys, lookup_keys, name_key, signature

GRAMS = st.sets(st.text("abcdefghij花青汾酒", min_size=2, max_size=2), max_size=30)


def test_a_product_answers_to_its_code_barcodes_name_sound_and_initials() -> None:
    keys = lookup_keys("青花汾酒20", code="FJ-QX-530-0500-Y20-06", barcodes=["0036000291452", "16901234567899"])
    assert keys == (
        "cfjqx5300500y2006",
        "g36000291452",
        "g16901234567899",
        "n青花汾酒20",
        "pqinghuafenjiu20",
        "iqhfj20",
        "iqhfj",
        "hqhf",
        "hqhfj",
        "hqhfj2",
    )


def test_what_tells_two_products_apart_is_kept() -> None:
    assert name_key("梦之蓝 M6+") != name_key("梦之蓝M6")
    assert name_key("第八代 五粮液") == name_key("第8代五粮液")
    assert name_key("剑南春·水晶剑") == name_key("剑南春 水晶剑")


def test_a_title_is_asked_for_by_its_name_too() -> None:
    asked = asked_keys("青花汾酒20 53度500ml*6瓶")
    assert "n青花汾酒20" in asked.keys
    assert (asked.name, asked.abv_tenths, asked.volume_ml, asked.bottles_per_case) == ("青花汾酒20", 530, 500, 6)


@given(st.text(max_size=60))
def test_no_term_is_too_strange(term: str) -> None:
    assert asked_keys(term).keys
    assert lookup_keys(term, code=term, barcodes=[term])


@given(st.text("青花汾酒二八ab cd+-·0123456789", min_size=1, max_size=20).filter(name_key))
def test_every_name_is_found_by_itself(name: str) -> None:
    assert set(asked_keys(name).keys) & {key for key in lookup_keys(name, code="X") if key[0] in "np"}


@given(GRAMS, GRAMS)
def test_shared_grams_are_never_fewer_bits_than_their_bits_say(first: set[str], second: set[str]) -> None:
    """What shares a gram shares its bit: the signature may let too many through, never too few."""
    both = int(signature(first), 2) & int(signature(second), 2)
    assert both & int(signature(first & second), 2) == int(signature(first & second), 2)
    assert len(signature(first)) == SIGNATURE_BITS

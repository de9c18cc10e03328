"""Free-text titles of goods → strength, volume, pack; what is ambiguous is a guess to confirm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.rules import ParsedTitle, parse_title


def measures(title: str) -> tuple[int | None, int | None, int | None]:
    parsed = parse_title(title)
    return parsed.abv_tenths, parsed.volume_ml, parsed.bottles_per_case


def guessed(title: str) -> set[tuple[str, int | None]]:
    return {(guess.field, guess.value) for guess in parse_title(title).guesses}


@pytest.mark.parametrize(
    "title",
    [
        "53度500ml*6瓶",
        "53度 500ml×6",
        "53°500mL*6",
        "53%vol 500ML x 6",
        "53%VOL 0.5L*6",
        "53％ 500毫升×6瓶",
        "５３度５００ｍｌ＊６瓶",
        "53度 0.5升 6瓶/箱",
        "53度 500ml 6瓶装",
        "53度 500ml 六瓶装整箱",
        "6*500ml 53度",
        "6瓶*500ml 53度",
        "500ml*6瓶/箱 53度",
        "500ml*1*6 53vol",
    ],
)
def test_the_common_spellings_mean_the_same(title: str) -> None:
    assert measures(title) == (530, 500, 6)
    assert parse_title(title).guesses == ()


@pytest.mark.parametrize(
    ("title", "name", "abv_tenths", "volume_ml", "bottles"),
    [
        ("飞天茅台 53度500ml×6", "飞天茅台", 530, 500, 6),
        ("第八代五粮液 52%vol 500mL*6", "第八代五粮液", 520, 500, 6),
        ("梦之蓝M6+ 52度550ml*4", "梦之蓝M6+", 520, 550, 4),
        ("青花汾酒20 53度 500ml*6瓶/箱", "青花汾酒20", 530, 500, 6),
        ("白云边 12年陈酿 42度 500ml*6", "白云边 12年陈酿", 420, 500, 6),
        ("老村长 38.5度 450ml×12", "老村长", 385, 450, 12),
        ("桂林三花酒52度480毫升", "桂林三花酒", 520, 480, None),
        ("老白干【67度】1.5升", "老白干", 670, 1500, None),
        ("国窖1573", "国窖1573", None, None, None),
        ("", "", None, None, None),
    ],
)
def test_what_is_left_is_the_name(title: str, name: str, abv_tenths: int, volume_ml: int, bottles: int) -> None:
    assert parse_title(title) == ParsedTitle(name, abv_tenths, volume_ml, bottles)


@pytest.mark.parametrize("title", ["100%纯粮酿造", "40℃以下储存", "1573", "12年", "8代"])
def test_other_numbers_are_no_strength(title: str) -> None:
    assert measures(title) == (None, None, None)


def test_one_by_six_on_a_carton_is_a_guess() -> None:
    assert measures("汾酒 53度 500ml 1*6") == (530, 500, 6)
    assert guessed("汾酒 53度 500ml 1*6") == {("bottles_per_case", 6)}


def test_a_lone_figure_away_from_the_volume_is_a_guess() -> None:
    assert measures("飞天 52度500ml 酱香 *6") == (520, 500, 6)
    assert guessed("飞天 52度500ml 酱香 *6") == {("bottles_per_case", 6)}


def test_boxes_times_a_figure_are_a_guess() -> None:
    parsed = parse_title("酒 500ml*4盒*6")
    assert (parsed.bottles_per_case, parsed.inner_pack) == (24, 6)
    assert guessed("酒 500ml*4盒*6") == {("bottles_per_case", 24)}
    assert guessed("500ml*2*4") == {("bottles_per_case", 8)}


def test_bottles_in_boxes_in_a_case_are_read_without_a_guess() -> None:
    parsed = parse_title("国窖1573 52度500ml*2瓶/盒*3盒")
    assert parsed == ParsedTitle("国窖1573", 520, 500, 6, 2)


def test_a_gift_box_is_not_taken_for_a_case() -> None:
    parsed = parse_title("礼盒 52度 500ml*2")
    assert (parsed.bottles_per_case, parsed.inner_pack) == (2, 2)
    assert guessed("礼盒 52度 500ml*2") == {("bottles_per_case", 2)}


def test_a_figure_of_cases_is_no_pack() -> None:
    assert measures("国窖 52度 500ml*6箱") == (520, 500, None)
    assert guessed("国窖 52度 500ml*6箱") == {("bottles_per_case", None)}
    assert measures("国窖 52度 500ml*6*2箱") == (520, 500, 6)


def test_several_strengths_are_left_open() -> None:
    assert measures("泸州老窖特曲 38度/52度 500ml") == (None, 500, None)
    assert guessed("泸州老窖特曲 38度/52度 500ml") == {("abv_tenths", None)}


def test_a_second_decimal_of_the_strength_is_rounded_half_up_and_marked() -> None:
    assert measures("酒鬼酒 52.25度 500ml") == (523, 500, None)
    assert guessed("酒鬼酒 52.25度 500ml") == {("abv_tenths", 523)}


@pytest.mark.parametrize(
    ("title", "volume_ml"), [("二锅头 56度 一斤装", 500), ("二锅头 半斤", 250), ("散酒 5斤装", 2500)]
)
def test_a_jin_is_reckoned_and_marked(title: str, volume_ml: int) -> None:
    assert parse_title(title).volume_ml == volume_ml
    assert guessed(title) == {("volume_ml", volume_ml)}


@given(
    st.integers(18, 70), st.sampled_from([50, 100, 375, 480, 500, 750, 1500, 5000]), st.sampled_from([2, 4, 6, 12, 24])
)
def test_every_common_pack_comes_back(abv: int, volume: int, bottles: int) -> None:
    for title in (f"某酒{abv}度{volume}ml*{bottles}瓶", f"某酒 {abv}%vol {volume / 1000:g}L×{bottles}"):
        assert parse_title(title) == ParsedTitle("某酒", abv * 10, volume, bottles)


@given(st.text(alphabet="5230飞天ml度*x×瓶盒箱/ .%vol礼斤1L", max_size=30))
def test_any_title_is_read(title: str) -> None:
    parsed = parse_title(title)
    assert parsed.bottles_per_case is None or parsed.bottles_per_case >= 0
    assert parsed.abv_tenths is None or 100 <= parsed.abv_tenths <= 960

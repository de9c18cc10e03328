"""The order of names: Latin and figures first, Chinese by pinyin and tone, figures as numbers."""

from hypothesis import given
from hypothesis import strategies as st

from core.kernel.sorting import name_key


def sorted_by_name(*names: str) -> list[str]:
    """As a list shows them."""
    return sorted(names, key=lambda name: name_key(name).encode())


def test_by_pinyin_and_then_by_tone() -> None:
    assert sorted_by_name("重庆酒业", "泉城名酒", "安徽古井", "长沙糖酒", "青岛海岱", "ABC商贸", "1919酒类") == [
        "1919酒类",
        "ABC商贸",
        "安徽古井",
        "长沙糖酒",
        "重庆酒业",
        "青岛海岱",
        "泉城名酒",
    ]
    assert sorted_by_name("马", "妈", "麻", "骂") == ["妈", "麻", "马", "骂"]


def test_figures_are_numbers() -> None:
    assert sorted_by_name("泉城10号", "泉城2号", "泉城１号") == ["泉城１号", "泉城2号", "泉城10号"]


def test_the_beginning_of_a_name_stands_before_the_name() -> None:
    assert sorted_by_name("西安酒业", "西", "先锋") == ["西", "西安酒业", "先锋"]


def test_capitals_and_width_do_not_matter() -> None:
    assert name_key("ＡＢＣ商贸") == name_key("abc商贸")


@given(st.text(max_size=60))
def test_every_name_has_a_key(name: str) -> None:
    assert isinstance(name_key(name), str)
    assert name_key(name) == name_key(name)

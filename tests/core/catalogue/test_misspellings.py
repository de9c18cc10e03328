"""What buyers type instead of a name: found by a slip's pattern, the product meant first, strangers seldom."""

from random import Random

import pytest

from core.catalogue.selectors import search
from core.kernel.actor import Actor
from tests.core.catalogue.shelfful import FINE, stock_the_shelf

SLIPS = (
    ("泉臧", "泉藏大曲"),  # another character of the same reading
    ("泉仓", "泉藏大曲"),  # the character's other reading
    ("汾洒", "青花汾酒20"),  # looks like it, sounds otherwise
    ("飞夭", "飞天茅台"),
    ("飞大茅台", "飞天茅台"),
    ("国害1573", "国窖1573"),
    ("剑水春", "剑南春 水晶剑"),
    ("五良叶", "第八代五粮液"),
    ("水晶箭", "剑南春 水晶剑"),
    ("飛天茅臺", "飞天茅台"),  # traditional
    ("劍南春", "剑南春 水晶剑"),
    ("夢之藍", "梦之蓝M6"),
    ("瀘州老窖", "泸州老窖特曲"),
    ("fnejiu", "青花汾酒20"),  # swapped letters
    ("moatai", "飞天茅台"),
    ("qignhua", "青花汾酒20"),
    ("motai", "飞天茅台"),  # a letter left out
    ("fenju", "青花汾酒20"),
    ("maaotai", "飞天茅台"),  # a letter too many
    ("qhj20", "青花汾酒20"),  # an initial left out
    ("lzljtq", "泸州老窖特曲"),
    ("lzjtq", "泸州老窖特曲"),
    ("jncssjj", "剑南春 水晶剑"),  # an initial too many
    ("jncsjjj", "剑南春 水晶剑"),
    ("qhgj20", "青花汾酒20"),  # another initial
    ("jnsjj", "剑南春 水晶剑"),
    ("niunanshan", "牛栏山陈酿"),  # a neighbour's dialect
    ("luzoulaojiao", "泸州老窖特曲"),
    ("meng zi lan", "梦之蓝M6"),
    ("suijingjian", "剑南春 水晶剑"),
    ("quanzang", "泉藏大曲"),
    ("汾洒 53度", "青花汾酒20"),
)


@pytest.fixture
def shelf(buyer: Actor) -> Actor:
    """The known products among 300 others; whoever buys."""
    stock_the_shelf(300, FINE)
    return buyer


@pytest.mark.parametrize(("text", "name"), SLIPS)
def test_a_slip_leads_to_the_product_meant(shelf: Actor, text: str, name: str) -> None:
    assert name in [hit.name for hit in search(shelf, text, limit=5)]


@pytest.mark.parametrize("text", ["青花汾酒20", "飞天茅台", "sjj", "国窖1573", "泉藏"])
def test_what_is_spelled_well_brings_no_strangers(shelf: Actor, text: str) -> None:
    hits = search(shelf, text, limit=300)
    assert all(text in hit.name or text == "sjj" for hit in hits)


def test_one_right_character_of_two_brings_a_handful(shelf: Actor) -> None:
    assert 0 < len(search(shelf, "国朋", limit=300)) <= 20
    assert len(search(shelf, "朋酒", limit=300)) <= 20


def test_a_product_of_another_figure_is_no_slip(shelf: Actor) -> None:
    assert "青花汾酒20" not in [hit.name for hit in search(shelf, "qhfj30", limit=300)]


def test_nonsense_seldom_finds_anything(shelf: Actor) -> None:
    dice = Random(7)
    nonsense = ["".join(dice.choices("bcdfghjklmnpqrstwxyz", k=dice.randint(5, 9))) for _ in range(100)]
    found = [text for text in nonsense if search(shelf, text)]
    assert len(found) <= 5, found


def test_the_brands_staff_looks_for_what_it_knows(shelf: Actor, product_manager: Actor) -> None:
    assert search(product_manager, "国朋") == ()
    assert search(product_manager, "泉藏")

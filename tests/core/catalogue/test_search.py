"""Search by words, pinyin, initials, code and barcode, and of what was misspelled."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.catalogue.models import Sku
from core.catalogue.selectors import SkuFilters, filtered, matching, search, skus_visible_to
from core.kernel.actor import Actor, Scope
from core.kernel.errors import NotPermitted
from tests.core.actors import an_actor
from tests.core.catalogue.shelfful import KNOWN, stock_the_shelf


@pytest.fixture
def shelf(buyer: Actor) -> Actor:
    """The known products among 300 others; whoever buys."""
    stock_the_shelf(300)
    return buyer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青花汾酒20", "青花汾酒20"),
        ("青花 20", "青花汾酒20"),
        ("20 青花", "青花汾酒20"),
        ("qhfj", "青花汾酒20"),
        ("QHFJ20", "青花汾酒20"),
        ("qinghuafenjiu", "青花汾酒20"),
        ("fenjiu", "青花汾酒20"),
        ("青花汾洒20", "青花汾酒20"),
        ("青华汾酒20", "青花汾酒20"),
        ("qinghuafenju20", "青花汾酒20"),
        ("FJ-QX-530-0500-Y20-06", "青花汾酒20"),
        ("fjqx5300500y2006", "青花汾酒20"),
        ("第八代五粮液", "第八代五粮液"),
        ("第8代五粮液", "第八代五粮液"),
        ("五粮夜", "第八代五粮液"),
        ("飞天毛台", "飞天茅台"),
        ("水晶剑", "剑南春 水晶剑"),
        ("剑南春水晶剑", "剑南春 水晶剑"),
        ("Ｍ６+", "梦之蓝M6+"),
    ],
)
def test_the_product_meant_comes_first(shelf: Actor, text: str, name: str) -> None:
    assert [hit.name for hit in search(shelf, text)][:1] == [name]


def test_the_exact_name_stands_before_longer_ones(shelf: Actor) -> None:
    assert [hit.name for hit in search(shelf, "梦之蓝M6")] == ["梦之蓝M6", "梦之蓝M6+"]


def test_a_barcode_finds_its_product(shelf: Actor) -> None:
    wanted = Sku.objects.get(gtin13="6900000000042")
    assert [hit.id for hit in search(shelf, "6900000000042")] == [wanted.pk]


def test_strength_volume_and_aroma_are_words_too(shelf: Actor) -> None:
    assert {hit.name for hit in search(shelf, "53度", limit=400)} == {"青花汾酒20", "飞天茅台"}
    assert [hit.name for hit in search(shelf, "550ml")] == ["梦之蓝M6+"]
    assert [hit.name for hit in search(shelf, "酱香")] == ["飞天茅台"]


def test_nonsense_and_nothing_find_nothing(shelf: Actor) -> None:
    assert search(shelf, "zzzzqqqq") == ()
    assert search(shelf, "  ") == ()
    assert search(shelf, "'; DROP TABLE catalogue_sku; -- 🍶") == ()
    assert search(shelf, "'|!&():*") == ()


def test_a_dealer_finds_only_what_is_on(shelf: Actor, product_manager: Actor) -> None:
    Sku.objects.filter(name="青花汾酒20").update(status="OFF")
    assert "青花汾酒20" not in {hit.name for hit in search(shelf, "青花汾酒20")}
    assert search(product_manager, "青花汾酒20")[0].name == "青花汾酒20"


def test_what_a_dealer_may_not_see_does_not_hide_what_is_near(shelf: Actor) -> None:
    Sku.objects.exclude(name="剑南春 水晶剑").update(status="OFF")
    Sku.objects.filter(name="国华大曲5").update(name="剑南春 水晶剑")
    assert [hit.name for hit in search(shelf, "剑南春水晶箭")] == ["剑南春 水晶剑"]


def test_staff_of_one_line_find_only_that_line(shelf: Actor, product_manager: Actor) -> None:
    elsewhere = replace(product_manager, scope=Scope(product_lines=("QH",)))
    assert search(elsewhere, "青花汾酒20") == ()
    assert not skus_visible_to(elsewhere).exists()
    assert search(replace(product_manager, scope=Scope(product_lines=("ALL",))), "青花汾酒20")


def test_it_is_one_statement(shelf: Actor) -> None:
    for text in ("青花", "青花汾洒20"):
        with CaptureQueriesContext(connection) as statements:
            search(shelf, text)
        assert len(statements) == 1


def test_a_list_is_narrowed_by_the_same_words(shelf: Actor) -> None:
    rows = skus_visible_to(shelf)
    assert [row.name for row in matching(rows, "青花汾洒20")] == ["青花汾酒20"]
    assert [row.name for row in filtered(rows, SkuFilters(text="52度", aromas=("FY",)))] == ["酒鬼酒 传承"]
    assert filtered(rows, SkuFilters()).count() == 300
    assert [row.name for row in filtered(rows, SkuFilters(abv_from=530, aromas=("QX",)))] == ["青花汾酒20"]


def test_every_known_name_finds_itself_by_its_initials_and_its_sound(shelf: Actor) -> None:
    for code, name, _ in KNOWN:
        keys = Sku.objects.get(code=code).keys
        spoken = [key[1:] for key in keys if key[0] in "pi"]
        assert spoken
        assert all(name in {hit.name for hit in search(shelf, one)} for one in spoken)


def test_without_the_permission_nothing_is_found(xinghe: object) -> None:
    with pytest.raises(NotPermitted):
        search(an_actor("无权"), "青花")

"""Saving a product line."""

from core.catalogue.models import ProductLine
from core.catalogue.selectors import lines_visible_to, search
from core.catalogue.services import SaveLine, save_line, save_sku
from core.kernel.actor import Actor
from tests.core.catalogue.goods import refused, sku


def test_lines_stand_in_the_brands_order(product_manager: Actor, buyer: Actor) -> None:
    save_line(actor=product_manager, command=SaveLine("B", "乙", position=2))
    save_line(actor=product_manager, command=SaveLine("A", "甲", position=1))
    assert [line.name for line in lines_visible_to(buyer)] == ["甲", "乙"]


def test_its_skus_are_found_by_a_new_name(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_line(actor=product_manager, command=SaveLine("QH", "瓷韵系列"))
    assert [hit.code for hit in search(product_manager, "瓷韵")] == ["FJ-QX-530-0500-Y20-06"]
    assert search(product_manager, "青花系列") == ()


def test_its_skus_are_found_by_its_english_name(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_line(actor=product_manager, command=SaveLine("QH", "青花系列", name_en="Celadon Reserve"))
    assert [hit.code for hit in search(product_manager, "celadon")] == ["FJ-QX-530-0500-Y20-06"]
    save_sku(actor=product_manager, command=sku(name="青花汾酒20 新标"))
    assert [hit.code for hit in search(product_manager, "celadon")] == ["FJ-QX-530-0500-Y20-06"]


def test_a_code_with_blanks_and_an_empty_name_are_refused(product_manager: Actor) -> None:
    assert refused(lambda: save_line(actor=product_manager, command=SaveLine("a b", " "))) == [
        (None, "code", "catalogue.short_code"),
        (None, "name", "catalogue.value_missing"),
    ]
    assert not ProductLine.objects.exists()

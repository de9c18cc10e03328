"""Saving a family: its SKUs follow it."""

from dataclasses import replace

from core.catalogue.models import Sku, Spu
from core.catalogue.selectors import search
from core.catalogue.services import SaveLine, SaveSpu, save_line, save_sku, save_spu
from core.events.models import Event
from core.kernel.actor import Actor
from tests.core.catalogue.goods import refused, sku

COMMAND = SaveSpu("FJ-QH20", "青花汾酒20", "QH", "QX", exec_standard="GB/T 10781.2-2022")


def test_an_aroma_may_be_said_in_chinese_or_by_code(product_manager: Actor, family: str) -> None:
    save_spu(actor=product_manager, command=replace(COMMAND, code="A", aroma="酱香型"))
    save_spu(actor=product_manager, command=replace(COMMAND, code="B", aroma="jx"))
    assert set(Spu.objects.filter(code__in="AB").values_list("aroma", flat=True)) == {"JX"}


def test_its_skus_take_a_new_aroma_and_line_and_are_found_by_them(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_line(actor=product_manager, command=SaveLine(code="DC", name="典藏系列"))
    save_spu(actor=product_manager, command=replace(COMMAND, line_code="DC", aroma="JA", exec_standard=""))
    stored = Sku.objects.get()
    assert (stored.aroma, stored.product_line.code, stored.version) == ("JA", "DC", 2)
    assert [hit.code for hit in search(product_manager, "兼香")] == [stored.code]
    assert [hit.code for hit in search(product_manager, "dc")] == [stored.code]


def test_a_spirit_with_added_flavour_is_not_baijiu(product_manager: Actor, family: str) -> None:
    for changes in ({"name": "桂花调香白酒"}, {"exec_standard": "GB/T 27588-2011"}):
        command = replace(COMMAND, code="TX", **changes)
        faults = refused(lambda command=command: save_spu(actor=product_manager, command=command))  # type: ignore[misc]  # the default binds the loop's value
        assert faults == [(None, "category", "catalogue.not_baijiu")]
    assert save_spu(actor=product_manager, command=replace(COMMAND, code="TX", name="配制酒", category="SPIRIT")).is_new


def test_a_standard_is_held_against_the_aroma_and_the_day(product_manager: Actor, family: str, today: object) -> None:
    def advice(**changes: str) -> list[str]:
        saved = save_spu(actor=product_manager, command=replace(COMMAND, **changes))
        return [one.code for one in saved.advice]

    assert advice() == []
    assert advice(exec_standard="GB/T 26760-2011", aroma="JX") == ["catalogue.standard_superseded"]
    assert advice(exec_standard="GB/T 10781.4-2024") == ["catalogue.standard_of_other_aroma"]
    assert advice(exec_standard="Q/XYZ 1") == ["catalogue.standard_unknown"]


def test_every_fault_is_refused_at_once_by_its_field(product_manager: Actor, family: str) -> None:
    command = SaveSpu("a b", "", "NONE", "甜香", producer_name="无名酒厂", category="WINE", packaging="BAG")
    assert set(refused(lambda: save_spu(actor=product_manager, command=command))) == {
        (None, "code", "catalogue.short_code"),
        (None, "name", "catalogue.value_missing"),
        (None, "line_code", "catalogue.line_unknown"),
        (None, "aroma", "catalogue.aroma_unknown"),
        (None, "producer_name", "catalogue.producer_unknown"),
        (None, "category", "catalogue.choice_unknown"),
        (None, "packaging", "catalogue.choice_unknown"),
    }
    assert Spu.objects.count() == 1


def test_a_change_is_recorded_with_old_and_new(product_manager: Actor, family: str) -> None:
    save_spu(
        actor=product_manager, command=replace(COMMAND, grade="优级", producer_name="山西杏花村汾酒厂股份有限公司")
    )
    event = Event.objects.filter(kind="catalogue.spu_saved.v1").latest("at")
    assert event.payload["changes"] == {"grade": {"from": "", "to": "优级"}}


def test_who_may_only_look_saves_nothing(reader: Actor, family: str) -> None:
    assert refused(lambda: save_spu(actor=reader, command=COMMAND)) == [(None, None, "actor.not_permitted")]

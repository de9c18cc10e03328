"""Saving one SKU: hard rules refuse by field, soft ones advise, a code stands for one thing for ever."""

import pytest

from core.catalogue.models import Sku
from core.catalogue.services import (
    ChangeShelfState,
    SaveSettings,
    SaveSpu,
    change_shelf_state,
    save_settings,
    save_sku,
    save_spu,
)
from core.events.models import Event
from core.kernel.actor import Actor
from tests.core.catalogue.goods import refused, sku


def test_a_new_sku_is_a_draft_with_the_aroma_and_line_of_its_family(product_manager: Actor, family: str) -> None:
    saved = save_sku(actor=product_manager, command=sku())
    stored = Sku.objects.get(pk=saved.id)
    assert (saved.is_new, saved.version, saved.advice) == (True, 1, ())
    assert (stored.status, stored.aroma, stored.product_line.code, stored.spu.code) == ("DRAFT", "QX", "QH", "FJ-QH20")
    assert (stored.gtin13, stored.gtin14, stored.version) == ("6901234567892", "16901234567899", 1)


def test_saving_records_what_changed_and_who_did_it(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_sku(actor=product_manager, command=sku(name="青花汾酒20 新版"))
    event = Event.objects.filter(kind="catalogue.sku_saved.v1").latest("at")
    assert event.payload == {"changes": {"name": {"from": "青花汾酒20", "to": "青花汾酒20 新版"}}, "is_new": False}
    assert (event.aggregate_id, event.aggregate_version) == ("FJ-QX-530-0500-Y20-06", 2)
    assert event.person_id == product_manager.person_id


def test_saying_again_what_is_known_writes_nothing(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    again = save_sku(actor=product_manager, command=sku())
    assert (again.is_new, again.version) == (False, 1)
    assert Event.objects.filter(kind="catalogue.sku_saved.v1").count() == 1


def test_full_width_digits_and_small_letters_are_read_as_meant(product_manager: Actor, family: str) -> None:
    command = sku(
        code="ｆｊ-qx-530-0500-y20-06", name="青花汾酒２０", gtin13="６９０１２３４５６７８９２", age_code="y20"
    )
    stored = Sku.objects.get(pk=save_sku(actor=product_manager, command=command).id)
    assert (stored.code, stored.name, stored.gtin13) == ("FJ-QX-530-0500-Y20-06", "青花汾酒20", "6901234567892")


def test_every_hard_fault_is_refused_at_once_by_its_field(product_manager: Actor, family: str) -> None:
    command = sku(
        code="FJ-530",
        name="<b>青花</b>",
        abv_tenths=990,
        bottles_per_case=25,
        gtin13="6901234567890",
        gtin14="26901234567890",
        sells_in="PALLET",
        order_multiple=0,
        edition="too long",
    )
    faults = refused(lambda: save_sku(actor=product_manager, command=command))
    assert set(faults) == {
        (None, "code", "catalogue.sku_code_format"),
        (None, "name", "catalogue.text_not_plain"),
        (None, "abv_tenths", "catalogue.abv_range"),
        (None, "bottles_per_case", "catalogue.pack_range"),
        (None, "gtin13", "identifier.gtin_check_digit"),
        (None, "gtin14", "identifier.gtin_check_digit"),
        (None, "sells_in", "catalogue.choice_unknown"),
        (None, "order_multiple", "catalogue.not_whole_number"),
        (None, "edition", "catalogue.edition"),
    }
    assert not Sku.objects.exists()


@pytest.mark.parametrize(
    "name", ["青花🍶20", "青花<script>alert(1)</script>", "青花'; DROP TABLE catalogue_sku; --", "青花\\20"]
)
def test_emoji_markup_and_sql_in_a_name_are_refused(product_manager: Actor, family: str, name: str) -> None:
    faults = refused(lambda: save_sku(actor=product_manager, command=sku(name=name)))
    assert faults == [(None, "name", "catalogue.text_not_plain")]
    assert not Sku.objects.exists()


def test_a_shops_own_barcode_is_refused(product_manager: Actor, family: str) -> None:
    faults = refused(lambda: save_sku(actor=product_manager, command=sku(gtin13="2012345678903")))
    assert faults == [(None, "gtin13", "identifier.gtin_in_store")]


def test_a_us_barcode_gets_its_zero(product_manager: Actor, family: str) -> None:
    saved = save_sku(actor=product_manager, command=sku(gtin13="036000291452", gtin14=""))
    assert Sku.objects.get(pk=saved.id).gtin13 == "0036000291452"
    assert [advice.code for advice in saved.advice] == ["catalogue.barcode_foreign"]


def test_a_code_must_begin_with_the_brands_letters(product_manager: Actor, family: str) -> None:
    save_settings(actor=product_manager, command=SaveSettings(code_prefixes=("xh", "WLY")))
    faults = refused(lambda: save_sku(actor=product_manager, command=sku()))
    assert faults == [(None, "code", "catalogue.code_prefix")]


def test_a_brand_of_other_spirits_widens_the_limits(product_manager: Actor, family: str) -> None:
    save_settings(actor=product_manager, command=SaveSettings(abv_tenths_max=960, bottles_per_case_max=48))
    saved = save_sku(actor=product_manager, command=sku(abv_tenths=950, bottles_per_case=48))
    assert {advice.code for advice in saved.advice} >= {"catalogue.abv_unusual", "catalogue.pack_unusual"}


def test_unusual_measures_are_saved_with_advice(product_manager: Actor, family: str) -> None:
    saved = save_sku(actor=product_manager, command=sku(volume_ml=700, bottles_per_case=5))
    assert [advice.code for advice in saved.advice] == [
        "catalogue.volume_unusual",
        "catalogue.pack_unusual",
        "catalogue.code_describes_other",
    ]


def test_a_draft_may_still_be_corrected(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku(abv_tenths=520))
    saved = save_sku(actor=product_manager, command=sku())
    assert Sku.objects.get(pk=saved.id).abv_tenths == 530


def test_once_on_the_shelf_another_measure_needs_a_new_code(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    change_shelf_state(actor=product_manager, command=ChangeShelfState(("FJ-QX-530-0500-Y20-06",), "ON"))
    command = sku(abv_tenths=420, volume_ml=475, bottles_per_case=12, edition="G2")
    assert refused(lambda: save_sku(actor=product_manager, command=command)) == [
        (None, "abv_tenths", "catalogue.needs_new_code"),
        (None, "volume_ml", "catalogue.needs_new_code"),
        (None, "bottles_per_case", "catalogue.needs_new_code"),
        (None, "edition", "catalogue.needs_new_code"),
    ]
    stored = Sku.objects.get()
    assert (stored.abv_tenths, stored.version) == (530, 2)


def test_a_label_refresh_keeps_the_code(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    change_shelf_state(actor=product_manager, command=ChangeShelfState(("FJ-QX-530-0500-Y20-06",), "ON"))
    saved = save_sku(actor=product_manager, command=sku(name="青花汾酒20 新标", gross_weight_g=7200))
    assert (saved.version, Sku.objects.get().status) == (3, "ON")


def test_a_case_barcode_belongs_to_one_sku(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    command = sku(code="FJ-QX-530-0500-Y20-12", bottles_per_case=12)
    assert refused(lambda: save_sku(actor=product_manager, command=command)) == [
        (None, "gtin14", "catalogue.barcode_taken")
    ]


def test_one_bottle_in_two_cases_shares_its_barcode(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    command = sku(code="FJ-QX-530-0500-Y20-12", bottles_per_case=12, gtin14="26901234567896")
    assert save_sku(actor=product_manager, command=command).advice == ()


def test_two_bottles_with_one_barcode_get_advice(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    command = sku(code="FJ-QX-420-0500-Y20-06", abv_tenths=420, gtin14="")
    advice = save_sku(actor=product_manager, command=command).advice
    assert [one.code for one in advice] == ["catalogue.barcode_of_other_bottle"]
    assert advice[0].fields["sku"] == "FJ-QX-530-0500-Y20-06"


def test_a_form_opened_before_someone_else_saved_is_a_conflict(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_sku(actor=product_manager, command=sku(rank=5, version=1))
    faults = refused(lambda: save_sku(actor=product_manager, command=sku(rank=6, version=1)))
    assert faults == [(None, None, "conflict.version")]
    assert Sku.objects.get().rank == 5


def test_a_sku_stays_with_its_family(product_manager: Actor, family: str) -> None:
    save_sku(actor=product_manager, command=sku())
    save_spu(actor=product_manager, command=SaveSpu("FJ-OTHER", "老白汾", "QH", "QX"))
    faults = refused(lambda: save_sku(actor=product_manager, command=sku(spu_code="FJ-OTHER")))
    assert faults == [(None, "spu_code", "catalogue.spu_fixed")]


def test_an_unknown_family_is_refused(product_manager: Actor, family: str) -> None:
    faults = refused(lambda: save_sku(actor=product_manager, command=sku(spu_code="NO-SUCH")))
    assert faults == [(None, "spu_code", "catalogue.spu_unknown")]


def test_who_may_only_look_saves_nothing(reader: Actor, family: str) -> None:
    faults = refused(lambda: save_sku(actor=reader, command=sku()))
    assert faults == [(None, None, "actor.not_permitted")]
    assert not Sku.objects.exists()

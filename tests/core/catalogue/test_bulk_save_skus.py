"""Saving many SKUs at once: all or none, families and lines made on the way, said twice changes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.selectors import search
from core.catalogue.services import (
    BulkSaved,
    BulkSaveSkus,
    ChangeShelfState,
    SkuRow,
    bulk_save_skus,
    change_shelf_state,
)
from core.events.models import Event
from core.kernel.actor import Actor
from tests.core.catalogue.goods import refused, row


def save(actor: Actor, *rows: SkuRow) -> BulkSaved:
    return bulk_save_skus(actor=actor, command=BulkSaveSkus(rows, batch="b1"))


def test_what_stands_above_a_new_sku_is_made_with_it(product_manager: Actor) -> None:
    saved = save(product_manager, row(2))
    stored = Sku.objects.select_related("spu__producer", "product_line").get()
    assert (saved.new, saved.changed, saved.same) == (1, 0, 0)
    assert saved.ids == {"FJ-QX-530-0500-Y20-06": stored.pk}
    assert (stored.spu.code, stored.spu.name) == ("FJ-QHFJ20", "青花汾酒20")
    assert (stored.product_line.code, stored.product_line.name) == ("QHXL", "青花系列")
    assert stored.spu.producer is not None
    assert (stored.spu.producer.name, stored.status) == ("山西杏花村汾酒厂股份有限公司", "DRAFT")
    assert [hit.code for hit in search(product_manager, "qhfj")] == [stored.code]


def test_packs_of_one_name_share_a_family(product_manager: Actor) -> None:
    save(product_manager, row(2), row(3, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12))
    assert Spu.objects.count() == 1
    save(product_manager, row(2, code="FJ-QX-530-0500-Y20-04", bottles_per_case=4))
    assert (Spu.objects.count(), ProductLine.objects.count(), Producer.objects.count()) == (1, 1, 1)


def test_names_with_the_same_initials_get_families_of_their_own(product_manager: Actor) -> None:
    save(product_manager, row(2, name="金沙"), row(3, code="FJ-QX-530-0500-NV-06", name="京山"))
    assert set(Spu.objects.values_list("code", flat=True)) == {"FJ-JS", "FJ-JS-2"}


def test_said_twice_the_second_time_changes_nothing(product_manager: Actor) -> None:
    save(product_manager, row(2))
    again = save(product_manager, row(2))
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert Sku.objects.get().version == 1
    assert Event.objects.filter(kind="catalogue.skus_merged.v1").count() == 1


def test_what_a_row_does_not_say_stays_as_it_is(product_manager: Actor) -> None:
    save(product_manager, row(2, gtin13="6901234567892", rank=7))
    saved = save(product_manager, SkuRow(row=2, code="FJ-QX-530-0500-Y20-06", gtin14="16901234567899"))
    stored = Sku.objects.get()
    assert (saved.changed, stored.version) == (1, 2)
    assert (stored.gtin13, stored.gtin14, stored.rank, stored.name) == (
        "6901234567892",
        "16901234567899",
        7,
        "青花汾酒20",
    )


def test_one_bad_row_holds_all_back_and_every_bad_row_is_named(product_manager: Actor) -> None:
    faults = refused(
        lambda: save(
            product_manager,
            row(2),
            row(3),
            row(4, code="FJ-QX-420-0500-NV-06", abv_tenths=None, aroma=None, line=None, name="无名"),
            row(5, code="FJ-QX-420-0500-NV-12", gtin13="6901234567890", bottles_per_case=30),
        )
    )
    assert faults == [
        (3, "code", "catalogue.row_repeated"),
        (4, "aroma", "catalogue.value_missing"),
        (4, "line", "catalogue.value_missing"),
        (4, "abv_tenths", "catalogue.value_missing"),
        (5, "gtin13", "identifier.gtin_check_digit"),
        (5, "bottles_per_case", "catalogue.pack_range"),
    ]
    assert not Sku.objects.exists()
    assert not Spu.objects.exists()
    assert not ProductLine.objects.exists()


def test_two_rows_may_not_say_different_things_of_one_family(product_manager: Actor) -> None:
    faults = refused(
        lambda: save(product_manager, row(2), row(3, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12, aroma="浓香"))
    )
    assert faults == [(3, "aroma", "catalogue.family_disagrees")]


def test_a_family_moved_by_one_row_takes_its_other_skus_along(product_manager: Actor) -> None:
    other = row(3, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12)
    save(product_manager, row(2), other)
    saved = save(product_manager, row(2, line="典藏系列", aroma="兼香"))
    assert saved.changed == 1
    assert set(Sku.objects.values_list("aroma", "product_line__name")) == {("JA", "典藏系列")}
    assert {hit.code for hit in search(product_manager, "兼香")} == set(Sku.objects.values_list("code", flat=True))


def test_a_case_barcode_stands_once_in_the_batch_and_in_the_brand(product_manager: Actor) -> None:
    first = row(2, gtin14="16901234567899")
    twelve = row(3, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12, gtin14="16901234567899")
    assert refused(lambda: save(product_manager, first, twelve)) == [(3, "gtin14", "catalogue.barcode_taken")]
    save(product_manager, first)
    assert refused(lambda: save(product_manager, twelve)) == [(3, "gtin14", "catalogue.barcode_taken")]


def test_a_measure_of_a_shelved_sku_needs_a_new_code(product_manager: Actor) -> None:
    save(product_manager, row(2))
    Producer.objects.update(sc_no="SC11552038220099")
    change_shelf_state(actor=product_manager, command=ChangeShelfState(("FJ-QX-530-0500-Y20-06",), "ON"))
    assert refused(lambda: save(product_manager, row(2, volume_ml=475))) == [
        (2, "volume_ml", "catalogue.needs_new_code")
    ]


def test_one_event_tells_of_a_thousand_rows(product_manager: Actor) -> None:
    save(product_manager, row(2), row(3, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12))
    event = Event.objects.get(kind="catalogue.skus_merged.v1")
    assert event.payload == {
        "batch": "b1",
        "new": ["FJ-QX-530-0500-Y20-06", "FJ-QX-530-0500-Y20-12"],
        "changed": [],
    }


@pytest.mark.parametrize("count", [1, 500])
def test_the_statements_do_not_grow_with_the_rows(product_manager: Actor, count: int) -> None:
    rows = [row(place, code=f"FJ-QX-530-0500-NV-06-{place}", name=f"青花 {place}") for place in range(count)]
    with CaptureQueriesContext(connection) as statements:
        save(product_manager, *rows)
    assert len(statements) == 15


def test_who_may_not_import_saves_nothing(reader: Actor) -> None:
    assert refused(lambda: save(reader, row(2))) == [(None, None, "actor.not_permitted")]

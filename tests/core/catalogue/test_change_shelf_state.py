"""Putting SKUs on the shelf: only from the right state and with the producer's liquor licence in force."""

from datetime import date

import pytest

from core.catalogue.models import Producer, Sku
from core.catalogue.selectors import skus_visible_to
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
from tests.core.catalogue.goods import QINGHUA, refused, sku

CODE = QINGHUA.code


@pytest.fixture
def draft(product_manager: Actor, family: str) -> str:
    return save_sku(actor=product_manager, command=sku()).code


def move(actor: Actor, to: str, *codes: str) -> int:
    return change_shelf_state(actor=actor, command=ChangeShelfState(codes or (CODE,), to))


def test_a_dealer_sees_a_sku_only_while_it_is_on(product_manager: Actor, buyer: Actor, draft: str) -> None:
    assert not skus_visible_to(buyer).exists()
    move(product_manager, "ON")
    assert skus_visible_to(buyer).get().code == CODE
    move(product_manager, "OFF")
    assert not skus_visible_to(buyer).exists()
    assert skus_visible_to(product_manager).exists()


def test_the_change_is_recorded(product_manager: Actor, draft: str) -> None:
    move(product_manager, "on")
    event = Event.objects.get(kind="catalogue.shelf_state_changed.v1")
    assert (event.aggregate_id, event.aggregate_version, event.payload) == (CODE, 2, {"from": "DRAFT", "to": "ON"})


@pytest.mark.parametrize(
    ("sc_no", "valid_to", "code"),
    [
        ("", None, "catalogue.producer_licence_missing"),
        ("SC10644512200017", None, "catalogue.producer_licence_not_liquor"),
        ("SC11552038220099", date(2026, 1, 11), "catalogue.producer_licence_expired"),
    ],
)
def test_baijiu_needs_its_producers_liquor_licence_in_force(
    product_manager: Actor, draft: str, today: object, sc_no: str, valid_to: date | None, code: str
) -> None:
    Producer.objects.update(sc_no=sc_no, sc_valid_to=valid_to)
    assert refused(lambda: move(product_manager, "ON")) == [(None, None, code)]
    assert Sku.objects.get().status == "DRAFT"


def test_a_licence_holds_on_its_last_day(product_manager: Actor, draft: str, today: object) -> None:
    Producer.objects.update(sc_valid_to=date(2026, 1, 12))
    assert move(product_manager, "ON") == 1


def test_a_family_without_a_producer_has_no_licence(product_manager: Actor, family: str) -> None:
    save_spu(actor=product_manager, command=SaveSpu("XH-GP", "光瓶", "QH", "NX"))
    save_sku(actor=product_manager, command=sku(code="XH-NX-500-0500-NV-12", spu_code="XH-GP", gtin14=""))
    faults = refused(lambda: move(product_manager, "ON", "XH-NX-500-0500-NV-12"))
    assert faults == [(None, None, "catalogue.producer_licence_missing")]


def test_other_spirits_and_freed_brands_need_none(product_manager: Actor, draft: str) -> None:
    Producer.objects.update(sc_no="")
    save_settings(actor=product_manager, command=SaveSettings(requires_sc_licence=False))
    assert move(product_manager, "ON") == 1


def test_a_state_that_does_not_follow_is_refused(product_manager: Actor, draft: str) -> None:
    assert refused(lambda: move(product_manager, "OFF")) == [(None, None, "catalogue.shelf_transition")]
    move(product_manager, "ON")
    move(product_manager, "DISCONTINUED")
    assert refused(lambda: move(product_manager, "ON")) == [(None, None, "catalogue.shelf_transition")]


def test_of_many_all_move_or_none_and_each_refusal_names_its_line(product_manager: Actor, draft: str) -> None:
    save_sku(actor=product_manager, command=sku(code="FJ-QX-530-0500-Y20-12", gtin14="", bottles_per_case=12))
    move(product_manager, "ON", "FJ-QX-530-0500-Y20-12")
    faults = refused(lambda: move(product_manager, "ON", CODE, "FJ-QX-530-0500-Y20-12", "NO-SUCH"))
    assert faults == [(2, None, "catalogue.shelf_transition"), (3, None, "catalogue.sku_unknown")]
    assert Sku.objects.get(code=CODE).status == "DRAFT"


def test_an_unknown_state_is_refused(product_manager: Actor, draft: str) -> None:
    assert refused(lambda: move(product_manager, "SOLD")) == [(None, "to", "catalogue.choice_unknown")]


def test_who_may_only_look_moves_nothing(reader: Actor, draft: str) -> None:
    assert refused(lambda: move(reader, "ON")) == [(None, None, "actor.not_permitted")]

"""Saving a producer and its licence."""

from datetime import date

from core.catalogue.models import Producer
from core.catalogue.services import SaveProducer, save_producer
from core.events.models import Event
from core.kernel.actor import Actor
from tests.core.catalogue.conftest import LIQUOR_SC
from tests.core.catalogue.goods import refused


def test_numbers_are_kept_bare(product_manager: Actor) -> None:
    command = SaveProducer("示例酒业", uscc="91350100m000100y43", sc_no="sc 115 5203 8220 099", region_code="520382")
    save_producer(actor=product_manager, command=command)
    stored = Producer.objects.get()
    assert (stored.uscc, stored.sc_no) == ("91350100M000100Y43", LIQUOR_SC)


def test_a_licence_not_for_liquor_is_kept_with_advice(product_manager: Actor) -> None:
    saved = save_producer(actor=product_manager, command=SaveProducer("示例饮料", sc_no="SC10644512200017"))
    assert [one.code for one in saved.advice] == ["catalogue.licence_not_liquor"]


def test_wrong_numbers_are_refused_by_field(product_manager: Actor) -> None:
    command = SaveProducer("", uscc="91350100M000100Y4Z", sc_no="SC11552038200099", region_code="999999")
    assert set(refused(lambda: save_producer(actor=product_manager, command=command))) == {
        (None, "name", "catalogue.value_missing"),
        (None, "uscc", "identifier.uscc_format"),
        (None, "sc_no", "identifier.licence_check_digit"),
        (None, "region_code", "region.unknown"),
    }
    assert not Producer.objects.exists()


def test_a_producer_is_renamed_by_its_present_name(product_manager: Actor) -> None:
    first = save_producer(actor=product_manager, command=SaveProducer("旧名酒厂"))
    again = save_producer(
        actor=product_manager,
        command=SaveProducer("新名酒厂", current_name="旧名酒厂", sc_no=LIQUOR_SC, sc_valid_to=date(2030, 1, 31)),
    )
    assert (again.id, again.is_new) == (first.id, False)
    event = Event.objects.filter(kind="catalogue.producer_saved.v1").latest("at")
    assert event.payload["changes"]["sc_valid_to"] == {"from": None, "to": "2030-01-31"}


def test_an_unknown_present_name_is_refused(product_manager: Actor) -> None:
    command = SaveProducer("新名酒厂", current_name="没有这家")
    assert refused(lambda: save_producer(actor=product_manager, command=command)) == [
        (None, "current_name", "catalogue.producer_unknown")
    ]

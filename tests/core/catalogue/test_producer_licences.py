"""A producer's SC licence: sent with a scan, refuted or verified, and what the shelf says to that."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.catalogue.models import Producer, Sku, Spu
from core.catalogue.services import (
    ChangeShelfState,
    SaveProducer,
    SubmitProducerLicence,
    change_shelf_state,
    copy_refuted,
    copy_verified,
    save_producer,
    save_sku,
    submit_producer_licence,
)
from core.db.acts import act
from core.events.models import Event
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, OutOfScope
from tests.core.catalogue.conftest import LIQUOR_SC
from tests.core.catalogue.goods import sku

FIRM, SCAN = UUID(int=11), UUID(int=12)
NAME = "示例酒厂"
USCC = "91350100M000100Y43"


@pytest.fixture
def producer(product_manager: Actor, today: object) -> Producer:
    """A producer tied to its firm, without a licence."""
    save_producer(actor=product_manager, command=SaveProducer(NAME, USCC, organisation_id=FIRM))
    return Producer.objects.get(name=NAME)


@pytest.fixture
def draft(product_manager: Actor, family: str) -> str:
    """A SKU that is not on the shelf yet."""
    return save_sku(actor=product_manager, command=sku()).code


def send(actor: Actor, *, number: str = LIQUOR_SC, to: date | None = date(2030, 12, 31), name: str = NAME) -> Producer:
    command = SubmitProducerLicence(name, number, date(2026, 1, 1), to, (SCAN,))
    return submit_producer_licence(actor=actor, command=command)


def told(row: Producer, **more: object) -> dict[str, object]:
    facts = {"organisation_id": str(FIRM), "licence_id": str(row.sc_licence_id), "type": "SC", "number": row.sc_no}
    return {**facts, "scope": "", "valid_from": "2026-01-01", "valid_to": "2030-12-31", **more}


def refused(call: object) -> DomainError:
    assert callable(call)
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.problems()[0]


def test_the_register_hears_whose_goods_these_are(producer: Producer) -> None:
    event = Event.objects.get(kind="catalogue.organisations_used.v1")
    assert event.payload == {"organisations": [str(FIRM)]}


def test_is_sent_to_be_verified_and_counts_as_the_brands_word(product_manager: Actor, producer: Producer) -> None:
    row = send(product_manager, number="115 5203 8220 099")
    assert (row.sc_no, row.sc_check, row.sc_file_ids) == (LIQUOR_SC, "SUBMITTED", [SCAN])
    event = Event.objects.get(kind="catalogue.licence_submitted.v1")
    assert (event.payload["type"], event.payload["licence_id"]) == ("SC", str(row.sc_licence_id))


@pytest.mark.parametrize(
    ("number", "to", "code"),
    [
        ("SC11552038200099", date(2030, 1, 1), "identifier.licence_check_digit"),
        ("JY15308250014109", date(2030, 1, 1), "identifier.licence_kind"),
        (LIQUOR_SC, date(2026, 1, 11), "catalogue.licence_over"),
        (LIQUOR_SC, date(2025, 1, 1), "catalogue.licence_days"),
    ],
)
def test_refuses_what_is_no_sc_licence(
    product_manager: Actor, producer: Producer, number: str, to: date, code: str
) -> None:
    assert refused(lambda: send(product_manager, number=number, to=to)).code == code


def test_needs_a_firm_a_scan_and_the_right(product_manager: Actor, reader: Actor, producer: Producer) -> None:
    assert refused(lambda: send(reader)).code == "actor.not_permitted"
    assert refused(lambda: send(product_manager, name="无名")).code == "catalogue.producer_unknown"
    bare = SubmitProducerLicence(NAME, LIQUOR_SC, date(2026, 1, 1), None, ())
    scan = refused(lambda: submit_producer_licence(actor=product_manager, command=bare))
    assert scan.code == "catalogue.licence_scan_missing"
    save_producer(actor=product_manager, command=SaveProducer("散厂"))
    assert refused(lambda: send(product_manager, name="散厂")).code == "catalogue.producer_without_firm"


def test_a_verified_licence_is_copied_once(product_manager: Actor, producer: Producer) -> None:
    row = send(product_manager)
    for _ in range(2):
        with act():
            copy_verified(told=told(row, valid_to="2029-06-30"), version=2)
    row.refresh_from_db()
    assert (row.sc_check, row.sc_valid_to, row.sc_file_ids) == ("VERIFIED", date(2029, 6, 30), [SCAN])
    assert Event.objects.filter(kind="catalogue.producer_licence_checked.v1").count() == 1


def test_another_works_licence_is_not_this_ones(product_manager: Actor, producer: Producer) -> None:
    row = send(product_manager)
    with act():
        copy_verified(told=told(row, licence_id=str(UUID(int=3)), number="SC11513042800065"), version=2)
        copy_verified(told=told(row, licence_id=str(UUID(int=4)), type="JY"), version=2)
    row.refresh_from_db()
    assert (row.sc_no, row.sc_check) == (LIQUOR_SC, "SUBMITTED")


def test_a_refuted_licence_puts_nothing_on_the_shelf(product_manager: Actor, draft: str, today: object) -> None:
    row = Producer.objects.get()
    Producer.objects.update(organisation_id=FIRM)
    row = send(product_manager, name=row.name)
    with act():
        copy_refuted(told=told(row, reason="编号与公示不符"), version=2, check=Producer.Check.REJECTED)
    on = ChangeShelfState((draft,), "ON")
    fault = refused(lambda: change_shelf_state(actor=product_manager, command=on))
    assert fault.code == "catalogue.producer_licence_refuted"
    send(product_manager, name=row.name)
    assert change_shelf_state(actor=product_manager, command=on) == 1
    assert Sku.objects.get().status == "ON"


def test_another_number_is_another_paper(product_manager: Actor, producer: Producer) -> None:
    row = send(product_manager)
    with act():
        copy_verified(told=told(row), version=2)
    command = SaveProducer(NAME, USCC, "SC11513042800065", date(2030, 12, 31))
    save_producer(actor=product_manager, command=command)
    row.refresh_from_db()
    assert (row.sc_check, row.sc_licence_id, row.organisation_id) == ("NONE", None, FIRM)


def test_another_firm_is_another_producer(product_manager: Actor, producer: Producer) -> None:
    save_producer(actor=product_manager, command=SaveProducer(NAME, ""))
    producer.refresh_from_db()
    assert producer.organisation_id is None


def test_a_seat_of_one_line_leaves_the_licence_of_a_shared_producer_alone(
    product_manager: Actor, producer: Producer, draft: str
) -> None:
    limited = replace(product_manager, scope=Scope(product_lines=("ANOTHER",)))
    Spu.objects.filter(skus__code=draft).update(producer=producer)
    assert refused(lambda: send(limited)).code == OutOfScope.code
    producer.refresh_from_db()
    assert producer.sc_no == ""

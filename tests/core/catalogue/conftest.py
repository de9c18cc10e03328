"""Who works on products in these tests, and a family to work on."""

from dataclasses import replace

import pytest

from core.catalogue.services import SaveLine, SaveProducer, SaveSpu, save_line, save_producer, save_spu
from core.jobs import services as jobs
from core.kernel.actor import Actor
from tests.core.actors import an_actor
from tests.portals import TestPortal

LIQUOR_SC = "SC11552038220099"


@pytest.fixture
def product_manager(xinghe: TestPortal) -> Actor:
    """Brand staff who may do everything with products."""
    return an_actor("林木", "catalogue.read", "catalogue.edit", "catalogue.import", "settings.edit")


@pytest.fixture
def reader(xinghe: TestPortal) -> Actor:
    """Brand staff who may only look."""
    return an_actor("田七", "catalogue.read")


@pytest.fixture
def buyer(xinghe: TestPortal) -> Actor:
    """A dealer's buyer."""
    return an_actor("苏叶", "catalogue.read", dealer_id=7)


@pytest.fixture
def family(product_manager: Actor) -> str:
    """The family 青花汾酒20 of a licensed producer, its code."""
    save_line(actor=product_manager, command=SaveLine(code="QH", name="青花系列"))
    save_producer(actor=product_manager, command=SaveProducer(name="山西杏花村汾酒厂股份有限公司", sc_no=LIQUOR_SC))
    command = SaveSpu(
        code="FJ-QH20",
        name="青花汾酒20",
        line_code="QH",
        aroma="清香",
        producer_name="山西杏花村汾酒厂股份有限公司",
        exec_standard="GB/T 10781.2-2022",
    )
    return save_spu(actor=product_manager, command=command).code


@pytest.fixture
def importer(product_manager: Actor, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """May import; the worker finds their seat. The line 青花系列 is there."""
    actor = replace(product_manager, codes=product_manager.codes | {"files.upload", "jobs.read"})
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    save_line(actor=actor, command=SaveLine("QH", "青花系列"))
    return actor

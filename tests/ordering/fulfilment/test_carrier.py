"""change_carrier: carrier and number of a truck under way, never of one that is signed."""

import pytest

from core.events.models import Event
from core.kernel.errors import DomainError, Missing, NotPermitted
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import ChangeCarrier, change_carrier
from tests.ordering.fulfilment.conftest import Deal


def change(deal: Deal, number: str, by: str = "warehouse", carrier: str = "德邦", tracking: str = "DB9") -> bool:
    """Another carrier for a shipment."""
    return change_carrier(actor=deal.cast.actor(by), command=ChangeCarrier(number, carrier, tracking))


def test_carrier_and_number_are_written_anew_and_told(deal: Deal) -> None:
    sent = deal.ship((1, 6))
    assert change(deal, sent.number, tracking=" db-9 ") is True
    found = Shipment.objects.get(number=sent.number)
    assert (found.carrier, found.tracking_number, found.version) == ("德邦", "db-9", 2)
    told = Event.objects.get(kind="ordering.carrier_changed.v1")
    assert told.payload["before"] == {"carrier": "顺丰", "tracking_number": "SF123"}
    assert told.aggregate_id == deal.number


def test_the_same_words_again_change_nothing(deal: Deal) -> None:
    sent = deal.ship((1, 6))
    assert change(deal, sent.number, carrier="顺丰", tracking="SF123") is False
    assert not Event.objects.filter(kind="ordering.carrier_changed.v1").exists()


def test_refuses_what_is_signed_strangers_and_the_buyer(deal: Deal) -> None:
    sent = deal.ship((1, 6))
    with pytest.raises(NotPermitted):
        change(deal, sent.number, by="buyer_c1")
    with pytest.raises(Missing):
        change(deal, sent.number, by="warehouse_c1")
    with pytest.raises(Missing):
        change(deal, "SH-NONE")
    deal.receive(sent.number)
    with pytest.raises(DomainError, match=r"shipment\.state"):
        change(deal, sent.number)

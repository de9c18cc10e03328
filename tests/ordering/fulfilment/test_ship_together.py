"""ship_together: goods that lie in several warehouses leave in one act, a shipment each; all of them, or nothing."""

import pytest

from core.kernel.errors import DomainError
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Allocate, Load, Place, ShipTogether, Wish, allocate, ship_together
from tests.factories.goods import make_stock, make_warehouse
from tests.ordering.fulfilment.conftest import Deal, assert_whole


@pytest.fixture
def split(deal: Deal) -> Deal:
    """Half of line 1 lies in W2; line 2 and the other half in W1."""
    place = make_warehouse(deal.cast.root, "W2", "济南仓")
    make_stock(place, deal.cast.skus[1], 60)
    allocate(
        actor=deal.cast.warehouse,
        command=Allocate(deal.number, "", (Place(1, "W1", 30), Place(1, "W2", 30), Place(2, "W1", 60))),
    )
    return deal


def send(deal: Deal, *loads: Load, version: int | None = None) -> list[str]:
    made = ship_together(actor=deal.cast.warehouse, command=ShipTogether(deal.number, loads, version))
    return [one.number for one in made]


def test_a_shipment_leaves_each_warehouse_with_its_own_carrier(split: Deal) -> None:
    numbers = send(split, Load("W1", (), "顺丰", "SF1"), Load("W2", (Wish(1, 30),), "赵师傅"))
    sent = [Shipment.objects.get(number=number) for number in numbers]
    assert [(one.warehouse.code, one.bottles, one.carrier) for one in sent] == [
        ("W1", 90, "顺丰"),
        ("W2", 30, "赵师傅"),
    ]
    assert sum(one.amount for one in sent) == split.order.total == 1_880_000
    assert split.order.fulfilment_status == "SHIPPED"
    assert_whole()


def test_what_one_cannot_send_no_other_sends(split: Deal) -> None:
    before = split.everything()
    with pytest.raises(DomainError) as refused:
        send(split, Load("W1"), Load("W2", (Wish(1, 31),)))
    (fault,) = refused.value.problems()
    assert (fault.code, fault.line, fault.fields["warehouse"]) == ("shipment.not_reserved_here", 1, "W2")
    assert split.everything() == before


@pytest.mark.parametrize(
    ("loads", "code"),
    [
        ((), "shipment.nothing_to_ship"),
        ((Load("W1"), Load("W1")), "shipment.nothing_to_ship"),
        ((Load("W1"), Load("D-C1")), "shipment.warehouse_unknown"),
    ],
)
def test_refuses_whole(split: Deal, loads: tuple[Load, ...], code: str) -> None:
    before = split.everything()
    with pytest.raises(DomainError) as refused:
        send(split, *loads)
    assert [fault.code for fault in refused.value.problems()] == [code]
    assert split.everything() == before


def test_a_second_click_finds_another_version(split: Deal) -> None:
    version = split.order.version
    send(split, Load("W1"), Load("W2"), version=version)
    with pytest.raises(DomainError, match=r"conflict\.version"):
        send(split, Load("W1"), Load("W2"), version=version)

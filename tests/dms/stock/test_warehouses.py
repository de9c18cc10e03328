"""Places goods lie."""

import pytest

from core.db.acts import act
from core.events.models import Event
from core.kernel.errors import DomainError
from dms.stock import services
from dms.stock.models import Warehouse
from tests.cast import Cast


def _receiving(cast: Cast, owner_id: int) -> int:
    with act():
        return services.receiving_warehouse(owner_id=owner_id, actor=cast.buyer_c1)


def _told() -> list[tuple[str, str]]:
    return list(Event.objects.filter(aggregate_type="warehouse").values_list("kind", "aggregate_id"))


def test_a_dealer_receives_in_its_first_warehouse(cast: Cast) -> None:
    assert _receiving(cast, cast.c1.pk) == cast.d_c1.pk
    assert _told() == []


def test_a_dealer_without_one_gets_one_once(cast: Cast) -> None:
    made = _receiving(cast, cast.c2.pk)
    assert _receiving(cast, cast.c2.pk) == made
    warehouse = Warehouse.objects.get(pk=made)
    assert (warehouse.code, warehouse.name, warehouse.owner_id) == ("D-C2", cast.c2.name, cast.c2.pk)
    assert (warehouse.kind, warehouse.region_code) == ("DEALER", "370200")
    assert _told() == [("dms.warehouse_opened.v1", "D-C2")]


def test_a_closed_one_is_opened_again_when_it_is_the_only_one_and_that_is_told(cast: Cast) -> None:
    Warehouse.objects.filter(pk=cast.d_c1.pk).update(is_active=False, version=2)
    assert _receiving(cast, cast.c1.pk) == cast.d_c1.pk
    assert Warehouse.objects.get(pk=cast.d_c1.pk).version == 3
    assert _told() == [("dms.warehouse_changed.v1", "D-C1")]
    (event,) = Event.objects.filter(aggregate_type="warehouse")
    assert (event.person_id, event.payload["is_active"]) == (cast.buyer_c1.person_id, True)


def test_a_code_that_another_house_took_stops_no_receipt(cast: Cast) -> None:
    for code in ("D-C2", f"D-{cast.c2.pk}"):
        services.open_warehouse(actor=cast.warehouse, command=services.OpenWarehouse(code, "总部的"))
    made = Warehouse.objects.get(pk=_receiving(cast, cast.c2.pk))
    assert (made.code, made.owner_id) == (f"D-{cast.c2.pk}-2", cast.c2.pk)


def test_opens_a_warehouse_of_the_actors_house(cast: Cast) -> None:
    command = services.OpenWarehouse(" w2 ", "分仓", "CLOUD", "370100", 50)
    warehouse = services.open_warehouse(actor=cast.warehouse, command=command)
    assert (warehouse.code, warehouse.owner_id, warehouse.kind) == ("W2", cast.root.pk, "CLOUD")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (services.OpenWarehouse("W1", "again"), "stock.warehouse_code_taken"),
        (services.OpenWarehouse("", "x"), "stock.warehouse_invalid"),
        (services.OpenWarehouse("W 3", "x"), "stock.warehouse_invalid"),
        (services.OpenWarehouse("W3", "x", "CELLAR"), "stock.warehouse_invalid"),
        (services.OpenWarehouse("W3", "x", "FACTORY", "419000"), "region.unknown"),
    ],
)
def test_refuses_what_is_no_warehouse(cast: Cast, command: services.OpenWarehouse, code: str) -> None:
    before = Warehouse.objects.count()
    with pytest.raises(DomainError) as refusal:
        services.open_warehouse(actor=cast.warehouse, command=command)
    assert refusal.value.code == code
    assert Warehouse.objects.count() == before

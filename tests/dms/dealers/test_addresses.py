"""A dealer's addresses: one is the default, one taken away leaves orders as they were, and nobody touches another's."""

import pytest

from core.events.models import Event
from core.kernel.errors import Missing, NotPermitted
from core.vault.services import unseal
from dms.dealers import services
from dms.dealers.models import Address
from dms.dealers.rules import Delivery
from dms.dealers.services import SaveAddress
from tests.cast import Cast

EAST = Delivery("东仓", "李收货", "13900000001", "370102", "东仓路 1 号")


def added(cast: Cast, delivery: Delivery = EAST, address_id: int | None = None) -> Address:
    return services.save_address(actor=cast.admin_c1, command=SaveAddress("C1", delivery, address_id))


def removed(cast: Cast, address: Address) -> Address | None:
    return services.delete_address(actor=cast.admin_c1, dealer_code="C1", address_id=address.pk)


def test_changed_in_place(cast: Cast) -> None:
    first = added(cast)
    again = added(cast, Delivery("东仓", "王收货", "13900000002", "370100", "东仓路 2 号"), first.pk)
    assert (again.pk, again.recipient, again.line) == (first.pk, "王收货", "东仓路 2 号")
    assert unseal(again.phone_sealed) == "13900000002"


def test_the_default_moves_to_the_oldest_when_it_goes(cast: Cast) -> None:
    first = Address.objects.get(dealer=cast.c1)
    second, third = (
        added(cast),
        added(cast, Delivery("西仓", "赵", "13900000003", "370104", "西路 3 号", is_default=True)),
    )
    assert list(Address.objects.filter(dealer=cast.c1, is_default=True)) == [third]
    assert removed(cast, third) == first
    assert removed(cast, second) == first, "the default stays where another goes"
    assert removed(cast, first) is None
    told = [event.payload["default_id"] for event in Event.objects.filter(kind="dms.address_deleted.v1").order_by("id")]
    assert sorted(map(str, told)) == sorted(map(str, [first.pk, first.pk, None]))


def test_the_only_default_cannot_be_unmade(cast: Cast) -> None:
    first = Address.objects.get(dealer=cast.c1)
    assert added(cast, Delivery("主仓", "收货人", "13900000001", "370100", "工业路 1 号"), first.pk).is_default


def test_gone_is_gone_and_a_strangers_is_missing(cast: Cast) -> None:
    mine, theirs = added(cast), Address.objects.get(dealer=cast.t1)
    removed(cast, mine)
    for one in (mine, theirs):
        with pytest.raises(Missing):
            services.delete_address(actor=cast.admin_c1, dealer_code="C1", address_id=one.pk or 0)
    with pytest.raises(Missing):
        services.delete_address(actor=cast.admin_c1, dealer_code="T1", address_id=theirs.pk)
    with pytest.raises(NotPermitted):
        services.delete_address(actor=cast.actor("warehouse_c1"), dealer_code="C1", address_id=theirs.pk)
    assert Address.objects.filter(pk=theirs.pk).exists()


def test_the_brand_keeps_any_dealers(cast: Cast) -> None:
    theirs = Address.objects.get(dealer=cast.t1)
    assert services.delete_address(actor=cast.admin, dealer_code="T1", address_id=theirs.pk) is None

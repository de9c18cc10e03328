"""create_list: for exactly one of the four scopes, once a code and seller, told."""

import pytest

from core.events.models import Event
from core.kernel.errors import NotPermitted
from dms.dealers.models import PriceGroup
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.services import CreateList, create_list
from tests.cast import Cast
from tests.ordering.watching import refused


def test_a_list_for_each_scope(cast: Cast) -> None:
    PriceGroup.objects.create(code="A", name="甲组")
    for command in (
        CreateList("N-SD", "山东全省", "NATIONAL", region_code="370000"),
        CreateList("T-SD", "山东市级", "TIER", region_code="370000", tier="CITY"),
        CreateList("G-A", "甲组", "GROUP", price_group_code="A"),
        CreateList("D-P1", "齐鲁", "DEALER", dealer_code="P1", currency="USD"),
    ):
        made = create_list(actor=cast.pricing, command=command)
        assert (made.seller_id, made.version, made.is_active) == (cast.root.pk, 1, True)
    event = Event.objects.get(kind="ordering.price_list_created.v1", aggregate_id="D-P1")
    assert (event.payload["currency"], event.seller_id) == ("USD", cast.root.pk)


@pytest.mark.parametrize(
    "command",
    [
        CreateList("X", "无", "DEALER"),
        CreateList("X", "别家客户", "DEALER", dealer_code="T1"),
        CreateList("X", "有区域", "DEALER", dealer_code="P1", region_code="370000"),
        CreateList("X", "无", "GROUP"),
        CreateList("X", "无", "TIER"),
        CreateList("X", "根", "TIER", tier="BRAND"),
        CreateList("X", "错", "EVERYBODY"),
        CreateList(" ", "空", "NATIONAL"),
        CreateList("X", "", "NATIONAL"),
        CreateList("X", "钱", "NATIONAL", currency="ABC"),
    ],
)
def test_refuses_a_list_for_nobody(cast: Cast, command: CreateList) -> None:
    with refused("price_list.scope"):
        create_list(actor=cast.pricing, command=command)


def test_refuses_an_unknown_region_and_a_code_taken(cast: Cast) -> None:
    with refused("region.unknown"):
        create_list(actor=cast.pricing, command=CreateList("X", "错", "NATIONAL", region_code="999999"))
    with refused("price_list.code_taken"):
        create_list(actor=cast.pricing, command=CreateList("NAT", "又一个", "NATIONAL"))


def test_a_dealer_has_lists_of_its_own_which_the_brand_does_not_see(cast: Cast) -> None:
    create_list(actor=cast.admin_c1, command=CreateList("NAT", "泉城", "DEALER", dealer_code="T1"))
    assert PriceList.objects.filter(code="NAT").count() == 2
    assert set(lists_visible_to(cast.pricing).values_list("code", flat=True)) == {"NAT", "CITY", "C2"}
    assert set(lists_visible_to(cast.admin_c1).values_list("code", flat=True)) == {"NAT", "C1-NAT"}


def test_refuses_who_may_not(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        create_list(actor=cast.sales_admin, command=CreateList("X", "价", "NATIONAL"))

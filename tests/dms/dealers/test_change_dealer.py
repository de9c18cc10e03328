"""A dealer's plain facts said anew."""

from typing import Any

import pytest

from core.events.models import Event
from core.kernel.errors import DomainError, NotPermitted
from core.vault.services import unseal
from dms.dealers import errors, services
from dms.dealers.models import Dealer
from dms.dealers.services import ChangeDealer, SavePriceGroup
from tests.cast import Cast


def _change(cast: Cast, dealer: str = "C2", **facts: Any) -> Dealer:
    return services.change_dealer(actor=cast.admin, command=ChangeDealer(dealer, **facts))


def test_changes_what_is_named_and_leaves_the_rest(cast: Cast) -> None:
    _change(cast, name="胶东名酒", contact_phone="139 0000 1111", channel="HORECA")
    dealer = Dealer.objects.get(code="C2")
    assert (dealer.name, dealer.channel, dealer.region_code) == ("胶东名酒", "HORECA", "370200")
    assert unseal(dealer.contact_phone_sealed) == "13900001111"
    assert "jdmj" in dealer.search_text
    assert dealer.version == 2
    assert Event.objects.get().payload["fields"] == ["channel", "contact_phone_index", "name"]


def test_the_same_facts_again_change_nothing(cast: Cast) -> None:
    _change(cast, contact_phone="13900001111")
    before = list(Dealer.objects.order_by("pk").values())
    _change(cast, contact_phone="139-0000-1111", name=cast.c2.name)
    assert list(Dealer.objects.order_by("pk").values()) == before
    assert Event.objects.count() == 1


def test_joins_and_leaves_a_price_group(cast: Cast) -> None:
    services.save_price_group(actor=cast.admin, command=SavePriceGroup("VIP", "战略客户", ("P1",)))
    services.save_price_group(actor=cast.admin, command=SavePriceGroup("AREA", "样板市场"))
    assert _groups() == ["VIP"]
    version = _change(cast, "P1", price_group_codes=("VIP", "AREA", "VIP")).version
    assert _groups() == ["VIP", "AREA"], "the one made first is asked first"
    assert _change(cast, "P1", price_group_codes=("AREA", "VIP")).version == version, "it is in both already"
    services.order_price_groups(actor=cast.admin, codes=("AREA", "VIP"))
    assert _groups() == ["AREA", "VIP"]
    _change(cast, "P1", price_group_codes=())
    assert _groups() == []


def _groups() -> list[str]:
    return list(Dealer.objects.get(code="P1").price_groups.order_by("rank").values_list("code", flat=True))


def test_the_order_of_price_groups_names_each_once(cast: Cast) -> None:
    services.save_price_group(actor=cast.admin, command=SavePriceGroup("VIP", "战略客户"))
    for codes in ((), ("VIP", "VIP"), ("VIP", "NO")):
        with pytest.raises(errors.GroupsUnordered):
            services.order_price_groups(actor=cast.admin, codes=codes)
    with pytest.raises(NotPermitted):
        services.order_price_groups(actor=cast.admin_c1, codes=("VIP",))


def test_labels_are_kept_in_one_form(cast: Cast) -> None:
    assert _change(cast, labels=(" 样板 ", "新客", "样板", "")).labels == ["新客", "样板"]
    assert _change(cast, labels=None).labels == ["新客", "样板"]
    assert _change(cast, labels=()).labels == []
    for labels in (("a" * 21,), ("a、b",), tuple(f"L{number}" for number in range(21))):
        with pytest.raises(errors.LabelInvalid):
            _change(cast, labels=labels)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": ""}, "dealers.name_missing"),
        ({"region_code": ""}, "dealers.region_missing"),
        ({"region_code": "999999"}, "region.unknown"),
        ({"channel": "MOON"}, "dealers.channel_unknown"),
        ({"contact_phone": "ring"}, "dealers.phone_invalid"),
        ({"price_group_codes": ("NO",)}, "dealers.price_group_unknown"),
        ({"name": "x", "version": 7}, "conflict.version"),
    ],
)
def test_refuses(cast: Cast, facts: dict[str, Any], code: str) -> None:
    before = list(Dealer.objects.order_by("pk").values())
    with pytest.raises(DomainError) as refusal:
        _change(cast, **facts)
    assert refusal.value.code == code
    assert list(Dealer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("code", ["NO", "ROOT"])
def test_there_is_no_such_dealer(cast: Cast, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        _change(cast, code, name="x")
    assert refusal.value.code == "missing"

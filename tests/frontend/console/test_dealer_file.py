"""The file on a dealer: every part costs the same statements however much stands in it, and shows what it should."""

import pytest

from core.db.acts import act
from core.vault.services import masked_phone, unseal
from dms.dealers.models import Address, Dealer
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.channel import DealerFacts, make_dealer
from tests.frontend.console.conftest import Opens
from tests.frontend.console.test_budgets import cost, grow

MOST = {"facts": 14, "people": 10, "grants": 10, "prices": 8, "stock": 8, "orders": 9, "notices": 10, "record": 8}


@pytest.mark.parametrize("tab", MOST)
def test_a_part_costs_the_same_for_much(cast: Cast, desk: HostClient, tab: str) -> None:
    path = f"dealers/code/C1/?tab={tab}"
    few = cost(desk, path)
    grow(cast)
    assert cost(desk, path) == few <= MOST[tab]


def test_people_and_open_invitations_stand_together(cast: Cast, desk: HostClient) -> None:
    text = desk.get("/console/dealers/code/C1/?tab=people").content.decode()
    assert "泉城老板" in text
    assert "采购员丙" not in text


def test_the_chain_of_lists_stands_in_the_order_it_is_asked(cast: Cast, desk: HostClient) -> None:
    text = desk.get("/console/dealers/code/C2/?tab=prices").content.decode()
    places = [text.index(f"/console/prices/list/{code}/") for code in (cast.special.code, "CITY", "NAT")]
    assert places == sorted(places)
    strange = desk.get("/console/dealers/code/T1/?tab=prices").content.decode()
    assert "C1-NAT" not in strange


def test_a_level_of_the_tree_comes_by_itself(cast: Cast, as_: Opens) -> None:
    with act():
        facts = DealerFacts("C9", "章丘酒行", Dealer.Tier.CITY, "370100", 1_000)
        make_dealer(facts, parent=cast.p1, supplier=cast.root)
    text = as_("admin").get("/console/dealers/branch/P1/").content.decode()
    assert "章丘酒行" in text
    assert "泉城名酒" in text
    assert "历下烟酒店" not in text
    assert as_("admin").get("/console/dealers/branch/NO/").status_code == 404


def test_a_search_keeps_those_above(cast: Cast, desk: HostClient) -> None:
    text = desk.get("/console/dealers/?q=历下").content.decode()
    for name in ("杏禾酒业", "齐鲁酒业", "泉城名酒", "历下烟酒店"):
        assert name in text
    assert "胶州湾酒行" not in text


def test_an_address_is_changed_and_removed_from_the_file(cast: Cast) -> None:
    """The phone comes back masked and stays what it was."""
    desk, row = cast.client(cast.admin), Address.objects.get(dealer=cast.t1)
    page = desk.get(f"/console/dealers/code/T1/?tab=facts&address={row.pk}").content.decode()
    assert f'name="address_id" value="{row.pk}"' in page
    sealed = unseal(row.phone_sealed)
    form = {
        "act": "address",
        "address_id": row.pk,
        "label": "新店",
        "recipient": row.recipient,
        "phone": masked_phone(sealed),
        "region_code": row.region_code,
        "line": row.line,
    }
    assert desk.post("/console/dealers/code/T1/", form).status_code == 302
    row.refresh_from_db()
    assert (row.label, unseal(row.phone_sealed), row.is_default) == ("新店", sealed, True)
    assert desk.post("/console/dealers/code/T1/", {"act": "drop_address", "address_id": row.pk}).status_code == 302
    assert not Address.objects.filter(dealer=cast.t1).exists()
    assert desk.post("/console/dealers/code/T1/", {"act": "drop_address", "address_id": row.pk}).status_code == 404

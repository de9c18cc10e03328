"""What a limited seat may do with dealers, grants, accounts and stock: inside its limits, and nowhere else."""

from dataclasses import replace
from datetime import date

import pytest

from billing.ledger.errors import AccountMissing
from billing.ledger.models import Entry, TradingAccount
from billing.ledger.selectors import account_lines, parties
from billing.ledger.services import PayIn, SetLimit, pay_in, set_limit
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, Missing, NotPermitted, OutOfScope
from dms.dealers import errors as dealer_errors
from dms.dealers.models import Address, Dealer
from dms.dealers.rules import Delivery
from dms.dealers.selectors import dealer, dealers_visible_to
from dms.dealers.services import (
    ChangeDealer,
    CreateDealer,
    SaveAddress,
    SavePriceGroup,
    change_dealer,
    create_dealer,
    import_dealers,
    save_address,
    save_price_group,
    suspend,
)
from dms.stock.errors import SkuMissing, WarehouseMissing
from dms.stock.models import Warehouse
from dms.stock.selectors import StockFilter, stock_of_dealer, stock_page
from dms.stock.selectors.moved import MovementFilter, movement_slice
from dms.stock.services import (
    AdjustStock,
    Counted,
    OpenWarehouse,
    adjust_stock,
    open_warehouse,
)
from dms.territories import errors as grant_errors
from dms.territories.models import Grant
from dms.territories.selectors import grants_visible_to
from dms.territories.services import GrantTerritory, end_grant, grant
from tests.cast import Cast
from tests.factories.goods import make_warehouse

QINGDAO, JINAN = Scope(regions=("370200",)), Scope(regions=("370100",))
LIGHT = Scope(product_lines=("LIGHT",))


def limited(actor: Actor, scope: Scope) -> Actor:
    return replace(actor, scope=scope)


def codes_of(dealers: object) -> set[str]:
    return {one.code for one in dealers}  # type: ignore[attr-defined]  # a query of dealers


def new(code: str, region: str, **facts: object) -> CreateDealer:
    return CreateDealer(code=code, name=f"{code} 商贸", tier="CITY", region_code=region, **facts)  # type: ignore[arg-type]  # by name


def test_dealers_are_seen_by_region_and_by_subtree_the_own_house_always(cast: Cast) -> None:
    assert codes_of(dealers_visible_to(limited(cast.admin, QINGDAO))) == {"ROOT", "C2"}
    assert codes_of(dealers_visible_to(limited(cast.admin, JINAN))) == {"ROOT", "C1", "T1"}
    below_p1 = limited(cast.admin, Scope(dealer_subtree_id=cast.p1.pk))
    assert codes_of(dealers_visible_to(below_p1)) == {"ROOT", "P1", "C1", "T1"}
    both = limited(cast.admin, Scope(regions=("370200",), dealer_subtree_id=cast.p1.pk))
    assert codes_of(dealers_visible_to(both)) == {"ROOT"}
    assert codes_of(dealers_visible_to(limited(cast.admin_c1, QINGDAO))) == {"C1"}


def test_a_dealer_outside_is_missing_for_every_verb(cast: Cast) -> None:
    actor = limited(cast.admin, QINGDAO)
    with pytest.raises(Missing):
        dealer(actor, "C1")
    with pytest.raises(Missing):
        change_dealer(actor=actor, command=ChangeDealer("C1", name="别家"))
    with pytest.raises(Missing):
        suspend(actor=actor, code="C1", reason="越界")
    with pytest.raises(Missing):
        save_address(actor=actor, command=SaveAddress("C1", Delivery("", "张三", "13800000000", "370100", "路 1 号")))
    with pytest.raises(Missing):
        save_price_group(actor=actor, command=SavePriceGroup("VIP", "大客户", ("C1",)))
    cast.c1.refresh_from_db()
    assert (cast.c1.name, cast.c1.status) == ("泉城名酒", "ACTIVE")


def test_a_group_with_members_outside_is_not_the_seats_to_change(cast: Cast) -> None:
    save_price_group(actor=cast.admin, command=SavePriceGroup("VIP", "大客户", ("C1",)))
    with pytest.raises(OutOfScope):
        save_price_group(actor=limited(cast.admin, QINGDAO), command=SavePriceGroup("VIP", "改名", ("C2",)))


def test_a_dealer_cannot_be_moved_out_of_the_limits(cast: Cast) -> None:
    actor = limited(cast.admin, QINGDAO)
    with pytest.raises(OutOfScope):
        change_dealer(actor=actor, command=ChangeDealer("C2", region_code="370100"))
    assert change_dealer(actor=actor, command=ChangeDealer("C2", region_code="370202")).region_code == "370202"


def test_new_dealers_are_planted_inside_only(cast: Cast) -> None:
    actor = limited(cast.admin, QINGDAO)
    assert create_dealer(actor=actor, command=new("N1", "370202", requires_uscc=False)).region_code == "370202"
    with pytest.raises(OutOfScope):
        create_dealer(actor=actor, command=new("N2", "370102", requires_uscc=False))
    with pytest.raises(dealer_errors.ParentUnknown):
        create_dealer(actor=actor, command=new("N3", "370202", parent_code="P1", requires_uscc=False))
    below_c1 = limited(cast.admin, Scope(dealer_subtree_id=cast.c1.pk))
    with pytest.raises(OutOfScope):
        create_dealer(actor=below_c1, command=new("N4", "370102", requires_uscc=False))


def test_rows_of_an_import_outside_are_refused_one_by_one(cast: Cast) -> None:
    rows = [
        replace(new("C1", "370100"), tier="", name="越界"),
        replace(new("C2", "370200"), tier="", name="胶州湾酒业"),
        new("N1", "370202", requires_uscc=False),
        new("N2", "370102", requires_uscc=False),
    ]
    done = import_dealers(actor=limited(cast.admin, QINGDAO), rows=rows)
    assert {place: fate.value for place, fate in done.fates.items()} == {2: "changed", 3: "new"}
    assert sorted((fault.line, fault.code) for fault in done.faults) == [
        (1, "actor.out_of_scope"),
        (4, "actor.out_of_scope"),
    ]
    assert codes_of(Dealer.objects.all()) == {"ROOT", "P1", "C1", "C2", "T1", "N1"}


def test_a_dealers_own_addresses_are_its_administrators(cast: Cast) -> None:
    command = SaveAddress("C1", Delivery("新仓", "张三", "13800000000", "370102", "路 1 号"))
    for key in ("buyer_c1", "warehouse_c1", "finance_c1"):
        with pytest.raises(NotPermitted):
            save_address(actor=cast.actor(key), command=command)
    saved = save_address(actor=cast.admin_c1, command=command)
    assert Address.objects.get(pk=saved.pk).dealer_id == cast.c1.pk
    with pytest.raises(Missing):
        save_address(actor=cast.admin_c1, command=replace(command, dealer_code="C2"))


def test_billing_is_told_whenever_the_tree_says_something_else(cast: Cast) -> None:
    create_dealer(actor=cast.admin, command=new("N1", "370202", requires_uscc=False))
    change_dealer(actor=cast.admin, command=ChangeDealer("C2", name="胶州湾酒业", region_code="370202"))
    tree = {row.pk: (row.name, row.path, row.region_code) for row in Dealer.objects.all()}
    assert parties() == tree


def test_grants_are_given_inside_only(cast: Cast) -> None:
    actor = limited(cast.admin, QINGDAO)
    assert {one.dealer.code for one in grants_visible_to(actor)} == {"C2"}
    with pytest.raises(grant_errors.DealerUnknown):
        grant(actor=actor, command=GrantTerritory("C1", "370200"))
    with pytest.raises(OutOfScope):
        grant(actor=actor, command=GrantTerritory("C2", "370000"))
    with pytest.raises(OutOfScope):
        grant(actor=limited(cast.admin, LIGHT), command=GrantTerritory("C2", "370200"))
    given = grant(actor=actor, command=GrantTerritory("C2", "370202", kind="EXCLUSIVE"))
    assert end_grant(actor=actor, grant_id=given.pk, ends_on=date(2026, 6, 1)).valid_to == date(2026, 6, 1)
    with pytest.raises(Missing):
        end_grant(actor=actor, grant_id=Grant.objects.get(dealer=cast.c1).pk, ends_on=date(2026, 6, 1))


def test_who_holds_ground_outside_is_not_named(cast: Cast) -> None:
    grant(actor=cast.admin, command=GrantTerritory("C1", "370202", kind="EXCLUSIVE"))  # below P1's 370000
    with pytest.raises(grant_errors.ConflictsOutside) as refused:
        grant(actor=limited(cast.admin, QINGDAO), command=GrantTerritory("C2", "370202", kind="EXCLUSIVE"))
    assert "泉城" not in str(refused.value)


def test_accounts_payments_and_limits_of_buyers_inside_only(cast: Cast) -> None:
    actor = limited(cast.finance, QINGDAO)
    assert {line.buyer_name for line in account_lines(actor)} == {"胶州湾酒行"}
    with pytest.raises(AccountMissing):
        pay_in(actor=actor, command=PayIn(cast.c1.pk, 100_00, "B-1"))
    with pytest.raises(AccountMissing):
        set_limit(actor=actor, command=SetLimit(cast.c1.pk, credit_limit=1))
    assert not Entry.objects.exists()
    assert TradingAccount.objects.get(buyer=cast.c1.party).credit_limit == 10_000_000
    assert not pay_in(actor=actor, command=PayIn(cast.c2.pk, 100_00, "B-1")).is_repeated
    set_limit(actor=actor, command=SetLimit(cast.c2.pk, credit_limit=5_000))
    assert TradingAccount.objects.get(buyer=cast.c2.party).credit_limit == 5_000


def test_a_transfer_booked_before_says_nothing_of_a_buyer_outside(cast: Cast) -> None:
    pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 100_00, "B-1"))
    with pytest.raises(AccountMissing):
        pay_in(actor=limited(cast.finance, QINGDAO), command=PayIn(cast.c1.pk, 100_00, "B-1"))


def test_a_dealers_seat_with_limits_keeps_its_own_account(cast: Cast) -> None:
    actor = limited(cast.admin_c1, QINGDAO)
    assert [(line.seller_name, line.buyer_name) for line in account_lines(actor)] == [("杏禾酒业", "泉城名酒")]


def test_stock_is_read_by_line_and_moved_by_region(cast: Cast) -> None:
    light = cast.light()
    seen = stock_page(actor=limited(cast.warehouse, LIGHT), filters=StockFilter())
    assert [line.sku_code for line in seen.rows] == [light.code]
    assert movement_slice(limited(cast.warehouse, LIGHT), MovementFilter(cast.skus[1].code)).rows == []
    assert len(stock_page(actor=limited(cast.warehouse, QINGDAO), filters=StockFilter()).rows) == 7
    make_warehouse(cast.root, "W-QD", "青岛仓", Warehouse.Kind.CLOUD)
    Warehouse.objects.filter(code="W-QD").update(region_code="370202")
    found = AdjustStock("W-QD", (Counted(cast.skus[1].code, 6),), "盘盈")
    assert adjust_stock(actor=limited(cast.warehouse, QINGDAO), command=found).changed == 1
    with pytest.raises(WarehouseMissing):
        adjust_stock(actor=limited(cast.warehouse, QINGDAO), command=replace(found, warehouse_code="W1"))
    with pytest.raises(DomainError) as refused:
        adjust_stock(actor=limited(cast.warehouse, LIGHT), command=replace(found, warehouse_code="W1"))
    assert {type(fault) for fault in refused.value.problems()} == {SkuMissing}
    with pytest.raises(OutOfScope):
        open_warehouse(
            actor=limited(cast.warehouse, QINGDAO), command=OpenWarehouse("W-JN", "济南仓", region_code="370100")
        )


def test_a_dealers_stock_is_seen_where_the_dealer_is(cast: Cast) -> None:
    assert [line.sku_code for line in stock_of_dealer(limited(cast.rep, JINAN), "C1")] == [cast.skus[1].code]
    assert stock_of_dealer(limited(cast.rep, QINGDAO), "C1") == []
    assert stock_of_dealer(limited(cast.rep, LIGHT), "C1") == []

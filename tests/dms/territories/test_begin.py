"""A change of supplier on its day, and what was taken back before: supplies and grants."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from billing.ledger.models import TradingAccount
from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import DomainError, NotPermitted
from dms.dealers.models import Dealer
from dms.territories import selectors, services
from dms.territories.models import Grant, OutletSupply
from dms.territories.services import ChangeGrant, ChangeSupply
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY, Gives
from tests.factories.goods import make_line

TOMORROW = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=30)
Moves = Callable[..., OutletSupply]


@pytest.fixture
def move(cast: Cast, give: Gives) -> Moves:
    """``move("P1")`` lets P1 supply T1 from tomorrow on; P1 and C2 hold its ground."""
    give("P1", "370000")
    give("C2", "370102")

    def moved(supplier: str, **facts: object) -> OutletSupply:
        command = ChangeSupply("T1", supplier, **facts)  # type: ignore[arg-type]  # each test names what it wants
        return services.change_supply(actor=cast.admin, command=command)

    return moved


def begun_on(day: date) -> int:
    """How many supplies begin when the task runs on that day."""
    with clock.at(clock.start_of_day(day)):
        return services.begin_supplies()


def supplier(cast: Cast) -> str | None:
    """Who sells to T1."""
    return Dealer.objects.values_list("supplier__code", flat=True).get(pk=cast.t1.pk)


def refused(act: Callable[[], object]) -> str:
    """The code of its refusal."""
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def test_the_dealer_takes_over_on_its_day_and_once(cast: Cast, move: Moves) -> None:
    move("P1", effective_on=LATER)
    assert (begun_on(LATER - timedelta(days=1)), supplier(cast)) == (0, "C1")
    assert (begun_on(LATER), supplier(cast)) == (1, "P1")
    accounts = TradingAccount.objects.filter(buyer=cast.t1.party).values_list("book__seller__dealer_id", "credit_limit")
    assert (cast.p1.pk, 0) in set(accounts)
    told = Event.objects.get(kind="dms.dealer_supplier_changed.v1")
    assert (told.seller_id, told.buyer_id, told.payload["former_id"]) == (cast.p1.pk, cast.t1.pk, cast.c1.pk)
    assert (begun_on(LATER), Event.objects.filter(kind="dms.dealer_supplier_changed.v1").count()) == (0, 1)


def test_midnight_is_the_brands(cast: Cast, move: Moves) -> None:
    move("P1")
    with clock.at(clock.start_of_day(TOMORROW) - timedelta(seconds=1)):
        assert services.begin_supplies() == 0
    with clock.at(clock.start_of_day(TOMORROW)):
        assert services.begin_supplies() == 1


def test_one_outlet_that_cannot_go_over_holds_up_nobody(
    cast: Cast, move: Moves, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    move("P1")
    other = Dealer.objects.create(
        code="T9",
        name="无户店",
        tier="TERMINAL",
        status="ACTIVE",
        path="/",
        parent=cast.c1,
        supplier=cast.c1,
        region_code="370102",
        party=None,
        created_at=clock.now(),
    )
    OutletSupply.objects.create(outlet=other, supplier=cast.p1, valid_from=TODAY, created_at=clock.now())
    assert (begun_on(TOMORROW), supplier(cast)) == (1, "P1")
    assert "supply not begun" in caplog.text
    assert (begun_on(TOMORROW), OutletSupply.objects.get(outlet=other).begun_at) == (0, None)


def test_the_past_stays_readable(cast: Cast, move: Moves) -> None:
    move("P1")
    begun_on(TOMORROW)
    assert [selectors.supplier_of(cast.t1.pk, None, day) for day in (TODAY, TOMORROW)] == [cast.c1.pk, cast.p1.pk]


def test_a_worker_that_was_away_moves_to_the_last(cast: Cast, move: Moves) -> None:
    move("P1")
    move("C2", effective_on=TOMORROW + timedelta(days=3))
    assert (begun_on(LATER), supplier(cast)) == (2, "C2")


def test_an_account_from_earlier_keeps_its_terms(cast: Cast, move: Moves) -> None:
    accounts = TradingAccount.objects.filter(buyer=cast.t1.party, book__seller=cast.c1.party)
    accounts.update(credit_limit=77_00)
    move("P1")
    begun_on(TOMORROW)
    with clock.at(clock.start_of_day(TOMORROW)):
        services.grant(actor=cast.admin, command=services.GrantTerritory("C1", "370102", kind="SHARED", priority=3))
        services.change_supply(actor=cast.admin, command=ChangeSupply("T1", "C1"))
    begun_on(TOMORROW + timedelta(days=1))
    assert (supplier(cast), accounts.get().credit_limit) == ("C1", 77_00)


def test_a_line_of_its_own_opens_an_account_and_moves_nobody(cast: Cast, move: Moves) -> None:
    make_line("A", "甲系列")
    move("P1", line_code="A")
    assert (begun_on(TOMORROW), supplier(cast)) == (1, "C1")
    assert TradingAccount.objects.filter(buyer=cast.t1.party, book__seller=cast.p1.party).exists()


def test_who_was_closed_meanwhile_takes_nobody_over(cast: Cast, move: Moves) -> None:
    move("C2")
    Dealer.objects.filter(pk=cast.c2.pk).update(status="CLOSED")
    begun_on(TOMORROW)
    assert supplier(cast) == "C1"
    assert selectors.supplier_of(cast.t1.pk, None, LATER) == cast.c1.pk
    assert Event.objects.get(kind="dms.outlet_supply_withdrawn.v1").payload["reason"] == "supplier_closed"


def test_a_change_is_taken_back_before_its_day(cast: Cast, move: Moves) -> None:
    row = move("P1")
    services.withdraw_supply(actor=cast.admin, supply_id=row.pk, reason="谈妥不变")
    assert (begun_on(LATER), supplier(cast)) == (0, "C1")
    assert selectors.supplier_of(cast.t1.pk, None, LATER) == cast.c1.pk
    told = Event.objects.get(kind="dms.outlet_supply_withdrawn.v1").payload
    assert (told["supplier_id"], told["former_id"], told["reason"]) == (cast.p1.pk, cast.c1.pk, "谈妥不变")


def test_only_the_last_and_only_before_its_day(cast: Cast, move: Moves) -> None:
    first = move("P1")
    second = move("C2", effective_on=LATER)
    assert refused(lambda: services.withdraw_supply(actor=cast.admin, supply_id=first.pk)) == (
        "territories.supply_followed"
    )
    services.withdraw_supply(actor=cast.admin, supply_id=second.pk)
    assert selectors.supplier_of(cast.t1.pk, None, LATER) == cast.p1.pk
    with clock.at(clock.start_of_day(TOMORROW)):
        assert refused(lambda: services.withdraw_supply(actor=cast.admin, supply_id=first.pk)) == (
            "territories.supply_begun"
        )
    with pytest.raises(NotPermitted):
        services.withdraw_supply(actor=cast.actor("sales_admin"), supply_id=first.pk)


def test_what_the_outlet_may_buy_from_whom(cast: Cast, move: Moves) -> None:
    line = make_line("A", "甲系列")
    usual = cast.skus[1].product_line_id
    Grant.objects.filter(dealer=cast.c1).delete()
    services.grant(actor=cast.admin, command=services.GrantTerritory("C1", "370100"))
    move("C2", line_code="A")
    begun_on(TOMORROW)

    def covered(seller: Dealer, line_id: int, *, is_usual: bool) -> bool:
        lines = selectors.outlet_lines(
            outlet_id=cast.t1.pk,
            seller_id=seller.pk,
            is_usual=is_usual,
            channel="TRADITIONAL",
            region_code="370102",
            day=TOMORROW,
        )
        return lines.covers(line_id)

    assert (covered(cast.c1, usual, is_usual=True), covered(cast.c1, line.pk, is_usual=True)) == (True, False)
    assert (covered(cast.c2, usual, is_usual=False), covered(cast.c2, line.pk, is_usual=False)) == (False, True)
    assert covered(cast.root, usual, is_usual=True), "the brand needs no grant to sell itself"


def test_a_grant_is_withdrawn_before_it_begins(cast: Cast, give: Gives) -> None:
    row = give("C2", "370200", valid_from=LATER)
    services.withdraw_grant(actor=cast.admin, grant_id=row.pk, reason="合同未签")
    assert not Grant.objects.filter(dealer=cast.c2).exists()
    told = Event.objects.get(kind="dms.grant_withdrawn.v1")
    assert (told.payload["grant_id"], told.payload["reason"]) == (row.pk, "合同未签")


def test_what_has_begun_is_ended_instead(cast: Cast, give: Gives) -> None:
    row = give("C2", "370200")
    assert refused(lambda: services.withdraw_grant(actor=cast.admin, grant_id=row.pk)) == "territories.grant_begun"


def test_a_change_withdrawn_lets_the_slice_before_go_on(cast: Cast, give: Gives) -> None:
    first = give("C2", "370200", valid_to=TODAY + timedelta(days=300))
    change = ChangeGrant(first.pk, LATER, channels=("HORECA",))
    second = services.change_grant(actor=cast.admin, command=change)
    services.withdraw_grant(actor=cast.admin, grant_id=second.pk)
    first.refresh_from_db()
    assert first.valid_to == TODAY + timedelta(days=300)


def test_a_renewal_withdrawn_leaves_the_end(cast: Cast, give: Gives) -> None:
    first = give("C2", "370200", valid_to=LATER)
    second = services.renew_grant(actor=cast.admin, command=services.RenewGrant(first.pk, None))
    services.withdraw_grant(actor=cast.admin, grant_id=second.pk)
    first.refresh_from_db()
    assert first.valid_to == LATER


def test_ground_given_away_meanwhile_does_not_come_back(cast: Cast, give: Gives) -> None:
    first = give("C2", "370200", kind="EXCLUSIVE")
    change = ChangeGrant(first.pk, LATER, channels=("HORECA",))
    second = services.change_grant(actor=cast.admin, command=change)
    give_on = services.GrantTerritory("P1", "370200", "", ("KA",), "EXCLUSIVE", valid_from=LATER)
    services.grant(actor=cast.admin, command=give_on)
    assert refused(lambda: services.withdraw_grant(actor=cast.admin, grant_id=second.pk)) == "territories.conflict"
    assert Grant.objects.filter(pk=second.pk).exists()


def test_not_while_a_dealer_below_rests_on_it(cast: Cast, give: Gives) -> None:
    above = give("P1", "370000", valid_from=LATER)
    give("C1", "370100", valid_from=LATER)
    assert refused(lambda: services.withdraw_grant(actor=cast.admin, grant_id=above.pk)) == "territories.held_below"

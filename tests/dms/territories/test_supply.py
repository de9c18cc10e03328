"""Who would supply an outlet by the map, who does, and how that changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.events.models import Event
from core.events.services import drop_deliveries_over_brands
from core.kernel.errors import DomainError, Missing, NotPermitted
from dms.territories import selectors, services
from dms.territories.models import OutletSupply
from dms.territories.services import ChangeSupply
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY, Gives
from tests.factories.goods import make_line

TOMORROW = TODAY + timedelta(days=1)
Moves = Callable[..., OutletSupply]


@pytest.fixture
def move(cast: Cast) -> Moves:
    """``move("P1", line_code="A")`` lets P1 supply T1 from tomorrow on."""

    def moved(supplier: str, **facts: object) -> OutletSupply:
        command = ChangeSupply("T1", supplier, **facts)  # type: ignore[arg-type]  # each test names what it wants
        return services.change_supply(actor=cast.admin, command=command)

    return moved


def _routed(cast: Cast, **facts: object) -> list[str]:
    asked: dict[str, object] = {"line_id": None, "day": TODAY, **facts}
    found = selectors.route_outlet(cast.admin, "T1", **asked)  # type: ignore[arg-type]  # as above
    return [dealer.code for dealer in found.dealers]


def test_the_deepest_grant_around_the_outlet_wins(cast: Cast, give: Gives) -> None:
    """T1 lies in 370102, below C1."""
    assert _routed(cast) == []
    assert selectors.route_outlet(cast.admin, "T1", line_id=None, day=TODAY).is_direct
    give("P1", "370000", kind="EXCLUSIVE")
    assert _routed(cast) == ["P1"]
    give("C1", "370100")
    assert _routed(cast) == ["C1"]
    give("C2", "370102", priority=2)
    give("P1", "370102", priority=1)
    assert _routed(cast) == ["P1", "C2"], "shared ones by their priority; the outlet may choose"
    give("ROOT", "CN", kind="RESERVED")
    assert _routed(cast) == []


def test_routed_by_line_channel_and_day(cast: Cast, give: Gives, high_tech: str) -> None:
    line = make_line("A", "甲系列")
    give("P1", "370000")
    give("C1", "370100", line_code="A")
    give("C2", "", zone_code=high_tech, channels=("KA",))
    assert (_routed(cast), _routed(cast, line_id=line.pk)) == (["P1"], ["C1"])
    cast.t1.channel = "KA"
    cast.t1.save(update_fields=["channel"])
    assert _routed(cast) == ["C2"], "a zone of two districts is deeper than the city"
    assert _routed(cast, day=date(2025, 12, 31)) == []


def test_without_a_row_whoever_it_hangs_on_supplies(cast: Cast) -> None:
    assert selectors.supplier_of(cast.t1.pk, None, TODAY) == cast.c1.pk


def test_a_change_takes_effect_on_its_day(cast: Cast, give: Gives, move: Moves) -> None:
    give("P1", "370000")
    give("C2", "370102")
    move("P1")
    move("C2", effective_on=TOMORROW + timedelta(days=9))
    days = (TODAY, TOMORROW, TOMORROW + timedelta(days=8), TOMORROW + timedelta(days=9))
    suppliers = [selectors.supplier_of(cast.t1.pk, None, day) for day in days]
    assert suppliers == [cast.c1.pk, cast.p1.pk, cast.p1.pk, cast.c2.pk]


def test_a_line_may_go_its_own_way(cast: Cast, give: Gives, move: Moves) -> None:
    line = make_line("A", "甲系列")
    give("P1", "370000")
    give("C2", "370102", line_code="A")
    move("P1")
    move("C2", line_code="A")
    assert selectors.supplier_of(cast.t1.pk, line.pk, TOMORROW) == cast.c2.pk
    assert selectors.supplier_of(cast.t1.pk, cast.skus[1].product_line_id, TOMORROW) == cast.p1.pk
    assert [row.supplier.code for row in selectors.supplies_of(cast.admin, cast.t1.pk)] == ["P1", "C2", "C1"]


def test_both_dealers_and_the_outlet_are_told(cast: Cast, give: Gives, move: Moves) -> None:
    give("P1", "370000")
    move("P1", reason="调整配送")
    payload = Event.objects.get(kind="dms.outlet_supply_changed.v1").payload
    assert (payload["former_id"], payload["supplier_id"], payload["outlet_id"]) == (
        cast.c1.pk,
        cast.p1.pk,
        cast.t1.pk,
    )
    assert drop_deliveries_over_brands() == 0


@pytest.mark.parametrize(
    ("supplier", "facts", "code"),
    [
        ("P1", {"effective_on": TODAY}, "territories.supply_too_early"),
        ("C2", {}, "territories.not_entitled"),
        ("P1", {"line_code": "NO"}, "territories.line_unknown"),
        ("T1", {}, "territories.supplier_invalid"),
        ("NO", {}, "territories.dealer_unknown"),
        ("C1", {}, "territories.same_supplier"),
    ],
)
def test_refuses(cast: Cast, give: Gives, move: Moves, supplier: str, facts: dict[str, object], code: str) -> None:
    give("P1", "370000")
    with pytest.raises(DomainError) as refusal:
        move(supplier, **facts)
    assert refusal.value.code == code
    assert not OutletSupply.objects.exists()


def test_the_brand_may_supply_everybody(cast: Cast, move: Moves) -> None:
    assert move("ROOT").supplier_id == cast.root.pk


def test_changes_follow_each_other(cast: Cast, give: Gives, move: Moves) -> None:
    give("P1", "370000")
    give("C2", "370102")
    move("P1", effective_on=TOMORROW + timedelta(days=5))
    with pytest.raises(DomainError) as refusal:
        move("C2", effective_on=TOMORROW + timedelta(days=5))
    assert refusal.value.code == "territories.supply_too_early"


def test_only_outlets_only_by_the_brand_and_only_inside_the_limits(cast: Cast, give: Gives) -> None:
    give("P1", "370000")
    cast.seat_limited()
    with pytest.raises(DomainError) as refusal:
        services.change_supply(actor=cast.admin, command=ChangeSupply("C1", "P1"))
    assert refusal.value.code == "territories.not_an_outlet"
    with pytest.raises(Missing):
        services.change_supply(actor=cast.actor("admin_qingdao"), command=ChangeSupply("T1", "P1"))
    for key in ("admin_c1", "sales_admin"):
        with pytest.raises(NotPermitted):
            services.change_supply(actor=cast.actor(key), command=ChangeSupply("T1", "P1"))


def test_the_table_itself_knows_one_supplier_a_day(cast: Cast, give: Gives, move: Moves) -> None:
    give("P1", "370000")
    row = move("P1")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutletSupply.objects.create(
            outlet=cast.t1,
            supplier=cast.c2,
            valid_from=TOMORROW + timedelta(days=3),
            valid_to=TOMORROW + timedelta(days=4),
            created_at=row.created_at,
        )

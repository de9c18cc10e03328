"""A grant's life: changed from a day on, shortened, ended, renewed; the past stays as it was."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from dms.territories import selectors, services
from dms.territories.models import Grant, TerritorySettings
from dms.territories.services import ChangeGrant, ChangeTerritoryRules, RenewGrant
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY, Gives

SPRING = date(2026, 4, 1)


def _covers(cast: Cast, day: date, region: str = "370202", channel: str = "TRADITIONAL") -> bool:
    covered = selectors.covered_lines(dealer_id=cast.c2.pk, channel=channel, region_code=region, day=day)
    return covered.all_lines


def _refused(code: str, call: object) -> None:
    with pytest.raises(DomainError) as refusal:
        call()  # type: ignore[operator]  # a verb with its arguments bound
    assert refusal.value.problems()[0].code == code


def test_a_change_holds_from_its_day_on_and_not_before(cast: Cast, give: Gives) -> None:
    old = give()
    new = services.change_grant(
        actor=cast.admin, command=ChangeGrant(old.pk, SPRING, channels=("KA",), region_code="370000", version=1)
    )
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.follows_id) == (SPRING, SPRING, old.pk)
    before, after = SPRING - timedelta(days=1), SPRING
    assert (_covers(cast, before), _covers(cast, after)) == (True, False)
    assert (_covers(cast, before, "370102", "KA"), _covers(cast, after, "370102", "KA")) == (False, True)
    assert selectors.slices_of(cast.admin, new) == [old, new] == selectors.slices_of(cast.admin, old)
    assert [item.kind for item in selectors.history_of([old, new])] == [
        "dms.grant_changed.v1",
        "dms.territory_granted.v1",
    ]


def test_a_grant_that_has_not_begun_is_rewritten(cast: Cast, give: Gives) -> None:
    row = give(valid_from=SPRING)
    changed = services.change_grant(actor=cast.admin, command=ChangeGrant(row.pk, kind="EXCLUSIVE"))
    assert (changed.pk, Grant.objects.count()) == (row.pk, 1)
    row.refresh_from_db()
    assert (row.kind, row.valid_from, row.version) == ("EXCLUSIVE", SPRING, 2)


def test_a_change_that_changes_nothing_leaves_no_trace(cast: Cast, give: Gives) -> None:
    row = give()
    assert services.change_grant(actor=cast.admin, command=ChangeGrant(row.pk, SPRING, kind="SHARED")).pk == row.pk
    assert (Grant.objects.count(), Event.objects.filter(kind="dms.grant_changed.v1").count()) == (1, 0)


def test_a_change_is_judged_as_if_given_anew(cast: Cast, give: Gives) -> None:
    give("P1", "370000", kind="EXCLUSIVE")
    row = give()
    _refused(
        "territories.conflict",
        lambda: services.change_grant(actor=cast.admin, command=ChangeGrant(row.pk, kind="EXCLUSIVE")),
    )
    row.refresh_from_db()
    assert (row.kind, row.valid_to, Grant.objects.count()) == ("SHARED", None, 2)


def test_a_change_leaves_nobody_below_hanging(cast: Cast, give: Gives) -> None:
    above = give("P1", "370000")
    give("C1", "370100")
    _refused(
        "territories.held_below",
        lambda: services.change_grant(actor=cast.admin, command=ChangeGrant(above.pk, region_code="370200")),
    )
    services.change_grant(actor=cast.admin, command=ChangeGrant(above.pk, region_code="370100"))


def test_other_ground_of_the_dealer_above_carries_those_below(cast: Cast, give: Gives) -> None:
    """The union counts: two grants of the parent overlap, one of them may go."""
    province, city = give("P1", "370000"), give("P1", "370100", kind="EXCLUSIVE")
    give("C1", "370102")
    services.end_grant(actor=cast.admin, grant_id=province.pk, ends_on=SPRING)
    _refused(
        "territories.held_below",
        lambda: services.end_grant(actor=cast.admin, grant_id=city.pk, ends_on=SPRING),
    )


def test_an_end_says_who_and_why(cast: Cast, give: Gives) -> None:
    row = give()
    services.end_grant(actor=cast.admin, grant_id=row.pk, ends_on=SPRING, reason="合同到期", version=1)
    row.refresh_from_db()
    assert (row.ended_reason, row.ended_by_name, row.version) == ("合同到期", "管理员", 2)
    assert Event.objects.get(kind="dms.grant_ended.v1").payload["reason"] == "合同到期"


def test_two_tabs_do_not_end_a_grant_twice(cast: Cast, give: Gives) -> None:
    row = give()
    services.end_grant(actor=cast.admin, grant_id=row.pk, ends_on=SPRING, version=1)
    _refused(
        "conflict.version",
        lambda: services.end_grant(actor=cast.admin, grant_id=row.pk, ends_on=date(2026, 3, 1), version=1),
    )


def test_renewed_it_goes_on_under_another_contract(cast: Cast, give: Gives) -> None:
    old = give(valid_to=SPRING, contract_number="HT-1")
    new = services.renew_grant(actor=cast.admin, command=RenewGrant(old.pk, date(2027, 4, 1), "HT-2"))
    assert (new.valid_from, new.contract_number, new.follows_id) == (SPRING, "HT-2", old.pk)
    assert all(_covers(cast, day) for day in (TODAY, SPRING, date(2027, 3, 31)))
    assert not _covers(cast, date(2027, 4, 1))
    for command in (RenewGrant(old.pk, None), RenewGrant(give("C2", "370300").pk, None)):
        with pytest.raises(DomainError):
            services.renew_grant(actor=cast.admin, command=command)


def test_a_renewal_after_the_end_does_not_reach_back(cast: Cast, give: Gives) -> None:
    old = give(valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    services.renew_grant(actor=cast.admin, command=RenewGrant(old.pk, None))
    assert [_covers(cast, day) for day in (date(2025, 12, 31), date(2026, 1, 11), TODAY)] == [True, False, True]


def test_the_ground_may_have_gone_to_another_meanwhile(cast: Cast, give: Gives) -> None:
    old = give(kind="EXCLUSIVE", valid_to=SPRING)
    give("P1", "370000", kind="EXCLUSIVE", valid_from=SPRING)
    _refused(
        "territories.conflict",
        lambda: services.renew_grant(actor=cast.admin, command=RenewGrant(old.pk, None)),
    )


def test_a_strangers_grant_is_missing(cast: Cast, give: Gives) -> None:
    give("P1", "370000")
    row = give("C1", "370100")
    cast.seat_limited()
    calls: tuple[Callable[[], Grant], ...] = (
        lambda: services.change_grant(actor=cast.actor("admin_qingdao"), command=ChangeGrant(row.pk, kind="EXCLUSIVE")),
        lambda: services.end_grant(actor=cast.actor("admin_qingdao"), grant_id=row.pk, ends_on=SPRING),
        lambda: services.renew_grant(actor=cast.actor("admin_qingdao"), command=RenewGrant(row.pk, None)),
        lambda: selectors.grant_of(cast.actor("manager_qingdao"), row.pk),
    )
    for call in calls:
        with pytest.raises(Missing):
            call()


def test_a_scan_within_the_days_of_grace_is_in_scope(cast: Cast, give: Gives) -> None:
    """Acceptance seed 4 of the handbook: orders stop at the end, what was sold before may still be found."""
    give("C2", "370200", line_code="CLASSIC", channels=("KA",), valid_from=date(2025, 1, 1), valid_to=TODAY)
    sku = cast.skus[1]
    bottle = {"region_code": "370202", "line_id": sku.product_line_id, "sku_id": sku.pk}

    def lawful(day: date, **found: object) -> bool:
        where = {**bottle, **found}
        return any(scope.covers(**where) for scope in selectors.lawful_scopes(cast.c2.pk, day))  # type: ignore[arg-type]  # one of several facts

    assert not _covers(cast, TODAY, channel="KA")
    assert lawful(TODAY)
    assert lawful(TODAY, channel="KA")
    assert not lawful(TODAY, channel="HORECA")
    assert not lawful(TODAY, region_code="370102")
    last = TODAY + timedelta(days=179)
    assert (lawful(last), lawful(last + timedelta(days=1))) == (True, False)
    (scope,) = selectors.lawful_scopes(cast.c2.pk, last)
    assert (scope.is_grace, scope.until) == (True, TODAY + timedelta(days=180))


def test_the_days_of_grace_are_the_brands_to_set(cast: Cast, give: Gives) -> None:
    give("C2", "370200", valid_from=date(2025, 1, 1), valid_to=TODAY)
    services.change_territory_rules(actor=cast.admin, command=ChangeTerritoryRules(30))
    assert selectors.lawful_scopes(cast.c2.pk, TODAY + timedelta(days=29))
    assert not selectors.lawful_scopes(cast.c2.pk, TODAY + timedelta(days=30))
    assert TerritorySettings.objects.get().version == 1
    with pytest.raises(DomainError):
        services.change_territory_rules(actor=cast.admin, command=ChangeTerritoryRules(4000))
    with pytest.raises(DomainError):
        services.change_territory_rules(actor=cast.sales_admin, command=ChangeTerritoryRules(10))


def test_as_of_any_day_the_list_says_what_held_then(cast: Cast, give: Gives) -> None:
    old = give(valid_from=date(2025, 1, 1))
    services.change_grant(actor=cast.admin, command=ChangeGrant(old.pk, SPRING, kind="EXCLUSIVE"))

    def kinds(day: date) -> list[str]:
        rows = selectors.grant_rows(cast.admin, selectors.GrantFilter(day=day), today=clock.business_day())
        return [row.kind for row in rows]

    assert kinds(date(2024, 12, 31)) == []
    assert kinds(TODAY) == ["SHARED"]
    assert kinds(SPRING) == ["EXCLUSIVE"]

"""Zones: a set of leaves, owned by the brand, never changed under the grants that stand on them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.kernel.actor import Scope
from core.kernel.errors import DomainError, NotPermitted, OutOfScope
from dms.territories import selectors, services
from dms.territories.models import Grant, Zone, ZoneRegion
from dms.territories.services import RenewGrant, SaveZone
from tests.cast import Cast
from tests.dms.territories.conftest import HIGH_TECH, TODAY, Gives


def _leaves(code: str = "HT") -> list[str]:
    rows = ZoneRegion.objects.filter(zone__code=code, zone__closed_at__isnull=True)
    return sorted(rows.values_list("region_code", flat=True))


def _covers(dealer_id: int, region: str, day: date = TODAY) -> bool:
    return selectors.covered_lines(dealer_id=dealer_id, channel="TRADITIONAL", region_code=region, day=day).all_lines


def _redrawn(cast: Cast, *codes: str, on: date | None = None) -> Zone:
    zone = Zone.objects.get(code="HT", closed_at__isnull=True)
    command = SaveZone("HT", zone.name, codes, version=zone.version, effective_on=on)
    return services.save_zone(actor=cast.admin, command=command)


def test_a_city_drawn_in_stands_for_its_leaves(cast: Cast) -> None:
    services.save_zone(actor=cast.admin, command=SaveZone("D1", "胶东", ("370200", "441900", "419001")))
    assert _leaves("D1")[-2:] == ["419001", "441900"]
    assert len(_leaves("D1")) > 10
    assert selectors.gathered(tuple(_leaves("D1"))) == ("370200", "419001", "441900")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SaveZone("高新", "济南高新区", ("370102",)), "territories.zone_code_invalid"),
        (SaveZone("HT2", " ", ("370102",)), "territories.zone_empty"),
        (SaveZone("HT2", "空", ()), "territories.zone_empty"),
        (SaveZone("HT2", "假", ("110100",)), "region.unknown"),
        (SaveZone("ht", "济南高新区", ("370102",)), "territories.zone_code_taken"),
        (SaveZone("HT", "济南高新区", ("370102",), version=7), "conflict.version"),
        (SaveZone("HT9", "济南高新区", ("370102",), version=1), "missing"),
    ],
)
def test_refuses(cast: Cast, high_tech: str, command: SaveZone, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        services.save_zone(actor=cast.admin, command=command)
    assert refusal.value.code == code
    assert Zone.objects.count() == 1


def test_a_grant_on_a_zone_holds_its_leaves(cast: Cast, give: Gives, high_tech: str) -> None:
    give("C2", "", zone_code=high_tech)
    assert [_covers(cast.c2.pk, code) for code in ("370102", "370112", "370103")] == [True, True, False]


def test_zones_conflict_like_any_ground(cast: Cast, give: Gives, high_tech: str) -> None:
    give("C2", "", zone_code=high_tech, kind="EXCLUSIVE")
    with pytest.raises(DomainError) as refusal:
        give("P1", "370100", kind="EXCLUSIVE")
    assert (refusal.value.code, refusal.value.fields["region"]) == ("territories.conflict", "济南高新区")
    assert give("P1", "370103", kind="EXCLUSIVE").pk


def test_a_zone_is_carved_out_of_the_province(cast: Cast, give: Gives, high_tech: str) -> None:
    wide = give("P1", "370000", kind="EXCLUSIVE")
    assert give("C1", "", zone_code=high_tech, kind="EXCLUSIVE").carved_out_of == wide


def test_drawn_anew_it_holds_from_the_day_on_and_not_before(cast: Cast, give: Gives, high_tech: str) -> None:
    old = give("C2", "", zone_code=high_tech)
    day = TODAY + timedelta(days=20)
    _redrawn(cast, "370102", "370103", on=day)
    before = day - timedelta(days=1)
    assert [_covers(cast.c2.pk, code, before) for code in ("370102", "370112", "370103")] == [True, True, False]
    assert [_covers(cast.c2.pk, code, day) for code in ("370102", "370112", "370103")] == [True, False, True]
    new = Grant.objects.get(follows=old)
    assert (new.valid_from, new.zone.version if new.zone else 0) == (day, 2)
    assert [zone.version for zone in selectors.zones_visible_to(cast.admin, day=TODAY)] == [2]


def test_drawn_anew_conflicts_are_judged_again(cast: Cast, give: Gives, high_tech: str) -> None:
    give("C2", "", zone_code=high_tech, kind="EXCLUSIVE")
    give("P1", "370103", kind="EXCLUSIVE")
    with pytest.raises(DomainError) as refusal:
        _redrawn(cast, "370102", "370103")
    assert refusal.value.problems()[0].code == "territories.conflict"
    assert _leaves() == ["370102", "370112"]
    assert Zone.objects.count() == 1


def test_drawn_anew_nobody_below_is_left_hanging(cast: Cast, give: Gives, high_tech: str) -> None:
    give("P1", "", zone_code=high_tech)
    give("C1", "370112")
    with pytest.raises(DomainError) as refusal:
        _redrawn(cast, "370102")
    assert refusal.value.code == "territories.held_below"
    _redrawn(cast, "370102", "370112", "370103")


def test_dealer_and_dealer_below_move_together(cast: Cast, give: Gives, high_tech: str) -> None:
    give("P1", "", zone_code=high_tech, kind="EXCLUSIVE")
    below = give("C1", "", zone_code=high_tech)
    _redrawn(cast, "370103")
    assert _covers(cast.c1.pk, "370103")
    assert not _covers(cast.c1.pk, "370102")
    below.refresh_from_db()
    assert below.valid_to is None, "both were given today, so they are rewritten"


def test_without_grants_it_is_simply_drawn_anew(cast: Cast, high_tech: str) -> None:
    _redrawn(cast, "370103")
    assert (_leaves(), Zone.objects.get().version) == (["370103"], 2)


def test_closed_once_no_grant_stands_on_it(cast: Cast, give: Gives, high_tech: str) -> None:
    row = give("C2", "", zone_code=high_tech)
    with pytest.raises(DomainError) as refusal:
        services.close_zone(actor=cast.admin, code=high_tech)
    assert refusal.value.code == "territories.zone_in_use"
    Grant.objects.filter(pk=row.pk).delete()
    services.close_zone(actor=cast.admin, code=high_tech)
    assert selectors.zones_visible_to(cast.admin, day=TODAY) == []
    services.save_zone(actor=cast.admin, command=SaveZone("HT", "新的高新区", ("370102",)))


def test_zones_beyond_the_limits_are_not_the_seats(cast: Cast, high_tech: str) -> None:
    qingdao = replace(cast.admin, scope=Scope(regions=("370200",)))
    assert selectors.zones_visible_to(qingdao, day=TODAY) == []
    with pytest.raises(OutOfScope):
        services.save_zone(actor=qingdao, command=SaveZone("HT3", "越界", ("370102",)))
    with pytest.raises(OutOfScope):
        services.close_zone(actor=qingdao, code=high_tech)
    with pytest.raises(NotPermitted):
        services.save_zone(actor=cast.sales_admin, command=SaveZone("HT3", "越权", ("370102",)))


def test_ground_beyond_the_limits_is_not_redrawn_into_them(cast: Cast, give: Gives, high_tech: str) -> None:
    row = give("C2", "", zone_code=high_tech)
    qingdao = replace(cast.admin, scope=Scope(regions=("370200",)))
    with pytest.raises(OutOfScope):
        services.save_zone(actor=qingdao, command=SaveZone("HT", "改划", ("370202",), version=1))
    assert (_leaves(), Zone.objects.get().version) == (["370102", "370112"], 1)
    row.refresh_from_db()
    assert row.valid_to is None


@pytest.mark.parametrize("scope", [Scope(regions=("370100",)), Scope(product_lines=("CLASSIC",))])
def test_grants_beyond_the_limits_are_not_moved(cast: Cast, give: Gives, high_tech: str, scope: Scope) -> None:
    give("C2", "", zone_code=high_tech)
    limited = replace(cast.admin, scope=scope)
    with pytest.raises(OutOfScope):
        services.save_zone(actor=limited, command=SaveZone("HT", "改划", ("370102",), version=1))
    named = services.save_zone(actor=limited, command=SaveZone("HT", "新名", HIGH_TECH, version=1))
    assert (named.name, Grant.objects.get().zone_id, _leaves()) == ("新名", named.pk, ["370102", "370112"])


def test_ground_of_an_ended_grant_stays_while_its_goods_may_be_found(cast: Cast, give: Gives, high_tech: str) -> None:
    yesterday = TODAY - timedelta(days=1)
    give("C2", "", zone_code=high_tech, valid_from=TODAY - timedelta(days=30), valid_to=yesterday)
    _redrawn(cast, "370202")
    (scope,) = selectors.lawful_scopes(cast.c2.pk, TODAY)
    assert (scope.region_codes, scope.is_grace) == (HIGH_TECH, True)


def test_ground_of_a_grant_that_ends_before_the_day_stays(cast: Cast, give: Gives, high_tech: str) -> None:
    give("C2", "", zone_code=high_tech, valid_to=TODAY + timedelta(days=30))
    _redrawn(cast, "370202", on=TODAY + timedelta(days=60))
    assert [_covers(cast.c2.pk, code) for code in ("370102", "370202")] == [True, False]


def test_a_grant_stands_on_the_ground_of_its_first_day(cast: Cast, give: Gives, high_tech: str) -> None:
    day = TODAY + timedelta(days=60)
    _redrawn(cast, "370202", on=day)
    before, after = (
        give("C2", "", zone_code=high_tech, valid_to=day),
        give("P1", "", zone_code=high_tech, valid_from=day),
    )
    assert [one.zone.version for one in (before, after) if one.zone] == [1, 2]
    assert [_covers(cast.c2.pk, code) for code in ("370102", "370202")] == [True, False]
    with pytest.raises(DomainError) as refusal:
        give("P1", "", zone_code=high_tech)
    assert (refusal.value.code, refusal.value.fields["day"]) == ("territories.zone_redrawn", day.isoformat())
    renewed = services.renew_grant(actor=cast.admin, command=RenewGrant(before.pk, None))
    assert (renewed.valid_from, renewed.zone) == (day, after.zone)


def test_what_waits_for_its_day_is_not_overtaken(cast: Cast, give: Gives, high_tech: str) -> None:
    day = TODAY + timedelta(days=60)
    old = give("C2", "", zone_code=high_tech)
    _redrawn(cast, "370202", on=day)
    assert selectors.zone_of(cast.admin, "HT", day=TODAY).since == day
    with pytest.raises(DomainError) as refusal:
        _redrawn(cast, "370103")
    assert (refusal.value.code, refusal.value.fields["day"]) == ("territories.zone_redrawn_later", day.isoformat())
    _redrawn(cast, "370103", on=day)
    old.refresh_from_db()
    assert (old.valid_to, old.zone.version if old.zone else 0) == (day, 1)
    assert [_covers(cast.c2.pk, code, day) for code in ("370102", "370202", "370103")] == [False, False, True]
    with pytest.raises(DomainError) as refusal:
        services.close_zone(actor=cast.admin, code=high_tech)
    assert refusal.value.code == "territories.zone_in_use"

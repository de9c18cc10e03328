"""save_policy: a draft, every fault of its terms by field, and a further version of what was approved."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import DomainError, Missing, NotPermitted, OutOfScope, VersionConflict
from ordering.promotions.errors import PolicyCodeInvalid, PolicyCodeTaken, PolicyFrozen, PolicyOver
from ordering.promotions.models import PolicyVersion, PromotionPolicy
from ordering.promotions.rules.policies import PercentOff
from ordering.promotions.rules.terms import terms_of
from ordering.promotions.services import (
    DecidePolicy,
    SavePolicy,
    StopPolicy,
    decide_policy,
    delete_draft,
    end_policy,
    save_policy,
    submit_policy,
)
from tests.cast import Cast
from tests.ordering.promotions.planning import approved, document, drafted, submitted


def save(cast: Cast, terms: Mapping[str, Any], code: str = "FLASH", version: int | None = None) -> PromotionPolicy:
    return save_policy(actor=cast.pricing, command=SavePolicy(code, terms, version))


def faults(cast: Cast, terms: Mapping[str, Any]) -> set[tuple[str | None, str]]:
    """Field and code of everything that is wrong; nothing was written."""
    with pytest.raises(DomainError) as caught:
        save(cast, terms)
    assert not PromotionPolicy.objects.exists()
    assert not Event.objects.exists()
    return {(fault.field, fault.code) for fault in caught.value.problems()}


def test_a_new_policy_is_a_draft_of_its_house(cast: Cast) -> None:
    policy = drafted(cast, "double-11")
    version = policy.versions.get()
    assert (policy.code, policy.status, policy.seller_id, policy.version, policy.currency) == (
        "DOUBLE-11",
        "DRAFT",
        cast.root.pk,
        1,
        "CNY",
    )
    assert (version.number, version.status, version.touched_by_ids) == (1, "DRAFT", [cast.pricing.person_id])
    assert terms_of(version.terms).reward == PercentOff(500)
    event = Event.objects.get()
    assert (event.kind, event.aggregate_id, event.payload["number"]) == ("promotions.policy_saved.v1", "DOUBLE-11", 1)


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    policy = drafted(cast)
    again = save(cast, document(), version=policy.version)
    assert (again.version, Event.objects.count()) == (policy.version, 1)


def test_a_change_of_a_draft_stays_the_same_version(cast: Cast) -> None:
    policy = drafted(cast)
    changed = save(cast, document(name="年终直降"), version=policy.version)
    assert (changed.version, changed.name, changed.versions.get().number) == (2, "年终直降", 1)
    with pytest.raises(VersionConflict):
        save(cast, document(), version=1)


def test_an_approved_policy_gets_a_further_version_and_rules_on(cast: Cast) -> None:
    policy = approved(cast)
    changed = save(cast, document({"kind": "PERCENT_OFF", "off_bp": 800}), version=policy.version)
    assert (changed.status, changed.current_version) == ("LIVE", policy.versions.get(number=1))
    assert list(PolicyVersion.objects.order_by("number").values_list("number", "status")) == [
        (1, "APPROVED"),
        (2, "DRAFT"),
    ]
    delete_draft(actor=cast.pricing, code="FLASH")
    assert PolicyVersion.objects.get().number == 1


def test_what_waits_or_is_over_is_not_changed(cast: Cast) -> None:
    policy = submitted(cast)
    with pytest.raises(PolicyFrozen):
        save(cast, document(name="x"), version=policy.version)
    other = approved(cast, "OTHER")
    other = end_policy(actor=cast.pricing, command=StopPolicy("OTHER", other.version))
    with pytest.raises(PolicyOver):
        save(cast, document(name="x"), "OTHER", other.version)


def test_a_code_is_taken_once_and_may_be_said(cast: Cast) -> None:
    drafted(cast)
    with pytest.raises(PolicyCodeTaken):
        drafted(cast, "flash")
    for code in ("", "x", "双11", "A B"):
        with pytest.raises(PolicyCodeInvalid):
            drafted(cast, code)
    with pytest.raises(Missing):
        save(cast, document(), "NONE", 1)


def test_only_who_plans_promotions_saves(cast: Cast) -> None:
    for name in ("finance", "sales_admin", "buyer_c1", "auditor"):
        with pytest.raises(NotPermitted):
            drafted(cast, by=getattr(cast, name))
    assert drafted(cast, by=cast.admin_c1).seller_id == cast.c1.pk


def test_a_limited_seat_plans_for_its_own_ground(cast: Cast) -> None:
    jinan = replace(cast.pricing, scope=replace(cast.pricing.scope, regions=("370100",)))
    for audience in ({}, {"regions": ["370200"]}, {"regions": ["370100", "370200"]}, {"dealers": ["C2"]}):
        with pytest.raises(OutOfScope):
            drafted(cast, by=jinan, audience=audience)
    drafted(cast, "A1", by=jinan, audience={"regions": ["370102"]})
    drafted(cast, "A2", by=jinan, audience={"dealers": ["C1"]})


def test_a_limited_seat_overwrites_nothing_beyond_its_ground(cast: Cast) -> None:
    jinan = replace(cast.pricing, scope=replace(cast.pricing.scope, regions=("370100",)))
    finance = replace(cast.finance, scope=jinan.scope)
    own = document(audience={"regions": ["370100"]})
    draft, ruling = drafted(cast, "DRAFT"), approved(cast, "RULING")
    for policy in (draft, ruling):
        with pytest.raises(OutOfScope):
            save_policy(actor=jinan, command=SavePolicy(policy.code, own, policy.version))
    assert draft.versions.get().terms["audience"]["regions"] == []
    assert ruling.versions.count() == 1
    change = save(cast, own, "RULING", ruling.version)
    with pytest.raises(OutOfScope):
        save_policy(actor=jinan, command=SavePolicy("RULING", {**own, "name": "x"}, change.version))
    with pytest.raises(OutOfScope):
        submit_policy(actor=jinan, code="RULING", version=change.version)
    change = submit_policy(actor=cast.pricing, code="RULING", version=change.version)
    for approves in (True, False):
        with pytest.raises(OutOfScope):
            decide_policy(actor=finance, command=DecidePolicy("RULING", change.version, approves, "好"))
    assert PromotionPolicy.objects.get(code="RULING").current_version == ruling.versions.get(number=1)
    mine = drafted(cast, "MINE", by=jinan, audience={"regions": ["370100"]})
    mine = save_policy(actor=jinan, command=SavePolicy("MINE", {**own, "name": "x"}, mine.version))
    mine = submit_policy(actor=jinan, code="MINE", version=mine.version)
    assert decide_policy(actor=finance, command=DecidePolicy("MINE", mine.version, approves=True)).status == "LIVE"


BAD_REWARDS: dict[str, tuple[Mapping[str, Any], set[tuple[str | None, str]]]] = {
    "a percentage over 100": ({"kind": "PERCENT_OFF", "off_bp": 10_001}, {("reward.off_bp", "policy.percentage")}),
    "a percentage of nothing": ({"kind": "PERCENT_OFF", "off_bp": 0}, {("reward.off_bp", "policy.percentage")}),
    "a fraction": ({"kind": "PERCENT_OFF", "off_bp": 12.5}, {("reward.off_bp", "policy.percentage")}),
    "no kind": ({}, {("reward.kind", "policy.missing")}),
    "an unknown kind": ({"kind": "LUCK"}, {("reward.kind", "policy.unread")}),
    "an unknown term": (
        {"kind": "PERCENT_OFF", "off_bp": 500, "of": 1},
        {("reward.of", "policy.field_unknown")},
    ),
    "a free price": (
        {"kind": "FIXED_PRICE", "amount": 0},
        {("reward.amount", "policy.not_above_zero")},
    ),
    "a price for everything": (
        {"kind": "FIXED_PRICE", "amount": 100},
        {("goods.skus", "policy.fixed_price_goods")},
    ),
    "no steps": ({"kind": "LADDER", "measure": "CASES"}, {("reward.steps", "policy.missing")}),
    "steps that do not rise": (
        {"kind": "LADDER", "steps": [{"start": 10, "off": 5}, {"start": 10, "off": 9}]},
        {("reward.steps.2.start", "policy.steps")},
    ),
    "a step that gives less": (
        {"kind": "LADDER", "steps": [{"start": 10, "off_bp": 500}, {"start": 20, "off_bp": 400}]},
        {("reward.steps.2.off_bp", "policy.step_less")},
    ),
    "a step that gives nothing": (
        {"kind": "LADDER", "steps": [{"start": 10}]},
        {("reward.steps.1.off", "policy.step_gives")},
    ),
    "a step below zero": (
        {"kind": "LADDER", "steps": [{"start": -10, "off": -5}]},
        {
            ("reward.steps.1.start", "policy.not_above_zero"),
            ("reward.steps.1.off", "policy.not_above_zero"),
            ("reward.steps.1.off", "policy.step_gives"),
        },
    ),
    "a percentage that repeats": (
        {"kind": "LADDER", "steps": [{"start": 10, "off_bp": 500}], "repeats": True},
        {("reward.repeats", "policy.repeat")},
    ),
    "an empty bundle": ({"kind": "BUNDLE", "parts": {}, "price": 100}, {("reward.parts", "policy.bundle_empty")}),
    "a bundle of what is not there": (
        {"kind": "BUNDLE", "parts": {"NONE": 1}, "price": 100},
        {("reward.parts.NONE", "policy.code_unknown")},
    ),
    "a gift for nothing": (
        {"kind": "GIFT", "buy": 0, "give": 1},
        {("reward.buy", "policy.not_above_zero")},
    ),
    "fewer gifts than once": (
        {"kind": "GIFT", "buy": 10, "give": 3, "most": 2},
        {("reward.most", "policy.gift_most")},
    ),
    "an unknown gift": (
        {"kind": "GIFT", "buy": 10, "give": 1, "sku": "NONE"},
        {("reward.sku", "policy.code_unknown")},
    ),
}


@pytest.mark.parametrize("name", BAD_REWARDS)
def test_refuses_by_field(cast: Cast, name: str) -> None:
    reward, expected = BAD_REWARDS[name]
    assert faults(cast, document(reward)) == expected


def test_refuses_a_gift_that_is_off_the_shelf(cast: Cast) -> None:
    gift = {"kind": "GIFT", "buy": 10, "give": 1, "sku": cast.skus[6].code}
    assert faults(cast, document(gift)) == {("reward.sku", "policy.gift_delisted")}


def test_refuses_a_price_in_a_unit_that_is_not_sold(cast: Cast) -> None:
    price = {"kind": "FIXED_PRICE", "amount": 3_000, "unit": "BOTTLE"}
    goods = {"skus": [cast.skus[1].code, cast.skus[3].code]}
    assert faults(cast, document(price, goods=goods)) == {("reward.unit", "policy.unit_not_sold")}


def test_refuses_limits_that_give_nothing_or_count_nothing(cast: Cast) -> None:
    assert faults(cast, document(limits={"amount": 0, "dealer_bottles": 0})) == {
        ("limits.amount", "policy.limit_zero"),
        ("limits.dealer_bottles", "policy.limit_zero"),
    }
    ladder = {"kind": "LADDER", "steps": [{"start": 10, "off": 5}]}
    assert faults(cast, document(ladder, limits={"bottles": 10})) == {("limits.bottles", "policy.limit_useless")}


def test_refuses_codes_nothing_has(cast: Cast) -> None:
    audience = {
        "tiers": ["BRAND"],
        "regions": ["999999"],
        "channels": ["MOON"],
        "labels": ["nobody"],
        "dealers": ["T1"],
    }
    goods = {"skus": ["NONE"], "product_lines": ["NONE"], "aromas": ["ZZ"], "without": ["NONE"]}
    found = faults(cast, document(audience=audience, goods=goods))
    expected = {f"audience.{name}" for name in audience} | {f"goods.{name}" for name in goods}
    assert found == {(field, "policy.code_unknown") for field in expected}


def test_refuses_times_that_make_no_range(cast: Cast) -> None:
    now = clock.now()
    reversed_days = {"starts_at": now.isoformat(), "ends_at": (now - timedelta(days=1)).isoformat()}
    assert ("audience.ends_at", "policy.range") in faults(cast, document(audience=reversed_days))
    over = {"starts_at": (now - timedelta(days=3)).isoformat(), "ends_at": now.isoformat()}
    assert faults(cast, document(audience=over)) == {("audience.ends_at", "policy.too_late")}
    naive = {"starts_at": "2026-01-20T08:00:00", "ends_at": None}
    assert faults(cast, document(audience=naive)) == {
        ("audience.starts_at", "policy.unread"),
        ("audience.ends_at", "policy.missing"),
    }


def test_refuses_documents_of_another_form_without_falling_over(cast: Cast) -> None:
    nonsense: Mapping[str, Any] = {
        "name": 5,
        "audience": [],
        "goods": {"skus": "XH-1"},
        "reward": {"kind": "LADDER", "steps": [3, {"start": True, "off": "5"}]},
        "limits": 7,
        "rank": -1,
        "brand_share_bp": 10_001,
        "is_public": "no",
        "colour": "red",
    }
    fields = {field for field, _ in faults(cast, nonsense)}
    assert {
        "name",
        "audience",
        "goods.skus",
        "reward.steps.1",
        "reward.steps.2.start",
        "reward.steps.2.off",
        "limits",
        "rank",
        "brand_share_bp",
        "is_public",
        "colour",
    } <= fields

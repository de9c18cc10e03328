"""submit_policy, decide_policy: by another person, ruling from its start; sent back with a reason."""

from datetime import timedelta

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import NotPermitted, VersionConflict
from ordering.promotions.errors import GiftDelisted, OwnPolicy, PolicyNotThere, ReasonMissing
from ordering.promotions.models import PolicyQuota, PolicyUse
from ordering.promotions.rules.policies import Left
from ordering.promotions.services import (
    DecidePolicy,
    SavePolicy,
    decide_policy,
    save_policy,
    submit_policy,
    take_back_policy,
)
from tests.cast import Cast
from tests.ordering.promotions.planning import approved, document, drafted, submitted
from tests.ordering.promotions.test_spend import give, live


def test_an_approved_policy_rules_from_its_start(cast: Cast) -> None:
    policy = approved(cast)
    version = policy.versions.get()
    assert (policy.status, version.status, version.rules_from) == ("LIVE", "APPROVED", version.starts_at)
    assert (version.submitted_by_name, version.decided_by_name) == ("价格专员", "品牌财务")
    assert live(cast, cast.c1).policies == ()
    with clock.at(clock.now() + timedelta(days=1)):
        assert [one.code for one in live(cast, cast.c1).policies] == ["FLASH"]
    assert Event.objects.filter(kind="promotions.policy_approved.v1").count() == 1


def test_what_should_have_begun_begins_now(cast: Cast) -> None:
    policy = approved(cast, audience={"starts_at": "2026-01-01T00:00:00+08:00"})
    assert policy.versions.get().rules_from == clock.now()


def test_nobody_decides_on_what_they_wrote_or_submitted(cast: Cast) -> None:
    policy = drafted(cast, by=cast.admin)
    policy = save_policy(actor=cast.pricing, command=SavePolicy("FLASH", document(name="x"), policy.version))
    policy = submit_policy(actor=cast.pricing, code="FLASH", version=policy.version)
    with pytest.raises(OwnPolicy):
        decide_policy(actor=cast.admin, command=DecidePolicy("FLASH", policy.version, approves=True))
    with pytest.raises(NotPermitted):
        decide_policy(actor=cast.pricing, command=DecidePolicy("FLASH", policy.version, approves=True))
    policy = decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version, approves=True))
    assert policy.status == "LIVE"


def test_is_sent_back_with_a_reason_and_may_come_again(cast: Cast) -> None:
    policy = submitted(cast)
    with pytest.raises(ReasonMissing):
        decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version, approves=False, reason=" "))
    policy = decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version, False, "预算太高"))
    assert (policy.status, policy.versions.get().reason) == ("REJECTED", "预算太高")
    policy = save_policy(actor=cast.pricing, command=SavePolicy("FLASH", document(), policy.version))
    assert policy.status == "DRAFT"
    assert submit_policy(actor=cast.pricing, code="FLASH", version=policy.version).status == "SUBMITTED"


def test_asks_and_takes_back_once(cast: Cast) -> None:
    policy = submitted(cast)
    again = submit_policy(actor=cast.pricing, code="FLASH", version=1)
    assert again.version == policy.version
    back = take_back_policy(actor=cast.pricing, code="FLASH", version=policy.version)
    assert (back.status, back.versions.get().status) == ("DRAFT", "DRAFT")
    with pytest.raises(PolicyNotThere):
        decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", back.version, approves=True))


def test_refuses_what_was_changed_since_it_was_shown(cast: Cast) -> None:
    policy = submitted(cast)
    with pytest.raises(VersionConflict):
        decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version - 1, approves=True))


def test_refuses_goods_that_left_the_shelf_meanwhile(cast: Cast) -> None:
    policy = submitted(cast, reward={"kind": "GIFT", "buy": 10, "give": 1, "sku": cast.skus[2].code})
    cast.skus[2].status = "OFF"
    cast.skus[2].save(update_fields=["status"])
    with pytest.raises(GiftDelisted):
        decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version, approves=True))


def test_a_budget_that_comes_later_counts_what_was_given_before(cast: Cast) -> None:
    begun = {"starts_at": "2026-01-01T00:00:00+08:00"}
    policy = approved(cast, audience=begun)
    give(cast, cast.c1, "SO1", 300, 12)
    assert not PolicyQuota.objects.exists()
    limits = {"amount": 1_000, "dealer_amount": 400}
    terms = document(audience=begun, limits=limits)
    policy = save_policy(actor=cast.pricing, command=SavePolicy("FLASH", terms, policy.version))
    policy = submit_policy(actor=cast.pricing, code="FLASH", version=policy.version)
    assert live(cast, cast.c1).left == {}, "the approved version rules on"
    decide_policy(actor=cast.finance, command=DecidePolicy("FLASH", policy.version, approves=True))
    assert live(cast, cast.c1).left == {"FLASH": Left(100)}
    assert live(cast, cast.c2).left == {"FLASH": Left(400)}
    assert PolicyUse.objects.get().version.number == 1

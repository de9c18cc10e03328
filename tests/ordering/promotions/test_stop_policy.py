"""pause_policy, resume_policy, end_policy: at once, twice is once, for good is for good."""

import pytest

from core.events.models import Event
from core.kernel.errors import NotPermitted, VersionConflict
from ordering.promotions.errors import PauseReasonMissing, PolicyNotThere
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.selectors import policy_detail
from ordering.promotions.services import SavePolicy, StopPolicy, end_policy, pause_policy, resume_policy, save_policy
from tests.cast import Cast
from tests.ordering.promotions.planning import approved, document, drafted
from tests.ordering.promotions.test_spend import live

BEGUN = {"starts_at": "2026-01-01T00:00:00+08:00"}


def test_a_paused_policy_gives_nothing_until_it_is_resumed(cast: Cast) -> None:
    policy = approved(cast, audience=BEGUN)
    assert len(live(cast, cast.c1).policies) == 1
    with pytest.raises(PauseReasonMissing):
        pause_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version, " "))
    policy = pause_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version, "库存紧张"))
    assert (policy.status, live(cast, cast.c1).policies) == ("PAUSED", ())
    assert pause_policy(actor=cast.pricing, command=StopPolicy("FLASH", 1)).version == policy.version
    assert Event.objects.filter(kind="promotions.policy_paused.v1").get().payload["reason"] == "库存紧张"
    policy = resume_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version))
    assert (policy.status, len(live(cast, cast.c1).policies)) == ("LIVE", 1)


def test_an_ended_policy_stays_ended_and_drops_its_draft(cast: Cast) -> None:
    policy = approved(cast, audience=BEGUN)
    policy = save_policy(actor=cast.pricing, command=SavePolicy("FLASH", document(), policy.version))
    policy = end_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version))
    assert (policy.status, policy.versions.count(), live(cast, cast.c1).policies) == ("ENDED", 1, ())
    with pytest.raises(PolicyNotThere):
        resume_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version))


def test_every_pause_says_who_when_why_and_what_came_after(cast: Cast) -> None:
    policy = approved(cast, audience=BEGUN)
    assert policy_detail(cast.pricing, "FLASH").pauses == ()
    for reason, go_on in {"库存紧张": resume_policy, "价格有误": end_policy}.items():
        policy = pause_policy(actor=cast.pricing, command=StopPolicy("FLASH", policy.version, reason))
        newest = policy_detail(cast.finance, "FLASH").pauses[0]
        assert (newest.reason, newest.over_at, bool(newest.by)) == (reason, None, True)
        policy = go_on(actor=cast.pricing, command=StopPolicy("FLASH", policy.version))
    last, first = policy_detail(cast.finance, "FLASH").pauses
    assert [(one.reason, one.was_last) for one in (first, last)] == [("库存紧张", False), ("价格有误", True)]
    assert first.over_by == first.by
    assert first.over_at is not None
    assert last.over_at is not None


def test_refuses_what_was_never_approved_and_what_changed(cast: Cast) -> None:
    draft = drafted(cast)
    with pytest.raises(PolicyNotThere):
        pause_policy(actor=cast.pricing, command=StopPolicy("FLASH", draft.version))
    approved(cast, "OTHER")
    with pytest.raises(VersionConflict):
        end_policy(actor=cast.pricing, command=StopPolicy("OTHER", 1))
    with pytest.raises(NotPermitted):
        end_policy(actor=cast.finance, command=StopPolicy("OTHER", 3))
    assert set(PromotionPolicy.objects.values_list("status", flat=True)) == {"DRAFT", "LIVE"}

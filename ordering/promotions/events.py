"""What happens to sales policies, as other rooms, programs and the timeline hear it."""

from datetime import datetime

from core.kernel.errors import Field

POLICY = "promotion_policy"
POLICY_SAVED = "promotions.policy_saved.v1"
POLICY_SUBMITTED = "promotions.policy_submitted.v1"
POLICY_APPROVED = "promotions.policy_approved.v1"
POLICY_REJECTED = "promotions.policy_rejected.v1"
POLICY_PAUSED = "promotions.policy_paused.v1"
POLICY_RESUMED = "promotions.policy_resumed.v1"
POLICY_ENDED = "promotions.policy_ended.v1"
POLICY_BEGAN = "promotions.policy_began.v1"
POLICY_DELETED = "promotions.policy_deleted.v1"
COUPONS_GIVEN = "promotions.coupons_given.v1"
COUPON_WITHDRAWN = "promotions.coupon_withdrawn.v1"

Json = dict[str, Field]


def policy_facts(
    *, code: str, name: str, number: int, status: str, reason: str = "", rules_from: datetime | None = None
) -> Json:
    """Payload of everything that happens to a policy; ``number`` is the version it is about."""
    told: Json = {"policy": code, "name": name, "number": number, "status": status}
    if reason:
        told["reason"] = reason
    if rules_from is not None:
        told["rules_from"] = rules_from.isoformat()
    return told

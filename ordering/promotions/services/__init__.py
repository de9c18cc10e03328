"""The room's verbs: the only writers of policies, coupons and what was given."""

from ordering.promotions.services.beginning import tell_begun
from ordering.promotions.services.coupons import CouponAsk, give_coupons, withdraw_coupon
from ordering.promotions.services.deciding import (
    DecidePolicy,
    StopPolicy,
    decide_policy,
    end_policy,
    pause_policy,
    resume_policy,
)
from ordering.promotions.services.importing import CouponRow, ImportPolicies, PolicyRow, import_coupons, import_policies
from ordering.promotions.services.saving import SavePolicy, delete_draft, save_policy, submit_policy, take_back_policy
from ordering.promotions.services.spending import give_back, lock_left, open_book, spend

__all__ = [
    "CouponAsk",
    "CouponRow",
    "DecidePolicy",
    "ImportPolicies",
    "PolicyRow",
    "SavePolicy",
    "StopPolicy",
    "decide_policy",
    "delete_draft",
    "end_policy",
    "give_back",
    "give_coupons",
    "import_coupons",
    "import_policies",
    "lock_left",
    "open_book",
    "pause_policy",
    "resume_policy",
    "save_policy",
    "spend",
    "submit_policy",
    "take_back_policy",
    "tell_begun",
    "withdraw_coupon",
]

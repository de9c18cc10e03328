"""Questions about sales policies."""

from ordering.promotions.selectors.live import LivePolicies, live_policies
from ordering.promotions.selectors.offered import HeldCoupon, Promotion, coupons_for, promotions_for
from ordering.promotions.selectors.pauses import Pause
from ordering.promotions.selectors.policies import (
    LiveUse,
    Overlap,
    PolicyDetail,
    PolicyFilter,
    ToldPolicy,
    ToldVersion,
    counts_by_status,
    coupons_visible_to,
    groups_in_use,
    overlaps,
    policies_visible_to,
    policy_detail,
    quotas_of,
    told_policies,
)
from ordering.promotions.selectors.promoted import Running, promoted
from ordering.promotions.selectors.simulating import (
    Simulate,
    SimulatedLine,
    SimulatedOutcome,
    Simulation,
    simulate,
)
from ordering.promotions.selectors.telling import Names, names_for, told, told_short

__all__ = [
    "HeldCoupon",
    "LivePolicies",
    "LiveUse",
    "Names",
    "Overlap",
    "Pause",
    "PolicyDetail",
    "PolicyFilter",
    "Promotion",
    "Running",
    "Simulate",
    "SimulatedLine",
    "SimulatedOutcome",
    "Simulation",
    "ToldPolicy",
    "ToldVersion",
    "counts_by_status",
    "coupons_for",
    "coupons_visible_to",
    "groups_in_use",
    "live_policies",
    "names_for",
    "overlaps",
    "policies_visible_to",
    "policy_detail",
    "promoted",
    "promotions_for",
    "quotas_of",
    "simulate",
    "told",
    "told_policies",
    "told_short",
]

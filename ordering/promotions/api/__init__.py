"""Sales policies for programs: what a house plans, tries and gives, and what runs for a buyer."""

from django.urls import path

from ordering.promotions.api.coupons import Coupons, CouponWithdrawal
from ordering.promotions.api.landed import Inversions, LandedPrices
from ordering.promotions.api.offered import Promotions
from ordering.promotions.api.policies import (
    Policies,
    PolicyChange,
    PolicyDecision,
    PolicyDoor,
    PolicyEnd,
    PolicyPause,
    PolicyRecall,
    PolicyRemoval,
    PolicyResumption,
    PolicySubmission,
)
from ordering.promotions.api.simulations import Simulations

_ONE = "promotions/policies/<str:code>"
urlpatterns = [
    path("promotions", Promotions.as_view(), name="api_promotions"),
    path("promotions/simulations", Simulations.as_view(), name="api_promotion_simulations"),
    path("landed-prices/<str:sku>", LandedPrices.as_view(), name="api_landed_prices"),
    path("market-inversions", Inversions.as_view(), name="api_market_inversions"),
    path("promotions/policies", Policies.as_view(), name="api_policies"),
    path(_ONE, PolicyDoor.as_view(), name="api_policy"),
    path(f"{_ONE}/change", PolicyChange.as_view(), name="api_policy_change"),
    path(f"{_ONE}/submission", PolicySubmission.as_view(), name="api_policy_submission"),
    path(f"{_ONE}/recall", PolicyRecall.as_view(), name="api_policy_recall"),
    path(f"{_ONE}/decision", PolicyDecision.as_view(), name="api_policy_decision"),
    path(f"{_ONE}/pause", PolicyPause.as_view(), name="api_policy_pause"),
    path(f"{_ONE}/resumption", PolicyResumption.as_view(), name="api_policy_resumption"),
    path(f"{_ONE}/end", PolicyEnd.as_view(), name="api_policy_end"),
    path(f"{_ONE}/removal", PolicyRemoval.as_view(), name="api_policy_removal"),
    path(f"{_ONE}/coupons", Coupons.as_view(), name="api_policy_coupons"),
    path("promotions/coupons/<str:coupon>/withdrawal", CouponWithdrawal.as_view(), name="api_coupon_withdrawal"),
]

"""Questions about sales policies."""

from ordering.promotions.selectors.live import LivePolicies, live_policies

__all__ = ["LivePolicies", "live_policies"]

"""The room's verbs: the only writers of policies, coupons and what was given."""

from ordering.promotions.services.spending import give_back, lock_left, spend

__all__ = ["give_back", "lock_left", "spend"]

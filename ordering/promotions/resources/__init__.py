"""Policies and coupons from spreadsheets."""

from ordering.promotions.resources import coupons, policies

__all__ = ["coupons", "policies"]

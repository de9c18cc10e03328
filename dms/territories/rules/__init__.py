"""Decisions about grants: which contradict each other, what a dealer may pass on, who supplies an outlet."""

from dms.territories.rules.extents import Extent, extent
from dms.territories.rules.grounds import (
    EVERY_CHANNEL,
    NATIONWIDE_CHANNELS,
    Ground,
    Kind,
    carved_from,
    conflict,
    is_within,
    overlap,
    same,
)
from dms.territories.rules.routing import Claim, Route, route
from dms.territories.rules.slices import GRACE_DAYS, days_meet, is_lawful, until

__all__ = [
    "EVERY_CHANNEL",
    "GRACE_DAYS",
    "NATIONWIDE_CHANNELS",
    "Claim",
    "Extent",
    "Ground",
    "Kind",
    "Route",
    "carved_from",
    "conflict",
    "days_meet",
    "extent",
    "is_lawful",
    "is_within",
    "overlap",
    "route",
    "same",
    "until",
]

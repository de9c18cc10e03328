"""Days of grants: half-open slices ``[valid_from, valid_to)``, and how long goods sold before an end stay lawful."""

from datetime import date, timedelta

GRACE_DAYS = 180
"""Unless the brand says otherwise."""


def until(valid_to: date | None) -> date:
    """The first day a slice no longer holds; of one without an end, the last day there is."""
    return valid_to or date.max


def days_meet(one_from: date, one_to: date | None, other_from: date, other_to: date | None) -> bool:
    """Whether two slices have a day in common; one that begins on the day the other ends has none."""
    return one_from < until(other_to) and other_from < until(one_to)


def is_lawful(valid_from: date, valid_to: date | None, day: date, grace_days: int) -> bool:
    """Whether goods of a grant may lie on its ground on ``day``: it holds, or ended at most ``grace_days`` before.

    It ended yesterday when ``valid_to`` is today; with a grace of 180 days the 180th day from ``valid_to`` on is the
    first unlawful one.
    """
    return valid_from <= day and (valid_to is None or day < valid_to + timedelta(days=grace_days))

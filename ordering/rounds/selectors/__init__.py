"""The room's questions: which rounds there are, what stands on one, what it would change."""

from ordering.rounds.selectors.floors import UnderFloor, lines_under_floor
from ordering.rounds.selectors.inverting import Inverted, inversions_of
from ordering.rounds.selectors.planned import PlannedLater, planned_after
from ordering.rounds.selectors.preview import Effect, Preview, preview_of
from ordering.rounds.selectors.reach import Reach, houses_of_lists, houses_of_round, reach_of_lists
from ordering.rounds.selectors.rounds import (
    STATES,
    RoundFilter,
    RoundLine,
    counted,
    lines_of,
    reaches_outside,
    round_of,
    rounds_visible_to,
    state_of,
)
from ordering.rounds.selectors.ruling import Ruling, ruling_of_lists
from ordering.rounds.selectors.versions import ListVersion, version_events, version_of, versions_told

__all__ = [
    "STATES",
    "Effect",
    "Inverted",
    "ListVersion",
    "PlannedLater",
    "Preview",
    "Reach",
    "RoundFilter",
    "RoundLine",
    "Ruling",
    "UnderFloor",
    "counted",
    "houses_of_lists",
    "houses_of_round",
    "inversions_of",
    "lines_of",
    "lines_under_floor",
    "planned_after",
    "preview_of",
    "reach_of_lists",
    "reaches_outside",
    "round_of",
    "rounds_visible_to",
    "ruling_of_lists",
    "state_of",
    "version_events",
    "version_of",
    "versions_told",
]

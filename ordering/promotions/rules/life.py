"""The life of a policy and of its versions: which act leads from where to where. Pure."""

from enum import StrEnum

from core.kernel.text import N_
from ordering.promotions.errors import PolicyNotThere


class Status(StrEnum):
    """Where a policy stands. LIVE gives within its days; PAUSED gives nothing until resumed; ENDED for good."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    REJECTED = "REJECTED"
    LIVE = "LIVE"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


STATUS_WORDS = {
    Status.DRAFT: N_("draft"),
    Status.SUBMITTED: N_("waiting for approval"),
    Status.REJECTED: N_("sent back"),
    Status.LIVE: N_("live"),
    Status.PAUSED: N_("paused"),
    Status.ENDED: N_("stopped for good"),
}


class VersionStatus(StrEnum):
    """Where one version stands: a policy has at most one that is not decided yet."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    REJECTED = "REJECTED"
    APPROVED = "APPROVED"


OPEN_VERSIONS = (VersionStatus.DRAFT, VersionStatus.SUBMITTED, VersionStatus.REJECTED)
"""Not decided for good; a policy has one of them at most."""


class Funding(StrEnum):
    """Who pays for what a policy gives."""

    BRAND = "BRAND"
    DEALER = "DEALER"
    SHARED = "SHARED"


FUNDING_WORDS = {
    Funding.BRAND: N_("paid by the brand"),
    Funding.DEALER: N_("paid by the dealer"),
    Funding.SHARED: N_("paid by both"),
}


class Act(StrEnum):
    """What can happen to a policy that was approved once."""

    PAUSE = "PAUSE"
    RESUME = "RESUME"
    END = "END"


MOVES: dict[Act, dict[Status, Status]] = {
    Act.PAUSE: {Status.LIVE: Status.PAUSED},
    Act.RESUME: {Status.PAUSED: Status.LIVE},
    Act.END: {Status.LIVE: Status.ENDED, Status.PAUSED: Status.ENDED},
}
"""Act → from → to."""


def moved(status: str, act: Act) -> Status:
    """Where ``act`` leads. Raises ``PolicyNotThere``."""
    to = MOVES[act].get(Status(status))
    if to is None:
        raise PolicyNotThere(status=status)
    return to


def standing(*, has_approved: bool, version: VersionStatus) -> Status:
    """Where a policy that was never stopped stands by its newest version."""
    if has_approved or version is VersionStatus.APPROVED:
        return Status.LIVE
    return Status(version.value)

"""Who would supply an outlet: the deepest grant around it, the brand where it keeps the ground or nobody holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dms.territories.rules.grounds import Kind


@dataclass(frozen=True, slots=True)
class Claim:
    """A grant in force whose goods, channels and ground hold the outlet; ``leaves``: how wide its ground is."""

    grant_id: int
    dealer_id: int
    kind: str
    priority: int
    leaves: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class Route:
    """``choices``: whoever may supply, the first by rights; empty: the brand's direct pool.

    ``is_reserved``: the brand keeps the ground to itself, so nobody else may.
    """

    choices: tuple[Claim, ...] = ()
    is_reserved: bool = False


def route(claims: Iterable[Claim]) -> Route:
    """The claims of the deepest ground: one that is exclusive alone, else the shared ones by priority, 1 first."""
    found = list(claims)
    if any(claim.kind == Kind.RESERVED for claim in found):
        return Route(is_reserved=True)
    deepest = min((claim.leaves for claim in found), default=0)
    there = sorted(
        (claim for claim in found if claim.leaves == deepest),
        key=lambda claim: (claim.kind != Kind.EXCLUSIVE, claim.priority, claim.valid_from, claim.grant_id),
    )
    return Route(tuple(there[:1] if there and there[0].kind == Kind.EXCLUSIVE else there))

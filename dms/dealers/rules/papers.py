"""Which papers open the order gate, and in what state one is (handbook §2.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.kernel.endings import THRESHOLDS
from dms.dealers.rules.channel import Licence, LicenceType


class Need(StrEnum):
    """What a dealer must show before it may order."""

    BUSINESS = "BUSINESS"
    FOOD = "FOOD"
    WHOLESALE = "WHOLESALE"


MET_BY: dict[Need, frozenset[LicenceType]] = {
    Need.BUSINESS: frozenset({LicenceType.BUSINESS}),
    # Selling only prepackaged food needs no permit, only the filing.
    Need.FOOD: frozenset({LicenceType.JY, LicenceType.PREPACK}),
    Need.WHOLESALE: frozenset({LicenceType.LIQUOR_WHOLESALE}),
}
GATE_TYPES = frozenset[LicenceType]().union(*MET_BY.values())


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A need that nothing meets on the day. ``ended_on``: last day of what met it before; None: nothing ever did."""

    need: Need
    ended_on: date | None = None


def needs(*, wholesale: bool) -> tuple[Need, ...]:
    """What is asked for; a wholesale permit only where the brand's settings name the dealer's province."""
    return (Need.BUSINESS, Need.FOOD, Need.WHOLESALE) if wholesale else (Need.BUSINESS, Need.FOOD)


def missing_papers(accepted: Iterable[Licence], day: date, *, wholesale: bool = False) -> tuple[MissingPaper, ...]:
    """The needs that no accepted paper meets on ``day``; empty: the dealer may order."""
    held = tuple(accepted)
    found = []
    for need in needs(wholesale=wholesale):
        mine = [one for one in held if one.type in MET_BY[need]]
        if not any(one.is_valid_on(day) for one in mine):
            ends = [one.valid_to for one in mine if one.valid_to is not None and one.valid_to < day]
            found.append(MissingPaper(need, max(ends, default=None)))
    return tuple(found)


def opens_order_gate(licences: Iterable[Licence], day: date, *, wholesale: bool = False) -> bool:
    """Whether a dealer with these accepted papers may order on ``day``."""
    return not missing_papers(licences, day, wholesale=wholesale)


def province_of(region_code: str) -> str:
    """The province a division lies in, as GB/T 2260 writes it; empty where there is none (the whole country)."""
    return f"{region_code[:2]}0000" if region_code.isdigit() else ""


def replaces(new: Licence, old: Licence, day: date) -> bool:
    """Whether ``new`` (same number) corrects or renews ``old`` in place, rather than following it later.

    A renewed permit that begins only after ``day`` must not shut the gate that the old one still holds open.
    """
    overlaps = (old.valid_to is None or new.valid_from <= old.valid_to) and (
        new.valid_to is None or old.valid_from <= new.valid_to
    )
    return new.valid_from == old.valid_from or (overlaps and new.valid_from <= day)


class State(StrEnum):
    """What a page says of a credential."""

    VALID = "VALID"
    UPCOMING = "UPCOMING"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    CHECKING = "CHECKING"
    OPEN = "OPEN"
    REJECTED = "REJECTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts that make up a state: what the platform said, what the brand decided, until when."""

    check_status: str
    is_accepted: bool
    is_decided: bool
    valid_from: date
    valid_to: date | None


def state_of(standing: Standing, day: date) -> State:
    """In what state a credential is on ``day``."""
    if standing.is_accepted:
        return _state_in_force(standing, day)
    if standing.check_status in ("REJECTED", "WITHDRAWN"):
        return State(standing.check_status)
    if standing.is_decided:
        return State.REFUSED
    if standing.valid_to is not None and standing.valid_to < day:
        return State.EXPIRED
    return State.CHECKING if standing.check_status == "SUBMITTED" else State.OPEN


def _state_in_force(standing: Standing, day: date) -> State:
    if standing.valid_from > day:
        return State.UPCOMING
    if standing.valid_to is None or standing.valid_to > day + timedelta(days=THRESHOLDS[0]):
        return State.VALID
    return State.EXPIRING if standing.valid_to >= day else State.EXPIRED

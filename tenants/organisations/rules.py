"""Decisions about papers of organisations (资质), after the handbook's §2.4 and §2.5."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.kernel.errors import DomainError
from core.kernel.identifiers import InvalidIdentifier, paper_number
from core.kernel.text import normalised
from tenants.organisations import errors

LONGEST_NUMBER = 40
LONGEST_SCOPE = 200


class LicenceType(StrEnum):
    """Every kind of paper there is."""

    BUSINESS = "BUSINESS"
    SC = "SC"
    JY = "JY"
    PREPACK = "PREPACK"
    LIQUOR_WHOLESALE = "LIQUOR_WHOLESALE"
    TRADEMARK_AUTH = "TRADEMARK_AUTH"
    GENERAL_TAXPAYER = "GENERAL_TAXPAYER"


OWN_NUMBER = frozenset({LicenceType.BUSINESS, LicenceType.GENERAL_TAXPAYER})
"""Kinds whose number is the organisation's own USCC."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a paper; in force on the first and the last day, ``valid_to`` None has no end."""

    type: str
    number: str
    valid_from: date
    valid_to: date | None = None
    scope: str = ""


def checked_paper(paper: Paper, *, uscc: str | None) -> tuple[Paper, tuple[DomainError, ...]]:
    """The paper in one form and every fault found, each with its field; ``uscc`` is its organisation's, where known."""
    if paper.type not in set(LicenceType):
        return paper, (errors.LicenceTypeUnknown(field="type", value=paper.type[:20]),)
    faults: list[DomainError] = []
    number = ""
    try:
        number = paper_number(paper.type, paper.number)
    except InvalidIdentifier as fault:
        fault.field = "number"
        faults.append(fault)
    else:
        if not 0 < len(number) <= LONGEST_NUMBER:
            faults.append(errors.LicenceNumberMissing(field="number"))
        elif paper.type in OWN_NUMBER and uscc and number != uscc:
            faults.append(errors.NumberOfAnother(field="number", value=number, expected=uscc))
    if paper.valid_to is not None and paper.valid_to < paper.valid_from:
        faults.append(errors.DaysNotInOrder(field="valid_to"))
    return replace(paper, number=number, scope=normalised(paper.scope)[:LONGEST_SCOPE]), tuple(faults)


def ended_fault(paper: Paper, day: date) -> tuple[DomainError, ...]:
    """The fault of a paper that is over on ``day``, for those who send or verify it."""
    if paper.valid_to is None or paper.valid_to >= day:
        return ()
    return (errors.AlreadyEnded(field="valid_to", day=paper.valid_to.isoformat()),)

"""What those who run the platform may do: codes by role, and roles nobody may hold together (三员分立).

The codes begin with ``ops.``; no seat of a brand ever carries one, and no operator ever carries a brand's code.
"""

from enum import StrEnum

from core.kernel.text import N_


class Ops(StrEnum):
    """Permission codes of the operator's desk."""

    READ_BRANDS = "ops.brands.read"
    EDIT_BRANDS = "ops.brands.edit"
    DELETE_BRANDS = "ops.brands.delete"
    READ_ORGANISATIONS = "ops.organisations.read"
    EDIT_ORGANISATIONS = "ops.organisations.edit"
    VERIFY_LICENCES = "ops.licences.verify"
    READ_PEOPLE = "ops.people.read"
    EDIT_PEOPLE = "ops.people.edit"
    READ_OPERATORS = "ops.operators.read"
    EDIT_OPERATORS = "ops.operators.edit"
    READ_JOBS = "ops.jobs.read"
    EDIT_JOBS = "ops.jobs.edit"
    READ_DELIVERIES = "ops.deliveries.read"
    EDIT_DELIVERIES = "ops.deliveries.edit"
    READ_ANNOUNCEMENTS = "ops.announcements.read"
    EDIT_ANNOUNCEMENTS = "ops.announcements.edit"
    READ_AUDIT = "ops.audit.read"


SYSTEM, SECURITY, AUDIT, ONBOARDING = "system", "security", "audit", "onboarding"

ROLE_CODES: dict[str, frozenset[str]] = {
    SYSTEM: frozenset(
        {
            Ops.READ_BRANDS,
            Ops.EDIT_BRANDS,
            Ops.DELETE_BRANDS,
            Ops.READ_ORGANISATIONS,
            Ops.READ_JOBS,
            Ops.EDIT_JOBS,
            Ops.READ_DELIVERIES,
            Ops.EDIT_DELIVERIES,
            Ops.READ_ANNOUNCEMENTS,
            Ops.EDIT_ANNOUNCEMENTS,
        }
    ),
    SECURITY: frozenset(
        {Ops.READ_BRANDS, Ops.READ_PEOPLE, Ops.EDIT_PEOPLE, Ops.READ_OPERATORS, Ops.EDIT_OPERATORS, Ops.READ_JOBS}
    ),
    AUDIT: frozenset(code for code in Ops if code.endswith(".read")),
    ONBOARDING: frozenset(
        {
            Ops.READ_BRANDS,
            Ops.EDIT_BRANDS,
            Ops.READ_ORGANISATIONS,
            Ops.EDIT_ORGANISATIONS,
            Ops.VERIFY_LICENCES,
            Ops.READ_JOBS,
            Ops.READ_ANNOUNCEMENTS,
        }
    ),
}
"""Only the auditor reads what operators did; he changes nothing."""

ROLE_WORDS: dict[str, str] = {
    SYSTEM: N_("System administrator"),
    SECURITY: N_("Security administrator"),
    AUDIT: N_("Audit administrator"),
    ONBOARDING: N_("Onboarding"),
}

_APART = (frozenset({SYSTEM, SECURITY}), frozenset({AUDIT, SYSTEM}), frozenset({AUDIT, SECURITY}))
_ALSO_APART = (frozenset({AUDIT, ONBOARDING}), frozenset({SECURITY, ONBOARDING}))
CONFLICTS: tuple[frozenset[str], ...] = (*_APART, *_ALSO_APART)
"""Pairs of roles one person may not hold together: who runs, who grants and who looks on are three people."""


def codes_of(roles: tuple[str, ...] | list[str]) -> frozenset[str]:
    """Permission codes of ``roles`` together; a role that no longer exists carries nothing."""
    return frozenset[str]().union(*(ROLE_CODES.get(role, frozenset()) for role in roles))


def conflicting(roles: tuple[str, ...] | list[str]) -> frozenset[str]:
    """The first pair among ``roles`` that one person may not hold together; empty when there is none."""
    held = set(roles)
    return next((pair for pair in CONFLICTS if pair <= held), frozenset())

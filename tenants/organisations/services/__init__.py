"""The verbs of the register of organisations. All act in the public schema."""

from tenants.organisations.rules import Paper
from tenants.organisations.services.deciding import (
    VerifyLicence,
    expire_licences,
    reject_licence,
    verify_licence,
    withdraw_licence,
)
from tenants.organisations.services.post import forget_uses, note_uses, take_back, take_submission
from tenants.organisations.services.register import Firm, find_or_create, find_or_create_all, rename_organisation

__all__ = [
    "Firm",
    "Paper",
    "VerifyLicence",
    "expire_licences",
    "find_or_create",
    "find_or_create_all",
    "forget_uses",
    "note_uses",
    "reject_licence",
    "rename_organisation",
    "take_back",
    "take_submission",
    "verify_licence",
    "withdraw_licence",
]

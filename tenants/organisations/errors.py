"""Refusals of the register of organisations."""

from core.kernel.errors import DomainError
from core.kernel.text import N_


class NamelessOrganisation(DomainError):
    """An organisation needs the name it is registered under."""

    code = "organisations.nameless"
    text = N_("Enter the full registered name of the company.")

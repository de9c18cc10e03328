"""Refusals of what operators do."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class BadOperatorRoles(DomainError):
    """No role, a strange one, or two that must be kept apart."""

    code = "people.bad_operator_roles"
    text = N_("These roles cannot be held together: who runs, who grants and who looks on are different people.")


class NameUnproved(DomainError):
    """Somebody signs in by this name, and has not shown that it is theirs."""

    code = "people.name_unproved"
    kind = Kind.CONFLICT
    text = N_(
        "Nobody has proved this mobile number or e-mail address as theirs yet. "
        "Let them prove it on their own sign-in page first."
    )


class OwnRoles(DomainError):
    """Nobody changes their own roles."""

    code = "people.own_roles"
    kind = Kind.FORBIDDEN
    text = N_("You cannot change your own roles. Another security administrator has to do it.")


class ReasonMissing(DomainError):
    """What an operator does is written down with its reason."""

    code = "people.reason_missing"
    text = N_("Write down why: the reason is kept with the act.")


class SamePerson(DomainError):
    """The act needs somebody else than the one it is about, or than the one who asked."""

    code = "people.same_person"
    kind = Kind.FORBIDDEN
    text = N_("This needs another operator: not the one it is about, and not the one who asked.")


class NoSecondFactor(DomainError):
    """There is nothing to take away."""

    code = "people.no_second_factor"
    kind = Kind.CONFLICT
    text = N_("This person has no second factor.")


class ResetWaits(DomainError):
    """Somebody asked already."""

    code = "people.reset_waits"
    kind = Kind.CONFLICT
    text = N_("A request for this person is waiting for another operator already.")


class FactorNeeded(DomainError):
    """The desk opens with a second factor only."""

    code = "people.factor_needed"
    kind = Kind.FORBIDDEN
    text = N_("The operator's desk needs a second factor. Set it up on your account page first: %(address)s")

"""Refusals of the register of organisations."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class NamelessOrganisation(DomainError):
    """An organisation needs the name it is registered under."""

    code = "organisations.nameless"
    text = N_("Enter the full registered name of the company.")


class LicenceTypeUnknown(DomainError):
    """No such kind of paper."""

    code = "organisations.licence_type"
    text = N_("“%(value)s” is not a kind of licence.")


class LicenceNumberMissing(DomainError):
    """A paper without a number."""

    code = "organisations.licence_number"
    text = N_("Enter the number on the licence, at most 40 characters.")


class NumberOfAnother(DomainError):
    """The business licence or taxpayer's number is another firm's."""

    code = "organisations.number_of_another"
    text = N_("“%(value)s” is another firm's number. It must be %(expected)s.")


class DaysNotInOrder(DomainError):
    """A paper that ends before it begins, or that is longer in force than any paper."""

    code = "organisations.licence_days"
    text = N_("The licence ends before it begins. Compare both days with the scan.")


class AlreadyEnded(DomainError):
    """A paper that has ended proves nothing any more."""

    code = "organisations.licence_ended"
    text = N_("This licence ended on %(day)s. Send the renewed one.")


class NotWaiting(DomainError):
    """Somebody has decided already, or it was taken back."""

    code = "organisations.not_waiting"
    kind = Kind.CONFLICT
    text = N_("This licence no longer waits for a decision. Reload to see what became of it.")


class NotVerified(DomainError):
    """Only what was verified can be withdrawn."""

    code = "organisations.not_verified"
    kind = Kind.CONFLICT
    text = N_("Only a verified licence can be withdrawn.")


class DecisionReasonMissing(DomainError):
    """Who sent the paper must learn what to do."""

    code = "organisations.reason_missing"
    text = N_("Say why, so that the sender knows what to do.")


class OwnSubmission(DomainError):
    """Nobody verifies what he sent himself."""

    code = "organisations.own_submission"
    kind = Kind.FORBIDDEN
    text = N_("You sent this licence yourself; someone else has to look at it.")


class KindUnread(DomainError):
    """A word of a spreadsheet that names no kind of organisation."""

    code = "organisations.kind_unread"
    text = N_("“%(value)s” is no kind of organisation. Use distillery, operator, dealer, outlet or service.")

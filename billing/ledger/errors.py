"""What the books refuse."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class AccountMissing(DomainError):
    """No trading account stands between the two in this currency."""

    code = "ledger.account_missing"
    kind = Kind.MISSING
    text = N_("There is no account between this seller and this buyer.")


class AccountBlocked(DomainError):
    """Finance has stopped the account."""

    code = "ledger.account_blocked"
    kind = Kind.FORBIDDEN
    text = N_("This account is blocked. Please speak to the seller's finance team.")


class CreditExhausted(DomainError):
    """Prepayment and credit together do not cover the amount; fields ``wanted``, ``available`` in minor units."""

    code = "ledger.credit_exhausted"
    text = N_("The balance does not cover this order. Pay in, or order less.")


class RebateExhausted(DomainError):
    """The rebate pool holds less than a document was to use; fields ``wanted``, ``available`` in minor units."""

    code = "ledger.rebate_exhausted"
    kind = Kind.CONFLICT
    text = N_("The rebate pool has just been used by another order. Look at the new total, then order again.")


class RebateReasonMissing(DomainError):
    """Who finds a rebate in the books asks what for."""

    code = "ledger.rebate_reason"
    text = N_("Say what the rebate is for.")


class AlreadyHeld(DomainError):
    """The document holds money already."""

    code = "ledger.already_held"
    kind = Kind.CONFLICT
    text = N_("Money is already held for %(number)s.")


class NothingHeld(DomainError):
    """The document holds less than is to be captured."""

    code = "ledger.nothing_held"
    kind = Kind.CONFLICT
    text = N_("Less money is held for %(number)s than this delivery costs.")


class AlreadyPosted(DomainError):
    """The shipment is in the books already."""

    code = "ledger.already_posted"
    kind = Kind.CONFLICT
    text = N_("Delivery %(number)s is already in the books.")


class AmountInvalid(DomainError):
    """Not an amount that can be booked."""

    code = "ledger.amount_invalid"
    text = N_("Enter an amount above zero.")


class DayAhead(DomainError):
    """Money that has not arrived yet is in no book."""

    code = "ledger.day_ahead"
    text = N_("This day is still to come. Enter the day on which the money arrived.")


class BuyerAmbiguous(DomainError):
    """Names are not unique; codes are."""

    code = "ledger.buyer_ambiguous"
    text = N_("Several customers are called “%(name)s”. Ask for the statement by the dealer's code.")


class LimitInvalid(DomainError):
    """A limit or term below zero."""

    code = "ledger.limit_invalid"
    text = N_("A credit limit and its days cannot be negative.")


class ReferenceMissing(DomainError):
    """A pay-in without the bank's reference could be booked twice."""

    code = "ledger.reference_missing"
    text = N_("Enter the reference of the bank transfer.")


REBATE_REFERENCE = N_("Enter the number of the settlement the rebate comes from.")
"""``ReferenceMissing`` of a rebate: two settlements must not become one, nor one two."""


class ReferenceUsed(DomainError):
    """The reference stands in the books with another amount or another buyer."""

    code = "ledger.reference_used"
    kind = Kind.CONFLICT
    text = N_("Reference “%(reference)s” is already in the books with another amount or dealer.")


class OpeningBooked(DomainError):
    """An account is opened once; fields ``receivable`` and ``prepayment`` as they were booked, minor units."""

    code = "ledger.opening_booked"
    kind = Kind.CONFLICT
    text = N_("The opening balance of this account is booked already, with another amount.")


class OpenedAlready(DomainError):
    """The terms beside an opening that is booked are others by now."""

    code = "ledger.opened_already"
    kind = Kind.CONFLICT
    text = N_(
        "This account is opened already, and its terms differ. Set them on the account, or in a row of terms alone."
    )


class DueBeyond(DomainError):
    """Further than any terms reach."""

    code = "ledger.due_beyond"
    text = N_("%(day)s is too far away. Enter a day within ten years.")


class OpeningInvalid(DomainError):
    """An opening balance below zero, or larger than money is."""

    code = "ledger.opening_invalid"
    text = N_("An opening balance is an amount from zero on. What was paid in advance has a column of its own.")

"""The verbs of the books: money held for documents, accounts opened, payments booked."""

from billing.ledger.services.accounts import (
    Opening,
    PaidIn,
    PayIn,
    SetLimit,
    open_account,
    open_accounts,
    open_book,
    open_parties,
    open_party,
    pay_in,
    set_limit,
)
from billing.ledger.services.holds import SHIPMENT, HoldFacts, Posting, capture, hold, release

__all__ = [
    "SHIPMENT",
    "HoldFacts",
    "Opening",
    "PaidIn",
    "PayIn",
    "Posting",
    "SetLimit",
    "capture",
    "hold",
    "open_account",
    "open_accounts",
    "open_book",
    "open_parties",
    "open_party",
    "pay_in",
    "release",
    "set_limit",
]

"""The verbs of the books: money held for documents, accounts opened, payments booked."""

from billing.ledger.services.accounts import (
    Opening,
    PaidIn,
    PartyFacts,
    PayIn,
    SetLimit,
    describe_parties,
    open_account,
    open_accounts,
    open_book,
    open_parties,
    pay_in,
    set_limit,
)
from billing.ledger.services.holds import SHIPMENT, HoldFacts, Posting, capture, hold, hold_more, release, release_part
from billing.ledger.services.rebates import AddRebate, RebateAdded, add_rebate

__all__ = [
    "SHIPMENT",
    "AddRebate",
    "HoldFacts",
    "Opening",
    "PaidIn",
    "PartyFacts",
    "PayIn",
    "Posting",
    "RebateAdded",
    "SetLimit",
    "add_rebate",
    "capture",
    "describe_parties",
    "hold",
    "hold_more",
    "open_account",
    "open_accounts",
    "open_book",
    "open_parties",
    "pay_in",
    "release",
    "release_part",
    "set_limit",
]

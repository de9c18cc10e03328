"""The verbs of the books: money held for documents, accounts opened, payments booked."""

from billing.ledger.services.holds import SHIPMENT, HoldFacts, Posting, capture, hold, release

__all__ = ["SHIPMENT", "HoldFacts", "Posting", "capture", "hold", "release"]

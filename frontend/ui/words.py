"""The words and tones of every status a page can show: one table, so that no template spells a status itself.

A new status of a room is one row here (and its Chinese in the catalogue). Tones: good, warn, bad, info or "" (quiet).
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from frontend.ui.format import quantity as quantity_text

__all__ = ["StatusLook", "Tone", "known_statuses", "quantity_text", "status_look", "status_word"]


class StatusLook(NamedTuple):
    """How a status reads: a lazy translated ``word`` and a ``tone``."""

    word: str | Promise
    tone: str


class Tone(StrEnum):
    """Meaning of a colour."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    QUIET = ""


_G, _W, _B, _I, _Q = Tone.GOOD, Tone.WARN, Tone.BAD, Tone.INFO, Tone.QUIET

_LOOKS: dict[str, dict[str, StatusLook]] = {
    "order": {
        "DRAFT": StatusLook(pgettext_lazy("order", "Draft"), _Q),
        "AWAIT_BUYER_CONFIRM": StatusLook(pgettext_lazy("order", "Awaiting the buyer"), _W),
        "SUBMITTED": StatusLook(pgettext_lazy("order", "Submitted"), _I),
        "APPROVING": StatusLook(pgettext_lazy("order", "In approval"), _I),
        "APPROVED": StatusLook(pgettext_lazy("order", "Approved"), _I),
        "REJECTED": StatusLook(pgettext_lazy("order", "Rejected"), _B),
        "CONFIRMED": StatusLook(pgettext_lazy("order", "Confirmed"), _G),
        "CHANGE_PENDING": StatusLook(pgettext_lazy("order", "Change to confirm"), _W),
        "CLOSED_SHORT": StatusLook(pgettext_lazy("order", "Closed short"), _Q),
        "COMPLETED": StatusLook(pgettext_lazy("order", "Completed"), _G),
        "CANCELLED": StatusLook(pgettext_lazy("order", "Cancelled"), _Q),
        "EXPIRED": StatusLook(pgettext_lazy("order", "Expired"), _Q),
    },
    "payment": {
        "UNPAID": StatusLook(pgettext_lazy("payment", "To be paid"), _W),
        "PART_FUNDED": StatusLook(pgettext_lazy("payment", "Partly paid"), _W),
        "FUNDED": StatusLook(pgettext_lazy("payment", "Paid in full"), _G),
        "REFUNDING": StatusLook(pgettext_lazy("payment", "Refund under way"), _I),
        "REFUNDED": StatusLook(pgettext_lazy("payment", "Refunded"), _Q),
    },
    "fulfilment": {
        "NONE": StatusLook(pgettext_lazy("fulfilment", "Not shipped"), _Q),
        "ALLOCATED": StatusLook(pgettext_lazy("fulfilment", "Stock allocated"), _I),
        "PICKED": StatusLook(pgettext_lazy("fulfilment", "Picked"), _I),
        "PART_SHIPPED": StatusLook(pgettext_lazy("fulfilment", "Partly shipped"), _I),
        "SHIPPED": StatusLook(pgettext_lazy("fulfilment", "Shipped"), _I),
        "PART_RECEIVED": StatusLook(pgettext_lazy("fulfilment", "Partly received"), _I),
        "RECEIVED": StatusLook(pgettext_lazy("fulfilment", "Received"), _G),
    },
    "invoice": {
        "NONE": StatusLook(pgettext_lazy("invoice", "Not invoiced"), _Q),
        "APPLIED": StatusLook(pgettext_lazy("invoice", "Invoice requested"), _I),
        "ISSUED_PART": StatusLook(pgettext_lazy("invoice", "Partly invoiced"), _I),
        "ISSUED_FULL": StatusLook(pgettext_lazy("invoice", "Invoiced"), _G),
        "RED_APPLIED": StatusLook(pgettext_lazy("invoice", "Red invoice requested"), _W),
        "RED_ISSUED": StatusLook(pgettext_lazy("invoice", "Red invoice issued"), _Q),
    },
    "settlement": {
        "OPEN": StatusLook(pgettext_lazy("settlement", "Not settled"), _Q),
        "STATEMENT_SENT": StatusLook(pgettext_lazy("settlement", "Statement to confirm"), _W),
        "CONFIRMED": StatusLook(pgettext_lazy("settlement", "Statement confirmed"), _I),
        "SETTLED": StatusLook(pgettext_lazy("settlement", "Settled"), _G),
        "DISPUTED": StatusLook(pgettext_lazy("settlement", "Disputed"), _B),
    },
    "shipment": {
        "CREATED": StatusLook(pgettext_lazy("shipment", "To be picked"), _Q),
        "PICKING": StatusLook(pgettext_lazy("shipment", "Being picked"), _I),
        "LOADED": StatusLook(pgettext_lazy("shipment", "Loaded"), _I),
        "IN_TRANSIT": StatusLook(pgettext_lazy("shipment", "On the road"), _I),
        "ARRIVED": StatusLook(pgettext_lazy("shipment", "Arrived, to be signed for"), _W),
        "SIGNED": StatusLook(pgettext_lazy("shipment", "Signed for"), _G),
        "SIGNED_WITH_CLAIM": StatusLook(pgettext_lazy("shipment", "Signed for with a claim"), _W),
        "REFUSED": StatusLook(pgettext_lazy("shipment", "Refused at the door"), _B),
    },
    "sku": {
        "DRAFT": StatusLook(pgettext_lazy("sku", "Draft"), _Q),
        "ON": StatusLook(pgettext_lazy("sku", "On sale"), _G),
        "OFF": StatusLook(pgettext_lazy("sku", "Off the shelf"), _Q),
        "DISCONTINUED": StatusLook(pgettext_lazy("sku", "Discontinued"), _Q),
    },
    "stock": {
        "ENOUGH": StatusLook(pgettext_lazy("stock", "Enough"), _G),
        "LOW": StatusLook(pgettext_lazy("stock", "Low"), _W),
        "OUT": StatusLook(pgettext_lazy("stock", "Nothing free"), _B),
    },
    "stock_count": {
        "OPEN": StatusLook(pgettext_lazy("stock count", "Being counted"), _I),
        "COUNTED": StatusLook(pgettext_lazy("stock count", "Counted, to be booked"), _W),
        "BOOKED": StatusLook(pgettext_lazy("stock count", "Booked"), _G),
        "CANCELLED": StatusLook(pgettext_lazy("stock count", "Cancelled"), _Q),
    },
    "transfer": {
        "DRAFT": StatusLook(pgettext_lazy("transfer", "Draft"), _Q),
        "SENT": StatusLook(pgettext_lazy("transfer", "On the road"), _I),
        "RECEIVED": StatusLook(pgettext_lazy("transfer", "Received"), _G),
        "CANCELLED": StatusLook(pgettext_lazy("transfer", "Cancelled"), _Q),
    },
    "dealer": {
        "DRAFT": StatusLook(pgettext_lazy("dealer", "Being set up"), _Q),
        "ACTIVE": StatusLook(pgettext_lazy("dealer", "Active"), _G),
        "SUSPENDED": StatusLook(pgettext_lazy("dealer", "Suspended"), _W),
        "CLOSED": StatusLook(pgettext_lazy("dealer", "Closed"), _Q),
    },
    "job": {
        "QUEUED": StatusLook(pgettext_lazy("job", "Waiting"), _Q),
        "RUNNING": StatusLook(pgettext_lazy("job", "Running"), _I),
        "DONE": StatusLook(pgettext_lazy("job", "Done"), _G),
        "DONE_WITH_ERRORS": StatusLook(pgettext_lazy("job", "Partly done"), _W),
        "PREVIEW": StatusLook(pgettext_lazy("job", "Preview"), _Q),
        "AWAITS": StatusLook(pgettext_lazy("job", "To be confirmed"), _I),
        "FAILED": StatusLook(pgettext_lazy("job", "Failed"), _B),
        "CANCELLED": StatusLook(pgettext_lazy("job", "Cancelled"), _Q),
    },
    "brand": {
        "PROVISIONING": StatusLook(pgettext_lazy("brand", "Being opened"), _I),
        "ACTIVE": StatusLook(pgettext_lazy("brand", "Open"), _G),
        "READ_ONLY": StatusLook(pgettext_lazy("brand", "Read-only"), _W),
        "SUSPENDED": StatusLook(pgettext_lazy("brand", "Suspended"), _B),
        "DELETING": StatusLook(pgettext_lazy("brand", "Being deleted"), _B),
        "DELETED": StatusLook(pgettext_lazy("brand", "Deleted"), _Q),
    },
    "grant": {
        "UPCOMING": StatusLook(pgettext_lazy("grant", "Not yet in force"), _I),
        "ACTIVE": StatusLook(pgettext_lazy("grant", "In force"), _G),
        "ENDED": StatusLook(pgettext_lazy("grant", "Ended"), _Q),
    },
    "credential": {
        "VALID": StatusLook(pgettext_lazy("credential", "Valid"), _G),
        "EXPIRING": StatusLook(pgettext_lazy("credential", "Ends soon"), _W),
        "EXPIRED": StatusLook(pgettext_lazy("credential", "Ended"), _B),
        "UPCOMING": StatusLook(pgettext_lazy("credential", "Not yet in force"), _I),
        "CHECKING": StatusLook(pgettext_lazy("credential", "Being verified"), _I),
        "OPEN": StatusLook(pgettext_lazy("credential", "To be accepted"), _W),
        "REJECTED": StatusLook(pgettext_lazy("credential", "Not right"), _B),
        "REFUSED": StatusLook(pgettext_lazy("credential", "Not accepted"), _B),
        "WITHDRAWN": StatusLook(pgettext_lazy("credential", "Taken back"), _Q),
    },
    "licence_check": {
        "NONE": StatusLook(pgettext_lazy("licence check", "Not sent to the platform"), _Q),
        "SUBMITTED": StatusLook(pgettext_lazy("licence check", "With the platform"), _I),
        "VERIFIED": StatusLook(pgettext_lazy("licence check", "Verified by the platform"), _G),
        "REJECTED": StatusLook(pgettext_lazy("licence check", "Rejected by the platform"), _B),
        "WITHDRAWN": StatusLook(pgettext_lazy("licence check", "Taken back"), _Q),
    },
    "licence": {
        "SUBMITTED": StatusLook(pgettext_lazy("licence", "To be verified"), _W),
        "VERIFIED": StatusLook(pgettext_lazy("licence", "Verified"), _G),
        "REJECTED": StatusLook(pgettext_lazy("licence", "Rejected"), _B),
        "EXPIRED": StatusLook(pgettext_lazy("licence", "Ended"), _Q),
        "WITHDRAWN": StatusLook(pgettext_lazy("licence", "Withdrawn"), _Q),
        "SUPERSEDED": StatusLook(pgettext_lazy("licence", "Replaced by a newer one"), _Q),
    },
    "seat": {
        "ACTIVE": StatusLook(pgettext_lazy("seat", "Active"), _G),
        "CLOSED": StatusLook(pgettext_lazy("seat", "Closed"), _Q),
    },
    "hold": {
        "PENDING": StatusLook(pgettext_lazy("hold", "Held"), _I),
        "POSTED": StatusLook(pgettext_lazy("hold", "Charged"), _G),
        "VOIDED": StatusLook(pgettext_lazy("hold", "Released"), _Q),
    },
    "message": {
        "QUEUED": StatusLook(pgettext_lazy("message", "Waiting"), _Q),
        "SENDING": StatusLook(pgettext_lazy("message", "Being sent"), _I),
        "SENT": StatusLook(pgettext_lazy("message", "Sent"), _G),
        "NO_ADDRESS": StatusLook(pgettext_lazy("message", "No address"), _W),
        "FAILED": StatusLook(pgettext_lazy("message", "Failed"), _B),
    },
}


def status_look(kind: str, value: str) -> StatusLook:
    """Word and tone of ``value`` in ``kind``. KeyError names both when the table lacks them."""
    try:
        return _LOOKS[kind][str(value)]
    except KeyError:
        raise KeyError(f"no words for status {value!r} of {kind!r}") from None


def status_word(kind: str, value: str) -> str:
    """The translated word alone."""
    return str(status_look(kind, value).word)


def known_statuses() -> dict[str, tuple[str, ...]]:
    """Every kind and its values: for the living page and for tests that compare with the rooms' enums."""
    return {kind: tuple(values) for kind, values in _LOOKS.items()}

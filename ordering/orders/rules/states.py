"""The five independent statuses of an order as transition tables. Source: handbook of the trade, §4.2.

Statuses are the values of the model's choices; a test keeps both in step.
"""

from collections.abc import Mapping

from ordering.orders.errors import StateRefused

Table = Mapping[str, frozenset[str]]


def _table(text: str) -> Table:
    """``"A: B C"`` a line; a status without a line after the colon is an end."""
    rows = (line.partition(":") for line in text.strip().splitlines())
    return {status.strip(): frozenset(following.split()) for status, _, following in rows}


ORDER = _table(
    """
    DRAFT: SUBMITTED
    SUBMITTED: APPROVING CANCELLED EXPIRED
    APPROVING: APPROVED REJECTED CANCELLED EXPIRED
    APPROVED: CONFIRMED CANCELLED
    CONFIRMED: COMPLETED CANCELLED CLOSED_SHORT
    REJECTED:
    CANCELLED:
    EXPIRED:
    CLOSED_SHORT:
    COMPLETED:
    """
)
PAYMENT = _table(
    """
    UNPAID: PART_FUNDED FUNDED
    PART_FUNDED: FUNDED REFUNDED
    FUNDED: REFUNDED
    REFUNDED:
    """
)
FULFILMENT = _table(
    """
    NONE: ALLOCATED PART_SHIPPED SHIPPED
    ALLOCATED: PART_SHIPPED SHIPPED
    PART_SHIPPED: SHIPPED PART_RECEIVED
    SHIPPED: PART_RECEIVED RECEIVED
    PART_RECEIVED: RECEIVED
    RECEIVED:
    """
)
INVOICE = _table("NONE:")
SETTLEMENT = _table("OPEN:")
TABLES: Mapping[str, Table] = {
    "order": ORDER,
    "payment": PAYMENT,
    "fulfilment": FULFILMENT,
    "invoice": INVOICE,
    "settlement": SETTLEMENT,
}
WAITING = ("SUBMITTED", "APPROVING")
"""Statuses that wait for approval and expire at ``approve_by``."""
UNSHIPPED = ("NONE", "ALLOCATED")


def walk(kind: str, status: str, *steps: str) -> str:
    """Go from ``status`` through ``steps`` by the table of ``kind``; the last one. Raises ``StateRefused``."""
    table, at = TABLES[kind], status
    for step in steps:
        if step not in table[at]:
            raise StateRefused(kind_of_status=kind, status=status, wanted=steps[-1])
        at = step
    return at


def approved(status: str) -> str:
    """Where approval leads when the hold covers the order: through every step to CONFIRMED. Raises ``StateRefused``."""
    way = ("APPROVING", "APPROVED", "CONFIRMED")
    return walk("order", status, *(way if status == "SUBMITTED" else way[1:]))


def rejected(status: str) -> str:
    """Where a rejection leads. Raises ``StateRefused``."""
    return walk("order", status, *(("APPROVING", "REJECTED") if status == "SUBMITTED" else ("REJECTED",)))


def cancelled(status: str, fulfilment: str) -> str:
    """Where cancelling leads: only while nothing has shipped. Raises ``StateRefused``."""
    if fulfilment not in UNSHIPPED:
        raise StateRefused(kind_of_status="fulfilment", status=fulfilment, wanted="CANCELLED")
    return walk("order", status, "CANCELLED")


def closed_short(status: str, fulfilment: str) -> str:
    """Where closing the rest leads: only when some of it has shipped and some has not. Raises ``StateRefused``.

    An order of which nothing left is cancelled; of one that left whole nothing remains.
    """
    if fulfilment != "PART_SHIPPED":
        raise StateRefused(kind_of_status="fulfilment", status=fulfilment, wanted="CLOSED_SHORT")
    return walk("order", status, "CLOSED_SHORT")


def refunded(payment: str) -> str:
    """Payment status once the holds have fallen: what was funded is given back, what was not stays unpaid."""
    return payment if payment == "UNPAID" else walk("payment", payment, "REFUNDED")


def fulfilment_of(before: str, *, ordered: int, shipped: int, signed: int) -> str:
    """The fulfilment status by bottles: ``shipped`` of ``ordered``, ``signed`` of those (bottles of signed shipments).

    A short receipt is signed all the same; the claim tells the rest. Raises ``StateRefused`` for a step back.
    """
    if shipped == 0:
        after = before
    elif shipped < ordered:
        after = "PART_SHIPPED"
    elif signed == 0:
        after = "SHIPPED"
    else:
        after = "RECEIVED" if signed >= shipped else "PART_RECEIVED"
    return before if after == before else _along(before, after)


def _along(before: str, after: str) -> str:
    """``after`` when it can be reached from ``before`` in any number of steps."""
    reached, edge = {before}, {before}
    while edge:
        edge = {status for old in edge for status in FULFILMENT[old]} - reached
        reached |= edge
    if after not in reached:
        raise StateRefused(kind_of_status="fulfilment", status=before, wanted=after)
    return after

"""Money kept for a document: held, given back, captured. One statement each; docs/algorithms/ledger.md.

These run inside the act of a higher room and open none themselves.
"""

from dataclasses import dataclass

from billing.ledger import errors
from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError

SHIPMENT = "SHIPMENT"
"""Document type of the journals that captures post."""


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What was held, minor units: ``prepay_part`` of paid-in money, ``credit_part`` on credit."""

    id: int
    prepay_part: int
    credit_part: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One posted shipment: the journal and what it took from prepayment and put on the receivable, minor units."""

    journal_id: int
    prepay_part: int
    credit_part: int


_HOLD = """
WITH held AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_held = prepay_held + least(%(amount)s::bigint, prepay_balance - prepay_held),
        credit_held = credit_held + %(amount)s::bigint - least(%(amount)s::bigint, prepay_balance - prepay_held),
        version = version + 1
    FROM ledger_book AS book, ledger_party AS seller, ledger_party AS buyer
    WHERE account.book_id = book.id AND book.seller_id = seller.id AND account.buyer_id = buyer.id
      AND seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
      AND NOT account.is_blocked
      AND prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held >= %(amount)s::bigint
    RETURNING account.id, new.prepay_held - old.prepay_held AS prepay, new.credit_held - old.credit_held AS credit
)
INSERT INTO ledger_hold (account_id, document_type, document_number, currency, prepay_part, credit_part,
                         captured_prepay, captured_credit, status, created_at)
SELECT id, %(document_type)s, %(document_number)s, %(currency)s, prepay, credit, 0, 0, 'PENDING', %(at)s FROM held
ON CONFLICT ON CONSTRAINT hold_once DO NOTHING
RETURNING id, prepay_part, credit_part
"""

_ACCOUNT = """
SELECT account.is_blocked,
       prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held AS available,
       EXISTS (SELECT FROM ledger_hold
               WHERE document_type = %(document_type)s AND document_number = %(document_number)s)
FROM ledger_tradingaccount AS account
JOIN ledger_book AS book ON book.id = account.book_id
JOIN ledger_party AS seller ON seller.id = book.seller_id
JOIN ledger_party AS buyer ON buyer.id = account.buyer_id
WHERE seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
"""


def hold(
    *,
    seller_dealer_id: int,
    buyer_dealer_id: int,
    amount: int,
    currency: str,
    document_type: str,
    document_number: str,
) -> HoldFacts:
    """Hold ``amount`` (minor units, > 0) of the buyer's account for a document: prepayment first, then credit.

    Inside the caller's act. Raises ``AccountMissing``, ``AccountBlocked``, ``CreditExhausted`` or ``AlreadyHeld``.
    """
    if amount <= 0:
        raise ValueError("a hold is above zero")
    note_rank(Rank.LEDGER)
    wanted: dict[str, object] = {
        "amount": amount,
        "seller": seller_dealer_id,
        "buyer": buyer_dealer_id,
        "currency": currency,
        "document_type": document_type,
        "document_number": document_number,
        "at": clock.now(),
    }
    held = sql.row(_HOLD, wanted)
    if held is None:
        raise _why_not_held(wanted)
    return HoldFacts(*held)


def _why_not_held(wanted: dict[str, object]) -> DomainError:
    account = sql.row(_ACCOUNT, wanted)
    if account is None:
        return errors.AccountMissing()
    is_blocked, available, is_held = account
    if is_held:
        return errors.AlreadyHeld(number=str(wanted["document_number"]))
    if is_blocked:
        return errors.AccountBlocked()
    # Another order may have let go between the two statements: the wish stays refused, the figure stays honest.
    return errors.CreditExhausted(
        wanted=int(str(wanted["amount"])), available=max(0, available), currency=str(wanted["currency"])
    )


_RELEASE = """
WITH freed AS (
    UPDATE ledger_hold
    SET status = CASE WHEN captured_prepay + captured_credit > 0 THEN 'POSTED' ELSE 'VOIDED' END, closed_at = %(at)s
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
    RETURNING account_id, prepay_part - captured_prepay AS prepay, credit_part - captured_credit AS credit
)
UPDATE ledger_tradingaccount AS account
SET prepay_held = prepay_held - freed.prepay, credit_held = credit_held - freed.credit, version = version + 1
FROM freed WHERE account.id = freed.account_id
RETURNING freed.prepay + freed.credit
"""


def release(*, document_type: str, document_number: str) -> int:
    """Give back what the document still holds; minor units given back, 0 when it holds nothing (any more).

    Inside the caller's act. A hold that shipments have used in part ends POSTED, an untouched one VOIDED.
    """
    note_rank(Rank.LEDGER)
    freed = sql.row(_RELEASE, {"document_type": document_type, "document_number": document_number, "at": clock.now()})
    return int(freed[0]) if freed else 0


_RELEASE_PART = """
WITH freed AS (
    UPDATE ledger_hold
    SET credit_part = credit_part - least(%(amount)s::bigint, credit_part - captured_credit),
        prepay_part = prepay_part - %(amount)s::bigint
                      + least(%(amount)s::bigint, credit_part - captured_credit),
        status = CASE WHEN %(amount)s::bigint < prepay_part + credit_part - captured_prepay - captured_credit
                      THEN status WHEN captured_prepay + captured_credit > 0 THEN 'POSTED' ELSE 'VOIDED' END,
        closed_at = CASE WHEN %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                         THEN %(at)s::timestamptz END
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
      AND prepay_part + credit_part - captured_prepay - captured_credit >= %(amount)s::bigint
    RETURNING id, account_id, old.prepay_part - new.prepay_part AS prepay, old.credit_part - new.credit_part AS credit
)
UPDATE ledger_tradingaccount AS account
SET prepay_held = prepay_held - freed.prepay, credit_held = credit_held - freed.credit, version = version + 1
FROM freed WHERE account.id = freed.account_id
RETURNING freed.id, freed.prepay, freed.credit
"""


def release_part(*, document_type: str, document_number: str, amount: int) -> HoldFacts:
    """Give ``amount`` (minor units, > 0) of a document's hold back: what shipments under way need stays held.

    Credit first: prepayment is used first, so the hold stands as if the document had been smaller from the start.
    Inside the caller's act. Raises ``NothingHeld`` when less is held.
    """
    if amount <= 0:
        raise ValueError("what is given back is above zero")
    note_rank(Rank.LEDGER)
    asked = {"document_type": document_type, "document_number": document_number, "amount": amount, "at": clock.now()}
    freed = sql.row(_RELEASE_PART, asked)
    if freed is None:
        raise errors.NothingHeld(number=document_number)
    return HoldFacts(*freed)


_GROW = """
WITH grown AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_held = prepay_held + least(%(amount)s::bigint, prepay_balance - prepay_held),
        credit_held = credit_held + %(amount)s::bigint - least(%(amount)s::bigint, prepay_balance - prepay_held),
        version = version + 1
    FROM ledger_hold AS hold
    WHERE hold.document_type = %(document_type)s AND hold.document_number = %(document_number)s
      AND hold.status = 'PENDING' AND account.id = hold.account_id AND NOT account.is_blocked
      AND prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held >= %(amount)s::bigint
    RETURNING hold.id AS hold_id, new.prepay_held - old.prepay_held AS prepay,
              new.credit_held - old.credit_held AS credit
)
UPDATE ledger_hold AS hold SET prepay_part = prepay_part + grown.prepay, credit_part = credit_part + grown.credit
FROM grown WHERE hold.id = grown.hold_id
RETURNING hold.id, grown.prepay, grown.credit
"""
_HELD_ACCOUNT = """
SELECT account.is_blocked, hold.currency,
       prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held AS available
FROM ledger_hold AS hold JOIN ledger_tradingaccount AS account ON account.id = hold.account_id
WHERE hold.document_type = %(document_type)s AND hold.document_number = %(document_number)s
  AND hold.status = 'PENDING'
"""


def hold_more(*, document_type: str, document_number: str, amount: int) -> HoldFacts:
    """Hold ``amount`` (minor units, > 0) more for a document that holds some: prepayment first, then credit.

    One statement; what was added. Inside the caller's act, which holds the document's own lock. Raises ``NothingHeld``,
    ``AccountBlocked`` or ``CreditExhausted`` (of the addition).
    """
    if amount <= 0:
        raise ValueError("what is added to a hold is above zero")
    note_rank(Rank.LEDGER)
    asked: dict[str, object] = {"document_type": document_type, "document_number": document_number, "amount": amount}
    grown = sql.row(_GROW, asked)
    if grown is not None:
        return HoldFacts(*grown)
    account = sql.row(_HELD_ACCOUNT, asked)
    if account is None:
        raise errors.NothingHeld(number=document_number)
    is_blocked, currency, available = account
    if is_blocked:
        raise errors.AccountBlocked
    raise errors.CreditExhausted(wanted=amount, available=max(0, available), currency=currency)


_CAPTURE = """
WITH used AS (
    UPDATE ledger_hold
    SET captured_prepay = captured_prepay + least(%(amount)s::bigint, prepay_part - captured_prepay),
        captured_credit = captured_credit + %(amount)s::bigint
                          - least(%(amount)s::bigint, prepay_part - captured_prepay),
        status = CASE WHEN %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                      THEN 'POSTED' ELSE status END,
        closed_at = CASE WHEN %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                         THEN %(at)s::timestamptz END
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
      AND prepay_part + credit_part - captured_prepay - captured_credit >= %(amount)s::bigint
    RETURNING account_id, new.captured_prepay - old.captured_prepay AS prepay,
              new.captured_credit - old.captured_credit AS credit
), moved AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_balance = prepay_balance - used.prepay, prepay_held = prepay_held - used.prepay,
        receivable_balance = receivable_balance + used.credit, credit_held = credit_held - used.credit,
        version = version + 1
    FROM used WHERE account.id = used.account_id
    RETURNING account.book_id, account.buyer_id, account.terms_days, used.prepay, used.credit
), journal AS (
    INSERT INTO ledger_journal (book_id, kind, document_type, document_number, memo, person_id, booked_on, at)
    SELECT book_id, 'SALE', %(shipment_type)s, %(shipment_number)s, '', %(person)s, %(booked_on)s, %(at)s FROM moved
    ON CONFLICT ON CONSTRAINT journal_once DO NOTHING
    RETURNING id
), entries AS (
    INSERT INTO ledger_entry (journal_id, account_code, buyer_id, amount, due_on)
    SELECT journal.id, side.account_code, moved.buyer_id, side.amount, side.due_on
    FROM journal, moved, LATERAL (VALUES
        ('2203', moved.prepay, NULL::date),
        ('1122', moved.credit, %(booked_on)s::date + moved.terms_days),
        ('6001', %(tax)s::bigint - %(amount)s::bigint, NULL),
        ('2221.01', -%(tax)s::bigint, NULL)
    ) AS side (account_code, amount, due_on)
    WHERE side.amount <> 0
)
SELECT (SELECT id FROM journal), moved.prepay, moved.credit FROM moved
"""


def capture(
    *,
    document_type: str,
    document_number: str,
    shipment_number: str,
    amount: int,
    tax: int,
    actor: Actor | None,
) -> Posting:
    """Post a signed shipment of ``amount`` minor units, of which ``tax`` VAT, against the document's hold.

    Dr 2203 prepayment first, then 1122 receivable; Cr 6001 and 2221.01. Inside the caller's act. Raises
    ``NothingHeld`` when less is held, ``AlreadyPosted`` when the shipment is in the books.
    """
    if amount <= 0 or not 0 <= tax <= amount:
        raise ValueError("a shipment costs something, and its tax lies inside")
    note_rank(Rank.LEDGER)
    at = clock.now()
    shipment: dict[str, object] = {
        "document_type": document_type,
        "document_number": document_number,
        "shipment_type": SHIPMENT,
        "shipment_number": shipment_number,
        "amount": amount,
        "tax": tax,
        "at": at,
        "booked_on": clock.business_day(at),
        "person": actor.person_id if actor else None,
    }
    posted = sql.row(_CAPTURE, shipment)
    if posted is None:
        raise _why_not_captured(shipment)
    journal_id, prepay, credit = posted
    if journal_id is None:
        raise errors.AlreadyPosted(number=shipment_number)
    return Posting(journal_id, prepay, credit)


_POSTED = """
SELECT EXISTS (
    SELECT FROM ledger_hold AS hold
    JOIN ledger_tradingaccount AS account ON account.id = hold.account_id
    JOIN ledger_journal AS journal ON journal.book_id = account.book_id
    WHERE hold.document_type = %(document_type)s AND hold.document_number = %(document_number)s
      AND journal.kind = 'SALE' AND journal.document_type = %(shipment_type)s
      AND journal.document_number = %(shipment_number)s
)
"""


def _why_not_captured(shipment: dict[str, object]) -> DomainError:
    """A shipment sent twice finds its hold used up: it is told what it is, not that money is missing."""
    posted = sql.row(_POSTED, shipment)
    if posted is not None and posted[0]:
        return errors.AlreadyPosted(number=str(shipment["shipment_number"]))
    return errors.NothingHeld(number=str(shipment["document_number"]))

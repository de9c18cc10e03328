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
    """What was held, minor units: ``prepay_part`` of paid-in money, ``credit_part`` on credit, ``rebate_part`` of the
    rebate pool.
    """

    id: int
    prepay_part: int
    credit_part: int
    rebate_part: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """One posted shipment: the journal, what it took from prepayment, put on the receivable, took from the rebate pool.

    Minor units.
    """

    journal_id: int
    prepay_part: int
    credit_part: int
    rebate_part: int = 0


_HOLD = """
WITH held AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_held = prepay_held + least(%(amount)s::bigint, prepay_balance - prepay_held),
        credit_held = credit_held + %(amount)s::bigint - least(%(amount)s::bigint, prepay_balance - prepay_held),
        rebate_held = rebate_held + %(rebate)s::bigint,
        version = version + 1
    FROM ledger_book AS book, ledger_party AS seller, ledger_party AS buyer
    WHERE account.book_id = book.id AND book.seller_id = seller.id AND account.buyer_id = buyer.id
      AND seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
      AND NOT account.is_blocked AND rebate_balance - rebate_held >= %(rebate)s::bigint
      AND (%(amount)s::bigint = 0
           OR prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held >= %(amount)s::bigint)
    RETURNING account.id, new.prepay_held - old.prepay_held AS prepay, new.credit_held - old.credit_held AS credit
)
INSERT INTO ledger_hold (account_id, document_type, document_number, currency, prepay_part, credit_part, rebate_part,
                         captured_prepay, captured_credit, captured_rebate, status, created_at)
SELECT id, %(document_type)s, %(document_number)s, %(currency)s, prepay, credit, %(rebate)s, 0, 0, 0, 'PENDING', %(at)s
FROM held
ON CONFLICT ON CONSTRAINT hold_once DO NOTHING
RETURNING id, prepay_part, credit_part, rebate_part
"""

_ACCOUNT = """
SELECT account.is_blocked,
       prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held AS available,
       rebate_balance - rebate_held AS pool,
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
    rebate: int = 0,
) -> HoldFacts:
    """Hold ``amount`` (minor units, ≥ 0) of the buyer's account for a document: prepayment first, then credit.

    ``rebate`` (≥ 0) of the rebate pool is held beside it. A document that costs nothing holds nothing and has its row
    all the same. Inside the caller's act. Raises ``AccountMissing``, ``AccountBlocked``, ``CreditExhausted``,
    ``RebateExhausted`` or ``AlreadyHeld``.
    """
    if amount < 0 or rebate < 0:
        raise ValueError("nothing below zero is held")
    note_rank(Rank.LEDGER)
    wanted: dict[str, object] = {
        "amount": amount,
        "rebate": rebate,
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
    is_blocked, available, pool, is_held = account
    if is_held:
        return errors.AlreadyHeld(number=str(wanted["document_number"]))
    if is_blocked:
        return errors.AccountBlocked()
    if available >= int(str(wanted["amount"])) and pool < int(str(wanted["rebate"])):
        return _pool_is_short(int(str(wanted["rebate"])), pool, str(wanted["currency"]))
    # Another order may have let go between the two statements: the wish stays refused, the figure stays honest.
    return errors.CreditExhausted(
        wanted=int(str(wanted["amount"])), available=max(0, available), currency=str(wanted["currency"])
    )


def _pool_is_short(wanted: int, pool: int, currency: str) -> errors.RebateExhausted:
    return errors.RebateExhausted(wanted=wanted, available=pool, currency=currency)


_RELEASE = """
WITH freed AS (
    UPDATE ledger_hold
    SET status = CASE WHEN captured_prepay + captured_credit + captured_rebate > 0 THEN 'POSTED' ELSE 'VOIDED' END,
        closed_at = %(at)s
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
    RETURNING account_id, prepay_part - captured_prepay AS prepay, credit_part - captured_credit AS credit,
              rebate_part - captured_rebate AS rebate
)
UPDATE ledger_tradingaccount AS account
SET prepay_held = prepay_held - freed.prepay, credit_held = credit_held - freed.credit,
    rebate_held = rebate_held - freed.rebate, version = version + 1
FROM freed WHERE account.id = freed.account_id
RETURNING freed.prepay + freed.credit
"""


def release(*, document_type: str, document_number: str) -> int:
    """Give back what the document still holds, of the rebate pool too; minor units of money given back.

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
        rebate_part = rebate_part - %(rebate)s::bigint,
        status = CASE WHEN captured_prepay + captured_credit + captured_rebate > 0
                           AND %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                           AND %(rebate)s::bigint = rebate_part - captured_rebate THEN 'POSTED' ELSE status END,
        closed_at = CASE WHEN captured_prepay + captured_credit + captured_rebate > 0
                              AND %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                              AND %(rebate)s::bigint = rebate_part - captured_rebate THEN %(at)s::timestamptz END
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
      AND prepay_part + credit_part - captured_prepay - captured_credit >= %(amount)s::bigint
      AND rebate_part - captured_rebate >= %(rebate)s::bigint
    RETURNING id, account_id, old.prepay_part - new.prepay_part AS prepay, old.credit_part - new.credit_part AS credit
)
UPDATE ledger_tradingaccount AS account
SET prepay_held = prepay_held - freed.prepay, credit_held = credit_held - freed.credit,
    rebate_held = rebate_held - %(rebate)s::bigint, version = version + 1
FROM freed WHERE account.id = freed.account_id
RETURNING freed.id, freed.prepay, freed.credit, %(rebate)s::bigint
"""


def release_part(*, document_type: str, document_number: str, amount: int, rebate: int = 0) -> HoldFacts:
    """Give ``amount`` (minor units) of a document's hold and ``rebate`` of the pool back; one of them is above zero.

    What shipments under way need stays held. Credit first: prepayment is used first, so the hold stands as if the
    document had been smaller from the start. A hold nothing was captured of stays open, be it empty: the document may
    grow again. Inside the caller's act. Raises ``NothingHeld`` when less is held.
    """
    if amount < 0 or rebate < 0 or not amount + rebate:
        raise ValueError("what is given back is above zero")
    note_rank(Rank.LEDGER)
    asked = {
        "document_type": document_type,
        "document_number": document_number,
        "amount": amount,
        "rebate": rebate,
        "at": clock.now(),
    }
    freed = sql.row(_RELEASE_PART, asked)
    if freed is None:
        raise errors.NothingHeld(number=document_number)
    return HoldFacts(*freed)


_GROW = """
WITH grown AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_held = prepay_held + least(%(amount)s::bigint, prepay_balance - prepay_held),
        credit_held = credit_held + %(amount)s::bigint - least(%(amount)s::bigint, prepay_balance - prepay_held),
        rebate_held = rebate_held + %(rebate)s::bigint,
        version = version + 1
    FROM ledger_hold AS hold
    WHERE hold.document_type = %(document_type)s AND hold.document_number = %(document_number)s
      AND hold.status = 'PENDING' AND account.id = hold.account_id AND NOT account.is_blocked
      AND rebate_balance - rebate_held >= %(rebate)s::bigint
      AND (%(amount)s::bigint = 0
           OR prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held >= %(amount)s::bigint)
    RETURNING hold.id AS hold_id, new.prepay_held - old.prepay_held AS prepay,
              new.credit_held - old.credit_held AS credit
)
UPDATE ledger_hold AS hold
SET prepay_part = prepay_part + grown.prepay, credit_part = credit_part + grown.credit,
    rebate_part = rebate_part + %(rebate)s::bigint
FROM grown WHERE hold.id = grown.hold_id
RETURNING hold.id, grown.prepay, grown.credit, %(rebate)s::bigint
"""
_HELD_ACCOUNT = """
SELECT account.is_blocked, hold.currency,
       prepay_balance - prepay_held + credit_limit - receivable_balance - credit_held AS available,
       rebate_balance - rebate_held AS pool
FROM ledger_hold AS hold JOIN ledger_tradingaccount AS account ON account.id = hold.account_id
WHERE hold.document_type = %(document_type)s AND hold.document_number = %(document_number)s
  AND hold.status = 'PENDING'
"""


def hold_more(*, document_type: str, document_number: str, amount: int, rebate: int = 0) -> HoldFacts:
    """Hold ``amount`` (minor units) and ``rebate`` of the pool more for a document that has a hold; one is above zero.

    Prepayment first, then credit. One statement; what was added. Inside the caller's act, which holds the document's
    own lock. Raises ``NothingHeld``, ``AccountBlocked``,
    ``CreditExhausted`` (of the addition) or ``RebateExhausted``.
    """
    if amount < 0 or rebate < 0 or not amount + rebate:
        raise ValueError("what is added to a hold is above zero")
    note_rank(Rank.LEDGER)
    asked: dict[str, object] = {
        "document_type": document_type,
        "document_number": document_number,
        "amount": amount,
        "rebate": rebate,
    }
    grown = sql.row(_GROW, asked)
    if grown is not None:
        return HoldFacts(*grown)
    account = sql.row(_HELD_ACCOUNT, asked)
    if account is None:
        raise errors.NothingHeld(number=document_number)
    is_blocked, currency, available, pool = account
    if is_blocked:
        raise errors.AccountBlocked
    if available >= amount and pool < rebate:
        raise _pool_is_short(rebate, pool, currency)
    raise errors.CreditExhausted(wanted=amount, available=max(0, available), currency=currency)


_CAPTURE = """
WITH used AS (
    UPDATE ledger_hold
    SET captured_prepay = captured_prepay + least(%(amount)s::bigint, prepay_part - captured_prepay),
        captured_credit = captured_credit + %(amount)s::bigint
                          - least(%(amount)s::bigint, prepay_part - captured_prepay),
        captured_rebate = captured_rebate + %(rebate)s::bigint,
        status = CASE WHEN %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                           AND %(rebate)s::bigint = rebate_part - captured_rebate THEN 'POSTED' ELSE status END,
        closed_at = CASE WHEN %(amount)s::bigint = prepay_part + credit_part - captured_prepay - captured_credit
                              AND %(rebate)s::bigint = rebate_part - captured_rebate THEN %(at)s::timestamptz END
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND status = 'PENDING'
      AND prepay_part + credit_part - captured_prepay - captured_credit >= %(amount)s::bigint
      AND rebate_part - captured_rebate >= %(rebate)s::bigint
    RETURNING account_id, new.captured_prepay - old.captured_prepay AS prepay,
              new.captured_credit - old.captured_credit AS credit
), moved AS (
    UPDATE ledger_tradingaccount AS account
    SET prepay_balance = prepay_balance - used.prepay, prepay_held = prepay_held - used.prepay,
        receivable_balance = receivable_balance + used.credit, credit_held = credit_held - used.credit,
        rebate_balance = rebate_balance - %(rebate)s::bigint, rebate_held = rebate_held - %(rebate)s::bigint,
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
        ('2241.03', %(rebate)s::bigint, NULL),
        ('6001', %(tax)s::bigint + %(rebate_tax)s::bigint - %(amount)s::bigint - %(rebate)s::bigint, NULL),
        ('2221.01', -%(tax)s::bigint, NULL),
        ('2221.09', -%(rebate_tax)s::bigint, NULL)
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
    rebate: int = 0,
    rebate_tax: int = 0,
) -> Posting:
    """Post a signed shipment of ``amount`` minor units, of which ``tax`` VAT, against the document's hold.

    ``rebate`` is what the pool pays beside it, ``rebate_tax`` the VAT inside that. Dr 2203 prepayment first, then 1122
    receivable, 2241.03 pool; Cr 6001, 2221.01 and 2221.09. Inside the caller's act. Raises ``NothingHeld`` when less
    is held, ``AlreadyPosted`` when the shipment is in the books.
    """
    if not (0 <= tax <= amount and 0 <= rebate_tax <= rebate and amount + rebate > 0):
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
        "rebate": rebate,
        "rebate_tax": rebate_tax,
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
    return Posting(journal_id, prepay, credit, rebate)


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

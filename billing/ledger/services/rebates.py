"""Rebates (返利) put into a buyer's pool by finance: the pool pays a part of orders where a policy lets it."""

from dataclasses import dataclass

from billing.ledger import errors
from billing.ledger.events import ACCOUNT, REBATE_ADDED, account_key
from billing.ledger.permissions import Permission
from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import MAX_MINOR, vat_inside
from core.kernel.text import normalised

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class AddRebate:
    """A rebate for a buyer of the actor's own house. ``amount`` in minor units, VAT inside at ``tax_rate_bp``.

    ``reference`` names the settlement it comes from; ``reason`` says what for.
    """

    buyer_dealer_id: int
    amount: int
    reference: str
    reason: str
    currency: str = "CNY"
    tax_rate_bp: int = 1300


@dataclass(frozen=True, slots=True)
class RebateAdded:
    """A booked rebate; ``is_repeated`` when the same reference had been booked before and nothing changed now."""

    journal_id: int
    is_repeated: bool


_INSIDE = scopes.dealer_condition("buyer", "buyer.dealer_id")
_ADD = f"""
WITH journal AS (
    INSERT INTO ledger_journal (book_id, kind, document_type, document_number, memo, person_id, booked_on, at)
    SELECT account.book_id, 'REBATE', 'REBATE', %(reference)s, %(reason)s, %(person)s, %(booked_on)s, %(at)s
    FROM ledger_tradingaccount AS account
    JOIN ledger_book AS book ON book.id = account.book_id
    JOIN ledger_party AS seller ON seller.id = book.seller_id
    JOIN ledger_party AS buyer ON buyer.id = account.buyer_id
    WHERE seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
      AND {_INSIDE}
    ON CONFLICT ON CONSTRAINT journal_once DO NOTHING
    RETURNING id, book_id
), given AS (
    UPDATE ledger_tradingaccount AS account
    SET rebate_balance = rebate_balance + %(amount)s::bigint, version = version + 1
    FROM journal, ledger_party AS buyer
    WHERE account.book_id = journal.book_id AND account.buyer_id = buyer.id AND buyer.dealer_id = %(buyer)s
    RETURNING account.buyer_id, account.version, journal.id AS journal_id
), entries AS (
    INSERT INTO ledger_entry (journal_id, account_code, buyer_id, amount)
    SELECT given.journal_id, side.account_code, given.buyer_id, side.amount
    FROM given, (VALUES ('6001.09', %(amount)s::bigint - %(tax)s::bigint), ('2221.09', %(tax)s::bigint),
                        ('2241.03', -%(amount)s::bigint)) AS side (account_code, amount)
    WHERE side.amount <> 0
)
SELECT journal_id, version FROM given
"""

_EARLIER = f"""
SELECT journal.id, buyer.dealer_id = %(buyer)s AND entry.amount = -%(amount)s::bigint
FROM ledger_journal AS journal
JOIN ledger_book AS book ON book.id = journal.book_id
JOIN ledger_party AS seller ON seller.id = book.seller_id
JOIN ledger_entry AS entry ON entry.journal_id = journal.id AND entry.account_code = '2241.03'
JOIN ledger_party AS buyer ON buyer.id = entry.buyer_id
WHERE seller.dealer_id = %(seller)s AND book.currency = %(currency)s
  AND journal.kind = 'REBATE' AND journal.document_type = 'REBATE' AND journal.document_number = %(reference)s
  AND EXISTS (SELECT FROM ledger_party AS buyer WHERE buyer.dealer_id = %(buyer)s AND {_INSIDE})
"""


def add_rebate(*, actor: Actor, command: AddRebate) -> RebateAdded:
    """Put a rebate into a buyer's pool: Dr 6001.09 and 2221.09 (the VAT inside), Cr 2241.03. Records ``REBATE_ADDED``.

    The same reference with the same buyer and amount answers the first booking; with another one it raises
    ``ReferenceUsed``. Raises ``AmountInvalid``, ``ReferenceMissing``, ``RebateReasonMissing``, ``AccountMissing``.
    """
    actor.require(Permission.PAY_IN)
    rebate = _rebate(actor, command)
    with act():
        note_rank(Rank.LEDGER)
        booked = sql.row(_ADD, rebate)
        if booked is None:
            return RebateAdded(_earlier(rebate), is_repeated=True)
        journal_id, version = booked
        told = {name: rebate[name] for name in ("currency", "amount", "reference", "reason")}
        record(
            kind=REBATE_ADDED,
            aggregate_type=ACCOUNT,
            aggregate_id=account_key(actor.dealer_id, command.buyer_dealer_id),
            version=version,
            actor=actor,
            payload=told | {"journal_id": journal_id},
            seller_id=actor.dealer_id,
            buyer_id=command.buyer_dealer_id,
        )
        return RebateAdded(journal_id, is_repeated=False)


def _rebate(actor: Actor, command: AddRebate) -> dict[str, object]:
    """The rebate as parameters; raises what is wrong with it."""
    reference, reason = normalised(command.reference), normalised(command.reason)
    if not 0 < command.amount <= MAX_MINOR:
        raise errors.AmountInvalid(field="amount")
    if not 0 < len(reference) <= 64:
        raise errors.ReferenceMissing(errors.REBATE_REFERENCE, field="reference")
    if not reason:
        raise errors.RebateReasonMissing(field="reason")
    at = clock.now()
    return {
        "seller": actor.dealer_id,
        "buyer": command.buyer_dealer_id,
        "currency": command.currency,
        "amount": command.amount,
        "tax": vat_inside(command.amount, command.tax_rate_bp),
        "reference": reference,
        "reason": reason[:LONGEST_REASON],
        "person": actor.person_id,
        "booked_on": clock.business_day(at),
        "at": at,
        **scopes.parameters(actor),
    }


def _earlier(rebate: dict[str, object]) -> int:
    """The journal this rebate was booked by before. Raises ``AccountMissing`` or ``ReferenceUsed``."""
    found = sql.row(_EARLIER, rebate)
    if found is None:
        raise errors.AccountMissing
    journal_id, is_same = found
    if not is_same:
        raise errors.ReferenceUsed(field="reference", reference=str(rebate["reference"]))
    return int(journal_id)

"""One paper of a buyer booked: journal, entries and the balance it raises in one statement, each reference once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from billing.ledger import errors
from core.db import scopes, sql
from core.db.locks import Rank, note_rank

_INSIDE = scopes.dealer_condition("buyer", "buyer.dealer_id")
_BOOK = f"""
WITH journal AS (
    INSERT INTO ledger_journal (book_id, kind, document_type, document_number, memo, person_id, booked_on, at)
    SELECT account.book_id, '{{kind}}', '{{document_type}}', %(reference)s, %(memo)s, %(person)s, %(booked_on)s, %(at)s
    FROM ledger_tradingaccount AS account
    JOIN ledger_book AS book ON book.id = account.book_id
    JOIN ledger_party AS seller ON seller.id = book.seller_id
    JOIN ledger_party AS buyer ON buyer.id = account.buyer_id
    WHERE seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
      AND {_INSIDE}
    ON CONFLICT ON CONSTRAINT journal_once DO NOTHING
    RETURNING id, book_id
), raised AS (
    UPDATE ledger_tradingaccount AS account
    SET {{balance}} = {{balance}} + %(amount)s::bigint, version = version + 1
    FROM journal, ledger_party AS buyer
    WHERE account.book_id = journal.book_id AND account.buyer_id = buyer.id AND buyer.dealer_id = %(buyer)s
    RETURNING account.buyer_id, account.version, journal.id AS journal_id
), entries AS (
    INSERT INTO ledger_entry (journal_id, account_code, buyer_id, amount)
    SELECT raised.journal_id, side.account_code, raised.buyer_id, side.amount
    FROM raised, (VALUES {{sides}}) AS side (account_code, amount)
    WHERE side.amount <> 0
)
SELECT journal_id, version FROM raised
"""
_EARLIER = f"""
SELECT journal.id, buyer.dealer_id = %(buyer)s AND entry.amount = -%(amount)s::bigint
FROM ledger_journal AS journal
JOIN ledger_book AS book ON book.id = journal.book_id
JOIN ledger_party AS seller ON seller.id = book.seller_id
JOIN ledger_entry AS entry ON entry.journal_id = journal.id AND entry.account_code = '{{credit}}'
JOIN ledger_party AS buyer ON buyer.id = entry.buyer_id
WHERE seller.dealer_id = %(seller)s AND book.currency = %(currency)s
  AND journal.kind = '{{kind}}' AND journal.document_type = '{{document_type}}'
  AND journal.document_number = %(reference)s
  AND EXISTS (SELECT FROM ledger_party AS buyer WHERE buyer.dealer_id = %(buyer)s AND {_INSIDE})
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper that raises ``balance`` of an account: Cr ``credit`` the amount, Dr ``debits``.

    ``debits``: account code and what goes there, as SQL over the parameters; together the amount.
    """

    kind: str
    document_type: str
    balance: str
    credit: str
    debits: tuple[tuple[str, str], ...]
    book: str = field(init=False)
    earlier: str = field(init=False)

    def __post_init__(self) -> None:
        sides = (*self.debits, (self.credit, "-%(amount)s::bigint"))
        words = {
            "kind": self.kind,
            "document_type": self.document_type,
            "balance": self.balance,
            "credit": self.credit,
            "sides": ", ".join(f"('{code}', {amount})" for code, amount in sides),
        }
        object.__setattr__(self, "book", _BOOK.format(**words))
        object.__setattr__(self, "earlier", _EARLIER.format(**words))


@dataclass(frozen=True, slots=True)
class Booked:
    """The journal, and the account's version after it; None: the same paper had been booked before."""

    journal_id: int
    version: int | None


def booked(paper: Paper, facts: Mapping[str, object]) -> Booked:
    """Book ``facts`` (seller, buyer, currency, amount, reference, memo, person, booked_on, at, the seat's limits).

    Inside the caller's act. The same reference with the same buyer and amount answers the first booking. Raises
    ``AccountMissing``, or ``ReferenceUsed`` where the reference stands for something else.
    """
    note_rank(Rank.LEDGER)
    made = sql.row(paper.book, facts)
    if made is not None:
        return Booked(*made)
    found = sql.row(paper.earlier, facts)
    if found is None:
        raise errors.AccountMissing
    journal_id, is_same = found
    if not is_same:
        raise errors.ReferenceUsed(field="reference", reference=str(facts["reference"]))
    return Booked(int(journal_id), None)

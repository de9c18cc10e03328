"""Questions to the books. Amounts in minor units.

An actor sees the accounts its own house buys or sells on, those with buyers outside the seat's limits left out.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from billing.ledger.errors import AccountMissing
from billing.ledger.models import TradingAccount
from billing.ledger.permissions import Permission
from core.db import sql
from core.db.scopes import dealers_within
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What a buyer may spend with a seller, and what is used. ``available`` may be negative over a lowered limit."""

    seller_dealer_id: int
    seller_name: str
    buyer_dealer_id: int
    buyer_name: str
    currency: str
    prepay_balance: int
    prepay_held: int
    credit_limit: int
    credit_held: int
    receivable: int
    terms_days: int
    is_blocked: bool
    rebate_balance: int = 0
    rebate_held: int = 0

    @property
    def rebate_available(self) -> int:
        """In the rebate pool and not held."""
        return self.rebate_balance - self.rebate_held

    @property
    def prepay_available(self) -> int:
        """Paid in and not held."""
        return self.prepay_balance - self.prepay_held

    @property
    def credit_available(self) -> int:
        """Limit less what is owed and held; negative over a lowered limit."""
        return self.credit_limit - self.receivable - self.credit_held

    @property
    def held(self) -> int:
        """Kept for orders that are under way."""
        return self.prepay_held + self.credit_held

    @property
    def available(self) -> int:
        """What the next order may cost."""
        return self.prepay_available + self.credit_available


def accounts_visible_to(actor: Actor) -> QuerySet[TradingAccount]:
    """Accounts on which the actor's house sells or buys, within the seat's limits. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    mine = Q(book__seller__dealer_id=actor.dealer_id) | Q(buyer__dealer_id=actor.dealer_id)
    return TradingAccount.objects.filter(mine, dealers_within(actor, "buyer__", own="buyer__dealer_id"))


def account_lines(actor: Actor) -> list[AccountLine]:
    """Every account the actor may see, customers by name. One query."""
    return _lines(accounts_visible_to(actor).order_by("buyer__name", "pk"))


def account_line(
    actor: Actor, *, buyer_dealer_id: int, seller_dealer_id: int | None = None, currency: str | None = None
) -> AccountLine:
    """The account between two houses; ``seller_dealer_id`` None: whoever sells to the buyer and the actor may see.

    One query. Raises ``AccountMissing`` when there is none, or it is not the actor's to see.
    """
    accounts = accounts_visible_to(actor).filter(buyer__dealer_id=buyer_dealer_id)
    if seller_dealer_id is not None:
        accounts = accounts.filter(book__seller__dealer_id=seller_dealer_id)
    if currency is not None:
        accounts = accounts.filter(currency=currency)
    lines = _lines(accounts.order_by("pk")[:1])
    if not lines:
        raise AccountMissing
    return lines[0]


def _lines(accounts: QuerySet[TradingAccount]) -> list[AccountLine]:
    rows = accounts.values_list(
        "book__seller__dealer_id",
        "book__seller__name",
        "buyer__dealer_id",
        "buyer__name",
        "currency",
        "prepay_balance",
        "prepay_held",
        "credit_limit",
        "credit_held",
        "receivable_balance",
        "terms_days",
        "is_blocked",
        "rebate_balance",
        "rebate_held",
    )
    return [AccountLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One journal on a statement: what it did to prepayment, receivable and rebate pool, and each after it."""

    booked_on: date
    at: datetime
    kind: str
    document_type: str
    document_number: str
    memo: str
    prepay_change: int
    receivable_change: int
    prepay_after: int
    receivable_after: int
    rebate_change: int = 0
    rebate_after: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A buyer's account over ``[since, until]``, both days included (对账单)."""

    line: AccountLine
    since: date
    until: date
    prepay_opening: int
    receivable_opening: int
    rows: tuple[StatementRow, ...]
    rebate_opening: int = 0

    @property
    def has_rebates(self) -> bool:
        """Whether the pool ever held anything in these days."""
        return bool(self.rebate_opening or any(row.rebate_change for row in self.rows))

    @property
    def rebate_closing(self) -> int:
        """Rebate pool after the last day."""
        return self.rows[-1].rebate_after if self.rows else self.rebate_opening

    @property
    def prepay_closing(self) -> int:
        """Prepayment after the last day."""
        return self.rows[-1].prepay_after if self.rows else self.prepay_opening

    @property
    def receivable_closing(self) -> int:
        """Receivable after the last day."""
        return self.rows[-1].receivable_after if self.rows else self.receivable_opening


_STATEMENT = """
WITH changes AS (
    SELECT journal.id, journal.booked_on, journal.at, journal.kind, journal.document_type, journal.document_number,
           journal.memo,
           coalesce(-sum(entry.amount) FILTER (WHERE entry.account_code = '2203'), 0)::bigint AS prepay,
           coalesce(sum(entry.amount) FILTER (WHERE entry.account_code = '1122'), 0)::bigint AS receivable,
           coalesce(-sum(entry.amount) FILTER (WHERE entry.account_code = '2241.03'), 0)::bigint AS rebate
    FROM ledger_entry AS entry
    JOIN ledger_journal AS journal ON journal.id = entry.journal_id
    JOIN ledger_book AS book ON book.id = journal.book_id
    JOIN ledger_party AS seller ON seller.id = book.seller_id
    JOIN ledger_party AS buyer ON buyer.id = entry.buyer_id
    WHERE seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
      AND entry.account_code IN ('2203', '1122', '2241.03') AND journal.booked_on <= %(until)s
    GROUP BY journal.id
), running AS (
    SELECT *, sum(prepay) OVER so_far AS prepay_after, sum(receivable) OVER so_far AS receivable_after,
           sum(rebate) OVER so_far AS rebate_after
    FROM changes WINDOW so_far AS (ORDER BY booked_on, id)
)
SELECT booked_on, at, kind, document_type, document_number, memo, prepay, receivable,
       prepay_after::bigint, receivable_after::bigint, rebate, rebate_after::bigint
FROM running ORDER BY booked_on, id
"""


def statement(
    actor: Actor,
    *,
    buyer_dealer_id: int,
    since: date,
    until: date,
    seller_dealer_id: int | None = None,
    currency: str | None = None,
) -> Statement:
    """What happened on an account from ``since`` to ``until`` by booking day. Two queries.

    Raises ``AccountMissing`` like ``account_line``.
    """
    line = account_line(actor, buyer_dealer_id=buyer_dealer_id, seller_dealer_id=seller_dealer_id, currency=currency)
    found = sql.rows(
        _STATEMENT,
        {
            "seller": line.seller_dealer_id,
            "buyer": line.buyer_dealer_id,
            "currency": line.currency,
            "until": until,
        },
    )
    rows = [StatementRow(*row) for row in found]
    before = [row for row in rows if row.booked_on < since]
    return Statement(
        line,
        since,
        until,
        before[-1].prepay_after if before else 0,
        before[-1].receivable_after if before else 0,
        tuple(row for row in rows if row.booked_on >= since),
        before[-1].rebate_after if before else 0,
    )


_UNBALANCED = """
SELECT journal.id, count(entry.id), coalesce(sum(entry.amount), 0)::bigint
FROM ledger_journal AS journal LEFT JOIN ledger_entry AS entry ON entry.journal_id = journal.id
GROUP BY journal.id HAVING count(entry.id) < 2 OR coalesce(sum(entry.amount), 0) <> 0
"""

_ACCOUNTS = """
SELECT account.id, account.prepay_balance, account.receivable_balance, account.prepay_held, account.credit_held,
       account.rebate_balance, account.rebate_held,
       coalesce(booked.prepay, 0)::bigint, coalesce(booked.receivable, 0)::bigint,
       coalesce(kept.prepay, 0)::bigint, coalesce(kept.credit, 0)::bigint,
       coalesce(booked.rebate, 0)::bigint, coalesce(kept.rebate, 0)::bigint
FROM ledger_tradingaccount AS account
LEFT JOIN LATERAL (
    SELECT -sum(entry.amount) FILTER (WHERE entry.account_code = '2203') AS prepay,
           sum(entry.amount) FILTER (WHERE entry.account_code = '1122') AS receivable,
           -sum(entry.amount) FILTER (WHERE entry.account_code = '2241.03') AS rebate
    FROM ledger_entry AS entry JOIN ledger_journal AS journal ON journal.id = entry.journal_id
    WHERE journal.book_id = account.book_id AND entry.buyer_id = account.buyer_id
) AS booked ON true
LEFT JOIN LATERAL (
    SELECT sum(prepay_part - captured_prepay) AS prepay, sum(credit_part - captured_credit) AS credit,
           sum(rebate_part - captured_rebate) AS rebate
    FROM ledger_hold WHERE account_id = account.id AND status = 'PENDING'
) AS kept ON true
"""


def check_books() -> list[str]:
    """Every way in which the books of this schema contradict themselves, in words; empty when they are sound."""
    faults = [
        f"journal {journal_id}: {sides} entries, out by {difference}"
        for journal_id, sides, difference in sql.rows(_UNBALANCED, {})
    ]
    for account_id, *figures in sql.rows(_ACCOUNTS, {}):
        names = ("prepay", "receivable", "prepay held", "credit held", "rebate pool", "rebate held")
        faults += [
            f"account {account_id}: {name} is {said}, entries and holds say {is_so}"
            for name, said, is_so in zip(names, figures[: len(names)], figures[len(names) :], strict=True)
            if said != is_so
        ]
    return faults


_SETTLED = """
SELECT NOT EXISTS (
    SELECT FROM ledger_tradingaccount AS account
    JOIN ledger_book AS book ON book.id = account.book_id
    WHERE %(party)s IN (account.buyer_id, book.seller_id)
      AND (account.prepay_balance, account.receivable_balance, account.prepay_held, account.credit_held,
           account.rebate_balance) <> (0, 0, 0, 0, 0)
)
"""


def is_settled(party_id: int) -> bool:
    """Whether nothing is owed, paid in, granted or held on any account the party buys or sells on."""
    found = sql.row(_SETTLED, {"party": party_id})
    return found is not None and bool(found[0])


_PARTIES = """
SELECT party.dealer_id, party.name, party.path, party.region_code FROM ledger_party AS party ORDER BY party.dealer_id
"""


def parties() -> dict[int, tuple[str, str, str]]:
    """Name, path and division of every party by dealer id: for the test that holds them against the channel tree."""
    return {row[0]: (row[1], row[2], row[3]) for row in sql.rows(_PARTIES, {})}

"""Opening balances (期初余额): what buyers owed and had paid before the book began, booked once an account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.ledger import errors
from billing.ledger.events import ACCOUNT, BALANCE_OPENED, TERMS_SET, account_key
from billing.ledger.permissions import Permission
from billing.ledger.services.accounts import MAX_TERMS_DAYS
from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import Happening, record_all
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import MAX_MINOR

_FAR = timedelta(days=MAX_TERMS_DAYS)
CONTRA = "4104"
"""利润分配: what stood before the book began stands against the results of the years before it."""


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """What an account with the actor's house begins with; minor units, days. None leaves a term as it is.

    ``due_on`` None: after the account's terms, counted from the day the balance stands on.
    """

    buyer_dealer_id: int
    receivable: int = 0
    prepayment: int = 0
    credit_limit: int | None = None
    terms_days: int | None = None
    due_on: date | None = None

    @property
    def is_booked(self) -> bool:
        """Whether there is anything to book beside the terms."""
        return bool(self.receivable or self.prepayment)


@dataclass(frozen=True, slots=True)
class OpenBalances:
    """Openings of one currency as they stood at the end of the day before ``on``."""

    rows: tuple[OpenBalance, ...]
    on: date
    currency: str = "CNY"
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """One row's answer: ``before`` are limit and days as they were; ``is_same``: nothing changes."""

    before_limit: int
    before_days: int
    is_same: bool


@dataclass(frozen=True, slots=True)
class _Account:
    """An account as it stands, locked, with what was booked as its opening (None: nothing yet)."""

    id: int
    credit_limit: int
    terms_days: int
    is_blocked: bool
    receivable: int | None = None
    prepayment: int | None = None

    @property
    def terms(self) -> dict[str, int | bool]:
        """Limit, days and block as they stand."""
        return {"credit_limit": self.credit_limit, "terms_days": self.terms_days, "is_blocked": self.is_blocked}


_LOCK = f"""
SELECT buyer.dealer_id, account.id, account.credit_limit, account.terms_days, account.is_blocked
FROM ledger_tradingaccount AS account
JOIN ledger_book AS book ON book.id = account.book_id
JOIN ledger_party AS seller ON seller.id = book.seller_id
JOIN ledger_party AS buyer ON buyer.id = account.buyer_id
WHERE seller.dealer_id = %(seller)s AND book.currency = %(currency)s AND buyer.dealer_id = ANY(%(buyers)s::bigint[])
  AND {scopes.dealer_condition("buyer", "buyer.dealer_id")}
ORDER BY account.id FOR UPDATE OF account
"""
_BOOKED = """
SELECT account.id, coalesce(sum(entry.amount) FILTER (WHERE entry.account_code = '1122'), 0)::bigint,
       coalesce(-sum(entry.amount) FILTER (WHERE entry.account_code = '2203'), 0)::bigint
FROM ledger_tradingaccount AS account
JOIN ledger_party AS buyer ON buyer.id = account.buyer_id
JOIN ledger_journal AS journal ON journal.book_id = account.book_id AND journal.kind = 'OPENING'
     AND journal.document_type = 'OPENING' AND journal.document_number = %(seller)s || '-' || buyer.dealer_id
JOIN ledger_entry AS entry ON entry.journal_id = journal.id
WHERE account.id = ANY(%(accounts)s::bigint[]) GROUP BY account.id
"""
"""Asked under the locks, by a statement of its own: the one that waited for them sees what stood before the wait."""
_BOOK = """
WITH asked AS (
    SELECT * FROM unnest(%(accounts)s::bigint[], %(numbers)s::text[], %(receivables)s::bigint[],
                         %(prepayments)s::bigint[], %(limits)s::bigint[], %(days)s::int[], %(dues)s::date[])
        AS asked (account_id, number, receivable, prepayment, credit_limit, terms_days, due_on)
), journal AS (
    INSERT INTO ledger_journal (book_id, kind, document_type, document_number, memo, person_id, booked_on, at)
    SELECT account.book_id, 'OPENING', 'OPENING', asked.number, %(memo)s, %(person)s, %(on)s, %(at)s
    FROM asked JOIN ledger_tradingaccount AS account ON account.id = asked.account_id
    WHERE asked.receivable <> 0 OR asked.prepayment <> 0 ORDER BY account.id
    RETURNING id, document_number
), entries AS (
    INSERT INTO ledger_entry (journal_id, account_code, buyer_id, amount, due_on)
    SELECT journal.id, side.account_code, account.buyer_id, side.amount, side.due_on
    FROM journal JOIN asked ON asked.number = journal.document_number
    JOIN ledger_tradingaccount AS account ON account.id = asked.account_id
    CROSS JOIN LATERAL (VALUES
        ('1122', asked.receivable, asked.due_on),
        ('2203', -asked.prepayment, NULL::date),
        (%(contra)s, asked.prepayment - asked.receivable, NULL::date)) AS side (account_code, amount, due_on)
    WHERE side.amount <> 0 ORDER BY journal.id
)
UPDATE ledger_tradingaccount AS account
SET receivable_balance = account.receivable_balance + asked.receivable,
    prepay_balance = account.prepay_balance + asked.prepayment,
    credit_limit = coalesce(asked.credit_limit, account.credit_limit),
    terms_days = coalesce(asked.terms_days, account.terms_days), version = account.version + 1
FROM asked WHERE account.id = asked.account_id RETURNING account.id, account.version
"""


def open_balances(
    *, actor: Actor, command: OpenBalances, is_dry_run: bool = False
) -> tuple[dict[int, Opened], list[DomainError]]:
    """Book each row's balances (Dr 1122, Cr 2203, the difference on 4104) and set its terms; by 1-based place.

    An account is opened once: the same row again changes nothing, other amounts or terms beside them are refused. Bad
    rows are answered, good ones done, in a few statements for any number. Faults by line: ``AccountMissing``,
    ``OpeningInvalid``, ``LimitInvalid``, ``DueBeyond``, ``OpeningBooked``, ``OpenedAlready``. Raises ``DayAhead`` and
    ``DueBeyond``.
    """
    actor.require(Permission.SET_LIMIT)
    actor.require(Permission.PAY_IN)
    if command.on > clock.business_day():
        raise errors.DayAhead(field="on")
    if command.on < clock.business_day() - _FAR:
        raise errors.DueBeyond(field="on", day=command.on.isoformat())
    with act():
        accounts = _locked(actor, command)
        opened: dict[int, Opened] = {}
        faults: list[DomainError] = []
        writes: list[tuple[OpenBalance, _Account]] = []
        for place, row in enumerate(command.rows, start=1):
            account = accounts.get(row.buyer_dealer_id)
            fault = _fault(row, account, command.on)
            if fault is not None or account is None:
                faults.append(fault or errors.AccountMissing(line=place))
                faults[-1].line = place
                continue
            is_same = _is_same(row, account)
            opened[place] = Opened(account.credit_limit, account.terms_days, is_same)
            if not is_same:
                writes.append((row, account))
        if writes and not is_dry_run:
            _booked(actor, command, writes)
        return opened, faults


def _locked(actor: Actor, command: OpenBalances) -> dict[int, _Account]:
    note_rank(Rank.LEDGER)
    buyers = sorted({row.buyer_dealer_id for row in command.rows})
    asked = {"seller": actor.dealer_id, "currency": command.currency, "buyers": buyers, **scopes.parameters(actor)}
    locked = {row[0]: _Account(*row[1:]) for row in sql.rows(_LOCK, asked)}
    those = {"seller": str(actor.dealer_id), "accounts": [account.id for account in locked.values()]}
    booked: dict[int, Sequence[int]] = {}
    for account_id, *amounts in sql.rows(_BOOKED, those) if locked else ():
        booked[account_id] = amounts
    return {buyer: _opened(account, booked.get(account.id)) for buyer, account in locked.items()}


def _opened(account: _Account, amounts: Sequence[int] | None) -> _Account:
    return replace(account, receivable=amounts[0], prepayment=amounts[1]) if amounts else account


def _fault(row: OpenBalance, account: _Account | None, on: date) -> DomainError | None:
    if account is None:
        return errors.AccountMissing(field="code")
    if not (0 <= row.receivable <= MAX_MINOR and 0 <= row.prepayment <= MAX_MINOR):
        return errors.OpeningInvalid(field="receivable" if row.receivable else "prepayment")
    if row.credit_limit is not None and not 0 <= row.credit_limit <= MAX_MINOR:
        return errors.LimitInvalid(field="credit_limit")
    if row.terms_days is not None and not 0 <= row.terms_days <= MAX_TERMS_DAYS:
        return errors.LimitInvalid(field="terms_days")
    if row.due_on is not None and abs(row.due_on - on) > _FAR:
        return errors.DueBeyond(field="due_on", day=row.due_on.isoformat())
    return _fault_of_opened(row, account) if row.is_booked and account.receivable is not None else None


def _fault_of_opened(row: OpenBalance, account: _Account) -> DomainError | None:
    """Balances are booked once; terms beside them that are others by now are not set in silence, nor passed over."""
    receivable, prepayment = account.receivable or 0, account.prepayment or 0
    if (row.receivable, row.prepayment) != (receivable, prepayment):
        return errors.OpeningBooked(field="receivable", receivable=receivable, prepayment=prepayment)
    if row.credit_limit not in (None, account.credit_limit):
        return errors.OpenedAlready(field="credit_limit")
    return errors.OpenedAlready(field="terms_days") if row.terms_days not in (None, account.terms_days) else None


def _is_same(row: OpenBalance, account: _Account) -> bool:
    if row.is_booked:
        return account.receivable is not None
    terms = (row.credit_limit in (None, account.credit_limit), row.terms_days in (None, account.terms_days))
    return all(terms)


def _booked(actor: Actor, command: OpenBalances, writes: Sequence[tuple[OpenBalance, _Account]]) -> None:
    numbers = [account_key(actor.dealer_id, row.buyer_dealer_id) for row, _ in writes]
    facts = {
        "accounts": [account.id for _, account in writes],
        "numbers": numbers,
        "receivables": [row.receivable for row, _ in writes],
        "prepayments": [row.prepayment for row, _ in writes],
        "limits": [row.credit_limit for row, _ in writes],
        "days": [row.terms_days for row, _ in writes],
        "dues": [_due(row, account, command.on).isoformat() for row, account in writes],
        "memo": command.memo[:200],
        "person": actor.person_id,
        "on": command.on,
        "at": clock.now(),
        "contra": CONTRA,
    }
    versions: dict[int, int] = dict(sql.rows(_BOOK, facts))
    for kind, told in ((BALANCE_OPENED, _opening_told), (TERMS_SET, _terms_told)):
        happenings = [
            Happening(number, versions[account.id], told(row, account, command), actor.dealer_id, row.buyer_dealer_id)
            for number, (row, account) in zip(numbers, writes, strict=True)
            if row.is_booked is (kind == BALANCE_OPENED)
        ]
        record_all(kind=kind, aggregate_type=ACCOUNT, actor=actor, happenings=happenings)


def _due(row: OpenBalance, account: _Account, on: date) -> date:
    days = account.terms_days if row.terms_days is None else row.terms_days
    return row.due_on or on + timedelta(days=days)


def _opening_told(row: OpenBalance, account: _Account, command: OpenBalances) -> dict[str, object]:
    figures = {"currency": command.currency, "receivable": row.receivable, "prepayment": row.prepayment}
    set_too = _set(row)
    return {**figures, **set_too, "before": {name: account.terms[name] for name in set_too}}


def _terms_told(row: OpenBalance, account: _Account, command: OpenBalances) -> dict[str, object]:
    return {"currency": command.currency, "before": account.terms, "after": {**account.terms, **_set(row)}}


def _set(row: OpenBalance) -> dict[str, int]:
    """The terms the row sets."""
    terms = {"credit_limit": row.credit_limit, "terms_days": row.terms_days}
    return {name: value for name, value in terms.items() if value is not None}

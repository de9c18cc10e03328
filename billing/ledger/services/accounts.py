"""Parties, books and accounts opened; terms set; payments booked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from billing.ledger import errors
from billing.ledger.events import ACCOUNT, PAID_IN, TERMS_SET, account_key
from billing.ledger.models import Book, Party, TradingAccount
from billing.ledger.permissions import Permission
from billing.ledger.services.booking import Paper, booked
from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import MAX_MINOR, MINOR_DIGITS
from core.kernel.text import normalised

MAX_TERMS_DAYS = 3650


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A node of the channel tree as billing knows it; ``path`` from the root down (``/1/5/``)."""

    dealer_id: int
    name: str
    path: str
    region_code: str


def open_parties(facts: Sequence[PartyFacts]) -> dict[int, int]:
    """Make nodes known to billing in one statement; dealer id → party id. Inside the caller's act."""
    parties = Party.objects.bulk_create(Party(**asdict(one)) for one in facts)
    return {party.dealer_id: party.pk for party in parties}


_DESCRIBE = """
UPDATE ledger_party AS party SET name = told.name, path = told.path, region_code = told.region
FROM unnest(%(dealers)s::bigint[], %(names)s::text[], %(paths)s::text[], %(regions)s::text[])
     AS told (dealer_id, name, path, region)
WHERE party.dealer_id = told.dealer_id
"""


def describe_parties(facts: Sequence[PartyFacts]) -> None:
    """Write down what the channel tree now says of parties. One statement, none for no facts; inside an act."""
    if not facts:
        return
    sql.execute(
        _DESCRIBE,
        {
            "dealers": [one.dealer_id for one in facts],
            "names": [one.name for one in facts],
            "paths": [one.path for one in facts],
            "regions": [one.region_code for one in facts],
        },
    )


def open_book(*, seller_party_id: int, currency: str = "CNY") -> Book:
    """The seller's book in ``currency``, opened when it has none. Inside the caller's act."""
    if currency not in MINOR_DIGITS:
        raise ValueError(f"unknown currency {currency!r}")
    return Book.objects.get_or_create(seller_id=seller_party_id, currency=currency)[0]


@dataclass(frozen=True, slots=True)
class Opening:
    """An account to be opened between two parties. ``credit_limit`` in minor units, ``terms_days`` days."""

    seller_party_id: int
    buyer_party_id: int
    currency: str
    credit_limit: int = 0
    terms_days: int = 0


def open_accounts(*, openings: Sequence[Opening]) -> None:
    """Open many accounts: one statement, and one a book that is new. Inside the caller's act.

    Raises ``LimitInvalid`` with the 1-based place of the opening as its line.
    """
    for line, opening in enumerate(openings, start=1):
        _check_terms(opening.credit_limit, opening.terms_days, line)
    books = {
        key: open_book(seller_party_id=key[0], currency=key[1])
        for key in sorted({(opening.seller_party_id, opening.currency) for opening in openings})
    }
    TradingAccount.objects.bulk_create(
        TradingAccount(
            book=books[opening.seller_party_id, opening.currency],
            buyer_id=opening.buyer_party_id,
            currency=opening.currency,
            credit_limit=opening.credit_limit,
            terms_days=opening.terms_days,
        )
        for opening in openings
    )


def open_account(
    *, seller_party_id: int, buyer_party_id: int, currency: str, credit_limit: int = 0, terms_days: int = 0
) -> TradingAccount:
    """Let a buyer trade with a seller; the seller's book is opened when it has none. Inside the caller's act.

    ``credit_limit`` in minor units. Raises ``LimitInvalid``.
    """
    open_accounts(openings=[Opening(seller_party_id, buyer_party_id, currency, credit_limit, terms_days)])
    return TradingAccount.objects.get(book__seller_id=seller_party_id, book__currency=currency, buyer_id=buyer_party_id)


def _check_terms(credit_limit: int | None, terms_days: int | None, line: int | None = None) -> None:
    if credit_limit is not None and not 0 <= credit_limit <= MAX_MINOR:
        raise errors.LimitInvalid(field="credit_limit", line=line)
    if terms_days is not None and not 0 <= terms_days <= MAX_TERMS_DAYS:
        raise errors.LimitInvalid(field="terms_days", line=line)


@dataclass(frozen=True, slots=True)
class PayIn:
    """A bank transfer of a buyer to the actor's own house. ``amount`` in minor units, ``reference`` the bank's."""

    buyer_dealer_id: int
    amount: int
    reference: str
    currency: str = "CNY"
    memo: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaidIn:
    """A booked pay-in; ``is_repeated`` when the same transfer had been booked before and nothing changed now."""

    journal_id: int
    is_repeated: bool


_INSIDE = scopes.dealer_condition("buyer", "buyer.dealer_id")
_PAYMENT = Paper("PAY_IN", "PAYMENT", "prepay_balance", credit="2203", debits=(("1002", "%(amount)s::bigint"),))


def pay_in(*, actor: Actor, command: PayIn) -> PaidIn:
    """Book a transfer onto a buyer's prepayment: Dr 1002, Cr 2203.

    The same reference with the same buyer and amount answers the first booking; with another one it raises
    ``ReferenceUsed``. Raises ``AmountInvalid``, ``ReferenceMissing``, ``DayAhead``, ``AccountMissing``.
    """
    actor.require(Permission.PAY_IN)
    payment = _payment(actor, command)
    with act():
        made = booked(_PAYMENT, payment)
        if made.version is None:
            return PaidIn(made.journal_id, is_repeated=True)
        record(
            kind=PAID_IN,
            aggregate_type=ACCOUNT,
            aggregate_id=account_key(actor.dealer_id, command.buyer_dealer_id),
            version=made.version,
            actor=actor,
            payload={name: payment[name] for name in ("currency", "amount", "reference")}
            | {"journal_id": made.journal_id},
            seller_id=actor.dealer_id,
            buyer_id=command.buyer_dealer_id,
        )
        return PaidIn(made.journal_id, is_repeated=False)


def _payment(actor: Actor, command: PayIn) -> dict[str, object]:
    """The transfer as parameters; raises what is wrong with it."""
    reference = normalised(command.reference)
    if not 0 < command.amount <= MAX_MINOR:
        raise errors.AmountInvalid(field="amount")
    if not 0 < len(reference) <= 64:
        raise errors.ReferenceMissing(field="reference")
    at = clock.now()
    today = clock.business_day(at)
    if command.received_on is not None and command.received_on > today:
        raise errors.DayAhead(field="received_on")
    return {
        "seller": actor.dealer_id,
        "buyer": command.buyer_dealer_id,
        "currency": command.currency,
        "amount": command.amount,
        "reference": reference,
        "memo": normalised(command.memo)[:200],
        "person": actor.person_id,
        "booked_on": command.received_on or today,
        "at": at,
        **scopes.parameters(actor),
    }


@dataclass(frozen=True, slots=True)
class SetLimit:
    """New terms of a buyer's account with the actor's house; None leaves a term as it is. Minor units, days."""

    buyer_dealer_id: int
    credit_limit: int | None = None
    terms_days: int | None = None
    is_blocked: bool | None = None
    currency: str = "CNY"


_SET = f"""
UPDATE ledger_tradingaccount AS account
SET credit_limit = coalesce(%(credit_limit)s::bigint, credit_limit),
    terms_days = coalesce(%(terms_days)s::int, terms_days),
    is_blocked = coalesce(%(is_blocked)s::boolean, is_blocked),
    version = version + 1
FROM ledger_book AS book, ledger_party AS seller, ledger_party AS buyer
WHERE account.book_id = book.id AND book.seller_id = seller.id AND account.buyer_id = buyer.id
  AND seller.dealer_id = %(seller)s AND buyer.dealer_id = %(buyer)s AND book.currency = %(currency)s
  AND {_INSIDE}
RETURNING new.version,
          old.credit_limit, old.terms_days, old.is_blocked, new.credit_limit, new.terms_days, new.is_blocked
"""
_TERMS = ("credit_limit", "terms_days", "is_blocked")


def set_limit(*, actor: Actor, command: SetLimit) -> None:
    """Set limit, days or block of a buyer's account. A limit below what is used only stops further orders.

    Raises ``LimitInvalid``, ``AccountMissing``.
    """
    actor.require(Permission.SET_LIMIT)
    _check_terms(command.credit_limit, command.terms_days)
    with act():
        note_rank(Rank.LEDGER)
        terms = {name: getattr(command, name) for name in _TERMS}
        account = {"seller": actor.dealer_id, "buyer": command.buyer_dealer_id, "currency": command.currency}
        changed = sql.row(_SET, {**terms, **account, **scopes.parameters(actor)})
        if changed is None:
            raise errors.AccountMissing
        version, *figures = changed
        before = dict(zip(_TERMS, figures[:3], strict=True))
        after = dict(zip(_TERMS, figures[3:], strict=True))
        record(
            kind=TERMS_SET,
            aggregate_type=ACCOUNT,
            aggregate_id=account_key(actor.dealer_id, command.buyer_dealer_id),
            version=version,
            actor=actor,
            payload={"currency": command.currency, "before": before, "after": after},
            seller_id=actor.dealer_id,
            buyer_id=command.buyer_dealer_id,
        )

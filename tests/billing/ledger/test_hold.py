"""Money held for a document, given back and captured. Amounts in fen."""

from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from billing.ledger import services
from billing.ledger.models import Entry, Hold, Journal, TradingAccount
from core.db import sql
from core.db.acts import act
from core.kernel.errors import DomainError
from tests.cast import Cast

LIMIT = 10_000_000


def _hold(cast: Cast, amount: int, number: str = "SO1") -> services.HoldFacts:
    with act():
        return services.hold(
            seller_dealer_id=cast.root.pk,
            buyer_dealer_id=cast.c1.pk,
            amount=amount,
            currency="CNY",
            document_type="ORDER",
            document_number=number,
        )


def _capture(cast: Cast, amount: int, tax: int = 0, shipment: str = "SH1", number: str = "SO1") -> services.Posting:
    with act():
        return services.capture(
            document_type="ORDER",
            document_number=number,
            shipment_number=shipment,
            amount=amount,
            tax=tax,
            actor=cast.buyer_c1,
        )


def _account(cast: Cast) -> TradingAccount:
    return TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)


def _balances(cast: Cast) -> tuple[int, int, int, int]:
    """Prepay balance and held, receivable, credit held."""
    account = _account(cast)
    return account.prepay_balance, account.prepay_held, account.receivable_balance, account.credit_held


def test_holds_prepayment_first_then_credit(cast: Cast, paid_in: None) -> None:
    facts = _hold(cast, 160_000)
    assert (facts.prepay_part, facts.credit_part) == (100_000, 60_000)
    assert _balances(cast) == (100_000, 100_000, 0, 60_000)
    hold = Hold.objects.get(pk=facts.id)
    assert (hold.status, hold.currency, hold.document_number) == ("PENDING", "CNY", "SO1")


def test_takes_one_statement(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        _hold(cast, 1)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 1


def test_the_whole_line_may_be_held_and_not_a_fen_more(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _hold(cast, LIMIT + 1)
    assert refusal.value.code == "ledger.credit_exhausted"
    assert refusal.value.fields == {"wanted": LIMIT + 1, "available": LIMIT, "currency": "CNY"}
    assert _balances(cast) == (0, 0, 0, 0)
    _hold(cast, LIMIT)
    with pytest.raises(DomainError) as refusal:
        _hold(cast, 1, "SO2")
    assert refusal.value.fields["available"] == 0
    assert Hold.objects.count() == 1


def test_an_overdraft_over_a_lowered_limit_is_paid_back_first(cast: Cast) -> None:
    _hold(cast, 30_000, "SO0")
    _capture(cast, 30_000, number="SO0")
    services.set_limit(actor=cast.finance, command=services.SetLimit(cast.c1.pk, credit_limit=0))
    services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, 100_000, "BANK-1"))
    with pytest.raises(DomainError) as refusal:
        _hold(cast, 70_001)
    assert refusal.value.fields["available"] == 70_000
    assert _hold(cast, 70_000).prepay_part == 70_000


def test_a_blocked_account_holds_nothing(cast: Cast) -> None:
    services.set_limit(actor=cast.finance, command=services.SetLimit(cast.c1.pk, is_blocked=True))
    with pytest.raises(DomainError) as refusal:
        _hold(cast, 1)
    assert refusal.value.code == "ledger.account_blocked"
    assert not Hold.objects.exists()


def test_no_account_with_this_seller_or_currency(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal, act():
        services.hold(
            seller_dealer_id=cast.c1.pk,
            buyer_dealer_id=cast.c2.pk,
            amount=1,
            currency="CNY",
            document_type="ORDER",
            document_number="SO1",
        )
    assert refusal.value.code == "ledger.account_missing"


def test_a_document_holds_once(cast: Cast) -> None:
    _hold(cast, 100)
    with pytest.raises(DomainError) as refusal:
        _hold(cast, 100)
    assert refusal.value.code == "ledger.already_held"
    assert _balances(cast) == (0, 0, 0, 100)


def test_release_gives_back_what_is_held_once(cast: Cast, paid_in: None) -> None:
    _hold(cast, 160_000)
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 160_000
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 0
    assert _balances(cast) == (100_000, 0, 0, 0)
    assert Hold.objects.get().status == "VOIDED"


def test_capture_posts_prepayment_first_then_the_receivable(cast: Cast, paid_in: None) -> None:
    services.set_limit(actor=cast.finance, command=services.SetLimit(cast.c1.pk, terms_days=30))
    _hold(cast, 226_000)
    posting = _capture(cast, 113_000, 13_000)
    assert (posting.prepay_part, posting.credit_part) == (100_000, 13_000)
    assert _balances(cast) == (0, 0, 13_000, 113_000)
    journal = Journal.objects.get(pk=posting.journal_id)
    assert (journal.kind, journal.document_type, journal.document_number) == ("SALE", "SHIPMENT", "SH1")
    assert journal.booked_on == date(2026, 1, 12)
    assert list(journal.entries.order_by("pk").values_list("account_code", "amount", "due_on")) == [
        ("2203", 100_000, None),
        ("1122", 13_000, date(2026, 2, 11)),
        ("6001", -100_000, None),
        ("2221.01", -13_000, None),
    ]
    assert _capture(cast, 113_000, 13_000, "SH2").credit_part == 113_000
    assert _balances(cast) == (0, 0, 126_000, 0)
    assert Hold.objects.get().status == "POSTED"


def test_release_after_a_capture_gives_back_the_rest(cast: Cast) -> None:
    _hold(cast, 226_000)
    _capture(cast, 113_000, 13_000)
    with act():
        assert services.release(document_type="ORDER", document_number="SO1") == 113_000
    assert _balances(cast) == (0, 0, 113_000, 0)
    assert Hold.objects.get().status == "POSTED"


@pytest.mark.parametrize("first", [60_000, 100_000])
def test_a_shipment_is_posted_once(cast: Cast, first: int) -> None:
    _hold(cast, 100_000)
    _capture(cast, first)
    before = _balances(cast)
    with pytest.raises(DomainError) as refusal:
        _capture(cast, 40_000)
    assert refusal.value.code == "ledger.already_posted"
    assert _balances(cast) == before
    assert Journal.objects.filter(kind="SALE").count() == 1


def test_no_more_is_captured_than_is_held(cast: Cast) -> None:
    _hold(cast, 100_000)
    with pytest.raises(DomainError) as refusal:
        _capture(cast, 100_001)
    assert refusal.value.code == "ledger.nothing_held"
    assert _balances(cast) == (0, 0, 0, 100_000)


def test_postgres_refuses_a_journal_that_does_not_balance(cast: Cast) -> None:
    _hold(cast, 100_000)
    posting = _capture(cast, 50_000)
    with pytest.raises(IntegrityError, match="is out by 1"), act():
        Entry.objects.create(journal_id=posting.journal_id, account_code="1122", amount=1)
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="has 0 entries"), act():
        Journal.objects.create(
            book=_account(cast).book,
            kind="PAY_IN",
            document_type="PAYMENT",
            document_number="x",
            booked_on=date(2026, 1, 12),
            at=cast.c1.created_at,
        )
        connection.check_constraints()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journal SET memo = 'x'",
        "UPDATE ledger_entry SET amount = amount + 1",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_journal",
    ],
)
def test_postgres_refuses_to_edit_what_is_booked(cast: Cast, statement: str) -> None:
    _hold(cast, 100_000)
    _capture(cast, 50_000)
    with pytest.raises(IntegrityError, match="never edited"), act():
        sql.execute(statement, {})

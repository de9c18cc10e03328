"""A buyer's transfer becomes prepayment, once. Amounts in fen."""

from datetime import timedelta

import pytest

from billing.ledger import services
from billing.ledger.models import Journal, TradingAccount
from billing.ledger.services import PayIn
from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import DomainError
from tests.cast import Cast


def _pay_in(cast: Cast, amount: int = 20_000_000, reference: str = "BANK-1", buyer: int | None = None) -> None:
    services.pay_in(actor=cast.finance, command=PayIn(buyer or cast.c1.pk, amount, reference))


def _prepay(cast: Cast) -> int:
    account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
    return int(account.prepay_balance)


def test_books_bank_against_prepayment(cast: Cast) -> None:
    """Worked example of the handbook, line 1: Dr 1002 200,000.00, Cr 2203 200,000.00."""
    _pay_in(cast)
    journal = Journal.objects.get()
    assert (journal.kind, journal.document_number, journal.person_id) == ("PAY_IN", "BANK-1", cast.finance.person_id)
    assert list(journal.entries.order_by("pk").values_list("account_code", "amount")) == [
        ("1002", 20_000_000),
        ("2203", -20_000_000),
    ]
    assert _prepay(cast) == 20_000_000


def test_records_what_happened(cast: Cast) -> None:
    _pay_in(cast)
    event = Event.objects.get()
    assert (event.kind, event.seller_id, event.buyer_id) == ("billing.paid_in.v1", cast.root.pk, cast.c1.pk)
    assert event.aggregate_id == f"{cast.root.pk}-{cast.c1.pk}"
    assert event.payload == {
        "currency": "CNY",
        "amount": 20_000_000,
        "reference": "BANK-1",
        "journal_id": Journal.objects.get().pk,
    }


def test_the_same_transfer_sent_again_changes_nothing(cast: Cast) -> None:
    first = services.pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 5_000, "BANK-1"))
    again = services.pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 5_000, " BANK-1 "))
    assert (first.is_repeated, again.is_repeated) == (False, True)
    assert again.journal_id == first.journal_id
    assert _prepay(cast) == 5_000
    assert Event.objects.count() == 1


@pytest.mark.parametrize("other", ["amount", "buyer"])
def test_refuses_a_reference_that_stands_for_another_transfer(cast: Cast, other: str) -> None:
    _pay_in(cast, 5_000)
    with pytest.raises(DomainError) as refusal:
        _pay_in(cast, 6_000 if other == "amount" else 5_000, buyer=cast.c2.pk if other == "buyer" else None)
    assert refusal.value.code == "ledger.reference_used"
    assert _prepay(cast) == 5_000
    assert Journal.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "reference", "code"),
    [
        (0, "BANK-1", "ledger.amount_invalid"),
        (-1, "BANK-1", "ledger.amount_invalid"),
        (10**17, "BANK-1", "ledger.amount_invalid"),
        (100, "  ", "ledger.reference_missing"),
        (100, "x" * 65, "ledger.reference_missing"),
    ],
)
def test_refuses_what_is_no_payment(cast: Cast, amount: int, reference: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        _pay_in(cast, amount, reference)
    assert refusal.value.code == code
    assert not Journal.objects.exists()


def test_refuses_a_day_to_come(cast: Cast) -> None:
    today = clock.business_day()
    with pytest.raises(DomainError) as refusal:
        services.pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 100, "B", received_on=today + timedelta(days=1)))
    assert (refusal.value.code, refusal.value.field) == ("ledger.day_ahead", "received_on")
    services.pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 100, "B", received_on=today))
    assert Journal.objects.get().booked_on == today


def test_refuses_a_buyer_the_house_does_not_sell_to(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _pay_in(cast, buyer=cast.t1.pk)
    assert refusal.value.code == "ledger.account_missing"


@pytest.mark.parametrize("seat", ["sales_admin", "buyer_c1", "admin_c1", "auditor"])
def test_needs_the_permission(cast: Cast, seat: str) -> None:
    with pytest.raises(DomainError) as refusal:
        services.pay_in(actor=cast.actor(seat), command=PayIn(cast.c1.pk, 100, "BANK-1"))
    assert refusal.value.code == "actor.not_permitted"
    assert _prepay(cast) == 0

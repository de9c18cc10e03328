"""The rebate pool: filled by finance, held for a document, captured with its shipments. Amounts in fen."""

from typing import TypedDict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.ledger import selectors, services
from billing.ledger.models import Entry, Hold, Journal, TradingAccount
from billing.ledger.services import AddRebate
from core.db.acts import act
from core.events.models import Event
from core.kernel.errors import DomainError
from tests.cast import Cast


class Document(TypedDict):
    """What a hold is for."""

    document_type: str
    document_number: str


ORDER: Document = {"document_type": "ORDER", "document_number": "SO1"}


def _add(cast: Cast, amount: int = 2_252_861, reference: str = "Q4-2025") -> services.RebateAdded:
    command = AddRebate(cast.c1.pk, amount, reference, "2025 年四季度返利")
    return services.add_rebate(actor=cast.finance, command=command)


def _hold(cast: Cast, amount: int, rebate: int) -> services.HoldFacts:
    with act():
        return services.hold(
            seller_dealer_id=cast.root.pk,
            buyer_dealer_id=cast.c1.pk,
            amount=amount,
            rebate=rebate,
            currency="CNY",
            **ORDER,
        )


def _capture(amount: int, tax: int, rebate: int, rebate_tax: int, shipment: str) -> services.Posting:
    with act():
        return services.capture(
            **ORDER,
            shipment_number=shipment,
            amount=amount,
            tax=tax,
            rebate=rebate,
            rebate_tax=rebate_tax,
            actor=None,
        )


def _pool(cast: Cast) -> tuple[int, int]:
    """What is in the pool, and what of it is held."""
    account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
    return account.rebate_balance, account.rebate_held


def _entries(journal_id: int) -> dict[str, int]:
    return dict(Entry.objects.filter(journal_id=journal_id).values_list("account_code", "amount"))


def test_a_rebate_is_booked_as_the_handbook_says(cast: Cast) -> None:
    """§6.3, lines 2 and 3 in one: what is accrued is usable at once."""
    booked = _add(cast)
    assert _entries(booked.journal_id) == {"6001.09": 1_993_682, "2221.09": 259_179, "2241.03": -2_252_861}
    assert _pool(cast) == (2_252_861, 0)
    event = Event.objects.get(kind="billing.rebate_added.v1")
    assert (event.payload["amount"], event.payload["reason"]) == (2_252_861, "2025 年四季度返利")


def test_the_same_settlement_is_booked_once(cast: Cast) -> None:
    first, again = _add(cast, 100), _add(cast, 100)
    assert again == services.RebateAdded(first.journal_id, is_repeated=True)
    assert _pool(cast) == (100, 0)
    with pytest.raises(DomainError) as refusal:
        _add(cast, 101)
    assert refusal.value.code == "ledger.reference_used"


@pytest.mark.parametrize(
    ("amount", "reference", "reason", "code"),
    [
        (0, "R", "x", "ledger.amount_invalid"),
        (-1, "R", "x", "ledger.amount_invalid"),
        (1, " ", "x", "ledger.reference_missing"),
        (1, "R", " ", "ledger.rebate_reason"),
    ],
)
def test_refuses_what_is_no_rebate(cast: Cast, amount: int, reference: str, reason: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        services.add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, amount, reference, reason))
    assert refusal.value.code == code
    assert not Journal.objects.exists()


@pytest.mark.parametrize("seat", ["sales_admin", "buyer_c1", "auditor"])
def test_finance_alone_gives_rebates(cast: Cast, seat: str) -> None:
    with pytest.raises(DomainError) as refusal:
        services.add_rebate(actor=cast.actor(seat), command=AddRebate(cast.c1.pk, 1, "R", "x"))
    assert refusal.value.code == "actor.not_permitted"


def test_the_pool_is_held_beside_the_money_in_the_same_statement(cast: Cast) -> None:
    _add(cast, 500)
    with CaptureQueriesContext(connection) as queries:
        facts = _hold(cast, 1_000, 400)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 1
    assert (facts.credit_part, facts.rebate_part) == (1_000, 400)
    assert _pool(cast) == (500, 400)


def test_no_more_of_the_pool_is_held_than_is_free(cast: Cast) -> None:
    _add(cast, 500)
    with pytest.raises(DomainError) as refusal:
        _hold(cast, 1_000, 501)
    assert refusal.value.code == "ledger.rebate_exhausted"
    assert refusal.value.fields == {"wanted": 501, "available": 500, "currency": "CNY"}
    assert not Hold.objects.exists()


def test_s1_of_price_01_is_posted_to_the_fen(cast: Cast) -> None:
    """§6.3, line 4: Dr 2203, 1122, 2241.03; Cr 6001, 2221.01, 2221.09; both sides 242,688.01."""
    services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, 20_000_000, "BANK-1"))
    services.set_limit(actor=cast.finance, command=services.SetLimit(cast.c1.pk, credit_limit=15_000_000))
    _add(cast, 3_500_000)
    _hold(cast, 30_938_782, 2_333_218)
    first = _capture(22_524_422, 2_591_305, 1_744_379, 200_681, "S1")
    assert _entries(first.journal_id) == {
        "2203": 20_000_000,
        "1122": 2_524_422,
        "2241.03": 1_744_379,
        "6001": -21_476_815,
        "2221.01": -2_591_305,
        "2221.09": -200_681,
    }
    assert _pool(cast) == (1_755_621, 588_839)
    _capture(8_414_360, 968_024, 588_839, 67_742, "S2")
    assert _pool(cast) == (1_166_782, 0)
    assert Hold.objects.get().status == "POSTED"


def test_what_is_not_captured_goes_back_into_the_pool(cast: Cast) -> None:
    _add(cast, 500)
    _hold(cast, 1_000, 400)
    _capture(300, 30, 100, 10, "S1")
    with act():
        services.release(**ORDER)
    assert _pool(cast) == (400, 0)


def test_a_hold_moves_with_its_document(cast: Cast) -> None:
    _add(cast, 500)
    _hold(cast, 1_000, 400)
    with act():
        services.hold_more(**ORDER, amount=200, rebate=0)
        services.release_part(**ORDER, amount=0, rebate=300)
    assert _pool(cast) == (500, 100)
    with act():
        assert services.hold_more(**ORDER, amount=0, rebate=400).rebate_part == 400
    with pytest.raises(DomainError) as refusal, act():
        services.hold_more(**ORDER, amount=0, rebate=1)
    assert refusal.value.code == "ledger.rebate_exhausted"


def test_a_document_that_costs_nothing_holds_nothing_and_may_grow(cast: Cast) -> None:
    facts = _hold(cast, 0, 0)
    assert (facts.prepay_part, facts.credit_part, facts.rebate_part) == (0, 0, 0)
    with act():
        services.hold_more(**ORDER, amount=10)
        services.release_part(**ORDER, amount=10)
        services.hold_more(**ORDER, amount=20)
    assert Hold.objects.get().status == "PENDING"
    with act():
        assert services.release(**ORDER) == 20


def test_what_the_pool_pays_whole_is_posted_without_money(cast: Cast) -> None:
    _add(cast, 113)
    _hold(cast, 0, 113)
    posting = _capture(0, 0, 113, 13, "S1")
    assert _entries(posting.journal_id) == {"2241.03": 113, "6001": -100, "2221.09": -13}


def test_the_statement_tells_the_pool(cast: Cast) -> None:
    _add(cast, 500)
    line = selectors.account_line(cast.finance, buyer_dealer_id=cast.c1.pk)
    assert (line.rebate_balance, line.rebate_available, line.available) == (500, 500, 10_000_000)
    day = Journal.objects.get().booked_on
    said = selectors.statement(cast.finance, buyer_dealer_id=cast.c1.pk, since=day, until=day)
    assert [(row.kind, row.rebate_change, row.rebate_after) for row in said.rows] == [("REBATE", 500, 500)]
    assert said.rebate_closing == 500

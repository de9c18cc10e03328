"""What a house is told about an account: the line, the statement, and whose business it is. Amounts in fen."""

from datetime import UTC, date, datetime

import pytest

from billing.ledger import selectors, services
from core.db.acts import act
from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from tests.cast import Cast


def _ship(cast: Cast, number: str, amount: int, tax: int) -> None:
    with act():
        services.hold(
            seller_dealer_id=cast.root.pk,
            buyer_dealer_id=cast.c1.pk,
            amount=amount,
            currency="CNY",
            document_type="ORDER",
            document_number=number,
        )
    with act():
        services.capture(
            document_type="ORDER",
            document_number=number,
            shipment_number=f"{number}-S1",
            amount=amount,
            tax=tax,
            actor=cast.buyer_c1,
        )


def test_worked_example_pay_in_and_first_shipment(cast: Cast) -> None:
    """Handbook, postings 1 and 4, without the rebate part: 200,000.00 prepaid, 25,244.22 on credit."""
    services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, 20_000_000, "BANK-1"))
    _ship(cast, "SO1", 22_524_422, 2_591_305)
    statement = selectors.statement(
        cast.finance, buyer_dealer_id=cast.c1.pk, since=date(2026, 1, 1), until=date(2026, 1, 31)
    )
    assert [(row.kind, row.prepay_change, row.receivable_change) for row in statement.rows] == [
        ("PAY_IN", 20_000_000, 0),
        ("SALE", -20_000_000, 2_524_422),
    ]
    assert (statement.prepay_closing, statement.receivable_closing) == (0, 2_524_422)
    assert statement.line.available == 10_000_000 - 2_524_422


def test_opening_is_what_happened_before(cast: Cast) -> None:
    # 31 December 23:59 in Shanghai, then one minute later.
    for reference, instant in (
        ("A", datetime(2025, 12, 31, 15, 59, tzinfo=UTC)),
        ("B", datetime(2025, 12, 31, 16, 0, tzinfo=UTC)),
    ):
        with clock.at(instant):
            services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, 100, reference))
    statement = selectors.statement(
        cast.finance_c1, buyer_dealer_id=cast.c1.pk, since=date(2026, 1, 1), until=date(2026, 1, 31)
    )
    assert (statement.prepay_opening, statement.prepay_closing) == (100, 200)
    assert [row.document_number for row in statement.rows] == ["B"]
    empty = selectors.statement(
        cast.finance_c1, buyer_dealer_id=cast.c1.pk, since=date(2025, 1, 1), until=date(2025, 1, 31)
    )
    assert (empty.rows, empty.prepay_opening, empty.prepay_closing) == ((), 0, 0)


def test_line_says_what_may_be_spent(cast: Cast, paid_in: None) -> None:
    _ship(cast, "SO1", 30_000, 0)
    with act():
        services.hold(
            seller_dealer_id=cast.root.pk,
            buyer_dealer_id=cast.c1.pk,
            amount=100_000,
            currency="CNY",
            document_type="ORDER",
            document_number="SO2",
        )
    line = selectors.account_line(cast.finance_c1, buyer_dealer_id=cast.c1.pk)
    assert (line.prepay_available, line.credit_available, line.held) == (0, 9_970_000, 100_000)
    assert line.available == 9_970_000
    assert (line.seller_dealer_id, line.seller_name) == (cast.root.pk, cast.root.name)


@pytest.mark.parametrize("seat", ["finance_c1", "buyer_c1"])
def test_another_houses_account_is_missing(cast: Cast, seat: str) -> None:
    with pytest.raises(DomainError) as refusal:
        selectors.account_line(cast.actor(seat), buyer_dealer_id=cast.c2.pk)
    assert refusal.value.kind == Missing.kind


def test_the_brand_does_not_see_what_a_dealer_sells_on(cast: Cast) -> None:
    buyers = {line.buyer_dealer_id for line in selectors.account_lines(cast.finance)}
    assert buyers == {cast.p1.pk, cast.c1.pk, cast.c2.pk}
    own = {(x.seller_dealer_id, x.buyer_dealer_id) for x in selectors.account_lines(cast.admin_c1)}
    assert own == {(cast.root.pk, cast.c1.pk), (cast.c1.pk, cast.t1.pk)}


def test_needs_the_permission(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        selectors.account_line(cast.warehouse, buyer_dealer_id=cast.c1.pk)
    assert refusal.value.code == "actor.not_permitted"

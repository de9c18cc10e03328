"""Many at once for the last bottle and the last fen: exactly what is there is given, and no more.

The same race against read-then-write, kept beside it, gives too much away: the race can see the fault.
"""

from collections import Counter
from threading import Barrier

import pytest

from billing.ledger import selectors as books
from billing.ledger import services as ledger
from billing.ledger.models import Hold, Journal, TradingAccount
from core.db.acts import act
from dms.stock import services as stock
from dms.stock.models import Reservation, Stock
from dms.stock.selectors import check_stock
from dms.stock.services import Counted, CountStock, Demand
from tests.cast import Cast
from tests.dms.together.conftest import together

MANY = 12


def _reserve(cast: Cast, number: int, *demand: Demand) -> str:
    with act():
        stock.reserve(
            seller_id=cast.root.pk,
            document_type="ORDER",
            document_number=f"SO{number}",
            demand=demand,
            region_code="370100",
        )
    return "reserved"


def _hold(cast: Cast, number: int, amount: int) -> str:
    with act():
        ledger.hold(
            seller_dealer_id=cast.root.pk,
            buyer_dealer_id=cast.c2.pk,
            amount=amount,
            currency="CNY",
            document_type="ORDER",
            document_number=f"SO{number}",
        )
    return "held"


def test_the_last_two_cases_are_reserved_twice(committed: Cast) -> None:
    """SKU 2 has 12 bottles, two cases."""
    sku_id = committed.skus[2].pk
    answers = together(MANY, lambda number: _reserve(committed, number, Demand(1, sku_id, 6)))
    assert Counter(answers) == {"reserved": 2, "stock.insufficient": MANY - 2}
    assert Stock.objects.get(sku_id=sku_id).reserved == 12
    assert Reservation.objects.count() == 2
    assert check_stock() == []


def test_read_then_write_gives_them_away_more_often(committed: Cast) -> None:
    sku_id = committed.skus[2].pk
    everybody_has_read = Barrier(4)

    def known_bad(number: int) -> str:
        row = Stock.objects.get(sku_id=sku_id)
        everybody_has_read.wait(timeout=30)
        if row.on_hand - row.reserved < 6:
            return "stock.insufficient"
        row.reserved += 6
        row.save()
        return "reserved"

    answers = together(4, known_bad)
    assert Counter(answers)["reserved"] > 2
    assert check_stock() != []


def test_lines_in_any_order_do_not_lock_each_other_out(committed: Cast) -> None:
    """Every order wants the same three SKUs, half of them listed the other way round."""
    skus = [committed.skus[number].pk for number in (1, 2, 3)]

    def order(number: int) -> str:
        demand = [Demand(line, sku_id, 1) for line, sku_id in enumerate(skus, start=1)]
        return _reserve(committed, number, *(demand if number % 2 else reversed(demand)))

    assert together(MANY, order) == ["reserved"] * MANY
    assert check_stock() == []


def test_reserving_releasing_shipping_and_counting_at_once_stays_sound(committed: Cast) -> None:
    sku = committed.skus[1]

    def act_on_it(number: int) -> str:
        for turn in range(6):
            document = number * 100 + turn
            _reserve(committed, document, Demand(1, sku.pk, 6))
            if number % 3 == 0:
                with act():
                    stock.release(document_type="ORDER", document_number=f"SO{document}")
            elif number % 3 == 1:
                row = Reservation.objects.get(document_number=f"SO{document}")
                take = stock.Take(1, row.stock_id, 6)
                with act():
                    stock.ship(
                        document_number=f"SO{document}", shipment_number=f"SH{document}", takes=[take], actor=None
                    )
            else:
                lines = (Counted(sku.code, 600 - turn),)
                stock.count_stock(actor=committed.warehouse, command=CountStock("W1", lines))
        return "done"

    assert together(6, act_on_it) == ["done"] * 6
    assert check_stock() == []


def test_the_limit_is_held_to_the_fen(committed: Cast) -> None:
    """C2 may owe 2,000,000 fen: three holds of 600,000 fit, a fourth does not."""
    answers = together(MANY, lambda number: _hold(committed, number, 600_000))
    assert Counter(answers) == {"held": 3, "ledger.credit_exhausted": MANY - 3}
    assert TradingAccount.objects.get(buyer__dealer_id=committed.c2.pk).credit_held == 1_800_000
    assert books.check_books() == []


def test_read_then_write_lends_more_than_the_limit(committed: Cast) -> None:
    everybody_has_read = Barrier(4)

    def known_bad(number: int) -> str:
        account = TradingAccount.objects.get(buyer__dealer_id=committed.c2.pk)
        everybody_has_read.wait(timeout=30)
        if account.credit_limit - account.credit_held < 600_000:
            return "ledger.credit_exhausted"
        account.credit_held += 600_000
        account.save()
        return "held"

    assert Counter(together(4, known_bad))["held"] > 3


@pytest.mark.parametrize("amount", [100, 0])
def test_one_transfer_booked_by_many_hands_is_booked_once(committed: Cast, amount: int) -> None:
    def book(number: int) -> bool:
        command = ledger.PayIn(committed.c2.pk, 5_000 + amount * number, "BANK-1")
        return ledger.pay_in(actor=committed.finance, command=command).is_repeated

    answers = Counter(together(MANY, book))
    assert answers == {False: 1, "ledger.reference_used" if amount else True: MANY - 1}
    assert Journal.objects.count() == 1
    assert books.check_books() == []


def test_paying_in_holding_releasing_and_capturing_at_once_stays_sound(committed: Cast) -> None:
    def trade(number: int) -> str:
        for turn in range(6):
            document = number * 100 + turn
            if number % 2:
                ledger.pay_in(actor=committed.finance, command=ledger.PayIn(committed.c2.pk, 7_000, f"B{document}"))
            _hold(committed, document, 20_000)
            with act():
                if number % 3:
                    ledger.capture(
                        document_type="ORDER",
                        document_number=f"SO{document}",
                        shipment_number=f"SH{document}",
                        amount=15_000,
                        tax=1_000,
                        actor=None,
                    )
                ledger.release(document_type="ORDER", document_number=f"SO{document}")
        return "done"

    assert together(6, trade) == ["done"] * 6
    assert books.check_books() == []
    assert not Hold.objects.filter(status="PENDING").exists()


def test_the_same_count_sent_many_times_at_once_is_booked_once(committed: Cast) -> None:
    sku = committed.skus[1]

    def count(number: int) -> bool:
        command = CountStock("W1", (Counted(sku.code, 550), Counted(sku.code, 12, "NEW")), "COUNT-1")
        return stock.count_stock(actor=committed.warehouse, command=command).is_repeated

    assert Counter(together(MANY, count)) == {False: 1, True: MANY - 1}
    assert sorted(Stock.objects.filter(sku=sku, owner=committed.root).values_list("on_hand", flat=True)) == [12, 550]
    assert check_stock() == []

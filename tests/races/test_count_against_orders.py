"""A count is booked while dealers order what it takes away: nothing falls below what is promised."""

from collections.abc import Callable

import pytest
from django.db import connection

from core.kernel.errors import DomainError
from dms.stock import services
from dms.stock.models import Movement, Stock, StockCount
from dms.stock.services import EnterCounts, Entry, OpenCount
from tests.live import Reply
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.races.test_last_case import order_a_case

pytestmark = pytest.mark.races
SKU = 2


def here(call: Callable[[], object], into: list[object]) -> Callable[[], list[Reply]]:
    """``call`` in this process, on a connection of its own; what it gave, or why it was refused, goes ``into``."""

    def run() -> list[Reply]:
        try:
            with XINGHE.inside():
                into.append(call())
        except DomainError as refusal:
            into.append(", ".join(sorted({problem.code for problem in refusal.problems()})))
        finally:
            connection.close()
        return []

    return run


def finished_sheet(contest: Contest, bottles: int) -> str:
    cast = contest.cast
    sheet = services.open_count(actor=cast.warehouse, command=OpenCount("W1", (cast.skus[SKU].code,)))
    reserved = Stock.objects.get(sku=cast.skus[SKU], warehouse=cast.w1).reserved
    entry = Entry(cast.skus[SKU].code, reserved + bottles)
    services.enter_counts(actor=cast.warehouse, command=EnterCounts(sheet.number, (entry,)))
    services.finish_count(actor=cast.warehouse, number=sheet.number)
    return sheet.number


@pytest.mark.parametrize("round_number", range(4))
def test_a_booking_and_orders_never_both_take_the_last_case(contest: Contest, round_number: int) -> None:
    contest.leave(SKU, 12)
    with XINGHE.inside():
        number = finished_sheet(contest, 6)
    booked: list[object] = []
    cast = contest.cast
    tokens = contest.tokens[round_number * 2 : round_number * 2 + 2]
    works: list[Callable[[], list[Reply]]] = [
        here(lambda: services.book_count(actor=cast.admin, number=number), booked),
        *(lambda token=token: order_a_case(contest, token, 1, SKU) for token in tokens),
    ]
    replies = contest.all_at_once(works)
    sold = sum(reply.status == 201 for reply in replies)
    is_booked = not isinstance(booked[0], str)
    assert {reply.status for reply in replies} <= {201, 422, 503}
    assert booked[0] == "stock.below_reserved" or is_booked
    assert sold <= (1 if is_booked else 2)
    contest.assert_whole()


def test_two_bookings_are_one(contest: Contest) -> None:
    contest.leave(SKU, 12)
    with XINGHE.inside():
        number = finished_sheet(contest, 6)
    cast, booked = contest.cast, list[object]()
    book = here(lambda: services.book_count(actor=cast.admin, number=number), booked)
    contest.all_at_once([book, book])
    done = [one for one in booked if isinstance(one, services.StockDocument)]
    assert sorted(one.is_repeated for one in done) == [False, True]
    assert Movement.objects.filter(document_number=number).count() == 1
    assert StockCount.objects.get(number=number).status == "BOOKED"
    contest.assert_whole()

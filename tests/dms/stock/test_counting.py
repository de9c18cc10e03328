"""Counts on a sheet: what moves meanwhile stays moved, two people enter at once, booking happens once."""

from dataclasses import replace

import pytest

from core.db.acts import act
from core.events.models import Event
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, OutOfScope
from dms.stock import services
from dms.stock.models import Movement, Stock, StockCount, StockCountLine
from dms.stock.selectors.counts import CountFilter, count_rows, sheet
from dms.stock.services import AdjustStock, Counted, Demand, EnterCounts, Entry, OpenCount
from tests.cast import Cast
from tests.ordering.watching import statements


def _open(cast: Cast, *numbers: int) -> str:
    command = OpenCount("W1", tuple(cast.skus[number].code for number in numbers))
    return services.open_count(actor=cast.warehouse, command=command).number


def _enter(cast: Cast, number: str, sku: int, bottles: int | None, **more: object) -> None:
    adds = bool(more.pop("adds", False))
    entry = Entry(cast.skus[sku].code, bottles, **more)  # type: ignore[arg-type]
    services.enter_counts(actor=cast.warehouse, command=EnterCounts(number, (entry,), adds=adds))


def _book(cast: Cast, number: str) -> services.StockDocument:
    services.finish_count(actor=cast.warehouse, number=number)
    return services.book_count(actor=cast.admin, number=number)


def _on_hand(cast: Cast, sku: int, batch: str = "") -> int:
    return Stock.objects.get(sku=cast.skus[sku], warehouse=cast.w1, batch=batch).on_hand


def _adjust(cast: Cast, sku: int, bottles: int) -> None:
    line = Counted(cast.skus[sku].code, bottles)
    services.adjust_stock(actor=cast.warehouse, command=AdjustStock("W1", (line,), "生产入库"))


def _reserve(cast: Cast, sku: int, bottles: int) -> None:
    with act():
        services.reserve(
            seller_id=cast.root.pk,
            document_type="ORDER",
            document_number="SO1",
            demand=[Demand(1, cast.skus[sku].pk, bottles)],
            region_code="370100",
        )


def _refusal(call: object, *arguments: object, **named: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        call(*arguments, **named)  # type: ignore[operator]
    return refusal.value


def test_a_sheet_opens_with_what_the_books_say(cast: Cast) -> None:
    found = sheet(cast.warehouse, _open(cast))
    assert {line.sku_code: line.expected for line in found.page.rows} == {
        cast.skus[number].code: bottles for number, bottles in ((1, 600), (2, 12), (3, 1200), (5, 60), (6, 120))
    }
    some = sheet(cast.warehouse, _open(cast, 1, 4))
    assert {line.sku_code: line.expected for line in some.page.rows} == {cast.skus[1].code: 600, cast.skus[4].code: 0}


def test_differences_become_movements_under_the_sheets_number(cast: Cast) -> None:
    number = _open(cast)
    _enter(cast, number, 1, 590, reason="破损")
    _enter(cast, number, 2, 12)
    _enter(cast, number, 3, 6, batch="B7")
    assert _book(cast, number).changed == 2
    assert (_on_hand(cast, 1), _on_hand(cast, 2), _on_hand(cast, 3), _on_hand(cast, 3, "B7")) == (590, 12, 1200, 6)
    rows = Movement.objects.filter(document_number=number).order_by("bottles")
    assert [(row.bottles, row.kind) for row in rows] == [(-10, "COUNT"), (6, "COUNT")]
    count = StockCount.objects.get(number=number)
    assert (count.status, count.counted_by_name, count.ended_by_name) == ("BOOKED", "仓储主管", "管理员")


def test_what_moves_before_and_after_the_figure_stays_moved(cast: Cast) -> None:
    number = _open(cast, 1)
    _adjust(cast, 1, 60)  # before it is counted: 660 lie there
    _enter(cast, number, 1, 655)
    _adjust(cast, 1, -100)  # after: five are still missing
    _book(cast, number)
    assert _on_hand(cast, 1) == 655 - 100
    (line,) = sheet(cast.warehouse, number).page.rows
    assert (line.expected, line.books, line.moved, line.difference, line.booked) == (600, 660, 60, -5, -5)


def test_what_is_promised_is_named_and_nothing_is_booked(cast: Cast) -> None:
    number = _open(cast)
    _enter(cast, number, 1, 500)
    _enter(cast, number, 2, 5)
    services.finish_count(actor=cast.warehouse, number=number)
    _reserve(cast, 2, 6)
    before = list(Stock.objects.order_by("pk").values()), Movement.objects.count(), Event.objects.count()
    refusal = _refusal(services.book_count, actor=cast.warehouse, number=number)
    assert [(fault.code, fault.fields["sku"], fault.fields["reserved"]) for fault in refusal.problems()] == [
        ("stock.below_reserved", cast.skus[2].code, 6)
    ]
    assert (list(Stock.objects.order_by("pk").values()), Movement.objects.count(), Event.objects.count()) == before
    services.reopen_count(actor=cast.warehouse, number=number)
    _enter(cast, number, 2, 6)
    assert _book(cast, number).changed == 2


def test_booking_twice_books_once(cast: Cast) -> None:
    number = _open(cast, 1)
    _enter(cast, number, 1, 590)
    _book(cast, number)
    again = services.book_count(actor=cast.warehouse, number=number)
    assert (again.number, again.changed, again.is_repeated) == (number, 1, True)
    assert _on_hand(cast, 1) == 590


def test_scans_add_up_and_a_figure_changed_meanwhile_is_refused(cast: Cast) -> None:
    number = _open(cast, 1)
    for _ in range(3):
        _enter(cast, number, 1, 6, adds=True)
    assert sheet(cast.warehouse, number).page.rows[0].counted == 18
    refusal = _refusal(_enter, cast, number, 1, 600, seen=None, is_checked=True)
    assert (refusal.problems()[0].code, refusal.problems()[0].fields["counted"]) == ("stock.counted_meanwhile", 18)
    _enter(cast, number, 1, 600, seen=18, is_checked=True)
    _enter(cast, number, 1, None, seen=600, is_checked=True)
    assert sheet(cast.warehouse, number).page.rows[0].counted is None


def test_lines_nobody_counted_stay_or_count_as_none(cast: Cast) -> None:
    number = _open(cast)
    _enter(cast, number, 1, 600)
    assert _book(cast, number).changed == 0
    other = _open(cast)
    _enter(cast, other, 1, 600)
    services.finish_count(actor=cast.warehouse, number=other, rest_is_none=True)
    assert services.book_count(actor=cast.warehouse, number=other).changed == 4
    assert (_on_hand(cast, 1), _on_hand(cast, 3)) == (600, 0)


def test_only_an_open_sheet_takes_figures(cast: Cast) -> None:
    number = _open(cast, 1)
    assert _refusal(services.finish_count, actor=cast.warehouse, number=number).code == "stock.nothing_counted"
    assert _refusal(services.book_count, actor=cast.warehouse, number=number).code == "stock.count_not_open"
    services.cancel_count(actor=cast.warehouse, number=number)
    assert _refusal(_enter, cast, number, 1, 600).code == "stock.count_not_open"
    assert _refusal(services.reopen_count, actor=cast.warehouse, number=number).code == "stock.count_not_open"


@pytest.mark.parametrize("seat", ["admin_c1", "rep"])
def test_nobody_touches_a_strangers_sheet(cast: Cast, seat: str) -> None:
    number = _open(cast, 1)
    entry = Entry(cast.skus[1].code, 1)
    refusal = _refusal(services.enter_counts, actor=cast.actor(seat), command=EnterCounts(number, (entry,)))
    assert refusal.code in ("stock.count_missing", "actor.not_permitted")
    assert list(count_rows(cast.actor("admin_c1"), CountFilter())) == []


def test_sheets_of_any_length_take_the_same_statements(cast: Cast) -> None:
    def cost(*numbers: int) -> int:
        with statements() as seen:
            number = _open(cast, *numbers)
            entries = tuple(Entry(cast.skus[sku].code, 1000 + sku) for sku in numbers)
            services.enter_counts(actor=cast.warehouse, command=EnterCounts(number, entries))
            _book(cast, number)
            sheet(cast.warehouse, number)
        return len(seen)

    assert cost(1) == cost(1, 2, 3, 4, 5, 6) <= 40


def test_a_seat_of_some_lines_finishes_no_sheet_of_others(cast: Cast) -> None:
    """That the rest counts as none would write off what the seat does not even see."""
    light = cast.light()
    number = _open(cast)
    keeper = replace(cast.warehouse, scope=Scope((), ("LIGHT",), None))
    entered = EnterCounts(number, (Entry(light.code, 240),))
    services.enter_counts(actor=keeper, command=entered)
    for verb in (services.finish_count, services.cancel_count):
        assert isinstance(_refusal(verb, actor=keeper, number=number), OutOfScope)
    assert not StockCountLine.objects.filter(count__number=number, counted=0).exists()
    services.finish_count(actor=cast.warehouse, number=number)
    assert isinstance(_refusal(services.reopen_count, actor=keeper, number=number), OutOfScope)

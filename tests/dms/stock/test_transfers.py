"""Transfers: drafted, sent, on the road in neither warehouse, received; refused by line."""

from dataclasses import replace

import pytest

from core.kernel.actor import Scope
from core.kernel.errors import DomainError, OutOfScope
from dms.stock import services
from dms.stock.models import Movement, Stock, Transfer
from dms.stock.selectors import StockFilter, free_by_sku, stock_page
from dms.stock.services import Counted, DraftTransfer, ReceiveTransfer, TransferStock
from tests.cast import Cast
from tests.factories.goods import make_warehouse


@pytest.fixture(autouse=True)
def _second(cast: Cast) -> None:
    make_warehouse(cast.root, "W2", "前置仓")


def _goods(cast: Cast, *lines: tuple[int, int]) -> TransferStock:
    wanted = tuple(Counted(cast.skus[number].code, bottles) for number, bottles in lines)
    return TransferStock("W1", "W2", wanted, "调拨")


def _drafted(cast: Cast, *lines: tuple[int, int]) -> str:
    return services.draft_transfer(actor=cast.warehouse, command=DraftTransfer(_goods(cast, *lines))).number


def _lies(cast: Cast, code: str, number: int) -> int:
    rows = Stock.objects.filter(warehouse__code=code, sku=cast.skus[number]).values_list("on_hand", flat=True)
    return sum(rows)


def _refusal(call: object, **named: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        call(**named)  # type: ignore[operator]
    return refusal.value


def test_a_draft_moves_nothing_and_goods_on_the_road_lie_nowhere(cast: Cast) -> None:
    number = _drafted(cast, (1, 60), (3, 12))
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1)) == (600, 0)
    services.send_transfer(actor=cast.warehouse, number=number)
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1)) == (540, 0)
    assert free_by_sku(seller_id=cast.root.pk, sku_ids=[cast.skus[1].pk]) == {cast.skus[1].pk: 540}
    (line,) = stock_page(actor=cast.warehouse, filters=StockFilter(cast.skus[1].code)).rows
    assert line.on_the_way == 60
    services.receive_transfer(actor=cast.warehouse, command=ReceiveTransfer(number))
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1), _lies(cast, "W2", 3)) == (540, 60, 12)
    rows = Movement.objects.filter(document_number=number).values_list("kind", "bottles")
    assert sorted(rows) == [("TRANSFER_IN", 12), ("TRANSFER_IN", 60), ("TRANSFER_OUT", -60), ("TRANSFER_OUT", -12)]


def test_what_is_missing_lies_nowhere_and_stands_on_the_document(cast: Cast) -> None:
    number = _drafted(cast, (1, 60))
    services.send_transfer(actor=cast.warehouse, number=number)
    refusal = _refusal(services.receive_transfer, actor=cast.warehouse, command=ReceiveTransfer(number, {1: 61}))
    assert [(fault.code, fault.line) for fault in refusal.problems()] == [("stock.received_too_much", 1)]
    services.receive_transfer(actor=cast.warehouse, command=ReceiveTransfer(number, {1: 54}))
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1)) == (540, 54)
    assert list(Transfer.objects.get(number=number).lines.values_list("bottles", "received")) == [(60, 54)]


def test_goods_on_the_road_can_be_brought_back(cast: Cast) -> None:
    number = _drafted(cast, (1, 60))
    services.send_transfer(actor=cast.warehouse, number=number)
    services.cancel_transfer(actor=cast.warehouse, number=number)
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1)) == (600, 0)


def test_a_draft_is_written_anew_unless_somebody_else_has(cast: Cast) -> None:
    number = _drafted(cast, (1, 60))
    command = DraftTransfer(_goods(cast, (3, 12)), number, 1)
    services.draft_transfer(actor=cast.warehouse, command=command)
    assert [line.bottles for line in Transfer.objects.get(number=number).lines.all()] == [12]
    refusal = _refusal(services.draft_transfer, actor=cast.warehouse, command=command)
    assert refusal.code == "stock.transfer_moved_on"


def test_a_dispatch_that_is_refused_leaves_no_draft(cast: Cast) -> None:
    command = DraftTransfer(_goods(cast, (1, 60), (2, 13)))
    refusal = _refusal(services.dispatch_transfer, actor=cast.warehouse, command=command)
    assert [(fault.code, fault.line) for fault in refusal.problems()] == [("stock.insufficient", 2)]
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("verb", ["send", "receive", "cancel"])
def test_each_step_happens_once(cast: Cast, verb: str) -> None:
    number = _drafted(cast, (1, 60))
    services.send_transfer(actor=cast.warehouse, number=number)
    services.receive_transfer(actor=cast.warehouse, command=ReceiveTransfer(number))
    calls = {
        "send": lambda: services.send_transfer(actor=cast.warehouse, number=number),
        "receive": lambda: services.receive_transfer(actor=cast.warehouse, command=ReceiveTransfer(number)),
        "cancel": lambda: services.cancel_transfer(actor=cast.warehouse, number=number),
    }
    assert _refusal(calls[verb]).code == "stock.transfer_moved_on"
    assert (_lies(cast, "W1", 1), _lies(cast, "W2", 1)) == (540, 60)


def test_at_once_is_a_document_too(cast: Cast) -> None:
    done = services.transfer_stock(actor=cast.warehouse, command=_goods(cast, (1, 60)))
    found = Transfer.objects.get(number=done.number)
    assert (found.status, found.source.code, found.target.code) == ("RECEIVED", "W1", "W2")
    assert list(found.lines.values_list("bottles", "received")) == [(60, 60)]


def test_a_stranger_finds_no_transfer(cast: Cast) -> None:
    number = _drafted(cast, (1, 60))
    for seat in ("admin_c1", "rep"):
        refusal = _refusal(services.send_transfer, actor=cast.actor(seat), number=number)
        assert refusal.code in ("stock.transfer_missing", "actor.not_permitted")


@pytest.mark.parametrize("verb", ["send_transfer", "receive_transfer", "cancel_transfer", "draft_transfer"])
def test_a_seat_of_some_lines_moves_no_document_of_others(cast: Cast, verb: str) -> None:
    """What a seat does not see on a draft does not vanish from it, nor come in by its word."""
    light = cast.light()
    lines = (Counted(cast.skus[1].code, 60), Counted(light.code, 12))
    goods = TransferStock("W1", "W2", lines, "调拨")
    number = services.draft_transfer(actor=cast.warehouse, command=DraftTransfer(goods)).number
    if verb == "receive_transfer":
        services.send_transfer(actor=cast.warehouse, number=number)
    keeper = replace(cast.warehouse, scope=Scope((), ("LIGHT",), None))
    own = DraftTransfer(replace(goods, lines=lines[1:]), number)
    said = {"receive_transfer": ReceiveTransfer(number), "draft_transfer": own}.get(verb)
    asked = {"number": number} if said is None else {"command": said}
    assert isinstance(_refusal(getattr(services, verb), actor=keeper, **asked), OutOfScope)
    assert Transfer.objects.get(number=number).lines.count() == 2

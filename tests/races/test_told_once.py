"""What two clicks or two workers do at one moment is told once; and a name is given to one shopping list.

Each runs the known-bad way too, which must be seen to fail: proof that the race can see the fault.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from core.events.models import Event
from core.events.services import record
from core.kernel import clock
from dms.notices import events as notice_events
from dms.notices import services as notices
from dms.notices.models import Notice
from dms.notices.selectors import notices_for
from dms.notices.services import WriteNotice, writing
from dms.stock import services as stock
from dms.stock.events import STOCK_LOW
from dms.stock.models import StockThreshold
from dms.stock.services import thresholds
from ordering.lists import services as lists
from ordering.lists.models import ShoppingList
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.races.test_one_order_two_hands import at_once

pytestmark = pytest.mark.races
WINDOWS = 4
PAUSE_S = 2
WAYS = pytest.mark.parametrize("is_good", [True, False], ids=["good", "known-bad"])


def together(call: Callable[..., Any]) -> Callable[..., Any]:
    """``call``, and then a pause in which the others come to the same point."""
    all_there = Barrier(WINDOWS)

    def waiting(*arguments: Any, **named: Any) -> Any:
        given = call(*arguments, **named)
        with suppress(BrokenBarrierError):
            all_there.wait(PAUSE_S)
        return given

    return waiting


@WAYS
def test_one_receipt_of_one_reader(contest: Contest, monkeypatch: pytest.MonkeyPatch, is_good: bool) -> None:
    if not is_good:
        told_again = "DO UPDATE SET read_at = excluded.read_at"
        monkeypatch.setattr(writing, "_READ", writing._READ.replace("DO NOTHING", told_again))
    monkeypatch.setattr(writing, "notices_for", together(notices_for))
    cast = contest.cast
    with XINGHE.inside():
        words = WriteNotice("放假", "初七发货。", needs_receipt=True)
        drafted = notices.write_notice(actor=cast.admin, command=words)
        notice: Notice = notices.publish_notice(actor=cast.admin, notice_id=drafted.pk, version=drafted.version)
    click = partial(notices.read_notice, actor=cast.buyer_c1, notice_id=notice.pk, version=notice.version)
    assert at_once(*[click] * WINDOWS) == ["done"] * WINDOWS
    with XINGHE.inside():
        told = Event.objects.filter(kind=notice_events.NOTICE_RECEIPTED, aggregate_id=str(notice.pk)).count()
    assert (told == 1) is is_good


_READ_THEN_WRITE = """), due AS MATERIALIZED (
    SELECT threshold.id FROM stock_stockthreshold AS threshold JOIN free ON free.id = threshold.id
    WHERE threshold.is_low <> (free.free < threshold.bottles)
), turned AS ("""


@WAYS
def test_two_workers_warn_once(contest: Contest, monkeypatch: pytest.MonkeyPatch, is_good: bool) -> None:
    if not is_good:
        again = "FROM free, due WHERE free.id = threshold.id AND due.id = threshold.id\n    RETURNING"
        head, _turned, rest = thresholds._TURN.partition("), turned AS (")
        before, _from, tail = rest.partition("FROM free WHERE")
        bad = head + _READ_THEN_WRITE + before.replace("NOT threshold.is_low", "true")
        bad += again + tail.partition("RETURNING")[2]
        monkeypatch.setattr(thresholds, "_TURN", bad)
    monkeypatch.setattr(thresholds, "record", together(record))
    cast = contest.cast
    with XINGHE.inside():
        told_before = Event.objects.filter(kind=STOCK_LOW).count()
        StockThreshold.objects.all().delete()
        StockThreshold.objects.create(owner=cast.root, sku=cast.skus[4], bottles=10**8, changed_at=clock.now())
    assert set(at_once(*[stock.check_thresholds] * WINDOWS)) == {"done"}
    with XINGHE.inside():
        told = Event.objects.filter(kind=STOCK_LOW).count() - told_before
        StockThreshold.objects.all().delete()
    assert (told == 1) is is_good


@WAYS
def test_a_name_is_given_once(contest: Contest, monkeypatch: pytest.MonkeyPatch, is_good: bool) -> None:
    if not is_good:
        monkeypatch.setattr(lists, "_take_turns", lambda _actor: None)
    monkeypatch.setattr(lists, "_refuse_name", together(lists._refuse_name))
    name = f"旺季{is_good}"
    make = partial(lists.make_list, actor=contest.cast.buyer_c1, command=lists.MakeList(name))
    told = sorted(at_once(*[make] * WINDOWS))
    assert ShoppingList.objects.filter(name=name).count() == 1
    losers = {"list.name_taken"} if is_good else {"IntegrityError"}
    assert told.count("done") == 1
    assert set(told) - {"done"} == losers

"""Notices: written for some dealers, read by their people, receipted by houses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.db.acts import act
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, NotPermitted, OutOfScope, VersionConflict
from dms.dealers.models import Dealer
from dms.notices import services
from dms.notices.errors import AudienceUnknown, EndsTooEarly, NoticeWithdrawn
from dms.notices.models import Notice, NoticeRead
from dms.notices.rules import text_block
from dms.notices.selectors import (
    NoticeFilter,
    houses_to_address,
    labels_to_address,
    notice,
    notices_for,
    notices_to,
    notices_visible_to,
    receipt_rows,
    receipts,
    state_counts,
    unread_notices,
)
from dms.notices.services import ChangeNotice, WriteNotice, writing
from dms.territories.models import Grant
from tests.cast import Cast
from tests.factories.channel import DealerFacts, make_dealer
from tests.ordering.watching import statements

BUYERS = ("buyer_p1", "buyer_c1", "buyer_c2", "buyer_t1")


def out(cast: Cast, audience: Mapping[str, Any] | None = None, **changes: Any) -> Notice:
    """A published notice."""
    command = replace(WriteNotice("春节放假", "照常发货。", **(audience or {})), **changes)
    row = services.write_notice(actor=cast.admin, command=command)
    return services.publish_notice(actor=cast.admin, notice_id=row.pk, version=row.version)


def readers(cast: Cast) -> set[str]:
    """Whose seats are told something."""
    return {name for name in BUYERS if notices_for(cast.actor(name))}


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        ({}, set(BUYERS)),
        ({"tiers": ("CITY",)}, {"buyer_c1", "buyer_c2"}),
        ({"tiers": ("TERMINAL", "PROVINCIAL")}, {"buyer_p1", "buyer_t1"}),
        ({"region_codes": ("370100",)}, {"buyer_c1", "buyer_t1"}),
        ({"region_codes": ("370000",)}, set(BUYERS)),
        ({"region_codes": ("CN",)}, set(BUYERS)),
        ({"region_codes": ("510000",)}, set()),
        ({"region_codes": ("370200",), "tiers": ("TERMINAL",)}, set()),
    ],
)
def test_a_notice_reaches_its_tiers_and_regions(cast: Cast, audience: dict[str, Any], who: set[str]) -> None:
    row = out(cast, audience)
    assert readers(cast) == who
    told = receipts(cast.admin, row)
    assert (told.houses, told.read) == (len(who), 0)


def test_a_notice_about_a_line_reaches_who_holds_ground_for_it_and_who_they_supply(cast: Cast) -> None:
    light = cast.light()
    Grant.objects.exclude(dealer=cast.c1).delete()  # the factories give every dealer all goods
    Grant.objects.update(product_line_id=light.product_line_id)
    row = out(cast, line_codes=("LIGHT",))
    assert readers(cast) == {"buyer_c1", "buyer_t1"}
    assert {one.code for one in receipt_rows(cast.admin, row)} == {"C1", "T1"}


def test_a_notice_reaches_single_houses_and_those_of_a_label(cast: Cast) -> None:
    with act():
        Dealer.objects.filter(code__in=("C1", "T1")).update(labels=["旗舰", "团购"])
    named = out(cast, dealer_codes=("C2", "T1"))
    assert readers(cast) == {"buyer_c2", "buyer_t1"}
    assert {one.code for one in receipt_rows(cast.admin, named)} == {"C2", "T1"}
    labelled = out(cast, labels=("旗舰",))
    assert readers(cast) == {"buyer_c1", "buyer_c2", "buyer_t1"}
    assert receipts(cast.admin, labelled).houses == 2
    both = out(cast, labels=("团购",), tiers=("CITY",))
    assert [one.id for one in notices_for(cast.buyer_t1)] == [labelled.pk, named.pk]
    assert both.pk in {one.id for one in notices_for(cast.buyer_c1)}
    assert [one.pk for one in notices_to(cast.admin, cast.c2)] == [named.pk]
    assert labels_to_address(cast.admin) == ["团购", "旗舰"]


def test_houses_and_labels_there_are_not_are_said_by_name(cast: Cast) -> None:
    with pytest.raises(DomainError) as caught:
        out(cast, dealer_codes=("C1", "C9"), labels=("没有",))
    assert [(one.field, one.fields["value"]) for one in caught.value.problems()] == [
        ("labels", "没有"),
        ("dealer_codes", "C9"),
    ]


def test_a_limited_seat_names_houses_of_its_own_and_sees_no_others(cast: Cast) -> None:
    cast.seat_limited()
    jinan: Actor = cast.manager_jinan
    row = services.write_notice(actor=jinan, command=WriteNotice("标题", "正文", dealer_codes=("C1",)))
    for codes in (("C2",), ("C1", "C2")):
        with pytest.raises(DomainError) as caught:
            services.write_notice(actor=jinan, command=WriteNotice("标题", "正文", dealer_codes=codes))
        assert caught.value.problems()[0].field == "dealer_codes"
    mixed, other = out(cast, dealer_codes=("C1", "C2")), out(cast, dealer_codes=("C2",))
    assert set(notices_visible_to(jinan)) == {row, mixed}
    assert vars(notice(jinan, mixed.pk))["named_codes"] == ["C1"]
    assert vars(notice(cast.admin, mixed.pk))["named_codes"] == ["C1", "C2"]
    with pytest.raises(Missing):
        notice(jinan, other.pk)
    with pytest.raises(OutOfScope):
        services.withdraw_notice(actor=jinan, notice_id=mixed.pk)
    assert [code for code, _name, _tier in houses_to_address(jinan, "", limit=9)] == ["C1", "T1"]


def test_nobody_sees_a_draft_a_planned_an_ended_or_a_withdrawn_one(cast: Cast) -> None:
    draft = services.write_notice(actor=cast.admin, command=WriteNotice("草稿", "还没写完"))
    assert not readers(cast)
    now = clock.now()
    planned = services.publish_notice(actor=cast.admin, notice_id=draft.pk, version=1, at=now + timedelta(hours=1))
    assert not readers(cast)
    with clock.at(now + timedelta(hours=2)):
        assert readers(cast) == set(BUYERS)
    ending = out(cast, title="今天截止", until_at=now + timedelta(minutes=5))
    assert readers(cast) == set(BUYERS)
    with clock.at(now + timedelta(minutes=6)):
        assert not readers(cast)
    services.withdraw_notice(actor=cast.admin, notice_id=ending.pk)
    assert not readers(cast)
    found = {
        state: [one.title for one in notices_visible_to(cast.admin, NoticeFilter(state=state))]
        for state in ("planned", "withdrawn", "live")
    }
    assert found == {"planned": [planned.title], "withdrawn": ["今天截止"], "live": []}
    assert state_counts(cast.admin) == {"": 2, "live": 0, "draft": 0, "planned": 1, "ended": 0, "withdrawn": 1}


def test_reading_counts_once_a_seat_and_a_receipt_is_the_houses(cast: Cast) -> None:
    row = out(cast, needs_receipt=True)
    for _again in range(2):
        services.read_notice(actor=cast.buyer_c1, notice_id=row.pk)
    services.read_notice(actor=cast.admin_c1, notice_id=row.pk)
    assert (unread_notices(cast.buyer_c1), unread_notices(cast.finance_c1), unread_notices(cast.buyer_c2)) == (0, 1, 1)
    told = receipts(cast.admin, row)
    assert (told.houses, told.read, told.unread) == (4, 1, 3)
    rows = {one.code: vars(one)["house_reader"] for one in receipt_rows(cast.admin, row)}
    assert rows["C1"] == "采购员乙"
    assert [one.code for one in receipt_rows(cast.admin, row, only="read")] == ["C1"]
    assert {one.code for one in receipt_rows(cast.admin, row, only="unread", text="酒")} == {"C2", "P1", "T1"}
    assert Event.objects.filter(kind="dms.notice_receipted.v1").count() == 2
    assert vars(notices_visible_to(cast.admin).get())["read_houses"] == 1


def test_a_receipt_is_for_the_words_that_were_shown(cast: Cast) -> None:
    row = out(cast, needs_receipt=True)
    (shown,) = notices_for(cast.buyer_c1)
    other = WriteNotice("提价通知", "下月起提价。", needs_receipt=True)
    services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, row.version, other, asks_again=True))
    with pytest.raises(VersionConflict):
        services.read_notice(actor=cast.buyer_c1, notice_id=row.pk, version=shown.version)
    assert (unread_notices(cast.buyer_c1), Event.objects.filter(kind="dms.notice_receipted.v1").count()) == (1, 0)
    (now,) = notices_for(cast.buyer_c1)
    services.read_notice(actor=cast.buyer_c1, notice_id=row.pk, version=now.version)
    assert unread_notices(cast.buyer_c1) == 0


def test_a_version_of_tomorrow_counts_for_today_alone(cast: Cast) -> None:
    row = out(cast, needs_receipt=True)
    services.read_notice(actor=cast.buyer_c1, notice_id=row.pk, version=10**17)
    assert NoticeRead.objects.get().version == row.version


def test_two_clicks_at_once_are_one_receipt(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = out(cast, needs_receipt=True)
    both = notices_for(cast.buyer_c1)
    monkeypatch.setattr(writing, "notices_for", lambda _actor: both)
    for _click in range(2):
        services.read_notice(actor=cast.buyer_c1, notice_id=row.pk)
    assert (NoticeRead.objects.count(), Event.objects.filter(kind="dms.notice_receipted.v1").count()) == (1, 1)


def test_what_asks_for_no_receipt_is_read_all_at_once(cast: Cast) -> None:
    out(cast)
    out(cast, title="要回执", needs_receipt=True)
    services.read_notices(actor=cast.buyer_c1)
    assert [one.title for one in notices_for(cast.buyer_c1, only_unread=True)] == ["要回执"]


def test_a_change_may_ask_again(cast: Cast) -> None:
    row = out(cast)
    services.read_notice(actor=cast.buyer_c1, notice_id=row.pk)
    same = WriteNotice("春节放假", "照常发货。")
    assert services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, 1, same)).version == row.version
    other = WriteNotice("春节放假安排", "初七发货。")
    with pytest.raises(VersionConflict):
        services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, 1, other))
    changed = services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, row.version, other))
    assert unread_notices(cast.buyer_c1) == 0
    services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, changed.version, other, asks_again=True))
    assert unread_notices(cast.buyer_c1) == 1
    services.read_notice(actor=cast.buyer_c1, notice_id=row.pk)
    assert (unread_notices(cast.buyer_c1), NoticeRead.objects.count()) == (0, 2)


def test_every_fault_is_told_by_field_and_nothing_is_written(cast: Cast) -> None:
    command = WriteNotice(
        " ", "", tone="LOUD", tiers=("KING",), region_codes=("999999",), line_codes=("NONE",), until_at=clock.now()
    )
    with pytest.raises(DomainError) as caught:
        services.write_notice(actor=cast.admin, command=command)
    fields = {fault.field for fault in caught.value.problems()}
    assert fields == {"title", "body", "tone", "tiers", "region_codes", "line_codes", "until_at"}
    assert not Notice.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("who", ["product", "finance", "auditor", "buyer_c1", "admin_c1"])
def test_others_may_not_write(cast: Cast, who: str) -> None:
    row = out(cast)
    stranger, draft = cast.actor(who), WriteNotice("标题", "正文")
    with pytest.raises(NotPermitted):
        services.write_notice(actor=stranger, command=draft)
    with pytest.raises(NotPermitted):
        services.publish_notice(actor=stranger, notice_id=row.pk, version=row.version)
    with pytest.raises(NotPermitted):
        services.withdraw_notice(actor=stranger, notice_id=row.pk)
    with pytest.raises(NotPermitted):
        services.change_notice(actor=stranger, command=ChangeNotice(row.pk, 2, draft))


def test_a_limited_seat_speaks_to_its_own_ground_alone(cast: Cast) -> None:
    cast.seat_limited()
    jinan: Actor = cast.manager_jinan
    whole = out(cast)
    qingdao = out(cast, region_codes=("370200",))
    for reach in ((), ("370000",), ("370100", "370200")):
        with pytest.raises(OutOfScope):
            services.write_notice(actor=jinan, command=WriteNotice("标题", "正文", region_codes=reach))
    own = services.write_notice(actor=jinan, command=WriteNotice("标题", "正文", region_codes=("370100",)))
    services.publish_notice(actor=jinan, notice_id=own.pk, version=1)
    assert set(notices_visible_to(jinan)) == {whole, own}
    with pytest.raises(Missing):
        notice(jinan, qingdao.pk)
    with pytest.raises(OutOfScope):
        services.withdraw_notice(actor=jinan, notice_id=whole.pk)
    assert {one.code for one in receipt_rows(jinan, whole)} == {"C1", "T1"}
    with pytest.raises(OutOfScope):
        services.write_notice(actor=cast.sales_light, command=WriteNotice("标题", "正文"))


def test_a_notice_for_others_is_missing_and_a_withdrawn_one_stays(cast: Cast) -> None:
    row = out(cast, tiers=("CITY",))
    with pytest.raises(Missing):
        services.read_notice(actor=cast.buyer_t1, notice_id=row.pk)
    with pytest.raises(Missing):
        services.read_notice(actor=cast.admin, notice_id=row.pk)
    for _again in range(2):
        services.withdraw_notice(actor=cast.admin, notice_id=row.pk)
    with pytest.raises(NoticeWithdrawn):
        services.publish_notice(actor=cast.admin, notice_id=row.pk, version=3)
    with pytest.raises(Missing):
        services.read_notice(actor=cast.buyer_c1, notice_id=row.pk)


def test_it_cannot_end_before_it_begins(cast: Cast) -> None:
    until = clock.now() + timedelta(hours=1)
    row = services.write_notice(actor=cast.admin, command=WriteNotice("标题", "正文", until_at=until))
    with pytest.raises(EndsTooEarly):
        services.publish_notice(actor=cast.admin, notice_id=row.pk, version=1, at=until)


def test_an_unknown_division_is_refused_alone(cast: Cast) -> None:
    with pytest.raises(DomainError) as caught:
        services.write_notice(actor=cast.admin, command=WriteNotice("标题", "正文", region_codes=("370100", "123")))
    (fault,) = caught.value.problems()
    assert isinstance(fault, AudienceUnknown)


def test_statements_are_the_same_for_one_and_for_fifty(cast: Cast) -> None:
    def counted() -> list[int]:
        row = Notice.objects.order_by("pk")[0]
        costs = []
        asks: tuple[Callable[[], object], ...] = (
            lambda: notices_for(cast.buyer_c1),
            lambda: unread_notices(cast.buyer_c1),
            lambda: list(notices_visible_to(cast.admin)),
            lambda: list(receipt_rows(cast.admin, row)),
            lambda: receipts(cast.admin, row),
            lambda: services.read_notices(actor=cast.buyer_c1),
        )
        for ask in asks:
            with statements() as seen:
                ask()
            costs.append(len(seen))
        return costs

    out(cast)
    few = counted()
    with act():
        for number in range(50):
            facts = DealerFacts(f"N{number}", f"新的{number}", Dealer.Tier.CITY, "370100", 100_000)
            make_dealer(facts, parent=cast.root, supplier=cast.root)
    for number in range(50):
        out(cast, title=f"公告{number}")
    assert counted() == few
    assert few == [3, 3, 1, 1, 1, 5]


def test_a_text_keeps_its_paragraphs_and_nothing_else() -> None:
    assert text_block("  一\x00二 \r\n\r\n\r\n\r\n三  四\n") == "一二\n\n三 四"

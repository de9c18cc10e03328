"""A notice that is out reaches people by mail: once a house, in the background, in batches; a withdrawn one stops."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.messages.models import Message
from dms.notices import services
from dms.notices.models import Notice, NoticeTold
from dms.notices.services import ChangeNotice, WriteNotice, telling
from tests.cast import Cast
from tests.factories.channel import DealerFacts, make_dealer
from tests.ordering.watching import statements

pytestmark = pytest.mark.usefixtures("today_runs")


@pytest.fixture
def today_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast's fixed day counts as the present: an act of the past would tell nobody."""
    monkeypatch.setattr(clock, "is_fixed", lambda: False)


def drafted(cast: Cast, content: WriteNotice) -> Notice:
    return services.write_notice(actor=cast.admin, command=content)


HOLIDAY = WriteNotice("春节放假", "照常发货。")


def out(cast: Cast, content: WriteNotice = HOLIDAY) -> Notice:
    row = drafted(cast, content)
    return services.publish_notice(actor=cast.admin, notice_id=row.pk, version=row.version)


def mails() -> list[str]:
    return list(Message.objects.filter(template__startswith="notices.").values_list("way", flat=True))


def test_everybody_of_the_houses_is_written_to_once(cast: Cast) -> None:
    row = out(cast, WriteNotice("春节放假", "照常发货。", title_en="Holidays", tiers=("CITY",)))
    assert services.tell_due() == 2
    seats = set(Message.objects.filter(template="notices.out").values_list("seat_id", flat=True))
    houses = {seat.dealer_id for seat in cast.seats.values() if seat.pk in seats}
    assert houses == {cast.c1.pk, cast.c2.pk}
    assert set(mails()) == {"MAIL"}, "its page and bell show the notice itself"
    message = Message.objects.filter(template="notices.out")[0]
    assert (message.subject, message.link) == ("公告：春节放假 · Holidays", "/notices/")
    count = len(mails())
    assert (services.tell_due(), len(mails())) == (0, count)
    row.refresh_from_db()
    assert row.told_at is not None


def test_a_planned_one_waits_for_its_hour(cast: Cast) -> None:
    row = drafted(cast, WriteNotice("春节放假", "照常发货。"))
    at = clock.now() + timedelta(hours=2)
    services.publish_notice(actor=cast.admin, notice_id=row.pk, version=row.version, at=at)
    assert services.tell_due() == 0
    with clock.at(at):
        assert services.tell_due() == 4


def test_one_that_asks_for_a_receipt_says_so(cast: Cast) -> None:
    out(cast, WriteNotice("召回", "停止销售。", needs_receipt=True))
    services.tell_due()
    assert set(Message.objects.values_list("template", flat=True)) >= {"notices.asks"}


def test_a_withdrawn_one_is_not_mailed_any_more(cast: Cast) -> None:
    row, other = out(cast), out(cast, WriteNotice("新品", "到货。"))
    services.tell_due()
    services.withdraw_notice(actor=cast.admin, notice_id=row.pk)
    assert set(Message.objects.filter(template="notices.out").values_list("context__notice", flat=True)) == {other.pk}
    late = out(cast)
    services.withdraw_notice(actor=cast.admin, notice_id=late.pk)
    assert services.tell_due() == 0


def test_a_wider_audience_tells_the_new_ones_alone(cast: Cast) -> None:
    content = WriteNotice("春节放假", "照常发货。", tiers=("CITY",))
    row = out(cast, content)
    services.tell_due()
    wider = WriteNotice("春节放假", "照常发货。", tiers=("CITY", "TERMINAL"))
    services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, row.version, wider))
    assert services.tell_due() == 1
    assert NoticeTold.objects.filter(dealer=cast.t1).count() == 1


def test_one_that_asks_again_tells_everybody_again(cast: Cast) -> None:
    row = out(cast)
    services.tell_due()
    before = len(mails())
    content = WriteNotice("春节放假", "改到初八。")
    services.change_notice(actor=cast.admin, command=ChangeNotice(row.pk, row.version, content, asks_again=True))
    assert services.tell_due() == 4
    assert len(mails()) == before, "what still waited about the former words is not sent too"


def test_a_seat_kept_to_other_lines_is_left_out(cast: Cast) -> None:
    line = cast.skus[1].product_line.code
    seat = cast.seats["buyer_c1"]
    type(seat).objects.filter(pk=seat.pk).update(scope_product_lines=["ZZ"])
    out(cast, WriteNotice("青花", "涨价。", line_codes=(line,)))
    services.tell_due()
    assert not Message.objects.filter(seat_id=seat.pk).exists()


def test_many_houses_take_few_statements(cast: Cast) -> None:
    for number in range(12):
        make_dealer(
            DealerFacts(f"M{number:02d}", f"商行{number}", "CITY", "370100", 0), parent=cast.root, supplier=cast.root
        )
    out(cast)
    with statements() as seen:
        assert services.tell_due() == 16
    assert len(seen) <= 16, seen


def test_goes_on_where_a_dead_worker_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "BATCH", 1)
    row = out(cast)
    assert telling._tell_some(row.pk) == 1
    before = len(mails())
    assert services.tell_due() == 3
    assert len(mails()) > before
    assert NoticeTold.objects.count() == 4

"""Market quotes: written down, corrected by later rows, taken back, found by the nearest region."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.sellthrough import errors
from dms.sellthrough.events import MARKET_QUOTES_RECORDED
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.rules import Heard
from dms.sellthrough.selectors import QuoteFilter, courses_of, latest_quotes, quote_rows, quoted_regions
from dms.sellthrough.services import record_quotes, withdraw_quote
from tests.cast import Cast
from tests.ordering.watching import statements

TODAY = date(2026, 1, 12)


def heard(cast: Cast, amount: int | None = 85_000, *, sku: int = 1, region: str = "370100", **more: object) -> Heard:
    """A quote of today for a bottle in Jinan."""
    said = Heard(cast.skus[sku].code, region, TODAY, Unit.BOTTLE, amount)
    return replace(said, **more)  # type: ignore[arg-type]  # by name


def standing(actor: Actor) -> list[tuple[str, int | None]]:
    """Where and how much, the newest first."""
    return [(row.region_code, row.amount) for row in quote_rows(actor, QuoteFilter())]


def codes(refusal: DomainError) -> list[tuple[int | None, str]]:
    return [(fault.line, fault.code) for fault in refusal.problems()]


def test_several_quotes_are_written_in_one_act_with_one_event(cast: Cast) -> None:
    done = record_quotes(actor=cast.pricing, rows=[heard(cast), heard(cast, 16_500, sku=2), heard(cast, region="CN")])
    assert (done.written, done.same) == (3, 0)
    row = MarketQuote.objects.get(sku=cast.skus[2])
    assert (row.amount, row.unit, row.currency, row.source) == (16_500, "BOTTLE", "CNY", "")
    assert (row.person_id, row.entered_by_name) == (cast.pricing.person_id, cast.pricing.person_name)
    (event,) = Event.objects.filter(kind=MARKET_QUOTES_RECORDED)
    assert [one["amount"] for one in event.payload["quotes"]] == [85_000, 16_500, 85_000]


def test_the_same_again_writes_nothing_and_a_later_row_corrects(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast)])
    assert record_quotes(actor=cast.pricing, rows=[heard(cast)]).same == 1
    record_quotes(actor=cast.pricing, rows=[heard(cast, 84_000)])
    assert standing(cast.pricing) == [("370100", 84_000)]
    everything = quote_rows(cast.pricing, QuoteFilter(with_corrected=True))
    assert [(row.amount, vars(row)["was_corrected"]) for row in everything] == [(84_000, False), (85_000, True)]
    assert Event.objects.filter(kind=MARKET_QUOTES_RECORDED).count() == 2


def test_two_sources_of_one_day_stand_beside_each_other(cast: Cast) -> None:
    record_quotes(actor=cast.rep, rows=[heard(cast, source="业务员"), heard(cast, 86_000, source=" 批发市场 ")])
    assert standing(cast.rep) == [("370100", 86_000), ("370100", 85_000)]


def test_a_quote_is_taken_back_once_and_stays_on_record(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast)])
    row = MarketQuote.objects.get()
    withdraw_quote(actor=cast.pricing, quote_id=row.pk)
    withdraw_quote(actor=cast.pricing, quote_id=row.pk)
    assert standing(cast.pricing) == []
    assert MarketQuote.objects.count() == 2


def test_a_corrected_quote_is_not_taken_back_by_who_saw_the_old_one(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast)])
    seen = MarketQuote.objects.get()
    record_quotes(actor=cast.pricing, rows=[heard(cast, 84_000)])
    with pytest.raises(errors.QuoteCorrected):
        withdraw_quote(actor=cast.pricing, quote_id=seen.pk)
    assert standing(cast.pricing) == [("370100", 84_000)]


def test_postgresql_itself_lets_nobody_edit_a_quote(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast)])
    with pytest.raises(IntegrityError):
        MarketQuote.objects.update(amount=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sku_code": "NO-SUCH"}, "market.sku_unknown"),
        ({"region_code": ""}, "market.region_unsaid"),
        ({"region_code": "999999"}, "region.unknown"),
        ({"quoted_on": TODAY + timedelta(days=1)}, "market.day_ahead"),
        ({"amount": 0}, "market.not_positive"),
        ({"amount": -100}, "market.not_positive"),
        ({"currency": "XXX"}, "market.currency"),
        ({"source": "远" * 41}, "market.source_too_long"),
    ],
)
def test_a_bad_row_refuses_all_by_line(cast: Cast, changes: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        record_quotes(actor=cast.pricing, rows=[heard(cast), replace(heard(cast, sku=2), **changes)])  # type: ignore[arg-type]  # by name
    assert codes(refused.value) == [(2, code)]
    assert not MarketQuote.objects.exists()


def test_the_same_key_twice_and_nothing_at_all_are_refused(cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        record_quotes(actor=cast.pricing, rows=[heard(cast), heard(cast, 1)])
    assert codes(refused.value) == [(2, "market.row_twice")]
    with pytest.raises(errors.NothingToEnter):
        record_quotes(actor=cast.pricing, rows=[])


def test_dealers_and_staff_without_the_right_see_and_write_nothing(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast)])
    for actor in (cast.admin_c1, cast.buyer_c1, cast.warehouse, cast.finance):
        with pytest.raises(NotPermitted):
            quote_rows(actor, QuoteFilter())
        with pytest.raises(NotPermitted):
            record_quotes(actor=actor, rows=[heard(cast)])
    with pytest.raises(NotPermitted):
        record_quotes(actor=cast.auditor, rows=[heard(cast)])
    assert standing(cast.auditor) == [("370100", 85_000)]
    given_by_mistake = replace(cast.buyer_c1, codes=cast.buyer_c1.codes | {"market.read"})
    with pytest.raises(Missing):
        quote_rows(given_by_mistake, QuoteFilter())


def test_a_regional_seat_writes_in_its_regions_and_reads_what_speaks_for_them(cast: Cast) -> None:
    rows = [heard(cast, 1_000, region=code) for code in ("370100", "370200", "370000", "CN", "510100")]
    record_quotes(actor=cast.pricing, rows=rows)
    jinan = replace(cast.region_manager, scope=Scope(regions=("370100",)))
    assert {region for region, _amount in standing(jinan)} == {"370100", "370000", "CN"}
    for region in ("370200", "370000", "CN"):
        with pytest.raises(DomainError) as refused:
            record_quotes(actor=jinan, rows=[heard(cast, 2_000, region=region)])
        assert codes(refused.value) == [(1, "actor.out_of_scope")]
    record_quotes(actor=jinan, rows=[heard(cast, 2_000, region="370102")])
    with pytest.raises(Missing):
        withdraw_quote(actor=jinan, quote_id=MarketQuote.objects.get(region_code="370200").pk)
    with pytest.raises(DomainError):
        withdraw_quote(actor=jinan, quote_id=MarketQuote.objects.get(region_code="CN").pk)


def test_a_seat_of_some_lines_meets_only_their_goods(cast: Cast) -> None:
    light = cast.light()
    record_quotes(actor=cast.pricing, rows=[heard(cast), replace(heard(cast), sku_code=light.code)])
    actor = replace(cast.region_manager, scope=Scope(product_lines=("LIGHT",)))
    assert [row.sku.code for row in quote_rows(actor, QuoteFilter())] == [light.code]
    with pytest.raises(DomainError) as refused:
        record_quotes(actor=actor, rows=[heard(cast, 1_000)])
    assert codes(refused.value) == [(1, "market.sku_unknown")]


def latest(cast: Cast, region: str, *, day: date = TODAY, actor: Actor | None = None) -> int | None:
    found = latest_quotes(actor or cast.pricing, region_codes=[region], sku_codes=[cast.skus[1].code], day=day)
    quote = found.get((cast.skus[1].code, region))
    return quote.amount if quote else None


def test_the_latest_quote_comes_from_the_nearest_region_that_has_one(cast: Cast) -> None:
    record_quotes(
        actor=cast.pricing,
        rows=[
            heard(cast, 1_000, region="CN"),
            heard(cast, 2_000, region="370000", quoted_on=TODAY - timedelta(days=3)),
            heard(cast, 3_000, region="370100", quoted_on=TODAY - timedelta(days=9)),
        ],
    )
    assert [latest(cast, code) for code in ("370102", "370100", "370200", "510100")] == [3_000, 3_000, 2_000, 1_000]
    assert latest(cast, "370100", day=TODAY - timedelta(days=10)) is None
    assert latest(cast, "370100", day=TODAY - timedelta(days=5)) == 3_000
    jinan = replace(cast.region_manager, scope=Scope(regions=("370100",)))
    assert (latest(cast, "370102", actor=jinan), latest(cast, "510100", actor=jinan)) == (3_000, 1_000)


def test_old_and_taken_back_quotes_are_no_latest_ones(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast, quoted_on=TODAY - timedelta(days=91))])
    assert latest(cast, "370100") is None
    record_quotes(actor=cast.pricing, rows=[heard(cast, 80_000), heard(cast, 70_000, quoted_on=date(2026, 1, 5))])
    withdraw_quote(actor=cast.pricing, quote_id=MarketQuote.objects.get(amount=80_000).pk)
    assert latest(cast, "370100") == 70_000


def test_the_latest_quotes_of_many_goods_and_places_are_one_statement(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[heard(cast, sku=number) for number in (1, 2, 3)])
    for skus, places in ((1, ["370100"]), (3, ["370100", "370200", "370102", "510100"])):
        wanted = [cast.skus[number].pk for number in range(1, skus + 1)]
        with statements() as seen:
            latest_quotes(cast.pricing, region_codes=places, sku_ids=wanted, day=TODAY)
        assert len(seen) == 1


def test_writing_takes_the_same_statements_for_one_and_many(cast: Cast) -> None:
    counts = []
    for number in (1, 3):
        with statements() as seen:
            record_quotes(actor=cast.pricing, rows=[heard(cast, 100 + number, sku=one) for one in range(1, number + 1)])
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_courses_by_day_take_the_last_entered_and_compare_a_bottle(cast: Cast) -> None:
    earlier = TODAY - timedelta(days=1)
    record_quotes(
        actor=cast.pricing,
        rows=[
            heard(cast, 120_000, quoted_on=earlier, unit=Unit.CASE),
            heard(cast, 21_000, source="甲"),
            heard(cast, 21_500, source="乙"),
            heard(cast, 19_000, region="370200"),
        ],
    )
    code = cast.skus[1].code
    assert quoted_regions(cast.pricing, code) == [("370100", 3), ("370200", 1)]
    (course,) = courses_of(cast.pricing, QuoteFilter(sku_code=code), ["370100"])
    assert [(point.day, point.bottle_amount) for point in course.points] == [(earlier, 20_000), (TODAY, 21_500)]


def test_what_is_heard_past_midnight_in_shanghai_is_of_the_new_day(cast: Cast) -> None:
    with clock.at(clock.start_of_day(TODAY + timedelta(days=1))):
        record_quotes(actor=cast.pricing, rows=[heard(cast, quoted_on=TODAY + timedelta(days=1))])
    assert standing(cast.pricing) == [("370100", 85_000)]

"""A price round from the draft to prices that rule, and back: every step by whom it belongs to, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, Missing, NotPermitted, OutOfScope, VersionConflict
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.selectors import price_as_of
from ordering.pricing.services import ImportPrices, PriceChange, PriceRow, SetPrices, import_prices, set_prices
from ordering.rounds import errors
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors import RoundFilter, inversions_of, lines_of, preview_of, rounds_visible_to
from ordering.rounds.services import (
    ChangeRound,
    DecideRound,
    FillRound,
    Head,
    Put,
    PutLines,
    change_round,
    decide_round,
    draft_round,
    fill_round,
    publish_round,
    put_lines,
    revert_round,
    submit_round,
    withdraw_round,
)
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.ordering.watching import refused_by_line, statements

MARCH = datetime(2026, 2, 28, 16, tzinfo=UTC)
"""1 March in Shanghai."""
HEAD = Head("三月提价", MARCH, "原粮涨价", MARCH + timedelta(days=5))


def draft(cast: Cast, *puts: Put, head: Head = HEAD) -> PriceRound:
    row = draft_round(actor=cast.pricing, head=head)
    return put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, puts)) if puts else row


def put(cast: Cast, number: int, amount: int | None, code: str = "NAT", step: int = 1) -> Put:
    return Put(code, cast.skus[number].code, Unit.CASE, amount, step)


def approved(cast: Cast, *puts: Put) -> PriceRound:
    row = draft(cast, *puts)
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    return decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=True))


def published(cast: Cast, *puts: Put) -> PriceRound:
    row = approved(cast, *puts)
    return publish_round(actor=cast.pricing, number=row.number, version=row.version)


def price(cast: Cast, number: int, at: datetime, code: str = "NAT") -> int | None:
    cells = price_as_of(actor=cast.pricing, list_code=code, sku_code=cast.skus[number].code, at=at)
    return next((cell.amount for cell in cells if cell.unit == "CASE" and cell.min_quantity == 1), None)


def test_a_published_round_rules_from_its_day_on(cast: Cast) -> None:
    row = published(cast, put(cast, 1, 210_000), put(cast, 1, 185_000, "CITY"))
    assert row.status == "PUBLISHED"
    assert price(cast, 1, MARCH - timedelta(microseconds=1)) == 198_000
    assert (price(cast, 1, MARCH), price(cast, 1, MARCH, "CITY")) == (210_000, 185_000)
    entries = PriceEntry.objects.filter(round_id=row.pk)
    assert {entry.funded_until for entry in entries} == {HEAD.funded_until}
    assert set(PriceList.objects.filter(version=2).values_list("code", flat=True)) == {"NAT", "CITY"}
    kinds = list(Event.objects.filter(aggregate_id=row.number).order_by("id").values_list("kind", flat=True))
    assert kinds == [
        f"ordering.price_round_{word}.v1" for word in ("drafted", "changed", "submitted", "approved", "published")
    ]


def test_until_it_is_published_no_price_changes(cast: Cast) -> None:
    approved(cast, put(cast, 1, 210_000))
    assert price(cast, 1, MARCH) == 198_000
    assert not PriceEntry.objects.filter(valid_from=MARCH).exists()


def test_whoever_wrote_or_submitted_it_does_not_decide(cast: Cast) -> None:
    row = draft_round(actor=cast.admin, head=HEAD)
    row = put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, (put(cast, 1, 210_000),)))
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    with pytest.raises(errors.OwnRound):
        decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=True))
    with pytest.raises(NotPermitted):
        decide_round(actor=cast.pricing, command=DecideRound(row.number, row.version, approves=True))
    row.refresh_from_db()
    assert row.status == "SUBMITTED"
    finance = cast.actor("finance")
    decided = decide_round(actor=finance, command=DecideRound(row.number, row.version, approves=True))
    assert (decided.status, decided.decided_by_name) == ("APPROVED", finance.person_name)


def test_sent_back_with_a_reason_it_is_a_draft_again(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 210_000))
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    with pytest.raises(errors.ReasonMissing):
        decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=False))
    row = decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=False, reason="太高"))
    assert (row.status, row.decision_reason) == ("DRAFT", "太高")
    row = put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, (put(cast, 1, 205_000),)))
    assert submit_round(actor=cast.pricing, number=row.number, version=row.version).status == "SUBMITTED"


@pytest.mark.parametrize("who", ["product", "sales_admin", "finance", "auditor", "warehouse"])
def test_others_than_the_price_desk_write_none(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        draft_round(actor=cast.actor(who), head=HEAD)


def test_another_houses_rounds_and_lists_are_missing(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 210_000))
    with pytest.raises(Missing):
        submit_round(actor=cast.actor("admin_c1"), number=row.number, version=row.version)
    with pytest.raises(Missing):
        put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, (put(cast, 1, 1, "C1-NAT"),)))


def test_a_seat_of_one_region_changes_no_list_of_the_country(cast: Cast) -> None:
    cast.seat_limited()
    limited = cast.actor("admin_qingdao")
    empty = draft_round(actor=limited, head=HEAD)
    with pytest.raises(OutOfScope):
        put_lines(actor=limited, command=PutLines(empty.number, empty.version, (put(cast, 1, 210_000),)))
    row = draft(cast)
    full = put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, (put(cast, 1, 210_000, "CITY"),)))
    with pytest.raises(OutOfScope):
        withdraw_round(actor=limited, number=full.number, version=full.version)
    own = put_lines(actor=cast.pricing, command=PutLines(draft(cast).number, None, (put(cast, 1, 160_000, "C2"),)))
    assert withdraw_round(actor=limited, number=own.number, version=own.version).status == "WITHDRAWN"


def test_every_line_that_is_wrong_is_told_and_nothing_is_written(cast: Cast) -> None:
    row = draft(cast)
    bad = (
        Put("NAT", "XH-NONE", Unit.CASE, 100),
        Put("NAT", cast.skus[1].code, Unit.BOTTLE, 100),
        put(cast, 1, 0),
        put(cast, 2, 100, step=0),
        put(cast, 2, 100),
        put(cast, 2, 200),
    )
    faults: dict[int | None, set[str]] = {
        1: {"price.sku_unknown"},
        2: {"price.unit_not_sold"},
        3: {"price.not_positive"},
        4: {"price.min_quantity"},
        6: {"price.changed_twice"},
    }
    with refused_by_line(faults):
        put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, bad))
    row.refresh_from_db()
    assert (row.version, row.lines.count()) == (1, 0)


def test_the_head_is_checked_by_field(cast: Cast) -> None:
    wrong = Head(" ", clock.now(), funded_until=clock.now() - timedelta(days=1))
    with pytest.raises(DomainError) as caught:
        draft_round(actor=cast.pricing, head=wrong)
    assert [(fault.field, fault.code) for fault in caught.value.problems()] == [
        ("title", "round.title"),
        ("takes_effect_at", "round.too_early"),
        ("funded_until", "round.cut_off"),
    ]
    assert not PriceRound.objects.exists()


def test_an_empty_round_is_not_submitted(cast: Cast) -> None:
    row = draft(cast)
    with pytest.raises(errors.RoundEmpty):
        submit_round(actor=cast.pricing, number=row.number, version=row.version)


def test_the_same_twice_changes_nothing(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 210_000))
    assert (
        put_lines(actor=cast.pricing, command=PutLines(row.number, None, (put(cast, 1, 210_000),))).version
        == row.version
    )
    assert change_round(actor=cast.pricing, command=ChangeRound(row.number, row.version, HEAD)).version == row.version


def test_a_stale_page_is_refused(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 210_000))
    with pytest.raises(VersionConflict):
        submit_round(actor=cast.pricing, number=row.number, version=row.version - 1)


def test_a_step_out_of_turn_is_refused(cast: Cast) -> None:
    row = published(cast, put(cast, 1, 210_000))
    for act in (publish_round, submit_round):
        with pytest.raises(errors.RoundState):
            act(actor=cast.pricing, number=row.number, version=row.version)
    with pytest.raises(errors.RoundState):
        put_lines(actor=cast.pricing, command=PutLines(row.number, None, (put(cast, 2, 1),)))
    assert PriceEntry.objects.filter(round_id=row.pk).count() == 1


def test_before_its_day_a_published_round_can_be_taken_back(cast: Cast) -> None:
    row = published(cast, put(cast, 1, 210_000), put(cast, 1, 185_000, "CITY"))
    with pytest.raises(NotPermitted):
        withdraw_round(actor=cast.actor("sales_admin"), number=row.number, version=row.version)
    row = withdraw_round(actor=cast.admin, number=row.number, version=row.version)
    assert row.status == "WITHDRAWN"
    assert (price(cast, 1, MARCH), price(cast, 1, MARCH, "CITY")) == (198_000, 178_000)
    assert set(PriceList.objects.filter(version=3).values_list("code", flat=True)) == {"NAT", "CITY"}


def test_once_it_rules_the_way_back_is_another_round(cast: Cast) -> None:
    row = published(cast, put(cast, 1, 210_000), put(cast, 4, None))
    with clock.at(MARCH + timedelta(days=10)):
        with pytest.raises(errors.RoundState):
            withdraw_round(actor=cast.admin, number=row.number, version=row.version)
        back = revert_round(actor=cast.pricing, number=row.number, takes_effect_at=MARCH + timedelta(days=20))
        assert back.reverts == row
        lines = {line.sku_code: (line.before, line.amount) for line in lines_of(cast.pricing, back)}
        assert lines == {cast.skus[1].code: (210_000, 198_000), cast.skus[4].code: (None, 28_800)}


def test_an_empty_round_of_others_is_none_of_a_limited_seat(cast: Cast) -> None:
    seat = replace(cast.region_manager, codes=cast.pricing.codes, scope=Scope(regions=("370200",)))
    empty = draft(cast)
    assert not rounds_visible_to(seat).exists()
    with pytest.raises(Missing):
        withdraw_round(actor=seat, number=empty.number, version=empty.version)
    own = draft_round(actor=seat, head=HEAD)
    assert [row.number for row in rounds_visible_to(seat)] == [own.number]


def test_a_draft_with_a_line_that_cannot_stand_is_not_opened(cast: Cast) -> None:
    with pytest.raises(DomainError):
        draft_round(actor=cast.pricing, head=HEAD, puts=(put(cast, 1, 1), put(cast, 1, 2)))
    assert not PriceRound.objects.exists()
    made = draft_round(actor=cast.pricing, head=HEAD, puts=(put(cast, 1, 210_000),))
    assert [line.amount for line in lines_of(cast.pricing, made)] == [210_000]


def test_the_way_back_leads_to_what_ruled_just_before_it_began(cast: Cast) -> None:
    """Another price was written between the publishing and the day."""
    row = published(cast, put(cast, 1, 210_000))
    code, between = cast.skus[1].code, MARCH - timedelta(days=2)
    change = PriceChange(code, Unit.CASE, 204_000, valid_from=between)
    set_prices(actor=cast.pricing, command=SetPrices("NAT", (change,)))
    assert [(line.before, line.amount) for line in lines_of(cast.pricing, row)] == [(204_000, 210_000)]
    with clock.at(MARCH + timedelta(days=10)):
        back = revert_round(actor=cast.pricing, number=row.number, takes_effect_at=MARCH + timedelta(days=20))
        assert [(line.before, line.amount) for line in lines_of(cast.pricing, back)] == [(210_000, 204_000)]


def test_another_price_at_the_same_moment_is_refused(cast: Cast) -> None:
    first, second = approved(cast, put(cast, 1, 210_000)), approved(cast, put(cast, 1, 220_000))
    publish_round(actor=cast.pricing, number=first.number, version=first.version)
    with pytest.raises(DomainError) as caught:
        publish_round(actor=cast.pricing, number=second.number, version=second.version)
    assert [fault.code for fault in caught.value.problems()] == ["round.instant_taken"]
    assert price(cast, 1, MARCH) == 210_000


def test_a_percentage_fills_the_round_and_keeps_what_stands_there(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 222_000))
    row = fill_round(actor=cast.pricing, command=FillRound(row.number, row.version, ("NAT", "CITY"), 500, 1_000))
    lines = {
        (one.list_code, one.sku_code, one.unit, one.min_quantity): one.amount for one in lines_of(cast.pricing, row)
    }
    code = {number: sku.code for number, sku in cast.skus.items()}
    assert lines == {
        ("NAT", code[1], "CASE", 1): 222_000,
        ("NAT", code[2], "CASE", 1): 126_000,
        ("NAT", code[3], "CASE", 1): 38_000,
        ("NAT", code[3], "BOTTLE", 1): 3_000,
        ("NAT", code[4], "CASE", 1): 30_000,
        ("NAT", code[6], "CASE", 1): 69_000,
        ("CITY", code[1], "CASE", 1): 187_000,
        ("CITY", code[1], "CASE", 10): 179_000,
        ("CITY", code[2], "CASE", 1): 113_000,
    }


@pytest.mark.parametrize("change", [0, -9_001, 90_001])
def test_a_change_that_is_none_is_refused(cast: Cast, change: int) -> None:
    row = draft(cast)
    with pytest.raises(errors.ChangeInvalid):
        fill_round(actor=cast.pricing, command=FillRound(row.number, row.version, ("NAT",), change))


def test_the_preview_says_whom_it_reaches(cast: Cast) -> None:
    row = draft(cast, put(cast, 1, 185_000, "CITY"))
    found = preview_of(cast.pricing, row)
    assert [(one.tier, one.houses) for one in found.reach] == [("CITY", 2)]
    assert found.effects == ()
    wide = draft(cast, put(cast, 1, 185_000))
    assert [(one.tier, one.houses) for one in preview_of(cast.pricing, wide).reach] == [("PROVINCIAL", 1), ("CITY", 2)]


def test_one_line_and_many_cost_the_same_statements(cast: Cast) -> None:
    few = draft(cast, put(cast, 1, 210_000))
    many = draft(cast)
    many = fill_round(actor=cast.pricing, command=FillRound(many.number, many.version, ("NAT", "CITY"), 500))

    def asked(row: PriceRound) -> int:
        with statements() as seen:
            lines_of(cast.pricing, row)
            preview_of(cast.pricing, row)
        return len(seen)

    assert asked(few) == asked(many) <= 8


def test_the_list_is_narrowed_by_state_and_words(cast: Cast) -> None:
    one, two = draft(cast, put(cast, 1, 210_000)), published(cast, put(cast, 2, 130_000))
    assert [row.number for row in rounds_visible_to(cast.pricing)] == [two.number, one.number]
    assert [row.number for row in rounds_visible_to(cast.pricing, RoundFilter(state="DRAFT"))] == [one.number]
    assert [row.number for row in rounds_visible_to(cast.pricing, RoundFilter(state="PUBLISHED"))] == [two.number]
    assert list(rounds_visible_to(cast.pricing, RoundFilter(text="没有"))) == []
    with clock.at(MARCH):
        assert [row.number for row in rounds_visible_to(cast.pricing, RoundFilter(state="IN_FORCE"))] == [two.number]


def test_a_price_under_the_floor_needs_an_explicit_word(cast: Cast) -> None:
    floor = make_list(cast.root, "FLOOR", "红线价", kind=PriceList.Kind.FLOOR)
    make_price(floor, cast.skus[1], {1: 190_000})
    row = draft(cast, put(cast, 1, 189_999), put(cast, 2, 1_000))
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    with pytest.raises(DomainError) as caught:
        decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=True))
    assert [(fault.code, fault.line, fault.fields["floor"]) for fault in caught.value.problems()] == [
        ("round.floor", 1, 190_000)
    ]
    row = decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=True, allows_floor=True))
    publish_round(actor=cast.pricing, number=row.number, version=row.version)
    assert price(cast, 1, MARCH) == 189_999


def test_a_price_that_turns_the_ladder_of_tiers_over_is_told(cast: Cast) -> None:
    county = make_list(cast.root, "COUNTY", "县代价", scope=PriceList.Scope.TIER, tier="COUNTY")
    make_price(county, cast.skus[1], {1: 185_000})
    fine = draft(cast, put(cast, 1, 184_999, "CITY"))
    assert inversions_of(cast.pricing, fine, lines_of(cast.pricing, fine)) == ()
    odd = draft(cast, put(cast, 1, 185_000, "CITY"))
    (found,) = inversions_of(cast.pricing, odd, lines_of(cast.pricing, odd))
    assert (found.upper.code, found.upper_amount, found.lower.code, found.lower_amount) == (
        *("CITY", 185_000),
        *("COUNTY", 185_000),
    )


def test_whoever_lent_the_rights_decides_no_more_than_who_used_them(cast: Cast) -> None:
    """Written in the administrator's name by a stand-in: neither of the two decides."""
    stand_in = replace(cast.actor("admin"), person_id=cast.pricing.person_id, acting_for=cast.admin.person_id)
    row = draft_round(actor=stand_in, head=HEAD)
    row = put_lines(actor=stand_in, command=PutLines(row.number, row.version, (put(cast, 1, 210_000),)))
    row = submit_round(actor=stand_in, number=row.number, version=row.version)
    for hand in (cast.admin, replace(cast.actor("finance"), acting_for=cast.admin.person_id)):
        with pytest.raises(errors.OwnRound):
            decide_round(actor=hand, command=DecideRound(row.number, row.version, approves=True))


def test_a_round_rules_though_what_ruled_by_then_is_taken_back(cast: Cast) -> None:
    """R1 raises, R2 says the same from later on; R1 is withdrawn: R2's price stands."""
    later = Head("四月", MARCH + timedelta(days=30))
    first = published(cast, put(cast, 1, 210_000))
    second = draft(cast, put(cast, 1, 210_000), head=later)
    second = submit_round(actor=cast.pricing, number=second.number, version=second.version)
    second = decide_round(actor=cast.admin, command=DecideRound(second.number, second.version, approves=True))
    publish_round(actor=cast.pricing, number=second.number, version=second.version)
    withdraw_round(actor=cast.admin, number=first.number, version=first.version)
    assert price(cast, 1, MARCH) == 198_000
    assert price(cast, 1, later.takes_effect_at) == 210_000


def test_a_file_that_takes_an_entry_over_takes_it_out_of_the_round(cast: Cast) -> None:
    row = published(cast, put(cast, 1, 210_000))
    said = PriceRow("NAT", cast.skus[1].code, 220_000, Unit.CASE, 1, MARCH)
    import_prices(actor=cast.admin, command=ImportPrices("B-1", (said,)))
    withdraw_round(actor=cast.admin, number=row.number, version=row.version)
    assert price(cast, 1, MARCH) == 220_000
    assert PriceEntry.objects.get(valid_from=MARCH).funded_until is None


def test_what_no_column_can_hold_is_refused_by_line(cast: Cast) -> None:
    row = draft(cast)
    huge = (put(cast, 1, 10**16), put(cast, 2, 100, step=10**11))
    with refused_by_line({1: {"price.not_positive"}, 2: {"price.min_quantity"}}):
        put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, huge))

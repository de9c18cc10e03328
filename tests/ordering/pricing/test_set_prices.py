"""set_prices: only what changes anything is written; one version, one event, constant statements."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import Kind, Missing, NotPermitted, Refusal
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.selectors import price_as_of
from ordering.pricing.services import PriceChange, PricesSet, SetPrices, set_prices
from ordering.pricing.services.entries import MOST_CHANGES
from tests.cast import Cast
from tests.factories.wide import make_many_skus
from tests.ordering.watching import refused, refused_by_line, statements

FEBRUARY = datetime(2026, 1, 31, 16, tzinfo=UTC)


def change(cast: Cast, *changes: PriceChange, code: str = "NAT", version: int | None = None) -> PricesSet:
    """The pricing desk sets these and means them."""
    return unlooked(cast, *(replace(one, is_meant=True) for one in changes), code=code, version=version)


def unlooked(cast: Cast, *changes: PriceChange, code: str = "NAT", version: int | None = None) -> PricesSet:
    """The pricing desk sets these as they are."""
    return set_prices(actor=cast.pricing, command=SetPrices(code, changes, version))


def test_a_new_price_rules_from_now_on(cast: Cast) -> None:
    code = cast.skus[5].code
    assert change(cast, PriceChange(code, Unit.CASE, 50_000)) == PricesSet(1, 2)
    (cell,) = price_as_of(actor=cast.pricing, list_code="NAT", sku_code=code, at=clock.now())
    assert (cell.amount, cell.valid_from) == (50_000, clock.now())
    entry = PriceEntry.objects.get(sku=cast.skus[5])
    assert entry.person_id == cast.pricing.person_id
    event = Event.objects.get(kind="ordering.prices_changed.v1")
    assert (event.aggregate_id, event.aggregate_version, event.seller_id) == ("NAT", 2, cast.root.pk)
    assert event.payload["changes"] == [
        {"sku": code, "unit": "CASE", "min_quantity": 1, "amount": 50_000, "valid_from": clock.now().isoformat()}
    ]


def test_what_rules_already_is_not_written_again(cast: Cast) -> None:
    codes = {number: cast.skus[number].code for number in cast.skus}
    same = (
        PriceChange(codes[1], Unit.CASE, 198_000),
        PriceChange(codes[3], Unit.BOTTLE, 3_200),
        PriceChange(codes[5], Unit.CASE, None),
    )
    assert change(cast, *same) == PricesSet(0, 1)
    assert change(cast) == PricesSet(0, 1)
    assert not Event.objects.exists()
    assert change(cast, *same, PriceChange(codes[2], Unit.CASE, 1)) == PricesSet(1, 2)
    assert change(cast, *same, PriceChange(codes[2], Unit.CASE, 1)) == PricesSet(0, 2)


def test_a_bounded_offer_writes_its_end_as_the_next_row(cast: Cast) -> None:
    code = cast.skus[1].code
    offer = (PriceChange(code, Unit.CASE, 150_000), PriceChange(code, Unit.CASE, 198_000, valid_from=FEBRUARY))
    assert change(cast, *reversed(offer)) == PricesSet(2, 2)
    prices = [
        price_as_of(actor=cast.pricing, list_code="NAT", sku_code=code, at=at)[0].amount
        for at in (clock.now() - timedelta(seconds=1), clock.now(), FEBRUARY - timedelta(seconds=1), FEBRUARY)
    ]
    assert prices == [198_000, 150_000, 150_000, 198_000]


def test_a_scheduled_price_is_replaced_not_doubled(cast: Cast) -> None:
    code = cast.skus[1].code
    change(cast, PriceChange(code, Unit.CASE, 200_000, valid_from=FEBRUARY))
    change(cast, PriceChange(code, Unit.CASE, 210_000, valid_from=FEBRUARY))
    assert PriceEntry.objects.get(valid_from=FEBRUARY).amount == 210_000


def test_a_price_of_this_morning_begins_now(cast: Cast) -> None:
    code = cast.skus[1].code
    change(cast, PriceChange(code, Unit.CASE, 1, valid_from=clock.start_of_day(clock.business_day())))
    assert PriceEntry.objects.get(amount=1).valid_from == clock.now()


def test_every_fault_is_told_by_line(cast: Cast) -> None:
    codes = {number: cast.skus[number].code for number in cast.skus}
    with refused_by_line(
        {
            2: {"price.sku_unknown"},
            3: {"price.unit_not_sold"},
            4: {"price.not_positive", "price.min_quantity"},
            5: {"price.past"},
            6: {"price.changed_twice"},
        }
    ):
        change(
            cast,
            PriceChange(codes[1], Unit.CASE, 1),
            PriceChange("XH-NO-SUCH", Unit.CASE, 1),
            PriceChange(codes[1], Unit.BOTTLE, 1),
            PriceChange(codes[2], Unit.CASE, 0, 0),
            PriceChange(codes[2], Unit.CASE, 1, valid_from=clock.now() - timedelta(days=1)),
            PriceChange(codes[1], Unit.CASE, 2),
        )


def test_another_sellers_list_is_missing(cast: Cast) -> None:
    line = PriceChange(cast.skus[1].code, Unit.CASE, 1, is_meant=True)
    with refused("missing"):
        change(cast, line, code="C1-NAT")
    with refused("missing"):
        set_prices(actor=cast.admin_c1, command=SetPrices("NAT", (line,)))
    assert set_prices(actor=cast.admin_c1, command=SetPrices("C1-NAT", (line,))).written == 1


def test_refuses_a_stale_grid_too_many_changes_and_who_may_not(cast: Cast) -> None:
    line = PriceChange(cast.skus[1].code, Unit.CASE, 1)
    with refused("conflict.version"):
        change(cast, line, version=9)
    with refused("price.too_many_changes"):
        change(cast, *(line,) * (MOST_CHANGES + 1))
    for key in ("buyer_c1", "sales_admin", "rep"):
        with pytest.raises(NotPermitted):
            set_prices(actor=cast.actor(key), command=SetPrices("NAT", (line,)))
    with pytest.raises(Missing):
        price_as_of(actor=cast.pricing, list_code="C1-NAT", sku_code=cast.skus[1].code, at=clock.now())


def test_a_thousand_changes_cost_the_statements_of_one(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 1000)
    counts = []
    for size in (1, 1000):
        with statements() as seen:
            done = change(cast, *(PriceChange(sku.code, Unit.CASE, 100 + size) for sku in skus[:size]))
        assert done.written == size
        counts.append(len(seen))
    assert counts == [4, 4]


@given(
    acts=st.lists(
        st.lists(
            st.tuples(st.integers(0, 20), st.sampled_from([1, 5]), st.one_of(st.none(), st.integers(1, 3))),
            max_size=4,
            unique_by=lambda act: act[:2],
        ),
        max_size=5,
    )
)
def test_every_day_has_the_price_of_the_latest_word(cast: Cast, acts: list[list[tuple[int, int, int | None]]]) -> None:
    """The acts one by one in plain Python: a word for later stands, whatever rules by then."""
    PriceEntry.objects.filter(price_list=cast.national, sku=cast.skus[5]).delete()
    told: dict[tuple[int, int], int | None] = {}
    code = cast.skus[5].code
    for act in acts:
        change(
            cast,
            *(
                PriceChange(code, Unit.CASE, amount, least, clock.now() + timedelta(days=day))
                for day, least, amount in act
            ),
        )
        for day, least, amount in sorted(act, key=lambda word: word[0]):
            told[day, least] = amount
    for day in range(22):
        cells = price_as_of(actor=cast.pricing, list_code="NAT", sku_code=code, at=clock.now() + timedelta(days=day))
        found = {cell.min_quantity: cell.amount for cell in cells if cell.amount is not None}
        expected = {least: _as_of(told, day, least) for least in (1, 5)}
        assert found == {least: amount for least, amount in expected.items() if amount is not None}


def _as_of(told: dict[tuple[int, int], int | None], day: int, least: int) -> int | None:
    days = [at for at, step in told if step == least and at <= day]
    return told[max(days), least] if days else None


def test_versions_rise_by_one_an_act(cast: Cast) -> None:
    for number in range(3):
        change(
            cast,
            PriceChange(cast.skus[1].code, Unit.CASE, 1_000 + number),
            PriceChange(cast.skus[2].code, Unit.CASE, number + 1),
        )
    assert PriceList.objects.get(code="NAT").version == 4


def test_a_ladder_that_rises_is_asked_about_first(cast: Cast) -> None:
    dear = PriceChange(cast.skus[1].code, Unit.CASE, 250_000, 50)
    with pytest.raises(Refusal) as asked:
        unlooked(cast, dear)
    (doubt,) = asked.value.problems()
    assert doubt.kind == Kind.CONFLICT
    assert (doubt.fields["from_quantity"], doubt.fields["amount"]) == (50, 250_000)
    assert (doubt.fields["other_quantity"], doubt.fields["other_amount"]) == (1, 198_000)
    assert change(cast, dear).written == 1
    assert unlooked(cast, dear).written == 0, "what rules already is not asked about again"


@pytest.mark.parametrize("amount", [396_000, 99_000])
def test_a_leap_is_asked_about_first(cast: Cast, amount: int) -> None:
    leap = PriceChange(cast.skus[1].code, Unit.CASE, amount)
    with refused_by_line({1: {"price.leaps"}}):
        unlooked(cast, leap)
    assert unlooked(cast, replace(leap, amount=395_999)).written == 1
    assert change(cast, replace(leap, amount=198_000)).written == 1
    assert change(cast, leap).written == 1


def test_a_doubt_is_held_against_what_rules_by_then(cast: Cast) -> None:
    code = cast.skus[1].code
    change(cast, PriceChange(code, Unit.CASE, 300_000, valid_from=FEBRUARY))
    later = PriceChange(code, Unit.CASE, 290_000, 20, FEBRUARY)
    with refused_by_line({2: {"price.ladder_rises"}}):
        unlooked(cast, later, replace(later, min_quantity=10, valid_from=None))
    assert unlooked(cast, later).written == 1


def test_the_steps_of_one_act_are_held_against_each_other(cast: Cast) -> None:
    code = cast.skus[5].code
    first = PriceChange(code, Unit.CASE, 50_000)
    with refused_by_line({1: {"price.ladder_rises"}, 2: {"price.ladder_rises"}}):
        unlooked(cast, first, PriceChange(code, Unit.CASE, 51_000, 10))
    assert unlooked(cast, first, PriceChange(code, Unit.CASE, 49_000, 10)).written == 2
    then = PriceChange(code, Unit.CASE, 48_000, valid_from=FEBRUARY)
    with refused_by_line({1: {"price.ladder_rises"}}):
        unlooked(cast, then)
    assert unlooked(cast, then, PriceChange(code, Unit.CASE, 47_000, 10, FEBRUARY)).written == 2


def test_what_is_wrong_is_told_before_what_is_doubtful(cast: Cast) -> None:
    with refused_by_line({2: {"price.sku_unknown"}}):
        unlooked(cast, PriceChange(cast.skus[1].code, Unit.CASE, 1), PriceChange("NONE", Unit.CASE, 1))


def test_prices_nobody_looked_at_cost_one_statement_more(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 1000)
    counts = []
    for size in (1, 1000):
        with statements() as seen:
            unlooked(cast, *(PriceChange(sku.code, Unit.CASE, 100 + size // 100) for sku in skus[:size]))
        counts.append(len(seen))
    assert counts == [5, 5]

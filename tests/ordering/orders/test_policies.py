"""Orders under sales policies: frozen, spent, given back, changed; refused when the sum is another. Amounts in fen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from billing.ledger.models import Hold, TradingAccount
from billing.ledger.services import AddRebate, add_rebate
from core.kernel import clock
from core.project.soundness import check_orders
from dms.stock.models import Reservation
from ordering.orders.models import Order, OrderingSettings, OrderLine
from ordering.orders.rules.checks import AskedLine
from ordering.orders.rules.evaluating import Wishes
from ordering.orders.selectors import check_amendment, check_lines
from ordering.orders.selectors.replaying import replay_order
from ordering.orders.services import (
    AmendOrder,
    Approve,
    Cancel,
    OrderedLine,
    PlacedOrder,
    PlaceOrder,
    Reject,
    amend_order,
    approve,
    cancel,
    place_order,
    reject,
)
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.rules import ManualPrice
from ordering.promotions.models import PolicyQuota, PolicyUse, PromotionPolicy
from ordering.promotions.rules.policies import Gift, Goods, PercentOff, RebateOffset
from ordering.promotions.rules.terms import Limits
from tests.cast import Cast
from tests.factories.policies import make_coupon, make_policy
from tests.factories.prices import make_list, make_price
from tests.ordering.price_01 import Price01
from tests.ordering.watching import refused, statements


@pytest.fixture(autouse=True)
def _adds_up(cast: Cast) -> Iterator[None]:
    yield
    assert check_orders() == []


@pytest.fixture
def floors(cast: Cast) -> None:
    """SKU 1 has a red line of 1,700.00 a case."""
    make_price(make_list(cast.root, "FLOOR", "红线价", kind=PriceList.Kind.FLOOR), cast.skus[1], {1: 170_000})


def place(cast: Cast, *wishes: tuple[int, int], **more: Any) -> PlacedOrder:
    """C1 orders cases of the cast's SKUs."""
    lines = tuple(OrderedLine(cast.skus[number].code, quantity) for number, quantity in wishes)
    return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines, **more))


def amend(cast: Cast, number: str, *wishes: tuple[int, int], total: int, version: int = 1, **more: Any) -> None:
    """C1 changes the order, having seen the new total."""
    lines = tuple(OrderedLine(cast.skus[sku].code, quantity) for sku, quantity in wishes)
    command = AmendOrder(number=number, version=version, lines=lines, expected_total=total, **more)
    amend_order(actor=cast.buyer_c1, command=command)


def only(*codes: str) -> Goods:
    """These SKUs alone."""
    return Goods(skus=frozenset(codes))


def used(code: str) -> tuple[int, int]:
    """What is counted as used of a limited policy: fen and bottles."""
    quota = PolicyQuota.objects.get(policy__code=code, dealer=None)
    return quota.used_amount, quota.used_bottles


def pool(cast: Cast) -> tuple[int, int]:
    """C1's rebate pool, and what of it is held."""
    account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
    return account.rebate_balance, account.rebate_held


def test_price_01_is_frozen_to_the_fen(cast: Cast) -> None:
    placed = Price01.build(cast).place()
    assert (placed.total, placed.tax, placed.rebate) == (30_938_782, 3_559_328, 2_333_218)
    order = Order.objects.get(number=placed.number)
    assert (order.listed_total, order.discount, order.rebate) == (34_884_000, 1_612_000, 2_333_218)
    assert (order.total, order.line_count, order.is_promoted, order.breaks_floor) == (30_938_782, 4, True, False)
    rows = order.lines.order_by("line_no").values_list(
        "listed_amount", "discount", "rebate", "amount", "tax", "is_gift"
    )
    assert list(rows) == [
        (19_800_000, 1_398_771, 1_472_098, 16_929_131, 1_947_599, False),
        (10_764_000, 0, 861_120, 9_902_880, 1_139_269, False),
        (4_320_000, 213_229, 0, 4_106_771, 472_460, False),
        (0, 0, 0, 0, 0, True),
    ]
    hold = Hold.objects.get()
    assert (hold.prepay_part, hold.credit_part, hold.rebate_part) == (20_000_000, 10_938_782, 2_333_218)
    assert pool(cast) == (3_500_000, 2_333_218)


def test_the_trace_tells_every_step_by_its_policy(cast: Cast) -> None:
    number = Price01.build(cast).place().number
    first, _, _, gift = OrderLine.objects.filter(order__number=number).order_by("line_no")
    steps = first.price_trace["steps"]
    assert [(step["step"], step.get("policy"), step.get("before"), step.get("after")) for step in steps] == [
        ("base", None, None, None),
        ("policy", "FLASH-L1", 19_800_000, 18_810_000),
        ("policy", "TIER", 18_810_000, 18_401_229),
        ("policy", "REBATE", 18_401_229, 16_929_131),
    ]
    (given,) = gift.price_trace["steps"]
    assert (given["step"], given["policy"], given["quantity"], given["list_value"]) == ("gift", "GIFT", 3, 1_076_400)
    assert (gift.gift_of, gift.quantity, gift.bottles, gift.unit_price) == ("GIFT", 3, 18, 0)


def test_gifts_are_reserved_like_goods(cast: Cast) -> None:
    number = Price01.build(cast).place().number
    kept = Reservation.objects.filter(document_number=number).values_list("line_no", "bottles")
    assert set(kept) == {(1, 600), (2, 180), (3, 2_400), (4, 18)}


def test_the_check_shows_what_the_order_will_cost(cast: Cast) -> None:
    world = Price01.build(cast)
    asked = [AskedLine(place, line.sku_code, line.quantity) for place, line in enumerate(world.lines, start=1)]
    checked = check_lines(actor=cast.buyer_c1, lines=asked)
    assert checked.is_good
    assert (checked.priced.total, checked.priced.tax) == (30_938_782, 3_559_328)
    first = checked.lines[0]
    assert (first.listed, first.discount, first.rebate) == (19_800_000, 1_398_771, 1_472_098)
    assert [(gift.sku_code, gift.quantity, gift.free_bottles) for gift in checked.gifts] == [
        (world.skus[1].code, 3, 10_000)
    ]
    assert checked.evaluation.rebate == 2_333_218
    assert isinstance(checked.nudges, tuple)
    assert checked.lost == ()


def test_a_budget_is_given_to_its_last_fen_and_the_next_order_pays_the_list_price(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000))
    first = place(cast, (1, 1))
    assert (first.total, first.discount) == (160_200, 17_800)
    second = place(cast, (1, 1))
    assert (second.total, second.discount) == (175_800, 2_200)
    third = place(cast, (1, 1))
    assert (third.total, third.discount) == (178_000, 0)
    assert used("FLASH")[0] == 20_000


def test_another_sum_than_the_one_seen_is_refused_and_nothing_is_spent(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=17_800))
    place(cast, (1, 1), expected_total=160_200)
    with refused("order.total_changed"):
        place(cast, (1, 1), expected_total=160_200)
    assert used("FLASH")[0] == 17_800
    assert PolicyUse.objects.count() == 1


@pytest.mark.parametrize("end", ["cancel", "reject"])
def test_a_lost_order_gives_back_what_it_used_once(cast: Cast, end: str) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000))
    make_policy(cast.root, "POOL", RebateOffset(5_000))
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 50_000, "Q4", "返利"))
    number = place(cast, (1, 1)).number
    assert (used("FLASH")[0], pool(cast)) == (17_800, (50_000, 50_000))
    if end == "cancel":
        cancel(actor=cast.buyer_c1, command=Cancel(number))
    else:
        reject(actor=cast.sales_admin, command=Reject(number, "缺货"))
    assert (used("FLASH")[0], pool(cast)) == (0, (50_000, 0))


def test_the_pool_pays_what_is_wished_and_no_more(cast: Cast) -> None:
    make_policy(cast.root, "POOL", RebateOffset(800))
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 50_000, "Q4", "返利"))
    assert place(cast, (1, 1)).rebate == 14_240
    assert place(cast, (1, 1), rebate=0).rebate == 0
    assert place(cast, (1, 1), rebate=10_000).rebate == 10_000
    assert place(cast, (1, 10)).rebate == 25_760
    assert place(cast, (1, 1)).rebate == 0
    assert pool(cast) == (50_000, 50_000)


def test_an_order_the_pool_pays_whole_holds_no_money(cast: Cast) -> None:
    make_policy(cast.root, "POOL", RebateOffset(10_000))
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 1_000_000, "Q4", "返利"))
    placed = place(cast, (1, 1))
    assert (placed.total, placed.tax, placed.rebate, placed.status) == (0, 0, 178_000, "SUBMITTED")
    approve(actor=cast.sales_admin, command=Approve(placed.number))
    cancel(actor=cast.buyer_c1, command=Cancel(placed.number))
    assert pool(cast) == (1_000_000, 0)


def test_gifts_out_of_stock_are_told_with_a_way_out(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(1, 3, sku=cast.skus[2].code))
    with refused("order.gifts_short"):
        place(cast, (1, 1))
    checked = check_lines(actor=cast.buyer_c1, lines=[AskedLine(1, cast.skus[1].code, 1)])
    assert [(fault.code, fault.fields["wanted"], fault.fields["free"]) for fault in checked.faults] == [
        ("order.gifts_short", 18, 12)
    ]
    placed = place(cast, (1, 1), without_gifts=True)
    assert [line.is_gift for line in placed.lines] == [False]


def test_paid_goods_come_before_gifts_of_the_same_product(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(2, 1))
    with refused("order.gifts_short"):
        place(cast, (2, 2))
    assert place(cast, (2, 2), without_gifts=True).bottles == 12


def test_a_coupon_opens_a_policy_and_a_wrong_one_is_told(cast: Cast) -> None:
    policy = make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "SPRING", most_uses=1)
    assert place(cast, (1, 1)).discount == 0
    with refused("coupon.unknown"):
        place(cast, (1, 1), coupons=("AUTUMN",))
    placed = place(cast, (1, 1), coupons=("spring",))
    assert placed.discount == 8_900
    assert Order.objects.get(number=placed.number).coupon_codes == ["spring"]
    with refused("coupon.used_up"):
        place(cast, (1, 1), coupons=("SPRING",))


@pytest.mark.parametrize("wishes", [None, Wishes(coupons=("CARD-1",))], ids=["kept", "named again"])
def test_amending_keeps_the_coupon_it_used_up_itself(cast: Cast, wishes: Wishes | None) -> None:
    policy = make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    coupon = make_coupon(policy, "CARD-1", most_uses=1)
    number = place(cast, (1, 1), coupons=("CARD-1",)).number
    assert replay_order(cast.admin, number).is_same
    amend(cast, number, (1, 2), total=338_200, wishes=wishes)
    coupon.refresh_from_db()
    assert (Order.objects.get(number=number).discount, coupon.used) == (17_800, 1)
    with refused("coupon.used_up"):
        place(cast, (1, 1), coupons=("CARD-1",))


def test_a_coupon_that_is_over_by_now_stands_in_no_other_wishs_way(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(1, 1), goods=only(cast.skus[1].code))
    card = make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    coupon = make_coupon(card, "ELEVEN")
    make_coupon(card, "TWELVE", ends_at=clock.now())
    number = place(cast, (1, 1), coupons=("ELEVEN",)).number
    coupon.refresh_from_db()
    coupon.is_withdrawn = True
    coupon.save()
    with refused("coupon.over"):
        wishes = Wishes(coupons=("ELEVEN", "TWELVE"), without_gifts=True)
        amend(cast, number, (1, 1), total=178_000, wishes=wishes)
    amend(cast, number, (1, 1), total=178_000, wishes=Wishes(coupons=("eleven",), without_gifts=True))
    order = Order.objects.get(number=number)
    assert (order.wants_no_gifts, order.discount, order.line_count) == (True, 0, 1)


def test_amending_counts_its_own_uses_as_free(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000))
    number = place(cast, (1, 1)).number
    asked = [AskedLine(1, cast.skus[1].code, 2)]
    found = check_amendment(actor=cast.buyer_c1, number=number, lines=asked)
    assert found.checked.priced.total == 336_000
    amend(cast, number, (1, 2), total=336_000)
    assert used("FLASH")[0] == 20_000
    amend(cast, number, (3, 1), total=32_400, version=2)
    assert used("FLASH")[0] == 3_600
    cancel(actor=cast.buyer_c1, command=Cancel(number))
    assert used("FLASH")[0] == 0


def test_amending_moves_gifts_money_and_pool_along(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(5, 1), goods=only(cast.skus[1].code))
    make_policy(cast.root, "POOL", RebateOffset(1_000))
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 100_000, "Q4", "返利"))
    number = place(cast, (1, 5)).number
    assert (pool(cast)[1], OrderLine.objects.filter(is_gift=True).count()) == (89_000, 1)
    amend(cast, number, (1, 4), total=712_000 - 71_200)
    assert (pool(cast)[1], OrderLine.objects.filter(is_gift=True).count()) == (71_200, 0)
    amend(cast, number, (1, 6), total=1_068_000 - 100_000, version=2)
    assert (pool(cast)[1], OrderLine.objects.filter(is_gift=True).count()) == (100_000, 1)
    hold = Hold.objects.get()
    assert (hold.prepay_part + hold.credit_part, hold.rebate_part) == (968_000, 100_000)
    amend(cast, number, (1, 6), total=1_068_000, version=3, wishes=Wishes(rebate=0))
    assert pool(cast)[1] == 0


def test_a_change_that_changes_nothing_spends_nothing(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000))
    number = place(cast, (1, 1)).number
    amend(cast, number, (1, 1), total=160_200)
    assert Order.objects.get(number=number).version == 1
    assert PolicyUse.objects.count() == 1


def test_a_line_under_its_floor_needs_the_second_right(cast: Cast, floors: None) -> None:
    OrderingSettings.objects.update(auto_approve_up_to=10**9)
    make_policy(cast.root, "FLASH", PercentOff(1_000), goods=only(cast.skus[1].code))
    placed = place(cast, (1, 1))
    assert placed.status == "SUBMITTED"
    line = OrderLine.objects.get(order__number=placed.number)
    assert (line.net_price, line.floor_price) == (160_200, 170_000)
    with refused("order.floor_broken"):
        approve(actor=cast.sales_admin, command=Approve(placed.number))
    approve(actor=cast.admin, command=Approve(placed.number))
    assert place(cast, (3, 1)).status == "CONFIRMED"


def test_a_price_made_by_hand_is_held_against_the_floor_too(cast: Cast, floors: None) -> None:
    line = OrderedLine(cast.skus[1].code, 1, None, ManualPrice(100_000, "样品"))
    placed = place_order(actor=cast.admin, command=PlaceOrder(lines=(line,), buyer_code="C1"))
    assert Order.objects.get(number=placed.number).breaks_floor


def test_amending_takes_few_statements_for_any_cart(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000_000))
    make_policy(cast.root, "GIFT", Gift(1, 1, sku=cast.skus[1].code), goods=only(cast.skus[3].code))
    number = place(cast, (3, 1)).number
    amend(cast, number, (3, 2), total=64_800)
    with statements() as seen:
        amend(cast, number, (3, 3), (1, 1), total=97_200 + 160_200, version=2)
    assert len(seen) <= 25


def entry(cast: Cast, amount: int, minutes: int = 0, *, is_round: bool = False) -> None:
    """The city's price of SKU 1 from then on; ``is_round``: with a time to fund that is over."""
    PriceEntry.objects.create(
        price_list=cast.city,
        sku=cast.skus[1],
        unit="CASE",
        min_quantity=1,
        amount=amount,
        valid_from=clock.now() + timedelta(minutes=minutes),
        funded_until=clock.now() if is_round else None,
        created_at=clock.now(),
    )


def test_a_raised_price_asks_for_a_change_once_the_time_to_fund_is_over(cast: Cast) -> None:
    number = place(cast, (1, 1)).number
    entry(cast, 180_000, is_round=True)
    with refused("order.price_raised"):
        approve(actor=cast.sales_admin, command=Approve(number))
    amend(cast, number, (1, 1), total=180_000)
    approve(actor=cast.sales_admin, command=Approve(number))


def test_a_rise_that_was_taken_back_since_asks_for_nothing(cast: Cast) -> None:
    """Taken back to what was agreed or below; what is raised later without a time to fund leaves the order alone."""
    number = place(cast, (1, 1)).number
    entry(cast, 180_000, is_round=True)
    entry(cast, 179_000, 1)
    with clock.at(clock.now() + timedelta(minutes=2)), refused("order.price_raised"):
        approve(actor=cast.sales_admin, command=Approve(number))
    entry(cast, 178_000, 3)
    entry(cast, 190_000, 4)
    with clock.at(clock.now() + timedelta(minutes=5)):
        approve(actor=cast.sales_admin, command=Approve(number))


def test_a_rise_is_seen_through_the_factor_of_a_derived_list(cast: Cast) -> None:
    PriceList.objects.filter(pk=cast.city.pk).update(is_active=False)
    derived = make_list(cast.root, "DERIVED", "推导", scope=PriceList.Scope.TIER, tier="CITY")
    PriceList.objects.filter(pk=derived.pk).update(parent=cast.city, factor_ppm=1_100_000)
    number = place(cast, (1, 1)).number
    assert Order.objects.get(number=number).total > 178_000
    entry(cast, 180_000, is_round=True)
    with refused("order.price_raised"):
        approve(actor=cast.sales_admin, command=Approve(number))


def test_statements_stay_the_same_whatever_the_cart(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000_000))
    make_policy(cast.root, "FREE", Gift(1, 1, sku=cast.skus[1].code), goods=only(cast.skus[3].code))
    place(cast, (1, 1))
    counts = []
    for wishes in [((1, 1),), ((1, 2), (3, 2)), ((1, 10), (3, 10))]:
        with statements() as seen:
            place(cast, *wishes)
        counts.append(len(seen))
    assert counts == [15, 15, 15]


def test_an_order_comes_out_again_as_agreed_and_under_todays_policies_otherwise(cast: Cast) -> None:
    number = Price01.build(cast).place().number
    again = replay_order(cast.admin, number)
    assert again.is_same
    assert again.difference == 0
    PromotionPolicy.objects.filter(code="FLASH-L1").update(status="ENDED", stopped_at=clock.now())
    today = replay_order(cast.admin, number, clock.now())
    assert [line.difference > 0 for line in today.lines] == [True, False, True]
    assert today.difference == today.evaluation.total - 30_938_782
    assert today.gifts_again == today.gifts_agreed
    page = cast.client(cast.admin).get(f"/console/orders/{number}/again/?under=now").content.decode()
    assert "重新试算" in page


def test_a_budget_that_ended_does_not_change_what_was_then(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(1_000), limits=Limits(amount=20_000))
    first, second = place(cast, (1, 1)).number, place(cast, (1, 1)).number
    assert replay_order(cast.admin, first).is_same
    assert replay_order(cast.admin, second).is_same


def test_first_orders_are_known(cast: Cast) -> None:
    policy = make_policy(cast.root, "FIRST", PercentOff(1_000))
    terms = policy.versions.get()
    terms.terms = {**terms.terms, "audience": {**terms.terms["audience"], "first_order_only": True}}
    terms.save()
    first = place(cast, (1, 1))
    assert first.discount == 17_800
    second = place(cast, (1, 1))
    assert second.discount == 0
    amend(cast, first.number, (1, 2), total=320_400)
    amend(cast, second.number, (1, 2), total=356_000)
    assert PolicyUse.objects.get(given_back_at=None).order_number == first.number

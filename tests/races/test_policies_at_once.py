"""Policies that change beneath the orders they give something: nothing goes uncounted, nobody waits in a circle.

Each runs the known-bad way too, and must be seen to fail by it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Barrier, BrokenBarrierError, Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.kernel import clock
from core.project.soundness import check_orders
from dms.stock.services import reserve
from ordering.orders.models import Order
from ordering.orders.services import (
    AmendOrder,
    Cancel,
    OrderedLine,
    PlaceOrder,
    amend_order,
    cancel,
    place_order,
)
from ordering.orders.services import placing as orders_placing
from ordering.orders.services import spending as orders_spending
from ordering.promotions.models import Coupon, PolicyQuota, PromotionPolicy
from ordering.promotions.rules.life import Status
from ordering.promotions.rules.policies import Goods, PercentOff
from ordering.promotions.rules.terms import Limits
from ordering.promotions.services import (
    CouponAsk,
    DecidePolicy,
    SavePolicy,
    coupons,
    decide_policy,
    deciding,
    give_coupons,
    save_policy,
    spending,
    submit_policy,
)
from tests.cast import Cast
from tests.database import test_database
from tests.factories.policies import a_month, make_coupon, make_policy, make_terms
from tests.portals import XINGHE
from tests.races.conftest import at_once

pytestmark = pytest.mark.races
PAUSE_S, PATIENCE_S = 0.6, 30
"""For the other's reading: a moment where it waits for a lock, else as long as a busy machine may need."""
EITHER_WAY = pytest.mark.parametrize("is_good", [True, False], ids=["locked", "known-bad"])


@pytest.fixture(scope="module")
def house(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database of its own, since threads commit."""
    name = f"{connection.settings_dict['TEST']['NAME']}_race_policies"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        yield Cast.build(XINGHE)


@pytest.fixture(autouse=True)
def _alone(house: Cast) -> Iterator[None]:
    """No policy of one test gives anything in another."""
    yield
    PromotionPolicy.objects.update(status=Status.REJECTED)


def some(name: str) -> str:
    """A code nobody used."""
    return f"{name}-{uuid4().hex[:6]}".upper()


def only(house: Cast, sku: int) -> Goods:
    """One SKU of the cast alone."""
    return Goods(skus=frozenset({house.skus[sku].code}))


def ordered(house: Cast, sku: int = 1, buyer: str = "buyer_c1", **more: Any) -> str:
    """A case ordered; the order's number."""
    command = PlaceOrder(lines=(OrderedLine(house.skus[sku].code, 1),), **more)
    return place_order(actor=house.actor(buyer), command=command).number


@EITHER_WAY
def test_of_two_first_orders_at_once_one_is_the_first(
    house: Cast, is_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, dealer = ("buyer_c2", house.c2) if is_good else ("buyer_p1", house.p1)
    welcome = replace(a_month(), first_order_only=True)
    make_policy(house.root, some("WELCOME"), PercentOff(1_000), audience=welcome)
    both, real = Barrier(2), orders_spending._first_again

    def slowly(question: Any, found: Any) -> Any:
        both.wait(PATIENCE_S)
        return real(question, found) if is_good else found

    monkeypatch.setattr(orders_spending, "_first_again", slowly)
    assert at_once(*[partial(ordered, house, buyer=buyer)] * 2) == ["done", "done"]
    off = sorted(Order.objects.filter(buyer=dealer).values_list("discount", flat=True))
    assert list(map(bool, off)) == [not is_good, True], off


@EITHER_WAY
def test_an_order_under_way_is_counted_when_a_first_limit_is_approved(
    house: Cast, is_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = make_policy(house.root, some("LIMIT"), PercentOff(1_000))
    audience, limits = a_month(), Limits(amount=10**9, dealer_amount=10**8)
    document = make_terms("限量", PercentOff(1_000), audience=audience, limits=limits).document()
    save_policy(actor=house.pricing, command=SavePolicy(policy.code, document, policy.version))
    policy.refresh_from_db()
    asked = submit_policy(actor=house.pricing, code=policy.code, version=policy.version)
    spent, counted = Event(), Event()

    def slowly(**demand: Any) -> None:
        spent.set()
        counted.wait(PAUSE_S)
        reserve(**demand)

    def approves() -> None:
        spent.wait()
        decide_policy(actor=house.finance, command=DecidePolicy(policy.code, asked.version, approves=True))
        counted.set()

    monkeypatch.setattr(orders_placing, "reserve", slowly)
    if not is_good:
        monkeypatch.setattr(deciding, "close_book", lambda: None)
    assert at_once(partial(ordered, house), approves) == ["done", "done"]
    used = PolicyQuota.objects.filter(policy=policy).values_list("dealer", "used_amount")
    assert (sorted(used, key=str) == [(house.c1.pk, 17_800), (None, 17_800)]) is is_good, list(used)
    assert (check_orders() == []) is is_good
    PolicyQuota.objects.filter(policy=policy).delete()  # the known-bad way leaves it counted wrong


@EITHER_WAY
def test_a_coupon_given_back_and_used_again_at_once(
    house: Cast, is_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who orders has its budget and wants the coupon; who cancels must not have the coupon and want the budget."""
    policy = make_policy(house.root, some("BACK"), PercentOff(1_000), limits=Limits(amount=10**9), needs_coupon=True)
    coupon = make_coupon(policy, some("C"))
    first = ordered(house, coupons=(coupon.code,))
    if not is_good:
        bad = spending.GIVE_BACK.replace("(SELECT count(*) FROM freed) >= 0 AND ", "")
        assert bad != spending.GIVE_BACK
        monkeypatch.setattr(spending, "GIVE_BACK", bad)
    has_budget, real = Event(), spending._redeem

    def slowly(*asked: Any) -> None:
        has_budget.set()
        Event().wait(PAUSE_S)
        real(*asked)

    def cancels() -> None:
        has_budget.wait()
        cancel(actor=house.actor("buyer_c1"), command=Cancel(first))

    monkeypatch.setattr(spending, "_redeem", slowly)
    found = at_once(partial(ordered, house, coupons=(coupon.code,)), cancels)
    assert (found == ["done", "done"]) is is_good, found
    assert not is_good or Coupon.objects.get(pk=coupon.pk).used == 1
    assert check_orders() == []


@EITHER_WAY
def test_two_changes_that_swap_their_policies(house: Cast, is_good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an order used and what it will use is locked by one statement, in one order for everybody."""
    for sku in (1, 3):
        make_policy(house.root, some(f"P{sku}"), PercentOff(1_000), limits=Limits(amount=10**9), goods=only(house, sku))
    numbers = {sku: ordered(house, sku) for sku in (1, 3)}
    if not is_good:
        head, _ = spending.LOCK.split(" UNION")  # what the order will use alone
        monkeypatch.setattr(spending, "LOCK", f"{head}) ORDER BY id FOR UPDATE")
    both = Barrier(2)

    def slowly(**asked: Any) -> Any:
        left = spending.lock_left(**asked)
        with suppress(BrokenBarrierError):
            both.wait(PAUSE_S if is_good else PATIENCE_S)
        return left

    def changes(sku: int) -> None:
        lines = (OrderedLine(house.skus[4 - sku].code, 1),)
        order = Order.objects.get(number=numbers[sku])
        command = AmendOrder(number=numbers[sku], version=order.version, lines=lines, expected_total=totals[4 - sku])
        amend_order(actor=house.actor("buyer_c1"), command=command)

    totals = {sku: Order.objects.get(number=number).total for sku, number in numbers.items()}
    monkeypatch.setattr(orders_spending, "lock_left", slowly)
    found = at_once(partial(changes, 1), partial(changes, 3))
    assert (found == ["done", "done"]) is is_good, found
    assert check_orders() == []


@EITHER_WAY
def test_one_coupon_code_for_two_policies_at_once(house: Cast, is_good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    policies = [make_policy(house.root, some("MAIL"), PercentOff(1_000), needs_coupon=True) for _ in range(2)]
    code, both, real = some("GIFT"), Barrier(2), coupons._write

    def slowly(policy: PromotionPolicy, rows: list[Coupon]) -> None:
        both.wait(PATIENCE_S)
        if is_good:
            real(policy, rows)
        else:
            Coupon.objects.bulk_create(rows)

    monkeypatch.setattr(coupons, "_write", slowly)
    gives = partial(give_coupons, actor=house.pricing, coupons=[CouponAsk(code)])
    found = at_once(*[partial(gives, policy_code=policy.code) for policy in policies])
    assert sorted(found) == sorted(["done", "coupon.code_taken" if is_good else "IntegrityError"])
    assert Coupon.objects.filter(code=code, created_at__lte=clock.now()).count() == 1

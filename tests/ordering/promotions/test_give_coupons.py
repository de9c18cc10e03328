"""give_coupons, withdraw_coupon: codes of one's own or random ones, for a dealer or whoever names them."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from ordering.promotions.errors import CouponsNotAsked, TooManyCoupons
from ordering.promotions.models import Coupon
from ordering.promotions.services import CouponAsk, give_coupons, withdraw_coupon
from ordering.promotions.services.coupons import MOST_COUPONS
from tests.cast import Cast
from tests.ordering.promotions.planning import approved
from tests.ordering.promotions.test_spend import live

WITH_COUPON = {"needs_coupon": True, "starts_at": "2026-01-01T00:00:00+08:00"}


def test_gives_codes_to_dealers_and_to_whoever_names_them(cast: Cast) -> None:
    approved(cast, audience=WITH_COUPON)
    asked = [CouponAsk("double11", most_uses=100, most_each=1), *(CouponAsk(dealer_code=code) for code in ("C1", "C2"))]
    rows = give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=asked)
    assert [(row.code if row.code == "DOUBLE11" else len(row.code), row.dealer_id) for row in rows] == [
        ("DOUBLE11", None),
        (10, cast.c1.pk),
        (10, cast.c2.pk),
    ]
    assert live(cast, cast.p1, "double11").coupons == {"FLASH"}
    assert live(cast, cast.c1, rows[2].code).refused


def test_refuses_by_line(cast: Cast) -> None:
    approved(cast, audience=WITH_COUPON)
    give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=[CouponAsk("TAKEN")])
    asked = [
        CouponAsk("双十一"),
        CouponAsk("taken"),
        CouponAsk("TWICE"),
        CouponAsk("TWICE", most_uses=0),
        CouponAsk(dealer_code="T1"),
        CouponAsk(ends_at=clock.now() - timedelta(days=1)),
    ]
    with pytest.raises(DomainError) as caught:
        give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=asked)
    assert [(fault.line, fault.field, fault.code) for fault in caught.value.problems()] == [
        (1, "code", "coupon.code"),
        (2, "code", "coupon.code_taken"),
        (4, "code", "coupon.code_taken"),
        (4, "most_uses", "policy.not_above_zero"),
        (5, "dealer", "policy.code_unknown"),
        (6, "ends_at", "policy.too_late"),
    ]
    assert Coupon.objects.count() == 1


def test_refuses_a_policy_that_asks_for_none_and_too_many(cast: Cast) -> None:
    approved(cast)
    with pytest.raises(CouponsNotAsked):
        give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=[CouponAsk()])
    with pytest.raises(TooManyCoupons):
        give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=[CouponAsk()] * (MOST_COUPONS + 1))


def test_a_withdrawn_coupon_opens_nothing(cast: Cast) -> None:
    approved(cast, audience=WITH_COUPON)
    give_coupons(actor=cast.pricing, policy_code="FLASH", coupons=[CouponAsk("ELEVEN")])
    for _ in range(2):
        assert withdraw_coupon(actor=cast.pricing, code="eleven").is_withdrawn
    assert [fault.code for fault in live(cast, cast.c1, "ELEVEN").refused] == ["coupon.over"]
    with pytest.raises(Missing):
        withdraw_coupon(actor=cast.admin_c1, code="ELEVEN")

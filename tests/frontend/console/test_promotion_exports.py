"""Policies, what they gave and coupons as files: the house's own, in words and as amounts one can add up."""

import pytest

from core.jobs import services as jobs
from ordering.promotions.rules.policies import PercentOff
from ordering.promotions.rules.terms import Limits
from tests.cast import Cast
from tests.factories.policies import make_coupon, make_policy
from tests.frontend.console.test_exports import rows_of, taken_out
from tests.ordering.promotions.test_spend import give


@pytest.fixture(autouse=True)
def _worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that finds the people of the cast on their seats."""
    people = [cast.actor(key) for key in cast.seats]
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor for actor in people}.get)


def test_policies_go_out_with_what_they_do_and_gave(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=100_000))
    make_policy(cast.root, "OTHER", PercentOff(300))
    make_policy(cast.c1, "OWN", PercentOff(500))
    give(cast, cast.c1, "SO1", 30_000, 12)
    rows = rows_of(taken_out(cast.pricing, "promotions"))
    assert [row["政策编码"] for row in rows] == ["OTHER", "FLASH"]
    assert (rows[1]["预算金额"], rows[1]["已用额度"], rows[1]["已用瓶数"]) == ("1000.00", "300.00", "12")
    assert "直降 5%" in rows[1]["政策内容"]
    assert [row["政策编码"] for row in rows_of(taken_out(cast.pricing, "promotions", q="fla"))] == ["FLASH"]


def test_uses_and_coupons_go_out(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "ELEVEN", most_uses=5)
    give(cast, cast.c1, "SO1", 30_000, 12, "ELEVEN")
    (use,) = rows_of(taken_out(cast.pricing, "promotion_uses", policy="FLASH"))
    assert (use["优惠金额"], use["优惠券"]) == ("300.00", "ELEVEN")
    (coupon,) = rows_of(taken_out(cast.pricing, "coupons"))
    assert (coupon["优惠券"], coupon["可用次数"], coupon["已用次数"]) == ("ELEVEN", "5", "1")
    assert rows_of(taken_out(cast.pricing, "coupons", policy="NONE")) == []

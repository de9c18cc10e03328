"""What runs at a demo brand today: a policy of every kind, one that waits for approval, one still being written.

They begin to rule at the end of the seeding: what was ordered before was priced without them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock
from core.project.demo.world import World
from ordering.promotions import services
from ordering.promotions.services import CouponAsk, DecidePolicy, SavePolicy

YUAN = 100
GIVEN_COUPONS = 3
"""Dealers that got a coupon of their own."""


@dataclass(frozen=True, slots=True)
class DemoPolicy:
    """One policy: for how many days around today (first and last, relative), and what its document says."""

    code: str
    name: str
    name_en: str
    days: tuple[int, int]
    reward: Mapping[str, Any]
    goods: Mapping[str, Sequence[str]]
    audience: Mapping[str, Any]
    more: Mapping[str, Any]
    stage: str = "LIVE"
    coupon: str = ""


def _ladder(measure: str, *steps: Mapping[str, int]) -> Mapping[str, Any]:
    return {"kind": "LADDER", "measure": measure, "steps": list(steps)}


XINGHE = (
    DemoPolicy(
        "GP-FLASH",
        "光瓶大曲限时特价",
        "Plain Daqu flash sale",
        (-2, 8),
        {"kind": "FIXED_PRICE", "amount": 199 * YUAN, "unit": "CASE"},
        {"skus": ["XH-NX-500-0500-NV-12"]},
        {},
        {"limits": {"bottles": 24_000, "dealer_bottles": 3_600}},
    ),
    DemoPolicy(
        "GH-LADDER",
        "国华泉藏满减",
        "Guohua and Spring Reserve ladder",
        (-10, 20),
        _ladder(
            "AMOUNT",
            {"start": 100_000 * YUAN, "off": 1_500 * YUAN},
            {"start": 230_000 * YUAN, "off": 5_000 * YUAN},
            {"start": 500_000 * YUAN, "off": 13_000 * YUAN},
        ),
        {"product_lines": ["GH", "QC"]},
        {"tiers": ["PROVINCIAL", "CITY"]},
        {"limits": {"amount": 300_000 * YUAN, "dealer_amount": 26_000 * YUAN}},
    ),
    DemoPolicy(
        "QH-GIFT",
        "青禾搭赠小酒",
        "Qinghe with minis",
        (-5, 25),
        {"kind": "GIFT", "buy": 10, "give": 1, "unit": "CASE", "sku": "XH-QX-420-0100-NV-24", "most": 20},
        {"product_lines": ["QH"], "without": ["XH-QX-420-0100-NV-24"]},
        {},
        {"limits": {"amount": 120_000 * YUAN}, "brand_share_bp": 7_000},
    ),
    DemoPolicy(
        "REBATE-8",
        "主线返利抵扣",
        "Rebate offset on own lines",
        (-30, 60),
        {"kind": "REBATE_OFFSET", "cap_bp": 800},
        {"product_lines": ["GH", "QC", "QH"]},
        {},
        {},
    ),
    DemoPolicy(
        "BANQUET",
        "喜宴组合",
        "Banquet bundle",
        (-5, 40),
        {
            "kind": "BUNDLE",
            "parts": {"XH-NX-420-0500-NV-06-XY": 5, "XH-QX-530-0475-NV-12": 2},
            "price": 4_880 * YUAN,
        },
        {},
        {"tiers": ["CITY", "COUNTY"]},
        {"limits": {"bottles": 10_800}},
    ),
    DemoPolicy(
        "FIRST-COUPON",
        "秋季订货券",
        "Autumn order coupon",
        (-20, 70),
        {"kind": "LADDER", "measure": "AMOUNT", "steps": [{"start": 20_000 * YUAN, "off": 600 * YUAN}]},
        {"without": ["WLY-NX-520-0500-NV-06-G8"]},
        {"needs_coupon": True},
        {"group": "COUPON", "limits": {"amount": 50_000 * YUAN, "dealer_amount": 600 * YUAN}},
        coupon="XINGHE600",
    ),
    DemoPolicy(
        "ONLINE-QX",
        "清香电商促销",
        "Light aroma online",
        (5, 15),
        {"kind": "PERCENT_OFF", "off_bp": 300},
        {"aromas": ["QX"]},
        {"channels": ["ONLINE"]},
        {"limits": {"amount": 60_000 * YUAN}},
        stage="SUBMITTED",
    ),
    DemoPolicy(
        "NEW-YEAR",
        "开门红坎级",
        "New year ladder",
        (20, 50),
        _ladder("CASES", {"start": 100, "off_bp": 200}, {"start": 300, "off_bp": 350}),
        {"product_lines": ["GH", "QH"]},
        {},
        {"group": "LADDER"},
        stage="DRAFT",
    ),
)
CHISHUI = (
    DemoPolicy(
        "XJ-FLASH",
        "赤水小酱限时九五折",
        "Chishui Everyday 5% off",
        (-3, 11),
        {"kind": "PERCENT_OFF", "off_bp": 500},
        {"product_lines": ["XJ"]},
        {},
        {"limits": {"amount": 80_000 * YUAN, "dealer_bottles": 2_400}},
    ),
    DemoPolicy(
        "HG-LADDER",
        "赤水河谷坎级",
        "Chishui Valley ladder",
        (-8, 30),
        _ladder("CASES", {"start": 30, "off_bp": 100}, {"start": 100, "off_bp": 250}),
        {"product_lines": ["HG"]},
        {},
        {"limits": {"amount": 200_000 * YUAN}},
    ),
    DemoPolicy(
        "JC-GIFT",
        "窖藏十赠一",
        "Cellar ten plus one",
        (-4, 18),
        {"kind": "GIFT", "buy": 10, "give": 1, "unit": "CASE", "sku": "CS-JX-530-0100-NV-24"},
        {"product_lines": ["JC"]},
        {"tiers": ["PROVINCIAL", "CITY"]},
        {"limits": {"bottles": 4_800}},
    ),
    DemoPolicy(
        "REBATE-5",
        "返利抵扣",
        "Rebate offset",
        (-30, 60),
        {"kind": "REBATE_OFFSET", "cap_bp": 500},
        {"product_lines": ["HG", "JC"]},
        {},
        {},
    ),
    DemoPolicy(
        "SAUCE-BUNDLE",
        "酱香体验组合",
        "Sauce aroma bundle",
        (-6, 45),
        {"kind": "BUNDLE", "parts": {"CS-JX-450-0500-NV-06": 2, "CS-JX-530-0100-NV-24": 1}, "price": 5_880 * YUAN},
        {},
        {},
        {"limits": {"bottles": 7_200}},
    ),
    DemoPolicy(
        "VALLEY-COUPON",
        "河谷体验券",
        "Valley coupon",
        (-10, 50),
        {"kind": "LADDER", "measure": "CASES", "steps": [{"start": 10, "off": 500 * YUAN}]},
        {"product_lines": ["HG"]},
        {"needs_coupon": True},
        {"group": "COUPON", "limits": {"amount": 30_000 * YUAN}},
        coupon="HEGU500",
    ),
    DemoPolicy(
        "GROUP-JC",
        "窖藏团购价",
        "Cellar for enterprises",
        (7, 37),
        {"kind": "PERCENT_OFF", "off_bp": 400},
        {"product_lines": ["JC"]},
        {"channels": ["GROUP_BUY"]},
        {"limits": {"amount": 90_000 * YUAN}},
        stage="SUBMITTED",
    ),
    DemoPolicy(
        "SPRING",
        "春糖订货礼",
        "Spring fair",
        (25, 40),
        {"kind": "GIFT", "buy": 20, "give": 1, "unit": "CASE", "sku": ""},
        {"product_lines": ["HG", "XJ"]},
        {},
        {},
        stage="DRAFT",
    ),
)
POLICIES = {"xinghe": XINGHE, "chishui": CHISHUI}


def plan_promotions(world: World, now: datetime) -> None:
    """Written by price policy, agreed to by finance; coupons given to whoever names them and to a few dealers."""
    writer, decider = world.staff["brand_pricing"], world.staff["brand_finance"]
    with clock.at(now):
        for one in POLICIES[world.brand.slug]:
            policy = services.save_policy(actor=writer, command=SavePolicy(one.code, document_of(one, now)))
            if one.stage == "DRAFT":
                continue
            policy = services.submit_policy(actor=writer, code=one.code, version=policy.version)
            if one.stage == "LIVE":
                decided = DecidePolicy(one.code, policy.version, approves=True)
                services.decide_policy(actor=decider, command=decided)
            if one.coupon:
                dealers = [dealer.code for dealer in world.dealers if dealer.tier == "CITY"][:GIVEN_COUPONS]
                coupons = [CouponAsk(one.coupon, most_uses=200, most_each=1)]
                coupons += [CouponAsk(dealer_code=code, most_uses=1) for code in dealers]
                services.give_coupons(actor=writer, policy_code=one.code, coupons=coupons)


def document_of(one: DemoPolicy, now: datetime) -> dict[str, Any]:
    """The terms as they are sent, counted from the day of ``now``."""
    today = clock.business_day(now)
    first, last = (today + timedelta(days=days) for days in one.days)
    audience = {
        "starts_at": clock.start_of_day(first).isoformat(),
        "ends_at": clock.end_of_day(last).isoformat(),
        **one.audience,
    }
    named = {"name": one.name, "name_en": one.name_en, "audience": audience}
    return {**named, "goods": dict(one.goods), "reward": dict(one.reward), **one.more}

"""Promotions by API: planned, submitted, decided, tried; what runs for a buyer."""

from datetime import timedelta
from typing import Any

from core.kernel import clock
from tests.api.calling import Api
from tests.cast import Cast


def terms(**more: Any) -> dict[str, Any]:
    now = clock.now()
    days = {"starts_at": (now - timedelta(days=1)).isoformat(), "ends_at": (now + timedelta(days=9)).isoformat()}
    reward = {
        "kind": "LADDER",
        "measure": "AMOUNT",
        "steps": [{"start_amount": "10000.00", "off": "200.00"}, {"start_amount": "20000.00", "off": "500.00"}],
    }
    return {"name": "满减", "audience": {**days, **more.pop("audience", {})}, "reward": reward, **more}


def approved(cast: Cast, code: str = "LADDER", **more: Any) -> Api:
    pricing = Api(cast, cast.pricing)
    pricing.post("promotions/policies", {"code": code, "terms": terms(**more)}, 201)
    pricing.post(f"promotions/policies/{code}/submission", {"version": 1})
    Api(cast, cast.finance).post(f"promotions/policies/{code}/decision", {"version": 2, "approves": True})
    return pricing


def test_a_policy_goes_its_way(cast: Cast) -> None:
    pricing = approved(cast, limits={"amount": "5000.00"})
    (row,) = pricing.get("promotions/policies?status=LIVE")["items"]
    assert (row["code"], row["kind"], row["limit_amount"]) == (
        "LADDER",
        "LADDER",
        {"amount": "5000.00", "currency": "CNY"},
    )
    found = pricing.get("promotions/policies/LADDER")
    (version,) = found["versions"]
    assert version["terms"]["reward"]["steps"][1] == {"start_amount": "20000.00", "off": "500.00"}
    assert (version["status"], version["decided_by"]) == ("APPROVED", "品牌财务")
    paused = pricing.post("promotions/policies/LADDER/pause", {"version": found["version"], "reason": "-"})
    resumed = pricing.post("promotions/policies/LADDER/resumption", {"version": paused["version"]})
    (pause,) = resumed["pauses"]
    assert (paused["pauses"][0]["over_at"], pause["reason"], pause["over_by"]) == (None, "-", pause["by"])
    changed = {"terms": terms(name="新满减"), "version": resumed["version"]}
    changed = pricing.post("promotions/policies/LADDER/change", changed)
    assert [one["status"] for one in changed["versions"]] == ["DRAFT", "APPROVED"]
    pricing.post("promotions/policies/LADDER/removal", {})
    pricing.post("promotions/policies/LADDER/end", {"version": changed["version"] + 1})
    assert pricing.get("promotions/policies/LADDER")["status"] == "ENDED"


def test_the_same_key_drafts_once(cast: Cast) -> None:
    pricing = Api(cast, cast.pricing)
    body = {"code": "ONCE", "terms": terms()}
    first = pricing.post("promotions/policies", body, 201, key="k1")
    assert pricing.post("promotions/policies", body, 201, key="k1") == first
    pricing.post("promotions/policies", body, 409, key="k2")


def test_faults_are_told_by_field(cast: Cast) -> None:
    pricing = Api(cast, cast.pricing)
    bad = terms(limits={"amount": "0.00"})
    bad["reward"] = {"kind": "PERCENT_OFF", "off_bp": 10_001}
    told = pricing.post("promotions/policies", {"code": "BAD", "terms": bad}, 422)
    assert {(one["field"], one["code"]) for one in told["errors"]} == {
        ("limits.amount", "policy.limit_zero"),
        ("reward.off_bp", "policy.percentage"),
    }
    bad["reward"] = {"kind": "FIXED_PRICE", "amount": "12.345"}
    told = pricing.post("promotions/policies", {"code": "BAD", "terms": bad}, 422)
    assert told["errors"][0]["field"] == "reward.amount"


def test_a_draft_is_taken_back_and_sent_back(cast: Cast) -> None:
    pricing, finance = Api(cast, cast.pricing), Api(cast, cast.finance)
    pricing.post("promotions/policies", {"code": "A", "terms": terms()}, 422)
    pricing.post("promotions/policies", {"code": "AB", "terms": terms()}, 201)
    pricing.post("promotions/policies/AB/submission", {"version": 1})
    back = pricing.post("promotions/policies/AB/recall", {"version": 2})
    assert back["status"] == "DRAFT"
    pricing.post("promotions/policies/AB/submission", {"version": 3})
    finance.post("promotions/policies/AB/decision", {"version": 4, "approves": False}, 422)
    refused = finance.post("promotions/policies/AB/decision", {"version": 4, "approves": False, "reason": "太高"})
    assert (refused["status"], refused["versions"][0]["reason"]) == ("REJECTED", "太高")


def test_coupons_are_given_listed_and_withdrawn(cast: Cast) -> None:
    pricing = approved(cast, audience={"needs_coupon": True})
    asked = {"coupons": [{"code": "ELEVEN", "most_uses": 5}, {"dealer": "C1"}]}
    made = pricing.post("promotions/policies/LADDER/coupons", asked, 201)["items"]
    assert [(one["dealer"], one["most_uses"]) for one in made] == [(None, 5), ("C1", None)]
    assert len(pricing.get("promotions/policies/LADDER/coupons")["items"]) == 2
    buyer = Api(cast, cast.buyer_c1).get("promotions")
    assert [one["code"] for one in buyer["coupons"]] == [made[1]["code"]]
    pricing.post("promotions/coupons/ELEVEN/withdrawal", {})
    Api(cast, cast.admin_c1).post("promotions/coupons/ELEVEN/withdrawal", {}, 404)


def test_a_cart_is_tried(cast: Cast) -> None:
    pricing = approved(cast)
    body = {"buyer": "C1", "lines": [{"sku": cast.skus[1].code, "quantity": 6}, {"sku": "NONE", "quantity": 1}]}
    found = pricing.post("promotions/simulations", body)
    assert (found["listed"]["amount"], found["discount"]["amount"], found["given_bp"]) == ("10680.00", "200.00", 187)
    assert [one["code"] for one in found["faults"]] == ["price.sku_unknown"]
    deeper = terms()
    deeper["reward"]["steps"] = [{"start_amount": "5000.00", "off": "400.00"}]
    found = pricing.post("promotions/simulations", {**body, "draft": deeper, "draft_of": "LADDER"})
    assert found["discount"]["amount"] == "400.00"


def test_a_buyer_reads_what_runs_for_its_house(cast: Cast) -> None:
    approved(cast, limits={"dealer_amount": "800.00"})
    (one,) = Api(cast, cast.buyer_c1).get("promotions")["items"]
    assert (one["code"], one["kind"], one["left_amount"]) == (
        "LADDER",
        "LADDER",
        {"amount": "800.00", "currency": "CNY"},
    )
    Api(cast, cast.buyer_c1).get("promotions/policies/LADDER", 404)


def test_terms_of_any_shape_are_faults_by_field(cast: Cast) -> None:
    pricing = Api(cast, cast.pricing)
    deep: list[Any] = []
    for _ in range(700):
        deep = [deep]
    ladder = {"kind": "LADDER", "measure": ["CASES"], "steps": [{"start": 5, "off": "10.00"}]}
    for reward, field in (
        (ladder, "reward.measure"),
        ({"kind": "GIFT", "buy": 1, "give": 1, "unit": {"a": 1}}, "reward.unit"),
        ({"kind": "FIXED_PRICE", "amount": deep}, "reward.amount"),
        ({"kind": "PERCENT_OFF", "off_bp": 500, "more": deep}, "reward.more"),
        ({"kind": "LADDER", "measure": deep, "steps": deep}, "reward.measure"),
    ):
        body = {"code": "ODD", "terms": {**terms(), "reward": reward}}
        told = pricing.post("promotions/policies", body, 422)
        assert field in {one["field"] for one in told["errors"]}

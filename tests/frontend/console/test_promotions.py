"""Promotions in the console: built by kind, said in a sentence, tried, decided by a second person; coupons; budgets."""

import re
from dataclasses import replace
from datetime import timedelta

from django.db.models import F

from core.kernel import clock
from ordering.promotions.models import Coupon, PromotionPolicy
from ordering.promotions.rules.policies import Gift, Goods, Ladder, Measure, PercentOff, TierStep
from ordering.promotions.rules.terms import Limits, terms_of
from tenants.access.models import Seat
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import a_month, add_version, make_policy
from tests.frontend.console.conftest import Opens, placed
from tests.ordering.watching import statements

DAYS = {"starts_on": "2026-01-01", "ends_on": "2099-12-31"}


def said(**more: object) -> dict[str, object]:
    """A form of the builder, filled in."""
    return {"code": "nian", "name": "年货节", "brand_share_bp": "100", "is_public": "on", **DAYS, **more}


def page(client: HostClient, path: str) -> str:
    """The words of a page."""
    return client.get(f"/console/{path}").content.decode()


def test_a_policy_is_built_submitted_and_approved_by_somebody_else(cast: Cast, as_: Opens) -> None:
    planner, finance = as_("pricing"), as_("finance")
    assert "搭赠" in page(planner, "promotions/new/")
    form = said(buy="10", give="1", unit="CASE", sku=cast.skus[2].name, limit_amount="5000")
    answer = planner.post("/console/promotions/new/?kind=GIFT", form)
    assert answer.status_code == 302
    assert answer["Location"] == "/console/promotions/policy/NIAN/"
    policy = PromotionPolicy.objects.get(code="NIAN")
    terms = policy.versions.get().terms
    assert terms["reward"] == {
        "kind": "GIFT",
        "buy": 10,
        "give": 1,
        "unit": "CASE",
        "sku": cast.skus[2].code,
        "most": None,
    }
    assert terms["limits"]["amount"] == 500_000
    here = "/console/promotions/policy/NIAN/"
    planner.post(here, {"act": "submit", "version": policy.version})
    policy.refresh_from_db()
    assert policy.status == "SUBMITTED"
    assert "须由其他同事审批" in page(planner, "promotions/policy/NIAN/")
    refused = finance.post(here, {"act": "return", "version": policy.version, "reason": ""})
    assert refused.status_code == 422
    assert finance.post(here, {"act": "approve", "version": policy.version, "reason": ""}).status_code == 302
    policy.refresh_from_db()
    assert policy.status == "LIVE"
    assert "生效中" in page(planner, "promotions/")
    assert re.search(r'policy-pause">.*?name="reason".*?value="pause"', page(planner, "promotions/policy/NIAN/"), re.S)
    planner.post(here, {"act": "pause", "version": policy.version})
    assert "请填写暂停的原因" in page(planner, "promotions/policy/NIAN/")
    planner.post(here, {"act": "pause", "version": policy.version, "reason": "酒不够了"})
    policy.refresh_from_db()
    assert policy.status == "PAUSED"
    text = page(planner, "promotions/policy/NIAN/")
    assert "酒不够了" in text
    assert "尚未恢复" in text
    planner.post(here, {"act": "resume", "version": policy.version})
    assert "恢复人" in page(planner, "promotions/policy/NIAN/")


def test_every_fault_stands_at_its_field_and_nothing_is_lost(cast: Cast, as_: Opens) -> None:
    form = said(measure="CASES", start_1="100", off_1="2%", start_3="50", off_3="-", starts_on="", limit_amount="0")
    answer = as_("pricing").post("/console/promotions/new/?kind=LADDER", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="start_3" value="50"' in text
    assert not PromotionPolicy.objects.exists()
    form = said(measure="CASES", start_1="100", off_1="2%", start_3="50", off_3="3%", limit_amount="0")
    text = as_("pricing").post("/console/promotions/new/?kind=LADDER", form).content.decode()
    assert "每一档" in text or "上一档" in text
    form = said(measure="AMOUNT", start_1="20000", off_1="600", start_2="50000.00", off_2="2,000")
    assert as_("pricing").post("/console/promotions/new/?kind=LADDER", form).status_code == 302
    steps = PromotionPolicy.objects.get().versions.get().terms["reward"]["steps"]
    assert [(one["start"], one["off"]) for one in steps] == [(2_000_000, 60_000), (5_000_000, 200_000)]


def test_all_faults_are_said_at_once_and_groups_in_use_are_offered(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "OLD", PercentOff(500), group="秋促")
    planner = as_("pricing")
    form = said(buy="10", give="", unit="CASE", limit_amount="0", starts_on="2026-05-01", ends_on="2026-04-01")
    text = planner.post("/console/promotions/new/?kind=GIFT", form).content.decode()
    wrong = set(re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', text))
    assert wrong == {"give", "limit_amount", "ends_on"}
    assert "赠品单位" in text
    assert '<option value="秋促">' in text


def test_the_sentence_and_whom_it_meets_stand_beside_the_form(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "OLD", PercentOff(500), goods=Goods(skus=frozenset({cast.skus[1].code})))
    form = said(off_bp="8", skus=cast.skus[1].code)
    text = as_("pricing").post("/console/promotions/preview/?kind=PERCENT_OFF", form).content.decode()
    assert "直降 8%" in text
    assert "取最优" in text
    assert not PromotionPolicy.objects.filter(code="NIAN").exists()


def test_a_change_of_an_approved_policy_is_a_further_version(cast: Cast, as_: Opens) -> None:
    policy = make_policy(
        cast.root, "OLD", Ladder(Measure.CASES, (TierStep(100, off_bp=200), TierStep(300, off_bp=350)))
    )
    planner, here = as_("pricing"), "/console/promotions/policy/OLD/terms/"
    text = planner.get(here).content.decode()
    assert 'name="start_2" value="300"' in text
    assert 'name="off_2" value="3.5%"' in text
    form = said(
        measure="CASES", start_1="100", off_1="2.5%", version=policy.version, starts_on=_day(0), ends_on=_day(9)
    )
    assert planner.post(here, form).status_code == 302
    assert list(policy.versions.order_by("number").values_list("number", "status")) == [(1, "APPROVED"), (2, "DRAFT")]
    assert policy.versions.get(number=2).terms["reward"]["steps"][0]["off_bp"] == 250


def _day(number: int) -> str:
    return (clock.business_day() + timedelta(days=number)).isoformat()


def test_the_simulator_tells_line_by_line_for_a_cart_and_for_an_order(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "OFF", PercentOff(1_000), goods=Goods(skus=frozenset({cast.skus[1].code})))
    make_policy(cast.root, "MORE", Gift(1, 1, sku=cast.skus[2].code))
    desk = as_("admin")
    asked = {"dealer": cast.c1.code, "lines": f"{cast.skus[1].code} 2\n{cast.skus[3].code} 1"}
    text = desk.post("/console/promotions/simulator/", asked).content.decode()
    assert "逐行结果" in text
    assert "OFF" in text
    assert "赠品" in text
    more = PromotionPolicy.objects.get(code="MORE")
    more.name_en = "One for one"
    more.save(update_fields=["name_en"])
    assert "One for one" not in text
    english = as_("admin")
    english.cookies["jm_language"] = "en"
    text = english.post("/console/promotions/simulator/", asked).content.decode()
    assert '<div class="list__sub">One for one</div>' in text
    number = placed(cast, (1, 2))
    text = desk.post("/console/promotions/simulator/", {"dealer": cast.c1.code, "order": number}).content.decode()
    assert cast.skus[1].name in text
    answer = desk.post("/console/promotions/simulator/", {"dealer": "NOBODY", "lines": f"{cast.skus[1].code} 2"})
    assert answer.status_code == 422
    answer = desk.post("/console/promotions/simulator/", {"dealer": cast.c1.code, "lines": "没有的酒 2"})
    assert "第 1 行" in answer.content.decode()
    assert desk.post("/console/promotions/simulator/", {"dealer": cast.c1.code}).status_code == 422


def test_the_simulator_asks_which_product_and_which_order_is_meant(cast: Cast, as_: Opens) -> None:
    asked = {"dealer": cast.c1.code, "lines": f"{cast.skus[1].name[:2]} 2"}
    desk, planner, number = as_("admin"), as_("pricing"), placed(cast, (1, 2))
    text = desk.post("/console/promotions/simulator/", asked).content.decode()
    assert "有多个可能" in text
    assert cast.skus[1].code in text
    assert 'name="order"' in text
    assert 'name="order"' in page(planner, "promotions/simulator/")
    asked = {"dealer": cast.c1.code, "order": number[:-1].lower()}
    answer = planner.post("/console/promotions/simulator/", asked)
    assert (answer.status_code, f"哪一张订单？{number}" in answer.content.decode()) == (422, True)
    text = planner.post("/console/promotions/simulator/", {**asked, "order": number}).content.decode()
    assert "逐行结果" in text
    assert cast.skus[1].name in text
    assert planner.post("/console/promotions/simulator/", {**asked, "order": "SO-NONE"}).status_code == 422


def test_coupons_are_given_to_dealers_and_withdrawn(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    planner, here = as_("pricing"), "/console/promotions/policy/CARD/"
    form = {"act": "coupons", "dealers": f"{cast.c1.code}, {cast.c2.code}", "most_uses": "1"}
    assert planner.post(here, form).status_code == 302
    first, second = Coupon.objects.order_by("id")
    assert {first.dealer_id, second.dealer_id} == {cast.c1.pk, cast.c2.pk}
    answer = planner.post(here, {"act": "coupons", "code": "!!"})
    assert answer.status_code == 422
    planner.post(here, {"act": "withdraw", "coupon": first.code})
    first.refresh_from_db()
    assert first.is_withdrawn
    assert "已作废" in page(planner, "promotions/policy/CARD/")


def test_a_code_for_several_dealers_is_refused_and_stays_typed(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    planner, here = as_("pricing"), "/console/promotions/policy/CARD/"
    form = {"act": "coupons", "code": "AUTUMN", "dealers": f"{cast.c1.code}, {cast.c2.code}"}
    answer = planner.post(here, form)
    assert (answer.status_code, Coupon.objects.exists()) == (422, False)
    text = answer.content.decode()
    assert "一个券码就是一张券" in text
    assert 'value="AUTUMN"' in text
    assert planner.post(here, {**form, "dealers": cast.c1.code}).status_code == 302
    assert Coupon.objects.get().code == "AUTUMN"


def test_the_same_form_sent_twice_gives_its_coupons_once(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    planner, here = as_("pricing"), "/console/promotions/policy/CARD/"
    key = re.findall(r'name="once" value="(\w+)"', page(planner, "promotions/policy/CARD/"))
    form = {"act": "coupons", "dealers": f"{cast.c1.code}, {cast.c2.code}", "once": key[0]}
    refused = planner.post(here, {**form, "dealers": "没有这家"})
    assert (refused.status_code, f'value="{key[0]}"' in refused.content.decode()) == (422, True)
    assert [planner.post(here, form).status_code for _time in range(2)] == [302, 302]
    assert Coupon.objects.count() == 2
    assert "已发放优惠券 2 张" in page(planner, "promotions/policy/CARD/")
    again = re.findall(r'name="once" value="(\w+)"', page(planner, "promotions/policy/CARD/"))
    assert planner.post(here, {**form, "once": again[0]}).status_code == 302
    assert Coupon.objects.count() == 4


def test_the_list_is_sorted_by_code_and_by_its_end(cast: Cast, desk: HostClient) -> None:
    for code, days in (("B", 1), ("A", 3), ("C", 2)):
        make_policy(
            cast.root, code, PercentOff(500), audience=replace(a_month(), ends_at=clock.now() + timedelta(days))
        )
    for asked, order in {"": "CAB", "?sort=code": "ABC", "?sort=until": "BCA", "?sort=-until": "ACB"}.items():
        found = re.findall(r'promotions/policy/(\w)/"', page(desk, f"promotions/{asked}"))
        assert "".join(dict.fromkeys(found)) == order


def test_what_own_dealers_got_is_not_held_against_everybodys_limit(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "CAP", PercentOff(500), limits=Limits(amount=100_000, bottles=1_200))
    seat = Seat.objects.filter(pk=cast.seats["region_manager"].pk)
    seat.update(scope_regions=["370100"], version=F("version") + 1)
    for path in ("promotions/", "promotions/policy/CAP/"):
        limited, whole = page(as_("region_manager"), path), page(as_("admin"), path)
        assert "您辖区的经销商" in limited
        assert "<progress" not in limited
        assert "您辖区的经销商" not in whole
        assert "<progress" in whole


def test_the_list_and_a_policy_cost_the_same_for_many(cast: Cast, desk: HostClient) -> None:
    make_policy(cast.root, "P0", PercentOff(500), limits=Limits(amount=100_000))
    few = {path: cost(desk, path) for path in ("promotions/", "promotions/policy/P0/")}
    for number in range(1, 20):
        make_policy(cast.root, f"P{number}", PercentOff(500), limits=Limits(amount=100_000))
    many = {path: cost(desk, path) for path in few}
    assert many["promotions/"] == few["promotions/"] <= 10
    assert many["promotions/policy/P0/"] <= few["promotions/policy/P0/"] + 1 <= 22


def cost(client: HostClient, path: str) -> int:
    """Statements of a page, everything warm."""
    client.get(f"/console/{path}")
    with statements() as seen:
        assert client.get(f"/console/{path}").status_code == 200
    return len(seen)


def test_the_list_counts_by_state_and_speaks_the_readers_language(cast: Cast, desk: HostClient) -> None:
    for code in ("ONE", "TWO"):
        make_policy(cast.root, code, PercentOff(100))
    policy = make_policy(cast.root, "THREE", PercentOff(100))
    policy.versions.update(terms={**policy.versions.get().terms, "name": "三", "name_en": "The third"})
    PromotionPolicy.objects.filter(code="ONE").update(status="PAUSED")
    text = page(desk, "promotions/")
    counted = [int(one) for one in re.findall(r'class="chip__count">(\d+)<', text)]
    assert counted[0] == 3
    assert sorted(counted)[-3:] == [1, 2, 3]
    assert "The third" not in text
    desk.cookies["jm_language"] = "en"
    assert "The third" in page(desk, "promotions/")


def test_a_draft_is_told_beside_what_rules(cast: Cast, as_: Opens) -> None:
    policy = make_policy(cast.root, "RULES", PercentOff(500))
    terms = replace(terms_of(policy.versions.get().terms), name="未批新名", reward=PercentOff(900))
    add_version(policy, terms, number=2, rules_from=clock.now())
    policy.versions.filter(number=2).update(status="DRAFT", rules_from=None)
    planner = as_("pricing")
    listed, text = page(planner, "promotions/"), page(planner, "promotions/policy/RULES/")
    assert "未批新名" not in listed
    assert re.search(r"生效中.*第 ?2 ?版.*草稿", listed, re.S)
    says = text[text.index("h-says") : text.index("h-versions")]
    assert "未批新名" not in text[: text.index("h-says")]
    assert re.search(r"5%.*第 ?2 ?版.*草稿.*9%", says, re.S)
    assert "未批新名" in page(planner, "promotions/simulator/?draft=RULES")

"""Policies and coupons from a spreadsheet: what is taken out comes in again unchanged; bad rows are told by column."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.jobs import services as jobs
from core.jobs.models import Job, JobRow
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.kernel.quantity import Unit
from ordering.promotions.models import Coupon, PolicyVersion, PromotionPolicy
from ordering.promotions.resources import coupons, policies
from ordering.promotions.rules.policies import (
    Audience,
    Bundle,
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    Reward,
    TierStep,
)
from ordering.promotions.rules.terms import Limits, terms_of
from tests.cast import Cast
from tests.dms.sheets import counts, faults, imported, xlsx
from tests.factories.policies import make_coupon, make_policy
from tests.frontend.console.test_exports import content_of, taken_out

HEAD = ("政策编码", "政策", "政策类型", "折扣比例", "门槛计量", "档位", "开始日", "截止日", "渠道层级", "预算金额")


class Run:
    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch

    def __call__(self, content: bytes, kind: str = policies.IMPORT, **more: bool) -> Job:
        return imported(self.monkeypatch, self.cast.pricing, kind, content, **more)


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    people = [cast.actor(key) for key in cast.seats]
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor for actor in people}.get)
    return Run(cast, monkeypatch)


@pytest.fixture(autouse=True)
def _zone() -> Iterator[None]:
    with clock.in_zone("Asia/Shanghai"):
        yield


def rewards(cast: Cast) -> dict[str, Reward]:
    """One of each kind."""
    one, two = cast.skus[1].code, cast.skus[2].code
    return {
        "PERCENT": PercentOff(250),
        "FIXED": FixedPrice(19_900, Unit.CASE),
        "CASES": Ladder(Measure.CASES, (TierStep(50, off_bp=200), TierStep(100, off_bp=350))),
        "MONEY": Ladder(Measure.AMOUNT, (TierStep(2_000_000, off=60_000),), True),
        "BUNDLE": Bundle({one: 5, two: 2}, 1_980_000),
        "GIFT": Gift(10, 1, Unit.BOTTLE, two, 30),
        "REBATE": RebateOffset(800),
    }


def world(cast: Cast) -> None:
    """A policy of each kind, limited, for somebody, in a group; one ends within a day."""
    start = clock.start_of_day(clock.business_day())
    audience = Audience(
        start, start + timedelta(days=9), tiers=frozenset({"CITY", "COUNTY"}), regions=frozenset({"370100"})
    )
    for rank, (code, reward) in enumerate(rewards(cast).items()):
        goods = Goods(skus=frozenset({cast.skus[1].code})) if code in ("FIXED", "PERCENT") else Goods()
        hour = timedelta(hours=17, minutes=30) if code == "GIFT" else timedelta(0)
        make_policy(
            cast.root,
            code,
            reward,
            is_public=code != "GIFT",
            audience=replace(audience, ends_at=audience.ends_at + hour, dealers=frozenset({"C1"})),
            goods=goods,
            group="秋促",
            rank=rank,
            limits=Limits(amount=50_000_000, dealer_amount=1_000_000),
            needs_coupon=code == "PERCENT",
        )


@pytest.mark.parametrize(("form", "language"), [("csv", "zh-hans"), ("xlsx", "en")])
def test_what_goes_out_comes_in_unchanged(cast: Cast, run: Run, form: str, language: str) -> None:
    world(cast)
    content = content_of(taken_out(cast.pricing, "promotions", form=form, language=language))
    job = run(content)
    assert (job.status, faults(job), counts(job)) == ("DONE", [], {"same": 7})
    assert PolicyVersion.objects.count() == 7


def test_every_fact_of_a_file_becomes_the_draft_it_was_taken_from(cast: Cast, run: Run) -> None:
    world(cast)
    content = content_of(taken_out(cast.pricing, "promotions"))
    before = {row.policy.code: terms_of(row.terms) for row in PolicyVersion.objects.select_related("policy")}
    PromotionPolicy.objects.update(current_version=None)
    PromotionPolicy.objects.all().delete()
    job = run(content)
    assert (job.status, faults(job), counts(job)) == ("DONE", [], {"new": 7})
    after = {row.policy.code: row for row in PolicyVersion.objects.select_related("policy")}
    assert {code: terms_of(row.terms) for code, row in after.items()} == before
    assert {row.status for row in after.values()} == {"DRAFT"}
    assert set(PromotionPolicy.objects.values_list("status", flat=True)) == {"DRAFT"}


def test_a_preview_shows_old_beside_new_and_writes_nothing(cast: Cast, run: Run) -> None:
    days = clock.business_day().isoformat(), (clock.business_day() + timedelta(days=9)).isoformat()
    make_policy(cast.root, "OLD", PercentOff(250))
    rows = (
        HEAD,
        ("old", "旧政策", "限时折扣", "3%", "", "", *days, "市代、县代", "5,000"),
        ("NEW", "新政策", "坎级/满减", "", "箱", "50=2%；100：3.5%", *days, "", ""),
    )
    job = run(xlsx(*rows), is_dry_run=True)
    assert (faults(job), counts(job)) == ([], {"new": 1, "changed": 1})
    assert PolicyVersion.objects.get().terms["reward"]["off_bp"] == 250
    changes = JobRow.objects.get(job=job, fate="changed").said["changes"]
    assert changes["percent"] == ["2.5%", "3%"]
    assert changes["limit_amount"] == [None, "5,000.00"]
    real = run(xlsx(*rows))
    assert counts(real) == {"new": 1, "changed": 1}
    old = PromotionPolicy.objects.get(code="OLD")
    assert (old.status, old.current_version.number) == ("LIVE", 1)  # type: ignore[union-attr]  # it was approved
    assert old.versions.order_by("-number")[0].status == "DRAFT"
    steps = PolicyVersion.objects.get(policy__code="NEW").terms["reward"]["steps"]
    assert [(one["start"], one["off_bp"]) for one in steps] == [(50, 200), (100, 350)]
    assert counts(run(xlsx(*rows))) == {"same": 2}


def test_a_column_the_file_does_not_have_keeps_what_stands(cast: Cast, run: Run) -> None:
    """A coupon stays asked for and a limit stays a limit; a cell that is there and empty takes the fact away."""
    world(cast)
    before = {row.policy.code: terms_of(row.terms) for row in PolicyVersion.objects.select_related("policy")}
    renamed = run(xlsx(("政策编码", "政策"), *((code, "改名") for code in before)))
    assert (faults(renamed), counts(renamed)) == ([], {"changed": 7})
    after = {row.policy.code: row for row in PolicyVersion.objects.filter(number=2).select_related("policy")}
    assert {code: terms_of(row.terms) for code, row in after.items()} == {
        code: replace(terms, name="改名") for code, terms in before.items()
    }
    some = run(xlsx(("政策编码", "政策类型", "活动价", "预算金额"), ("FIXED", "特价", "188", "")), is_dry_run=True)
    changes = JobRow.objects.get(job=some).said["changes"]
    assert changes == {"price": ["199.00", "188.00"], "limit_amount": ["500,000.00", None]}
    steps = run(xlsx(("政策编码", "档位"), ("MONEY", "30,000.00=900")))
    assert (faults(steps), counts(steps)) == ([], {"changed": 1})
    (step,) = PolicyVersion.objects.get(policy__code="MONEY", number=2).terms["reward"]["steps"]
    assert (step["start"], step["off"]) == (3_000_000, 90_000)
    other = run(xlsx(("政策编码", "政策类型", "折扣比例"), ("GIFT", "限时折扣", "3%")))
    assert (faults(other), counts(other)) == ([], {"changed": 1}), "nothing of the gift stays"
    assert faults(run(xlsx(("政策编码", "预算金额"), ("NEW", "100")))) != []


def test_faults_stand_by_row_and_column_and_good_rows_come_in(cast: Cast, run: Run) -> None:
    days = clock.business_day().isoformat(), (clock.business_day() + timedelta(days=9)).isoformat()
    good = ("限时折扣", "3%", "", "", *days, "", "")
    rows = (
        HEAD,
        ("OK", "好", *good),
        ("OK", "又", *good),
        ("A1", "坏", "打折", *good[1:]),
        ("A2", "坏", "限时折扣", "120%", "", "", *days, "", ""),
        ("A3", "坏", "坎级优惠", "", "箱", "100=2%;50=3%;x", *days, "", ""),
        ("A4", "", *good),
        ("A5", "坏", *good[:6], "银河代理", ""),
        ("A6", "坏", "限时折扣", "3%", "", "", "2020-01-01", "2020-01-31", "", ""),
        ("A 7", "坏", *good),
        ("A8", "坏", *good[:7], "-5"),
    )
    job = run(xlsx(*rows))
    assert counts(job) == {"new": 1}
    assert [(row, code) for row, code in faults(job)] == [
        (3, "policy.twice"),
        (4, "policy.unread"),
        (5, "policy.percentage"),
        (6, "policy.unread"),
        (7, "policy.missing"),
        (8, "policy.unread"),
        (9, "policy.too_late"),
        (10, "policy.code"),
        (11, "policy.limit_zero"),
    ]
    columns = {failure["row"]: failure["column"] for failure in job.failures}
    assert (columns[5], columns[6], columns[11]) == ("Percentage", "Steps", "Budget")


def test_a_version_that_waits_or_an_end_is_not_written_over(cast: Cast, run: Run) -> None:
    days = clock.business_day().isoformat(), (clock.business_day() + timedelta(days=9)).isoformat()
    policy = make_policy(cast.root, "WAITS", PercentOff(250))
    policy.versions.update(status="SUBMITTED")
    make_policy(cast.root, "OVER", PercentOff(250))
    PromotionPolicy.objects.filter(code="OVER").update(status="ENDED")
    make_policy(cast.c1, "THEIRS", PercentOff(250))
    job = run(
        xlsx(HEAD, *((code, "名", "限时折扣", "3%", "", "", *days, "", "") for code in ("WAITS", "OVER", "THEIRS")))
    )
    assert faults(job) == [(2, "policy.frozen"), (3, "policy.over")]
    assert counts(job) == {"new": 1}  # a policy of one's own; the other house's is not even known


def test_coupons_come_in_by_row_and_the_same_file_gives_none_twice(cast: Cast, run: Run) -> None:
    policy = make_policy(cast.root, "AUTUMN", PercentOff(250), needs_coupon=True)
    make_policy(cast.root, "PLAIN", PercentOff(250))
    make_coupon(policy, "GONE", dealer=cast.c1, is_withdrawn=True)
    last = (clock.business_day() + timedelta(days=5)).isoformat()
    rows = (
        ("优惠券", "政策编码", "经销商编码", "可用次数", "截止日"),
        ("ab-600", "AUTUMN", "C1", 1, last),
        ("OPEN", "autumn", "", "", ""),
        ("OPEN", "AUTUMN", "", "", ""),
        ("PL-1", "PLAIN", "", "", ""),
        ("NO-1", "NONE", "", "", ""),
        ("NO-2", "AUTUMN", "NOBODY", "", ""),
        ("GONE", "AUTUMN", "", "", ""),
        ("NO-3", "AUTUMN", "", "0", ""),
        ("", "AUTUMN", "C1", "", ""),
    )
    preview = run(xlsx(*rows), coupons.IMPORT, is_dry_run=True)
    assert counts(preview) == {"new": 2}
    assert Coupon.objects.count() == 1
    job = run(xlsx(*rows), coupons.IMPORT)
    assert faults(job) == [
        (4, "coupon.twice"),
        (5, "coupon.not_asked"),
        (6, "policy.code_unknown"),
        (7, "policy.code_unknown"),
        (8, "coupon.code_taken"),
        (9, "policy.not_above_zero"),
        (10, "policy.missing"),
    ]
    given = Coupon.objects.get(code="AB-600")
    assert (given.dealer_id, given.most_uses) == (cast.c1.pk, 1)
    assert given.ends_at == clock.end_of_day(clock.business_day() + timedelta(days=5))
    assert counts(run(xlsx(*rows), coupons.IMPORT)) == {"same": 2}
    again = run(content_of(taken_out(cast.pricing, "coupons")), coupons.IMPORT)
    assert (faults(again), counts(again)) == ([], {"same": 3})


def test_it_asks_for_the_right_to_plan(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotPermitted):
        imported(monkeypatch, cast.finance, policies.IMPORT, xlsx(HEAD))


@pytest.mark.parametrize("module", [policies, coupons])
def test_the_template_is_read_as_it_is_given_out(module: object) -> None:
    for one in module.import_guide():  # type: ignore[attr-defined]  # both have it
        assert one.label.casefold() in one.headings

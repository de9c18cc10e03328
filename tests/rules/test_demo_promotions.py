"""The demo's policies are such as the product takes: their terms read well and name goods of the brand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.project.demo.products import ASSORTMENTS
from core.project.demo.promotions import POLICIES, document_of
from ordering.promotions.rules.checking import Known, KnownSku, faults_of_terms
from ordering.promotions.rules.policies import Stage
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.rules.terms import policy_of

NOW = datetime(2026, 1, 12, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("slug", POLICIES)
def test_terms_read_well_and_name_goods_of_the_brand(slug: str) -> None:
    goods = ASSORTMENTS[slug]
    for one in POLICIES[slug]:
        terms = read_terms(document_of(one, NOW))
        known = Known(
            {product.code: KnownSku("ON", "BOTH", product.line_code) for product in goods.products},
            {
                "product_lines": frozenset(line.code for line in goods.lines),
                **{
                    name: getattr(terms.audience, name)
                    for name in ("tiers", "regions", "channels", "labels", "dealers")
                },
                "aromas": terms.goods.aromas,
            },
        )
        assert faults_of_terms(terms, known) == [], one.code


@pytest.mark.parametrize("slug", POLICIES)
def test_every_stage_and_state_is_there(slug: str) -> None:
    policies = POLICIES[slug]
    live = [policy_of(one.code, 1, read_terms(document_of(one, NOW))) for one in policies if one.stage == "LIVE"]
    assert {policy.stage for policy in live} == set(Stage)
    assert {one.stage for one in policies} == {"LIVE", "SUBMITTED", "DRAFT"}
    assert len([one for one in policies if one.coupon]) == 1

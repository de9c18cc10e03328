"""A promotion from the planner to the buyer, on a phone and at a desk: built, approved by finance, met in the cart."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ordering.promotions.models import PolicyVersion, PromotionPolicy
from tests.browser.test_buyer_journeys import SIZES
from tests.chromium import visit
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_pads", "no_policies_left")]
SAYS = "#policy-says"


@pytest.fixture
def no_policies_left(world: Room) -> Iterator[None]:
    """Other tests find the prices of the lists."""
    yield
    with XINGHE.inside():
        PromotionPolicy.objects.update(current_version=None)
        PolicyVersion.objects.all().delete()
        PromotionPolicy.objects.all().delete()


def chosen(page: Page, name: str, code: str) -> None:
    """Search for a product and take it."""
    page.locator(f"#id_{name}_find").fill(code)
    page.locator(f"#id_{name}_list [role=option][data-line^='{code} ']").click()


@pytest.mark.parametrize("size", SIZES)
def test_a_gift_is_planned_approved_and_met_by_the_buyer(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    bought, given = world.cast.skus[3], world.cast.skus[1]
    code = f"GIFT-{size['viewport']['width']}"
    with visit(program, origin, cookie=world.cookie("pricing"), **size) as planner:
        page = planner.page
        page.goto("/console/promotions/new/")
        planner.tap("a[href$='kind=GIFT']")
        for name, text in {"code": code, "name": "买三赠一", "buy": "3", "give": "1"}.items():
            page.locator(f"[name={name}]").fill(text)
        chosen(page, "sku", given.code)
        page.locator("[name=starts_on]").fill("2026-01-01")
        page.locator("[name=ends_on]").fill("2099-12-31")
        page.locator("summary", has_text="单品").click()
        chosen(page, "skus", bought.code)
        expect(page.locator(SAYS)).to_contain_text("每满 3 箱送")
        planner.tap("#policy-form button[type=submit]")
        page.wait_for_url(f"**/promotions/policy/{code}/")
        planner.tap("button[name=act][value=submit]")
        expect(page.locator("button[name=act][value=take_back]")).to_be_visible()
        expect(page.locator("button[name=act][value=approve]")).to_have_count(0)
        planner.assert_clean()
    with visit(program, origin, cookie=world.cookie("finance"), **size) as finance:
        finance.page.goto(f"/console/promotions/policy/{code}/")
        finance.tap("button[name=act][value=approve]")
        expect(finance.page.locator("button[name=act][value=approve]")).to_have_count(0)
        finance.assert_clean()
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **size) as buyer:
        page = buyer.page
        page.goto("/promotions/")
        expect(page.locator(f"#{code}")).to_contain_text("买三赠一")
        page.goto("/pad/")
        page.locator("#pad-text").fill(f"{bought.code} 2")
        buyer.tap("#entry button[type=submit]")
        hint = page.locator(".deal-hint")
        expect(hint).to_contain_text("再订 1 箱")
        hint.locator("button").click()
        expect(page.locator(".deal-gifts")).to_contain_text("赠品")
        page.goto("/checkout/")
        expect(page.locator(".deal-gifts")).to_contain_text("赠品")
        buyer.tap("button[value='gifts:none']")
        expect(page.locator(".deal-gifts")).to_have_count(0)
        buyer.tap("button[value='gifts:with']")
        expect(page.locator(".deal-gifts")).to_be_visible()
        buyer.assert_clean()

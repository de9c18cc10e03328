"""The desk is worked with the keyboard and the mouse, and the page's policy is never breached."""

import pytest
from playwright.sync_api import Browser

from tests.chromium import DESK, visit
from tests.flows.world import Room

pytestmark = pytest.mark.browser


def test_a_refused_and_a_sent_truck_break_no_policy(program: Browser, world: Room, origin: str) -> None:
    line = {"sku": world.cast.skus[3].code, "unit": "CASE", "quantity": 2}
    number = str(world.post("buyer_c1", "/api/v1/orders", {"lines": [line]}).json["number"])
    world.post("sales_admin", f"/api/v1/orders/{number}/approval")
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as seen:
        seen.page.goto(f"/console/orders/{number}/")
        seen.tap("[data-key=s]")
        seen.page.locator(".shipform input").first.fill("99")
        seen.tap(".deskact button[type=submit]")
        seen.page.locator(".shipform .field__error").first.wait_for()
        seen.page.locator(".shipform input").first.fill("1")
        seen.tap(".deskact button[type=submit]")
        seen.page.locator(".timeline").first.wait_for()
        seen.page.locator(".shipform").first.wait_for(state="detached")
        seen.assert_clean()

"""Main pages on a phone and at a desk, light and dark, in both languages: no overflow, nothing axe objects to."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import DESK, PHONE, Visit, visit
from tests.flows.world import Room

pytestmark = pytest.mark.browser
STORE = (
    "/",
    "/products/",
    "/products/{sku}/",
    "/pad/",
    "/pad/scan/",
    "/offline/",
    "/checkout/",
    "/orders/",
    "/orders/{order}/",
    "/account/",
    "/me/",
    "/licences/",
)
CONSOLE = (
    "/console/",
    "/console/orders/",
    "/console/orders/{order}/",
    "/console/products/",
    "/console/products/code/{sku}/",
    "/console/prices/list/NAT/",
    "/console/dealers/",
    "/console/dealers/code/C1/",
    "/console/dealers/code/C1/?tab=licences",
    "/console/licences/?concern=all",
    "/console/products/producers/",
    "/console/stock/",
    "/console/jobs/",
    "/console/seats/",
    "/console/settings/",
    "/console/settings/hosts/",
    "/console/audit/",
)
LOOKS = (
    pytest.param(PHONE, "light", "zh-hans", id="phone-light-zh"),
    pytest.param(DESK, "dark", "en", id="desk-dark-en"),
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def axe_source() -> str:
    """The checker's own script, from its wheel."""
    found = find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text()


def found_by_axe(seen: Visit, source: str) -> list[str]:
    """What is wrong on the page, a line for each element."""
    seen.page.evaluate(source)  # by the debugger: the page's policy lets no further script in
    result: Any = seen.page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def look_at(seen: Visit, paths: tuple[str, ...], names: dict[str, str]) -> list[str]:
    """Every fault of every page."""
    source, faults = axe_source(), []
    for path in paths:
        address = path.format(**names)
        answer = seen.page.goto(address)
        assert answer is not None and answer.status == 200, address
        seen.page.wait_for_load_state("networkidle")
        if seen.overflow() > 0:
            faults.append(f"{address} is {seen.overflow()} px too wide")
        faults += [f"{address} {one}" for one in found_by_axe(seen, source)]
    return faults + seen.faults


@pytest.fixture(scope="module")
def names(world: Room) -> dict[str, str]:
    """A product and an order that is there, and a line in the buyer's cart."""
    line = {"sku": world.cast.skus[3].code, "unit": "CASE", "quantity": 2}
    placed = world.post("buyer_c1", "/api/v1/orders", {"lines": [line]})
    world.post("sales_admin", f"/api/v1/orders/{placed.json['number']}/approval")
    return {"order": str(placed.json["number"]), "sku": world.cast.skus[1].code}


@pytest.mark.parametrize(("screen", "scheme", "language"), LOOKS)
@pytest.mark.parametrize(("who", "paths"), [("buyer_c1", STORE), ("admin", CONSOLE)], ids=["store", "console"])
def test_pages_fit_and_speak(
    program: Browser,
    world: Room,
    origin: str,
    names: dict[str, str],
    who: str,
    paths: tuple[str, ...],
    screen: dict[str, Any],
    scheme: str,
    language: str,
) -> None:
    options: dict[str, Any] = {**screen, "color_scheme": scheme}
    with visit(program, origin, cookie=world.cookie(who), **options) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        if who == "buyer_c1":
            seen.page.goto("/pad/")
            seen.type("#pad-text", f"{names['sku']} 1箱")
            seen.page.keyboard.press("Enter")
            seen.page.locator(".pad__line").first.wait_for()
        assert look_at(seen, paths, names) == []

"""What is wrong on a page that is open: axe's findings, too wide for the screen, errors and breaches of the policy."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import DESK, PHONE, Visit

SETTLED = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
"""Nothing fades in any more: colours on their way to themselves are read as too pale."""
LOOKS = (
    pytest.param(PHONE, "light", "zh-hans", id="phone-light-zh"),
    pytest.param(DESK, "dark", "en", id="desk-dark-en"),
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
"""Nothing is fetched once more beforehand: no page has sound or film, and no rule of ours reads style sheets."""
OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"], "preload": False}
"""What another theme can change."""


@cache
def axe_source() -> str:
    """The checker's own script, from its wheel."""
    found = find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text()


def bring_axe(seen: Visit) -> None:
    """Let every page that is opened from now on have the checker with it: it is sent to the browser once."""
    seen.context.add_init_script(axe_source())


def found_by_axe(seen: Visit, rules: dict[str, Any] = RULES) -> list[str]:
    """What is wrong on the page, a line for each element."""
    if not seen.page.evaluate("'axe' in window"):
        seen.page.evaluate(axe_source())  # by the debugger: the page's policy lets no further script in
    result: Any = seen.page.evaluate("rules => axe.run(document, rules)", rules)
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def look(seen: Visit, name: str) -> None:
    """The page that is open is as wide as the screen, axe finds nothing, the policy and the console are quiet."""
    seen.page.wait_for_load_state("networkidle")
    seen.page.wait_for_function(SETTLED)
    assert seen.overflow() <= 0, name
    assert found_by_axe(seen) == [], name
    seen.assert_clean()


def look_at(seen: Visit, paths: tuple[str, ...], names: dict[str, str]) -> list[str]:
    """Every fault of every page."""
    faults = []
    for path in paths:
        address = path.format(**names)
        answer = seen.page.goto(address)
        assert answer is not None and answer.status == 200, address
        seen.page.wait_for_load_state("networkidle")
        if seen.overflow() > 0:
            faults.append(f"{address} is {seen.overflow()} px too wide")
        faults += [f"{address} {one}" for one in found_by_axe(seen)]
    return faults + seen.faults

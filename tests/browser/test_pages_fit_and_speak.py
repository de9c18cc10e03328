"""Every page of every host in both languages and both themes, from 320 to 1440 px: it fits, axe objects to nothing.

No page breaches its policy or writes an error into the console. Pages are loaded once a language: Chinese on a phone
by day, English at a desk by night; then the theme is switched and the window resized where they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.browser.looking import OF_COLOUR, bring_axe, found_by_axe
from tests.browser.sights import GONE, Sight, Sights
from tests.chromium import DESK, PHONE, Visit, visit
from tests.clients import PLATFORM
from tests.conftest import files_in
from tests.factories.operators import OPS
from tests.flows.world import room
from tests.portals import XINGHE
from tests.walls.desk_lines import WITHOUT_DEEDS, WITHOUT_LIST_DEEDS

pytestmark = pytest.mark.browser
TURN_OVER = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  for (let calm = 0, frames = 0; calm < 3 && frames < 60; frames++) {
    await new Promise(requestAnimationFrame);
    calm = document.getAnimations().length ? 0 : calm + 1;
  }
}"""
"""What inherits its colour follows a frame after what it inherits from."""
QUIET = """() => document.readyState === 'complete'
  && !document.querySelector('.htmx-request') && !document.querySelector('[data-schema]:not(:has(.opblock))')"""
PARTS = """() => [...document.querySelectorAll("main a[href*='tab='], main a[href*='do=']")]
  .filter((link) => link.pathname === location.pathname).map((link) => link.pathname + link.search)"""
"""Further states of the page that are there: parts of a file, opened forms."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way round: where a page is loaded, the theme it is switched to, and the further widths."""

    screen: dict[str, Any]
    language: str
    scheme: str
    other: str
    widths: tuple[int, ...]


LOOKS = {
    "zh": Look(PHONE, "zh-hans", "light", "dark", (320, 1440)),
    "en": Look(DESK, "en", "dark", "light", (720, 390, 320)),
}
"""320 is a phone's page at 120 % and a desk's at 400 %, 720 a desk's at 200 %."""
FACES: dict[str, Callable[[Sight], bool]] = {
    "storefront": lambda one: one.host == XINGHE.host and not one.name.startswith("console:"),
    "console": lambda one: one.name.startswith("console:"),
    "platform": lambda one: one.host == PLATFORM,
    "desk": lambda one: one.host == OPS,
}
NO_PAGE = {
    **{f"{host} certificate": "answers the proxy" for host in ("brand", "platform", "ops")},
    **{f"brand {name}": "comes between two steps, in test_own_sign_in.py" for name in ("reset", "sign_in_code")},
    **{f"platform {name}": "as on a brand's host" for name in ("reset", "sign_in_code")},
    "brand address_code": "comes between two steps, in test_own_sign_in.py",
    **{f"{host} enter": "leads on; refused it is seen in test_ones_brands.py" for host in ("brand", "platform")},
    **{f"{host} ticket": "leads on to another host" for host in ("brand", "platform")},
    "platform choose_seat": "leads to one's portals",
    **{f"{host} logo": "a picture, where there is one" for host in ("brand", "platform")},
    "brand console:shipping": "leads to the desk",
    "brand console:price_list": "leads to the matrix",
    "ops admin:logout": "leads to the sign-in page",
    **{f"ops admin:{table}_deed": "nothing can be done with a row of it" for table in WITHOUT_DEEDS},
    **{f"ops admin:{table}_list_deed": "nothing can be done with its list" for table in WITHOUT_LIST_DEEDS},
}
"""Addresses that show nobody a page, a piece of one or a file, and why."""


@pytest.fixture(scope="module")
def sights(
    program: Browser, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sights]:
    """A product of its own with a document of every sort."""
    log = tmp_path_factory.mktemp("pages")
    with django_db_blocker.unblock(), files_in(log / "var" / "files"), room("pages", log) as world:
        yield Sights.build(world)


def test_every_address_shows_a_page_or_says_why_not(sights: Sights) -> None:
    assert sights.missing() == set(NO_PAGE)


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("face", FACES)
def test_pages_fit_and_speak(program: Browser, sights: Sights, face: str, language: str) -> None:
    look, faults, chosen = LOOKS[language], [], [one for one in sights.found if FACES[face](one)]
    assert chosen
    for (host, who), group in groupby(sorted(chosen, key=_reader), key=_reader):
        origin = sights.world.product.address(host, "")
        with visit(program, origin, **look.screen, color_scheme=look.scheme, reduced_motion="reduce") as seen:
            cookies = {**sights.cookies[who], "jm_language": look.language}
            seen.context.add_cookies([{"name": name, "value": cookies[name], "url": origin} for name in cookies])
            bring_axe(seen)
            for sight in group:
                faults += [f"{who or 'nobody'} {sight.name} {one}" for one in walk(seen, sight.path, look)]
    assert faults == []


def _reader(sight: Sight) -> tuple[str, str]:
    return sight.host, sight.who


def walk(seen: Visit, path: str, look: Look) -> list[str]:
    """Every fault of one page and of its further parts."""
    faults, parts = [], [path]
    for part in parts:
        faults += [f"{part}: {one}" for one in looked_over(seen, part, look)]
        parts += [one for one in dict.fromkeys(seen.page.evaluate(PARTS)) if one not in parts and part == path]
    return faults


def looked_over(seen: Visit, path: str, look: Look) -> list[str]:
    """Every fault of one page as it was loaded, in the other theme, in every width."""
    seen.faults.clear()
    answer = seen.page.goto(path)
    if answer is None or answer.status not in (200, GONE) or urlsplit(seen.page.url).path != urlsplit(path).path:
        return [f"led to {seen.page.url}, {answer.status if answer else 'no answer'}"]
    seen.page.wait_for_function(QUIET)
    faults = [*too_wide(seen), *found_by_axe(seen)]
    seen.page.evaluate(TURN_OVER, look.other)
    faults += [f"{look.other}: {one}" for one in found_by_axe(seen, OF_COLOUR)]
    for width in look.widths:
        seen.page.set_viewport_size({"width": width, "height": 844})
        faults += too_wide(seen)
    seen.page.set_viewport_size(look.screen["viewport"])
    return [*faults, *seen.faults]


def too_wide(seen: Visit) -> list[str]:
    """Where the page would have to be pushed sideways."""
    over, size = seen.overflow(), seen.page.viewport_size
    if over > 0:  # what follows a new width by script needs a moment; what is too wide stays so
        seen.page.wait_for_timeout(500)
        over = seen.overflow()
    return [f"{over} px too wide for {size['width']}"] if size and over > 0 else []

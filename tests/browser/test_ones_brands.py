"""One's brands, one's data, the choice of a seat, and not being let in: on a phone and at a desk, in both languages."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from core.db.acts import public
from tenants.brands.services import note_portal
from tenants.people.models import User
from tests.browser.looking import LOOKS, look
from tests.chromium import visit
from tests.clients import PLATFORM
from tests.factories.people import PASSWORD, make_person
from tests.factories.seats import make_seat
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = pytest.mark.browser
PHONE = "+8613806414479"


@pytest.fixture(scope="module")
def several_seats(world: Room) -> None:
    """P1's buyer works for the brand too."""
    name = world.cast.seats["buyer_p1"].person_name
    make_seat(XINGHE, name, world.cast.root, "brand_analyst")
    person = make_person(name, phone=PHONE)
    note_portal(schema_name=XINGHE.schema, person_id=person.pk, side="dealer")


@pytest.mark.usefixtures("several_seats")
@pytest.mark.parametrize(("screen", "scheme", "language"), LOOKS)
def test_they_fit_and_speak(
    program: Browser, world: Room, origin: str, screen: dict[str, Any], scheme: str, language: str
) -> None:
    platform = world.product.address(PLATFORM, "")
    with public():
        User.objects.filter(pk=world.cast.seats["buyer_p1"].person_id).update(language=language)
    with visit(program, platform, **{**screen, "color_scheme": scheme}) as seen:
        for host in (origin, platform):
            seen.context.add_cookies([{"name": "jm_language", "value": language, "url": host}])
        seen.page.goto("/portals/")
        seen.type("[name=identifier]", PHONE)
        seen.type("[name=password]", PASSWORD)
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/portals/")
        look(seen, "portals")
        seen.page.goto("/portals/?q=nobody")
        look(seen, "nothing found")
        seen.page.goto("/my-data/")
        look(seen, "my data")
        seen.page.goto(f"{origin}/enter/?ticket=an-old-one")
        seen.page.locator("a[href*='/sign-in/']").wait_for()
        look(seen, "refused")
        seen.page.goto(f"{origin}/enter/")
        seen.page.wait_for_url("**/seat/")
        look(seen, "seats")

"""The pages about people, on a phone and at a desk: no overflow, nothing axe objects to, a link opened as nobody."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from core.db.acts import brand_schema, public
from core.kernel import clock
from core.kernel.actor import Scope, Side
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.access.models import Invitation
from tenants.access.services import change_seat, make_role
from tests.browser.looking import LOOKS, look_at
from tests.chromium import visit
from tests.factories.people import PASSWORD
from tests.flows.world import Room
from tests.portals import XINGHE
from tests.tenants.access.offers import lent, offered

pytestmark = pytest.mark.browser
CONSOLE = (
    "/console/seats/",
    "/console/seats/{seat}/",
    "/console/seats/invite/?side=dealer",
    "/console/seats/invitations/",
    "/console/seats/roles/",
    "/console/seats/roles/{role}/",
    "/console/seats/stand-ins/",
    "/console/seats/stand-ins/new/",
    "/console/seats/rights/",
    "/console/seats/rights/?by=permission&code=ledger.read",
    "/console/tokens/",
)
STORE = (
    "/me/",
    "/colleagues/",
    "/colleagues/invite/",
    "/colleagues/{colleague}/",
    "/colleagues/stand-in/",
    "/tokens/",
    "/seat/",
)


@pytest.fixture(scope="module")
def names(world: Room) -> dict[str, str]:
    """People to look at: an invitation a house, a limited seat, a role of the brand's own, two stand-ins."""
    cast = world.cast
    with brand_schema(XINGHE.schema):
        admin = cast.admin
        role = make_role(actor=admin, name="查价看货", side=Side.BRAND, codes=["prices.read", "catalogue.read"])
        change_seat(actor=admin, seat_id=cast.seats["rep"].pk, scope=Scope(regions=("370100", "370200")))
        _, token = offered(cast)
        offered(cast, by="admin_c1")
        lent(cast, "finance", "warehouse", "ledger.read", "orders.read")
        lent(cast, "buyer_c1", "warehouse_c1", "orders.place", "orders.read")
        assert Invitation.objects.filter(expires_at__gt=clock.now()).count() == 2
    return {
        "seat": str(cast.seats["rep"].pk),
        "role": role.code,
        "colleague": str(cast.seats["buyer_c1"].pk),
        "token": token,
    }


@pytest.mark.parametrize(("screen", "scheme", "language"), LOOKS)
@pytest.mark.parametrize(
    ("who", "paths"),
    [("admin", CONSOLE), ("admin_c1", STORE), ("", ("/invitation/{token}/",))],
    ids=["console", "store", "nobody"],
)
def test_pages_of_people_fit_and_speak(
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
    if who:
        options["cookie"] = world.cookie(who)
    with visit(program, origin, **options) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        assert look_at(seen, paths, names) == []


def test_somebody_new_signs_up_and_sits_down(program: Browser, world: Room, origin: str, names: dict[str, str]) -> None:
    """The button itself: what a page tells the browser about referrers decides whether its form is believed."""
    with visit(program, origin) as seen:
        seen.page.goto(f"/invitation/{names['token']}/")
        seen.page.locator("summary").click()
        seen.page.locator("button[value=send_code]").click()
        seen.page.locator("[name=code]").wait_for()
        seen.type("[name=code]", sent_code())
        seen.type("[name=name]", "新人")
        seen.type("[name=password]", PASSWORD)
        seen.page.locator("button[value=sign_up]").click()
        seen.page.wait_for_url("**/console/")


def sent_code() -> str:
    """The code of the last message to an address."""
    with public():
        return secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]

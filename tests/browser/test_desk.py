"""The operator's desk in the browser: its pages keep its own policy and fit the screen, wide and narrow."""

from typing import Any

import pyotp
import pytest
from django.conf import settings
from playwright.sync_api import Browser

from core.db.acts import public
from core.kernel import clock
from core.project.demo.platform import FACTOR_SECRET
from core.vault.services import seal
from tenants.people.models import Operator, User
from tests.chromium import DESK, PHONE, Visit, visit
from tests.factories.operators import OPS
from tests.factories.people import PASSWORD, make_person
from tests.flows.world import Room

PAGES = {
    "system": ("/", "/brands/brand/", "/brands/brand/deed/open/", "/brands/announcement/deed/publish/", "/deliveries/"),
    "security": ("/", "/people/user/", "/people/operator/deed/appoint/"),
    "onboarding": ("/", "/organisations/licence/", "/organisations/organisation/deed/import/"),
    "audit": ("/", "/events/event/", "/jobs/job/"),
}
SIGN = ".material-symbols-outlined"
NAMELESS = f"""els => els.filter(el => {{
  const said = el.cloneNode(true);
  said.querySelectorAll("{SIGN}").forEach(sign => sign.remove());
  return !el.getAttribute("aria-label") && !said.textContent.trim();
}}).map(el => el.outerHTML)"""
"""What holds nothing but signs and is called by nothing."""
LOOKS: dict[str, dict[str, Any]] = {
    "wide and light": {**DESK, "color_scheme": "light"},
    "narrow and dark": {**PHONE, "color_scheme": "dark"},
}


def operator(role: str, look: str) -> str:
    """The account name of an operator nobody has signed in as: a code works once."""
    email = f"{role}-{look.split()[0]}@ops.example"
    person = make_person(f"{role} {look}", email=email)
    with public():
        Operator.objects.get_or_create(pk=person.pk, defaults={"roles": [role], "since": clock.now()})
        User.objects.filter(pk=person.pk).update(totp_sealed=seal(FACTOR_SECRET), totp_confirmed_at=clock.now())
    return email


def sign_in(at: Visit, email: str) -> None:
    """By the form, with the code of the moment."""
    at.page.goto("/sign-in/")
    at.page.fill("#id_identifier", email)
    at.page.fill("#id_password", PASSWORD)
    at.page.fill("#id_code", pyotp.TOTP(FACTOR_SECRET).at(clock.now()))
    at.tap("button.btn--primary")
    at.page.wait_for_url("**/")


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", PAGES)
def test_pages_keep_the_policy_and_fit(program: Browser, world: Room, role: str, look: str) -> None:
    origin = world.product.address(OPS, "")
    with visit(program, origin, **LOOKS[look]) as at:
        sign_in(at, operator(role, look))
        assert at.page.locator(SIGN).count() == at.page.locator(f"{SIGN}[aria-hidden=true]").count() > 0
        assert at.page.locator(f":is(a, button):has({SIGN})").evaluate_all(NAMELESS) == [], "unnamed"
        names = {cookie["name"] for cookie in at.context.cookies()}
        assert settings.DESK_COOKIE_NAME in names
        assert settings.SESSION_COOKIE_NAME not in names
        for path in PAGES[role]:
            at.page.goto(path)
            at.page.wait_for_load_state("networkidle")
            assert at.overflow() <= 0, path
        at.assert_clean()

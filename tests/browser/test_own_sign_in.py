"""Setting up the sign-in code, signing in with it, finding back in: on a phone and at a desk, in both languages."""

from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser

from core.db.acts import public
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.models import User
from tests.browser.looking import LOOKS, look
from tests.chromium import Visit, visit
from tests.factories.people import PASSWORD, make_person
from tests.flows.world import Room

pytestmark = pytest.mark.browser
PHONE = "+8613806414471"


@pytest.mark.parametrize(("screen", "scheme", "language"), LOOKS)
def test_a_person_looks_after_their_own_sign_in(
    program: Browser, world: Room, origin: str, screen: dict[str, Any], scheme: str, language: str
) -> None:
    person = make_person(world.cast.buyer_c1.person_name, phone=PHONE, email="buyer@example.com")
    with public():
        User.objects.filter(pk=person.pk).update(
            totp_confirmed_at=None, totp_sealed="", language=language, phone_proved_at=None, email_proved_at=None
        )
    with visit(program, origin, **{**screen, "color_scheme": scheme}) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        sign_in(seen)
        seen.page.goto("/profile/")
        look(seen, "profile")
        names(seen, person)
        seen.page.goto("/profile/password/")
        look(seen, "password")
        seen.page.goto("/profile/second-factor/")
        look(seen, "begin")
        seen.tap("form:has([value=begin]) button")
        seen.page.locator("svg.qr").wait_for()
        look(seen, "confirm")
        secret = pyotp.TOTP(str(seen.page.locator(".factor__key").text_content()).replace(" ", ""))
        code = secret.at(int(clock.now().timestamp()) - 30)
        seen.paste("[name=code]", f"{code[:3]} {code[3:]}")
        seen.page.keyboard.press("Enter")
        seen.page.locator(".codes").wait_for()
        look(seen, "codes")
        sheet = seen.page.locator(".codes .code").all_text_contents()
        assert len(sheet) == 10
        seen.page.goto("/profile/second-factor/")
        look(seen, "manage")
    with_code(program, origin, {**screen, "color_scheme": scheme}, language, sheet)


def names(seen: Visit, person: User) -> None:
    """Mobile number and e-mail: proved by the button, changed by the form, a wrong code on the way."""
    seen.tap("form[action='/profile/phone/'] button")
    seen.page.wait_for_url("**/profile/code/")
    look(seen, "code of a number")
    seen.paste("[name=code]", sent_code())
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/profile/")
    look(seen, "a number proved")
    seen.page.goto("/profile/phone/")
    look(seen, "number")
    seen.page.goto("/profile/email/")
    look(seen, "e-mail")
    seen.type("[name=identifier]", "new@example.com")
    seen.type("#id_current", PASSWORD)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/profile/code/")
    seen.type("[name=code]", "no code")
    seen.page.keyboard.press("Enter")
    seen.page.locator(".field__error").wait_for()
    look(seen, "wrong code of an e-mail")
    seen.type("[name=code]", sent_code())
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/profile/")
    with public():
        assert User.objects.get(pk=person.pk).email_proved_at is not None


def sent_code() -> str:
    """The code of the last message to an address."""
    with public():
        return secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]


def sign_in(seen: Visit) -> None:
    """The first step."""
    seen.page.goto("/sign-in/")
    seen.type("[name=identifier]", PHONE)
    seen.type("[name=password]", PASSWORD)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def with_code(program: Browser, origin: str, options: dict[str, Any], language: str, sheet: list[str]) -> None:
    """Another device: password, a wrong code, then one of the sheet; and the way for whoever forgot the password."""
    with visit(program, origin, **options) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        sign_in(seen)
        look(seen, "code")
        seen.type("[name=code]", "000000")
        seen.page.keyboard.press("Enter")
        seen.page.locator(".field__error").wait_for()
        look(seen, "wrong code")
        seen.tap("summary.link")
        seen.type("form:has([value=recovery]) [name=code]", sheet[0].lower())
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url(origin + "/")
    with visit(program, origin, **options) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        seen.page.goto("/forgot/")
        look(seen, "forgot")
        seen.type("[name=identifier]", PHONE)
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/reset/")
        look(seen, "reset")
        seen.page.goto("/forgot/?sent=1")
        look(seen, "sent")
        seen.page.goto("/reset/not-a-secret/")
        look(seen, "gone")

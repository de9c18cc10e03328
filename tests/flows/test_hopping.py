"""One password for all brands: from the platform to a brand, to another on its own domain, and out of all at once."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django import DjangoDbBlocker

from core.db.acts import public
from core.kernel import clock
from tenants.brands.models import Brand, Domain
from tenants.brands.services.portals import note_portal
from tests.cast import Cast
from tests.chromium import DESK, PHONE, Visit, browser, visit
from tests.clients import PLATFORM
from tests.factories.people import PASSWORD, make_person
from tests.flows.world import Room, room
from tests.portals import CHISHUI, XINGHE

pytestmark = pytest.mark.flows
PHONE_NUMBER = "13900139009"
OWN_DOMAIN = "order.chishui-shop.localhost"
"""Another site for the browser: cookies of the platform's site never reach it."""


def test_one_sign_in_reaches_every_brand_and_ends_on_all(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    with django_db_blocker.unblock(), browser() as program, room("hops", tmp_path) as world:
        give_the_buyer_two_brands(world)
        platform = world.product.address(PLATFORM, "")
        with visit(program, platform, **PHONE) as buyer:
            tickets = watch_tickets(buyer.page)
            sign_in(buyer.page)
            enter(buyer, XINGHE.name, XINGHE.host)
            back_to_ones_brands(buyer)
            enter(buyer, CHISHUI.name, OWN_DOMAIN)
            an_old_address_opens_nothing(program, world, tickets)
            revoked_in_mid_session(program, world, buyer)
            signing_out_ends_all(buyer, world)
            buyer.assert_clean()
        without_scripts(program, world)
        assert len(tickets) >= 2
        log = (tmp_path / "web.log").read_text()
        assert "enter" in log
        assert not any(ticket in log for ticket in tickets)


def give_the_buyer_two_brands(world: Room) -> None:
    """The same person buys for C1 at both brands; 赤水河 answers on a domain of its own."""
    person = make_person(world.cast.seats["buyer_c1"].person_name, phone=PHONE_NUMBER)
    with CHISHUI.inside():
        Cast.build(CHISHUI)
    with public():
        brand = Brand.objects.get(slug=CHISHUI.slug)
        Domain.objects.filter(tenant=brand).update(is_primary=False)
        Domain.objects.create(tenant=brand, domain=OWN_DOMAIN, is_primary=True, verified_at=clock.now())
    for portal in (XINGHE, CHISHUI):
        note_portal(schema_name=portal.schema, person_id=person.pk, side="dealer")


def watch_tickets(page: Page) -> list[str]:
    """Every ticket that passes through the browser's addresses."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if "ticket=" in request.url:
            seen.append(request.url.partition("ticket=")[2].partition("&")[0])

    page.on("request", note)
    return seen


def sign_in(page: Page) -> None:
    page.goto("/portals/")
    page.locator("input[name=identifier]").fill(PHONE_NUMBER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/portals/")
    expect(page.locator("main .list__row")).to_have_count(2)


def enter(buyer: Visit, name: str, host: str) -> None:
    """One tap on the list of brands, and the shelf is there; no ticket is left in address or history."""
    buyer.tap(buyer.page.locator("main .list__row", has_text=name).locator("a"))
    buyer.page.wait_for_url(lambda url: f"//{host}:" in url and url.endswith("/"))
    expect(buyer.page.locator("header").get_by_text(name).first).to_be_visible()
    assert buyer.overflow() <= 0


def back_to_ones_brands(buyer: Visit) -> None:
    """The head's menu leads to the platform without a password."""
    buyer.tap("header .menu summary[aria-label*='账户'], header .menu summary[aria-label*='采购员']")
    buyer.tap(buyer.page.locator("a.menu__item", has_text="我的品牌"))
    buyer.page.wait_for_url("**/portals/")


def an_old_address_opens_nothing(program: Browser, world: Room, tickets: list[str]) -> None:
    """Somebody who copied the address with the ticket out of a log is not let in."""
    with visit(program, world.product.address(XINGHE.host, ""), **DESK) as thief:
        thief.page.goto(f"/enter/?ticket={tickets[0]}")
        expect(thief.page.locator("h1")).to_have_text("未能进入本门户")
        thief.page.goto("/orders/")
        thief.page.wait_for_url("**/sign-in/**")


def revoked_in_mid_session(program: Browser, world: Room, buyer: Visit) -> None:
    """A second device is working; the first signs it out; its next click asks for the password."""
    with visit(program, world.product.address(XINGHE.host, ""), **DESK) as desk:
        desk.page.goto("/sign-in/")
        desk.type("input[name=identifier]", PHONE_NUMBER)
        desk.type("input[name=password]", PASSWORD)
        desk.tap("form:has([name=password]) button[type=submit]")
        desk.page.wait_for_url(lambda url: "/sign-in/" not in url)
        desk.page.goto("/orders/")
        assert "/orders/" in desk.page.url
        buyer.page.goto("/profile/")
        others = buyer.page.locator("#devices .list__row form button[name=sign_in]")
        expect(others).to_have_count(1)
        buyer.tap(others.first)
        expect(others).to_have_count(0)
        desk.page.goto("/orders/")
        desk.page.wait_for_url("**/sign-in/**")


def signing_out_ends_all(buyer: Visit, world: Room) -> None:
    """Signing out on one brand's domain ends the other brand and the platform too."""
    buyer.page.goto(world.product.address(OWN_DOMAIN))
    buyer.tap("header .menu summary[aria-label*='账户'], header .menu summary[aria-label*='采购员']")
    buyer.tap("form[data-sign-out] button")
    buyer.page.wait_for_url("**/sign-in/**")
    for host, path in ((XINGHE.host, "/orders/"), (PLATFORM, "/portals/")):
        buyer.page.goto(world.product.address(host, path))
        buyer.page.wait_for_url("**/sign-in/**")


def without_scripts(program: Browser, world: Room) -> None:
    """The same way with buttons alone."""
    with visit(program, world.product.address(PLATFORM, ""), java_script_enabled=False, **DESK) as plain:
        sign_in(plain.page)
        plain.tap(plain.page.locator("main .list__row", has_text=XINGHE.name).locator("a"))
        plain.page.wait_for_url("**/enter/?ticket=**")
        plain.tap("form[data-enter] button")
        plain.page.wait_for_url(lambda url: f"//{XINGHE.host}:" in url and "ticket" not in url)
        expect(plain.page.locator("header").get_by_text(XINGHE.name).first).to_be_visible()

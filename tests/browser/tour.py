"""The pictures of docs/tour.md and the README, taken from a running demo.

`make demo`, then in another terminal `.venv/bin/python -m tests.browser.tour`. Every run places, ships and receives
one order of the demo's dealer SD02, as the tour tells it, and writes the pictures anew.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, expect

from core.kernel import clock
from tests.browser.pictures import SCREENS, cover, keep, shot
from tests.chromium import DESK, PHONE, Visit, browser, visit

PASSWORD = "jiumai-demo-2026"
BUYER, SALES_DESK, WAREHOUSE = "13800138026", "13800138002", "13800138006"
FACTOR_SECRET = "JIUMAIDEMOJIUMAIDEMOJIUMAIDEMO22"
"""As `make demo` prints it."""
OPERATORS = (
    ("security@ops.example", "/people/user/", "15-people"),
    ("onboarding@ops.example", "/organisations/licence/", "16-licences"),
    ("system@ops.example", "/brands/brand/deed/open/", "17-open-a-brand"),
)
"""Who of the operators looks at what: each code works once for each of them."""
REORDER = """\
XH-NX-520-0500-NV-06\t5箱
XH-NX-420-0500-NV-06\t3箱
XH-NX-520-0500-NV-04-LH\t4箱
XH-NX-520-0500-Y10-06\t2箱
青禾20\t3箱
XH-QX-530-0475-NV-12\t10箱
XH-QX-420-0100-NV-24\t100箱
XH-NX-500-0500-NV-12\t10箱
XH-NX-420-0500-NV-06-XY\t4箱
WLY-NX-520-0500-NV-06-G8\t2箱
JNC-NX-520-0500-NV-06-SJJ\t3箱
YH-NX-520-0550-NV-04-M6P\t2箱
FJ-QX-530-0500-Y20-06\t3箱
XF-FX-550-0500-NV-12\t5箱
YBS-CX-290-0500-NV-12\t4箱
ST-TX-520-0500-NV-06-HY\t2箱
JZ-ZM-520-0500-NV-06\t２箱
LBG-LB-670-0500-NV-06\t6箱
BYB-JA-420-0500-Y12-06	2箱
NLS-GY-420-0500-NV-12\t20箱"""
"""What the buyer has in a spreadsheet: codes, a name, a full-width digit."""


@dataclass
class Tour:
    """One walk through the demo at ``origin``."""

    program: Browser
    origin: str

    @contextmanager
    def seated(self, phone: str, **options: Any) -> Iterator[Visit]:
        """A browser in which the person with this phone number has signed in."""
        with visit(self.program, self.origin, **options) as found:
            sign_in(found, phone)
            quiet(found)
            yield found

    def walk(self) -> None:
        """The reorder from sign-in to receipt, then a look around."""
        with ExitStack() as people:
            buyer = people.enter_context(visit(self.program, self.origin, **PHONE))
            number = self.order(buyer)
            with self.seated(SALES_DESK, **DESK) as desk:
                self.approve(desk, number)
            with self.seated(WAREHOUSE, **DESK) as desk:
                self.ship(desk, number)
            self.receive(buyer, number)
        self.look_around()
        self.operate()

    def order(self, buyer: Visit) -> str:
        """Sign in, paste, mend, check out; the order's number."""
        page = buyer.page
        page.goto("/sign-in/")
        keep(buyer, "01-sign-in")
        sign_in(buyer, BUYER)
        quiet(buyer)
        keep(buyer, "02-home")
        page.goto("/pad/")
        empty_pad(buyer)
        buyer.paste("#pad-text", REORDER)
        expect(page.locator(".pad__line")).to_have_count(20)
        page.locator(".notice").first.scroll_into_view_if_needed()
        keep(buyer, "03-pasted")
        refused = page.locator(".pad__line[data-state=bad]")
        if refused.count():
            refused.first.evaluate("line => line.scrollIntoView({ block: 'center' })")
            keep(buyer, "04-way-out")
            buyer.tap(refused.first.locator(".refusal__ways button").first)
            expect(page.locator(".pad__line[data-state=bad]")).to_have_count(0)
        buyer.tap("button[form=pad-go]")
        page.wait_for_url("**/checkout/")
        page.locator("#checkout").evaluate("form => form.scrollIntoView()")
        keep(buyer, "05-checkout")
        without = page.locator("button[name=wish][value='gifts:none']")
        if without.count():  # the minis were all ordered: none is left to be given
            buyer.tap(without.first)
            expect(without).to_have_count(0)
        buyer.tap("button.btn--primary[form=checkout]")
        page.wait_for_url("**/orders/*/")
        keep(buyer, "06-placed")
        return page.url.rstrip("/").rpartition("/")[2]

    def approve(self, desk: Visit, number: str) -> None:
        """The sales desk opens the order beside the list and approves it."""
        desk.page.goto("/console/")
        keep(desk, "12-console")
        desk.page.goto("/console/orders/?view=approve")
        desk.tap(f"#row-{number} [data-row-link]")
        expect(desk.page.locator("#desk-detail [data-key=a]")).to_be_visible()
        keep(desk, "07-approve")
        desk.tap("#desk-detail [data-key=a]")
        expect(desk.page.locator("#desk-detail [data-key=a]")).to_have_count(0)

    def ship(self, desk: Visit, number: str) -> None:
        """A truck from every warehouse that keeps some of it, all in one go."""
        desk.page.goto(f"/console/orders/{number}/")
        desk.tap("#desk-detail [data-key=s]")
        carriers = desk.page.locator(".deskact input[name*=carrier]")
        expect(carriers.first).to_be_visible()
        trucks = [f"SF20261122{place:05d}" for place in range(1, carriers.count() + 1)]
        for place, truck in enumerate(trucks):
            carriers.nth(place).fill("顺丰")
            desk.page.locator(".deskact input[name*=tracking]").nth(place).fill(truck)
        desk.page.locator(".deskact").first.evaluate("form => form.scrollIntoView()")
        keep(desk, "08-ship")
        desk.tap(".deskact button[type=submit]")
        for truck in trucks:
            expect(desk.page.locator("#desk-detail .list__row", has_text=truck)).to_be_visible()

    def receive(self, buyer: Visit, number: str) -> None:
        """Each truck is signed for; then the order and the account say so."""
        buyer.page.goto(f"/orders/{number}/")
        while buyer.page.locator("[aria-labelledby=h-shipments] a[href^='/receive/']").count():
            buyer.tap("[aria-labelledby=h-shipments] a[href^='/receive/']")
            buyer.page.wait_for_url("**/receive/**")
            keep(buyer, "09-receive")
            buyer.tap("form:has(input[name=all]) button")
            buyer.page.wait_for_url(f"**/orders/{number}/")
        buyer.page.goto(f"/orders/{number}/")
        keep(buyer, "10-received")
        buyer.page.goto("/account/")
        keep(buyer, "11-account")

    def look_around(self) -> None:
        """Shelf and prices, in the dark and on a wide screen too, and the cover."""
        with self.seated(BUYER, **PHONE, color_scheme="dark") as buyer:
            buyer.page.goto("/products/")
            keep(buyer, "13-products-dark")
            buyer.page.goto("/pad/")
            buyer.paste("#pad-text", REORDER)
            expect(buyer.page.locator(".pad__line")).to_have_count(20)
        with self.seated(BUYER, **PHONE) as buyer:
            buyer.page.goto("/pad/")
            buyer.page.locator("#pad").evaluate("pad => pad.scrollIntoView()")
            phone = shot(buyer)
            empty_pad(buyer)
        with self.seated("13800138001", **DESK) as desk:
            desk.page.goto("/console/orders/")
            desk.tap("[data-row-link]")
            expect(desk.page.locator("#desk-detail .panel__head")).to_be_visible()
            cover(shot(desk), phone)

    def operate(self) -> None:
        """The operator's desk: the brands, opening another, licences to verify."""
        parts = urlsplit(self.origin)
        host = f"{parts.scheme}://ops.{parts.netloc.partition('.')[2]}"
        for email, path, name in OPERATORS:
            with visit(self.program, host, **DESK) as desk:
                sign_in_at_the_desk(desk, email)
                desk.page.goto(path)
                keep(desk, name)


def sign_in_at_the_desk(found: Visit, email: str) -> None:
    """With the code of the moment; each works once."""
    found.page.goto("/sign-in/")
    found.page.fill("#id_identifier", email)
    found.page.fill("#id_password", PASSWORD)
    found.page.fill("#id_code", pyotp.TOTP(FACTOR_SECRET).at(clock.now()))
    found.tap("button.btn--primary")
    found.page.wait_for_url("**/")


def sign_in(found: Visit, phone: str) -> None:
    """By phone number and password, as everybody does."""
    found.page.goto("/sign-in/")
    found.type("input[name=identifier]", phone)
    found.type("input[name=password]", PASSWORD)
    found.tap("form:has([name=password]) button[type=submit]")
    found.page.wait_for_url(lambda url: "/sign-in/" not in url)


def quiet(found: Visit) -> None:
    """Put the platform's announcement away, which is the demo's own."""
    line = found.page.locator("form[action*='/announcements/'] button")
    if line.count():
        line.first.click()
        expect(line).to_have_count(0)


def empty_pad(buyer: Visit) -> None:
    """Take everything out that lies in the pad which is open."""
    empty = buyer.page.locator("form[action$='/pad/clear/'] button")
    if empty.count():
        empty.click()
        expect(buyer.page.locator(".pad__line")).to_have_count(0)


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description="pictures of the tour from a running demo")
    parser.add_argument("--origin", default="http://xinghe.jiumai.localhost:8000", help="the brand's host and port")
    origin = parser.parse_args().origin
    SCREENS.mkdir(parents=True, exist_ok=True)
    with browser() as program:
        Tour(program, origin).walk()


if __name__ == "__main__":
    main()

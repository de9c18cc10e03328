"""The pictures of docs/screens: what the pages look like, reviewed by eye; taken from a running demo.

`make demo`, then in another terminal `.venv/bin/python -m tests.browser.screens`, with names to take only those. What a
picture needs is typed and clicked; an import is left as a preview, a price round as a draft, nothing else of it stays.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Browser, FilePayload, expect

from core.kernel import clock
from tests.browser.pictures import SCREENS, keep
from tests.browser.tour import BUYER, REORDER, empty_pad, quiet, sign_in, sign_in_at_the_desk
from tests.chromium import DESK, PHONE, Visit, browser, visit

ADMIN, PRICING, NOBODY = "13800138001", "13800138008", ""
OPERATOR = "system@ops.example"
PRODUCTS = """编码,产品名称,每箱瓶数,状态
XH-NX-520-0500-NV-06,杏禾国华(新版),6,在售
XH-NX-420-0500-NV-06,杏禾国华 柔和,0,在售
XH-QX-530-0500-NV-12,,12,下架
"""
DEALS = "XH-NX-500-0500-NV-12\t40箱\nXH-QX-530-0475-NV-12\t20箱\nXH-NX-520-0500-NV-06\t60箱"
"""What the demo's policies speak of: a limited-time price, goods for free, steps by amount."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: who stands where, in which look, what is done first, and what it shows."""

    name: str
    words: str
    who: str
    path: str
    look: str
    prepare: Callable[[Visit], None] | None = None
    host: str = "xinghe."


def pasted(at: Visit) -> None:
    """Twenty lines lie in the pad."""
    empty_pad(at)
    at.paste("#pad-text", REORDER)
    expect(at.page.locator(".pad__line")).to_have_count(20)


def typed_wrong(at: Visit) -> None:
    """Half a name with a slip is typed into the search."""
    at.type("#home-search", "国花")
    expect(at.page.locator("#home-suggest [role=option]").first).to_be_visible()


def first_row(at: Visit) -> None:
    """What stands first in the list is opened."""
    at.tap("main [data-row-link]")
    at.page.wait_for_load_state("networkidle")


def beside_the_list(at: Visit) -> None:
    """The first order is opened beside the list."""
    at.tap("[data-row-link]")
    expect(at.page.locator("#desk-detail .panel__head")).to_be_visible()


def searched(at: Visit) -> None:
    """The palette lists what it finds."""
    at.page.keyboard.press("Control+k")
    at.page.locator("#palette-q").fill("国华" if at.page.locator("html[lang^=zh]").count() else "price")
    expect(at.page.locator("#palette-list [role=option]").first).to_be_visible()


def previewed(at: Visit) -> None:
    """A file with a fault is uploaded and looked at."""
    file = FilePayload(name="products.csv", mimeType="text/csv", buffer=PRODUCTS.encode())
    at.page.locator("input[type=file]").set_input_files(file)
    at.tap("main form button[type=submit]")
    at.page.wait_for_url("**/jobs/**")
    expect(at.page.locator("main form[action$='/confirm/'], main table").first).to_be_visible()


def listed(at: Visit) -> None:
    """The house keeps a list of what lies in the cart."""
    if not at.page.locator("[data-row]").count():
        at.page.locator("#list-name").fill("每周补货" if at.page.locator("html[lang^=zh]").count() else "Weekly")
        at.tap("form:has(#list-name) button[type=submit]")
        at.page.goto("/lists/")


def with_deals(at: Visit) -> None:
    """What runs lies in the pad, and the coupon that was given is used at the checkout."""
    empty_pad(at)
    at.paste("#pad-text", DEALS)
    expect(at.page.locator(".pad__line")).to_have_count(3)
    at.page.goto("/checkout/")
    coupon = at.page.locator("button[name=wish][value^='coupon:']")
    if coupon.count():
        at.tap(coupon.first)
        at.page.wait_for_load_state("networkidle")
    at.page.locator(".deal-gifts, #checkout-lines").first.evaluate("part => part.scrollIntoView({ block: 'center' })")


def on_a_card(at: Visit) -> None:
    """What runs on a card stands in the middle."""
    at.page.locator(".deal-badges").first.evaluate("badges => badges.scrollIntoView({ block: 'center' })")


def drafted(at: Visit) -> None:
    """A round that raises two lists by five per cent is drafted."""
    at.page.fill("[name=title]", "元旦调价")
    at.page.fill("[name=takes_effect_on]", f"{clock.business_day() + timedelta(days=14)}")
    at.page.fill("[name=funded_until]", f"{clock.business_day() + timedelta(days=20)}")
    at.tap("main form button[type=submit].btn--primary")
    at.page.wait_for_url("**/rounds/PR*/")
    form = at.page.locator("form:has([name=act][value=fill])")
    for code in ("TIER-CITY", "TIER-COUNTY"):
        form.locator(f"[name=lists][value={code}]").check()
    form.locator("[name=product_line]").select_option("GH")
    form.locator("[name=change]").fill("5")
    at.tap(form.locator("button[type=submit]"))
    expect(at.page.locator("#h-preview")).to_be_visible()


def tried(at: Visit) -> None:
    """The simulator has tried a cart of a dealer."""
    at.page.locator("[name=dealer]").fill("SD02")
    at.page.locator("[name=lines]").fill(DEALS)
    at.tap("main form button[type=submit]")
    at.page.wait_for_load_state("networkidle")
    at.page.locator("main table").first.evaluate("table => table.scrollIntoView({ block: 'center' })")


SCREENS_TO_TAKE = (
    Screen(
        "store-home", "Home on a phone: what may be ordered for, the last order again.", BUYER, "/", "phone light zh"
    ),
    Screen(
        "store-search", "The search answers while typing and forgives a slip.", BUYER, "/", "phone dark zh", typed_wrong
    ),
    Screen(
        "store-products",
        "The shelf with facets that count by the buyer's own prices.",
        BUYER,
        "/products/",
        "desk light en",
    ),
    Screen(
        "store-product",
        "A product: own price, ladder, batches, licences.",
        BUYER,
        "/products/XH-NX-520-0500-NV-06/",
        "phone light zh",
    ),
    Screen(
        "store-pad",
        "The order pad with twenty pasted lines, one of them refused.",
        BUYER,
        "/pad/",
        "desk light zh",
        pasted,
    ),
    Screen("store-pad-phone", "The same pad on a phone, by night.", BUYER, "/pad/", "phone dark en"),
    Screen("store-checkout", "Checkout: where to, how it is paid, one button.", BUYER, "/checkout/", "desk light zh"),
    Screen(
        "store-deals",
        "Checkout under promotions: each price before and after, the gift, and what ten cases more would bring.",
        BUYER,
        "/pad/",
        "phone light zh",
        with_deals,
    ),
    Screen("store-promotions", "What runs for the dealer, until when.", BUYER, "/promotions/", "phone light zh"),
    Screen(
        "store-cards",
        "On the shelf a promotion is a word and a price.",
        BUYER,
        "/products/",
        "phone dark zh",
        on_a_card,
    ),
    Screen("store-orders", "A dealer's orders with their five statuses.", BUYER, "/orders/", "desk dark zh"),
    Screen(
        "store-order",
        "An order: what happened, what is next, who owes it.",
        BUYER,
        "/orders/",
        "phone light en",
        first_row,
    ),
    Screen("store-lists", "Shopping lists, one's own and the company's.", BUYER, "/lists/", "phone light zh", listed),
    Screen(
        "store-account",
        "The account: balances and the statement that explains them.",
        BUYER,
        "/account/",
        "desk light en",
    ),
    Screen("store-notices", "Notices of the brand, to be confirmed.", BUYER, "/notices/", "phone dark zh"),
    Screen(
        "console-home",
        "The console's day: what waits, what is short, how it sells.",
        ADMIN,
        "/console/",
        "desk light zh",
    ),
    Screen(
        "console-desk",
        "The order desk: list beside detail, a key for every deed.",
        ADMIN,
        "/console/orders/",
        "desk light zh",
        beside_the_list,
    ),
    Screen("console-desk-phone", "The desk's list on a phone, by night.", ADMIN, "/console/orders/", "phone dark zh"),
    Screen("console-products", "Products: shelf, filters, many at once.", ADMIN, "/console/products/", "desk dark en"),
    Screen(
        "console-product",
        "A product's editor with pictures and where it is sold.",
        ADMIN,
        "/console/products/code/XH-NX-520-0500-NV-06/",
        "desk light zh",
    ),
    Screen(
        "console-prices",
        "Price lists, and which of them is made from another.",
        ADMIN,
        "/console/prices/",
        "desk light zh",
    ),
    Screen(
        "console-matrix",
        "The price matrix: products against lists; paste, fill, undo.",
        PRICING,
        "/console/prices/matrix/",
        "desk light zh",
    ),
    Screen(
        "console-round",
        "A price round: what changes, for whom, and whether it breaks a red line.",
        PRICING,
        "/console/prices/rounds/new/",
        "desk light zh",
        drafted,
    ),
    Screen(
        "console-landed",
        "From the list to the landed price, tier by tier.",
        PRICING,
        "/console/prices/landed/?sku=XH-NX-520-0500-NV-06&region=370100&quantity=100",
        "desk light zh",
    ),
    Screen(
        "console-quotes",
        "What the market pays, by division and day.",
        PRICING,
        "/console/market/code/XH-NX-520-0500-NV-06/",
        "desk light zh",
    ),
    Screen(
        "console-promotions",
        "Promotions with what they gave of their budgets.",
        ADMIN,
        "/console/promotions/",
        "desk light zh",
    ),
    Screen(
        "console-promotion",
        "One promotion: its sentence, its use, whom it meets.",
        ADMIN,
        "/console/promotions/policy/GP-FLASH/",
        "desk dark en",
    ),
    Screen(
        "console-builder",
        "The builder says in a sentence what the form means.",
        PRICING,
        "/console/promotions/policy/GH-LADDER/terms/",
        "desk light zh",
    ),
    Screen(
        "console-simulator",
        "The simulator: a dealer and a cart, line by line down to the red line.",
        PRICING,
        "/console/promotions/simulator/",
        "desk light zh",
        tried,
    ),
    Screen("console-dealers", "Dealers as a tree.", ADMIN, "/console/dealers/", "desk light en"),
    Screen("console-dealer", "The one file on a dealer.", ADMIN, "/console/dealers/code/SD02/", "desk light zh"),
    Screen(
        "console-grants",
        "Who holds which ground, for which goods and channels.",
        ADMIN,
        "/console/territories/grants/",
        "desk dark zh",
    ),
    Screen(
        "console-grant",
        "A grant and what it leaves out.",
        ADMIN,
        "/console/territories/grants/",
        "desk light en",
        first_row,
    ),
    Screen("console-stock", "Stock by warehouse, with what is short.", ADMIN, "/console/stock/", "desk light zh"),
    Screen(
        "console-import",
        "An import looked at before anything is written.",
        ADMIN,
        "/console/import/products/",
        "desk light zh",
        previewed,
    ),
    Screen(
        "console-notice",
        "A notice by tier and region, with its readers.",
        ADMIN,
        "/console/notices/",
        "desk light zh",
        first_row,
    ),
    Screen(
        "console-look",
        "Logo, accent and texts, with the portal beside them.",
        ADMIN,
        "/console/settings/look/",
        "desk light zh",
    ),
    Screen("console-palette", "Everything by name from anywhere.", ADMIN, "/console/stock/", "desk dark zh", searched),
    Screen("platform-landing", "The public page of the platform.", NOBODY, "/", "desk light zh", host=""),
    Screen("platform-landing-phone", "The same on a phone, in English.", NOBODY, "/", "phone dark en", host=""),
    Screen(
        "ops-brands",
        "The operator's desk: the brands and how each is.",
        OPERATOR,
        "/brands/brand/",
        "desk light zh",
        host="ops.",
    ),
)
"""All four looks (light and dark, zh and en) on both widths."""


def take(program: Browser, origin: str, screen: Screen) -> None:
    """Sign in, go there, do what is needed, keep the picture."""
    parts, words = urlsplit(origin), screen.look.split()
    host = f"{parts.scheme}://{screen.host}{parts.netloc.partition('.')[2]}"
    size = PHONE if "phone" in words else DESK
    with visit(program, host, **size, color_scheme="dark" if "dark" in words else "light") as at:
        language = "en" if "en" in words else "zh-hans"
        at.context.add_cookies([{"name": "jm_language", "value": language, "url": host}])
        if screen.who == OPERATOR:
            sign_in_at_the_desk(at, OPERATOR)
        elif screen.who:
            sign_in(at, screen.who)
        at.page.goto(screen.path)
        quiet(at)
        if screen.prepare:
            screen.prepare(at)
        keep(at, screen.name)
        at.assert_clean()


def write_list() -> None:
    """The README that tells what each shows."""
    rows = [f"| [`{one.name}`]({one.name}.png) | {one.look} | {one.words} |" for one in SCREENS_TO_TAKE]
    text = (
        "# What the pages look like\n\nTaken by `.venv/bin/python -m tests.browser.screens` from a running `make demo`,"
        " and looked at one by one. The numbered pictures belong to [the tour](../tour.md).\n\n"
        "| picture | look | what it shows |\n|---|---|---|\n"
    )
    (SCREENS / "README.md").write_text(text + "\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Take all pictures, or those named."""
    parser = argparse.ArgumentParser(description="pictures of the pages from a running demo")
    parser.add_argument("--origin", default="http://xinghe.jiumai.localhost:8000", help="the brand's host and port")
    parser.add_argument("names", nargs="*", help="only these")
    asked = parser.parse_args()
    with browser() as program:
        for screen in SCREENS_TO_TAKE:
            if not asked.names or screen.name in asked.names:
                take(program, asked.origin, screen)
    write_list()


if __name__ == "__main__":
    main()

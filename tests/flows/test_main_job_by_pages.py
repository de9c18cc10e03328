"""The main job by pages: a 20-line reorder on a phone, approved and shipped at a desk, received in two parts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from billing.ledger.models import TradingAccount
from core.catalogue.models import Sku
from core.catalogue.services import write_documents
from core.messages.models import Message
from dms.stock.models import Stock
from ordering.orders.models import Order
from tests.chromium import DESK, PHONE, Visit, browser, visit
from tests.factories.people import PASSWORD, make_person
from tests.factories.wide import make_many_skus, price_all, stock_all
from tests.flows.world import Room, room, until
from tests.portals import XINGHE

pytestmark = pytest.mark.flows
PHONE_NUMBER = "13900139001"
MOST_TAPS = 25
SHORT_CASES = 2
"""Cases of SKU 2 in stock."""
TOTAL = 19 * 2 * 50_000 + SHORT_CASES * 108_000


def test_a_dealer_orders_on_a_phone_and_receives(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    with django_db_blocker.unblock(), browser() as program, room("pages", tmp_path, with_worker=True) as world:
        goods = fill_the_shelf(world)
        origin = world.product.address(XINGHE.host, "")
        with visit(program, origin, **PHONE) as buyer:
            number = reorder(buyer, world, goods)
            approve(world, program, origin, number)
            ship_in_two_parts(world, program, origin, number)
            receive_both(buyer, number)
            history_tells_all(buyer, number)
            mail_went_out(buyer, number)
            buyer.assert_clean()
        everything_agrees(world, number, goods)


def fill_the_shelf(world: Room) -> list[Sku]:
    """Nineteen more products with stock and price; the buyer has a password, buyer and approver an address."""
    goods = make_many_skus(world.cast.skus[1], 19)
    write_documents([sku.pk for sku in goods])
    stock_all(world.cast.w1, goods, 600)
    price_all(world.cast.national, goods, {1: 50_000})
    make_person(world.cast.seats["buyer_c1"].person_name, phone=PHONE_NUMBER, email="buyer@c1.example")
    make_person(world.cast.seats["sales_admin"].person_name, email="sales@xinghe.example")
    return goods


def reorder(buyer: Visit, world: Room, goods: list[Sku]) -> str:
    """Sign in, paste twenty lines, take the way out of the one that is short, order: in at most 25 taps."""
    page = buyer.page
    page.goto("/pad/")
    buyer.type("input[name=identifier]", PHONE_NUMBER)
    buyer.type("input[name=password]", PASSWORD)
    buyer.tap("form:has([name=password]) button[type=submit]")
    lines = [f"{sku.code}\t2箱" for sku in goods]
    lines.insert(7, f"{world.cast.skus[2].code}\t{SHORT_CASES + 3}箱")
    buyer.paste("#pad-text", "\n".join(lines))
    expect(page.locator(".pad__line")).to_have_count(20)
    short = page.locator(".pad__line[data-state=bad]")
    expect(short).to_have_count(1)
    expect(short.locator("input[name=quantity]").first).to_have_value(str(SHORT_CASES + 3))
    assert buyer.overflow() <= 0
    buyer.tap(short.locator(".refusal__ways button").first)
    expect(page.locator(".pad__line[data-state=bad]")).to_have_count(0)
    buyer.tap("button[form=pad-go]")
    page.wait_for_url("**/checkout/")
    assert buyer.overflow() <= 0
    buyer.tap("button[form=checkout]")
    page.wait_for_url("**/orders/*/")
    assert buyer.taps <= MOST_TAPS, buyer.taps
    order = Order.objects.get(buyer=world.cast.c1)
    assert order.number and order.number in page.url
    assert (order.status, order.total, order.lines.count()) == ("SUBMITTED", TOTAL, 20)
    return order.number


def approve(world: Room, program: Browser, origin: str, number: str) -> None:
    """The sales admin finds the order among those that wait and approves it by its hot key."""
    with visit(program, origin, cookie=world.cookie("sales_admin"), **DESK) as desk:
        desk.page.goto("/console/orders/?view=approve")
        desk.tap(f"#row-{number} [data-row-link]")
        expect(desk.page.locator("#desk-detail [data-key=a]")).to_be_visible()
        desk.page.keyboard.press("a")
        expect(desk.page.locator("#desk-detail [data-key=a]")).to_have_count(0)
        desk.assert_clean()
    assert Order.objects.get(number=number).status == "CONFIRMED"


def ship_in_two_parts(world: Room, program: Browser, origin: str, number: str) -> None:
    """The warehouse allocates, then sends one case of every line, then the rest."""
    with visit(program, origin, cookie=world.cookie("warehouse"), **DESK) as desk:
        desk.page.goto(f"/console/orders/{number}/?view=allocate")
        desk.tap("#desk-detail [data-key=l]")
        desk.tap(".deskact button[type=submit]")
        expect(desk.page.locator(".deskact")).to_have_count(0)
        for truck in (1, 2):
            desk.tap("#desk-detail [data-key=s]")
            cases = desk.page.locator(".deskact input[name^='c-']")
            expect(cases).to_have_count(20)
            for line in cases.all() if truck == 1 else ():
                line.fill("1")
            desk.type("input[name=carrier]", "顺丰")
            desk.type("input[name=tracking]", f"SF000{truck}")
            desk.tap(".deskact button[type=submit]")
            expect(desk.page.locator("#desk-detail .list__row", has_text=f"SF000{truck}")).to_be_visible()
        desk.assert_clean()


def receive_both(buyer: Visit, number: str) -> None:
    """Each truck is signed for in two taps, from the order's page."""
    for left in (2, 1):
        buyer.page.goto(f"/orders/{number}/")
        waiting = buyer.page.locator("[aria-labelledby=h-shipments] a[href^='/receive/']")
        expect(waiting).to_have_count(left)
        buyer.tap(waiting.first)
        buyer.tap("form:has(input[name=all]) button")
        buyer.page.wait_for_url(f"**/orders/{number}/")
    expect(buyer.page.locator("a[href^='/receive/']")).to_have_count(0)


def history_tells_all(buyer: Visit, number: str) -> None:
    """Placed, approved, allocated, two trucks, two receipts; and the account page shows what they cost."""
    happened = buyer.page.locator(".timeline__item")
    expect(happened).to_have_count(7)
    assert buyer.overflow() <= 0
    buyer.page.goto("/account/")
    expect(buyer.page.get_by_text(f"{TOTAL / 100:,.2f}").first).to_be_visible()
    assert buyer.overflow() <= 0


def mail_went_out(buyer: Visit, number: str) -> None:
    """The worker carried it: approval asked for, confirmed, two trucks announced; the outbox shows the mail."""
    for template, times in (("orders.waits", 1), ("orders.approved", 1), ("fulfilment.on_its_way", 2)):
        sent = Message.objects.filter(template=template, way="MAIL", status="SENT")
        assert until(lambda sent=sent, times=times: sent.count() >= times), template  # type: ignore[misc]
    buyer.page.goto("/outbox/")
    expect(buyer.page.get_by_text("buyer@c1.example").first).to_be_visible()
    expect(buyer.page.get_by_text(number).first).to_be_visible()


def everything_agrees(world: Room, number: str, goods: list[Sku]) -> None:
    """Order, stock of both sides, account and books say the same."""
    order = Order.objects.get(number=number)
    assert (order.status, order.fulfilment_status) == ("CONFIRMED", "RECEIVED")
    account = TradingAccount.objects.get(buyer__dealer_id=world.cast.c1.pk, book__seller__dealer_id=world.cast.root.pk)
    assert (account.receivable_balance, account.credit_held) == (TOTAL, 0)
    first = goods[0]
    brand = Stock.objects.get(sku=first, owner=world.cast.root)
    assert (brand.on_hand, brand.reserved) == (588, 0)
    assert sum(Stock.objects.filter(sku=first, owner=world.cast.c1).values_list("on_hand", flat=True)) == 12
    world.assert_whole()

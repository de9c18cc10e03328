"""The price matrix used like a spreadsheet: paste, undo, fill, keys alone, two tabs, refused cells, a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from core.catalogue.models import Sku
from core.kernel import clock
from ordering.pricing.models import PriceEntry, PriceList
from ordering.rounds.models import PriceRound
from tests.browser.looking import LOOKS, look
from tests.chromium import DESK, PHONE, Visit, visit
from tests.factories.prices import make_list, make_price
from tests.factories.wide import make_many_skus, price_all
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = pytest.mark.browser
ROWS, LISTS = 250, 4
NOTHING = "保存价格"
"""What the button says when nothing waits to be saved; it is off while it saves, too."""
TO_ROUND = "/prices/matrix/round/"
CODES = [f"MX{number}" for number in range(LISTS)]
PAGE = "/console/prices/matrix/?" + "&".join(f"list={code}" for code in CODES)
BLOCK = "\n".join("\t".join(f"¥{1_501 + row}.{column}0元" for column in range(LISTS)) for row in range(ROWS))


@pytest.fixture
def goods(world: Room) -> Iterator[list[Sku]]:
    """250 products in four lists of one place in the channel, taken away again afterwards."""
    with XINGHE.inside():
        skus = make_many_skus(world.cast.skus[1], ROWS)
        lists = [make_list(world.cast.root, code, f"矩阵{number}") for number, code in enumerate(CODES)]
        for one in lists:
            price_all(one, skus, {1: 150_000})
    yield skus
    with XINGHE.inside():
        mine = PriceList.objects.filter(code__startswith="MX")
        PriceEntry.objects.filter(price_list__in=mine).delete()
        mine.filter(parent__isnull=False).delete()
        mine.delete()
        Sku.objects.filter(pk__in=[sku.pk for sku in skus]).delete()


def opened(seen: Visit, query: str = "") -> Page:
    """The matrix with its first cells, at the first of the many products."""
    page = seen.page
    page.goto(f"{PAGE}{query}")
    expect(page.locator(".mx[data-ready]")).to_be_visible()
    return page


def at(row: int, column: int = 0) -> str:
    """A cell: rows and columns from 0."""
    return f".mx__cell[data-at='{row}:{column}']"


def first_row(skus: list[Sku], page: Page) -> int:
    """Where the many products begin: behind those of the cast."""
    return int(page.locator(".mx").get_attribute("aria-rowcount") or 0) - 1 - len(skus)


def amounts(code: str = "MX0") -> dict[str, int | None]:
    """What a list says now, by SKU."""
    with XINGHE.inside():
        rows = PriceEntry.objects.filter(price_list__code=code, valid_from__lte=clock.now()).order_by("valid_from")
        return dict(rows.values_list("sku__code", "amount"))


def put_on_clipboard(page: Page, text: str) -> None:
    """As if it had been copied in a spreadsheet."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def test_a_thousand_cells_are_pasted_undone_done_again_and_saved(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        first = first_row(goods, page)
        put_on_clipboard(page, BLOCK)
        page.locator(at(first)).click()
        page.keyboard.press("ControlOrMeta+V")
        save = page.locator("#mx-save")
        expect(save).to_contain_text("1000")
        expect(page.locator("#mx-said")).to_contain_text("1000")
        assert page.locator(".mx__cell").count() < 400
        page.keyboard.press("ControlOrMeta+z")
        expect(save).to_have_text(NOTHING)
        page.keyboard.press("ControlOrMeta+y")
        expect(save).to_contain_text("1000")
        page.keyboard.press("ControlOrMeta+s")
        expect(page.locator("#toasts")).to_contain_text("1000")
        expect(save).to_have_text(NOTHING)
        page.keyboard.press("ControlOrMeta+z")
        expect(save).to_contain_text("1000")
        page.keyboard.press("ControlOrMeta+y")
        expect(save).to_have_text(NOTHING)
        seen.assert_clean()
    assert amounts("MX3")[goods[249].code] == 175_030
    with XINGHE.inside():
        assert set(PriceList.objects.filter(code__in=CODES).values_list("version", flat=True)) == {2}


def test_edits_by_keys_alone(program: Browser, world: Room, origin: str, goods: list[Sku]) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        first = first_row(goods, page)
        page.locator("#mx-value").focus()
        for _ in range(3):
            page.keyboard.press("Tab")
            if page.locator(".mx__cell:focus").count():
                break
        expect(page.locator(at(0))).to_be_focused()
        for _ in range(first):
            page.keyboard.press("ArrowDown")
        page.keyboard.type("1,６００.５")
        page.keyboard.press("Enter")
        expect(page.locator(at(first))).to_contain_text("1,600.50")
        expect(page.locator(at(first + 1))).to_be_focused()
        page.keyboard.press("F2")
        expect(page.locator(".mx__field")).to_have_value("1500.00")
        page.keyboard.type("1")
        page.keyboard.press("Escape")
        expect(page.locator(at(first + 1))).to_contain_text("1,500.00")
        page.keyboard.press("ArrowUp")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("ControlOrMeta+d")
        expect(page.locator(at(first + 3))).to_contain_text("1,600.50")
        page.keyboard.press("ControlOrMeta+c")
        page.keyboard.press("ControlOrMeta+Home")
        page.keyboard.press("ArrowRight")
        for _ in range(first):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("ControlOrMeta+v")
        expect(page.locator(at(first + 3, 1))).to_contain_text("1,600.50")
        page.keyboard.press("Delete")
        expect(page.locator("#mx-save")).to_contain_text("8")
        page.keyboard.press("ControlOrMeta+s")
        expect(page.locator("#mx-save")).to_have_text(NOTHING)
        page.keyboard.press("ControlOrMeta+End")
        expect(page.locator(at(first + ROWS - 1, LISTS - 1))).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.locator(".mx__cell:focus")).to_have_count(0)
        seen.assert_clean()
    assert [amounts()[sku.code] for sku in goods[:5]] == [160_050] * 4 + [150_000]
    assert [amounts("MX1")[sku.code] for sku in goods[:4]] == [None] * 4


def test_what_is_no_price_and_merged_cells_are_refused_at_their_cells(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    table = (
        "<table><tr><td rowspan=2>1600</td><td>$1,600</td></tr><tr><td>1,55</td></tr>"
        "<tr><td>便宜</td><td>1601.005</td></tr><tr><td>人民币 1,602.00元/箱</td><td>-3</td></tr>"
        "<tr><td>1603元/瓶</td><td></td></tr></table>"
    )
    plain = "1600\t$1,600\n\t1,55\n便宜\t1601.005\n人民币 1,602.00元/箱\t-3\n1603元/瓶\t"
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        first = first_row(goods, page)
        page.locator(at(first)).click()
        page.evaluate(
            """([html, text]) => navigator.clipboard.write([new ClipboardItem({
              "text/html": new Blob([html], {type: "text/html"}),
              "text/plain": new Blob([text], {type: "text/plain"}) })])""",
            [table, plain],
        )
        page.keyboard.press("ControlOrMeta+V")
        for row, column, words in (
            (0, 0, "合并"),
            (1, 0, "合并"),
            (2, 0, "便宜"),
            (0, 1, "币种"),
            (1, 1, "小数点"),
            (2, 1, "2 位"),
            (3, 1, "负数"),
            (4, 0, "单位"),
        ):
            bad = page.locator(at(first + row, column))
            expect(bad).to_have_attribute("aria-invalid", "true")
            expect(bad).to_contain_text(words)
        expect(page.locator(at(first + 3))).to_contain_text("1,602.00")
        page.locator("#mx-save").click()
        expect(page.locator("#toasts [role=alert]")).to_contain_text("更正")
        expect(page.locator(f"{at(first)}:focus")).to_have_count(1)
        page.keyboard.press("ControlOrMeta+z")
        expect(page.locator("#mx-save")).to_have_text(NOTHING)
        seen.assert_clean()
    assert amounts()[goods[3].code] == 150_000


def test_two_tabs_merge_and_the_same_cell_is_told(program: Browser, world: Room, origin: str, goods: list[Sku]) -> None:
    with (
        visit(program, origin, cookie=world.cookie("pricing"), **DESK) as one,
        visit(program, origin, cookie=world.cookie("admin"), **DESK) as two,
    ):
        pages = opened(one), opened(two)
        first = first_row(goods, pages[0])
        for page, text in zip(pages, ("1510", "1520"), strict=True):
            page.locator(at(first)).click()
            page.keyboard.type(text)
            page.keyboard.press("Enter")
        pages[0].keyboard.press("ControlOrMeta+s")
        expect(pages[0].locator("#toasts")).to_contain_text("已保存")
        pages[1].locator(at(first + 1, 1)).click()
        pages[1].keyboard.type("1530")
        pages[1].keyboard.press("Enter")
        pages[1].keyboard.press("ControlOrMeta+s")
        overtaken = pages[1].locator(at(first))
        expect(overtaken).to_have_attribute("data-mark", "warn")
        expect(overtaken).to_contain_text("¥1,510.00")
        expect(pages[1].locator(at(first + 1, 1))).not_to_have_attribute("data-mark", "edit")
        assert amounts()[goods[0].code] == 151_000
        pages[1].keyboard.press("ControlOrMeta+s")
        expect(pages[1].locator("#mx-save")).to_have_text(NOTHING)
        one.assert_clean()
        two.assert_clean()
    assert (amounts()[goods[0].code], amounts("MX1")[goods[1].code]) == (152_000, 153_000)


def test_a_doubtful_price_is_asked_about_and_a_refused_one_stays_with_its_reason(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        first = first_row(goods, page)
        page.locator(at(first)).click()
        page.keyboard.type("150000")
        page.keyboard.press("Enter")
        expect(page.locator(at(first))).to_have_attribute("data-mark", "warn")
        page.keyboard.press("ControlOrMeta+s")
        expect(page.locator("#mx-ask")).to_be_visible()
        assert amounts()[goods[0].code] == 150_000
        page.locator("#mx-meant").click()
        expect(page.locator("#mx-save")).to_have_text(NOTHING)
        assert amounts()[goods[0].code] == 15_000_000
        page.locator(at(first + 1)).click()
        page.keyboard.type("1501")
        page.keyboard.press("Enter")
        with XINGHE.inside():
            Sku.objects.filter(pk=goods[1].pk).update(sells_in="BOTTLE")
        page.keyboard.press("ControlOrMeta+s")
        refused = page.locator(at(first + 1))
        expect(refused).to_have_attribute("data-mark", "bad")
        expect(refused).to_contain_text("1,501.00")
        expect(refused).to_be_focused()
        seen.assert_clean()
    assert amounts()[goods[1].code] == 150_000


def test_each_change_at_once_and_what_was_typed_survives_a_reload(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        page.on("dialog", lambda dialog: dialog.accept())
        first = first_row(goods, page)
        page.locator(at(first)).click()
        page.keyboard.type("1550")
        page.keyboard.press("Enter")
        page.reload()
        expect(page.locator(at(first))).to_have_attribute("data-mark", "edit")
        page.locator("#mx-auto").check()
        expect(page.locator("#mx-save")).to_have_text(NOTHING)
        page.locator(at(first + 1)).click()
        page.keyboard.type("1551")
        page.keyboard.press("Enter")
        expect(page.locator(at(first + 1))).to_have_attribute("data-look", "saved")
        page.locator("#mx-auto").uncheck()
        seen.assert_clean()
    assert [amounts()[sku.code] for sku in goods[:2]] == [155_000, 155_100]


def test_what_was_typed_elsewhere_is_kept_and_goes_on_a_round(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    """Other columns, another day and back again; then all of it becomes a draft for somebody else to approve."""
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        page.on("dialog", lambda dialog: dialog.accept())
        first = first_row(goods, page)
        page.locator(at(first)).click()
        page.keyboard.type("1510")
        page.keyboard.press("Enter")
        page.goto("/console/prices/matrix/?list=MX1")
        expect(page.locator("#mx-kept")).to_contain_text("1")
        page.locator(at(first)).click()
        page.keyboard.type("1520")
        page.keyboard.press("Enter")
        page.goto(f"/console/prices/matrix/?list=MX1&at={clock.business_day() + timedelta(days=3)}")
        expect(page.locator("#mx-kept")).to_contain_text("2")
        page.goto("/console/prices/matrix/?list=MX1")
        page.locator("#mx-kept a").first.click()
        expect(page.locator("#mx-round")).to_contain_text("2")
        expect(page.locator("#mx-kept")).to_be_hidden()
        sent: list[Request] = []
        page.on("request", lambda one: sent.append(one) if TO_ROUND in one.url else None)
        page.route(f"**{TO_ROUND}", lambda route: route.fulfill(json={"told": "Einmal nicht"}), times=1)
        page.locator("#mx-round").click()
        expect(page.locator("#toasts")).to_contain_text("Einmal nicht")
        page.locator("#mx-round").click()
        expect(page).to_have_url(re.compile("/prices/rounds/PR"))
        told, drafted = (one.post_data for one in sent)
        assert told != drafted, "what was answered is over: the next sending has its own key"
        expect(page.locator("main")).to_contain_text("1,520.00")
        page.goto("/console/prices/matrix/?list=MX1")
        expect(page.locator("#mx-kept")).to_be_hidden()
        seen.assert_clean()
    assert amounts()[goods[0].code] == 150_000
    with XINGHE.inside():
        PriceRound.objects.all().delete()


def test_columns_are_read_in_their_order(program: Browser, world: Room, origin: str, goods: list[Sku]) -> None:
    """Also once one has scrolled to and fro; the cell with the focus stays the same element."""
    with visit(program, origin, cookie=world.cookie("pricing"), **PHONE) as seen:
        page = opened(seen)
        order = """() => [".mx__headrow", ".mx__row"].flatMap((row) => [...document.querySelectorAll(row)])
            .every((row) => [...row.children].map((one) => Number(one.getAttribute("aria-colindex")))
                .every((place, at, all) => !at || all[at - 1] < place))"""
        for left in (0, 400, 120, 900, 0):
            page.locator(".mx").evaluate("(grid, left) => { grid.scrollLeft = left; }", left)
            page.wait_for_timeout(60)
            assert page.evaluate(order), left
        seen.assert_clean()


def test_derived_and_inverted_prices_are_marked_and_found(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    with XINGHE.inside():
        root = world.cast.root
        upper = make_list(root, "MXU", "省级", scope="TIER", tier="PROVINCIAL", region_code="370000")
        lower = make_list(root, "MXL", "县级", scope="TIER", tier="COUNTY", region_code="370100")
        make_list(root, "MXD", "派生", parent=lower, factor_ppm=1_100_000)
        price_all(upper, goods, {1: 140_000})
        price_all(lower, goods, {1: 145_000})
        make_price(upper, world.cast.skus[2], {1: 100})
        make_price(lower, world.cast.skus[2], {1: 100})
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = seen.page
        page.goto("/console/prices/matrix/?list=MXU&list=MXL&list=MXD")
        expect(page.locator(".mx[data-ready]")).to_be_visible()
        first = first_row(goods, page)
        derived = page.locator(at(first, 0))
        expect(derived).to_have_attribute("data-look", "derived")
        expect(derived).to_contain_text("1,595.00")
        derived.click()
        page.keyboard.type("9")
        expect(page.locator(".mx__field")).to_have_count(0)
        page.keyboard.press("F2")
        page.keyboard.type("1596")
        page.keyboard.press("Enter")
        expect(derived).to_have_attribute("data-mark", "edit")
        page.locator(at(first, 1)).click()
        page.keyboard.type("1450")
        expect(page.locator("#mx-note")).to_contain_text("倒挂")
        page.keyboard.press("Enter")
        expect(page.locator(at(first, 2))).to_contain_text("倒挂")
        page.locator("#mx-chips a", has_text="倒挂").click()
        expect(page.locator(".mx")).to_have_attribute("aria-rowcount", "2")
        expect(page.locator(".mx__rowhead").first).to_contain_text(world.cast.skus[2].name)
        page.locator("#mx-changed").click()
        expect(page.locator(".mx__rowhead").first).to_contain_text(goods[0].name)
        seen.assert_clean()


def test_only_what_can_be_seen_is_there_and_a_past_day_is_read_only(
    program: Browser, world: Room, origin: str, goods: list[Sku]
) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **DESK) as seen:
        page = opened(seen)
        last = first_row(goods, page) + ROWS - 1
        page.locator(".mx").evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
        expect(page.locator(at(last, 0))).to_contain_text("1,500.00")
        assert page.locator(".mx__cell").count() < 400
        page.locator(at(last, LISTS - 1)).click()
        expect(page.locator("#mx-value")).to_have_value("1500.00")
        day = clock.business_day() - timedelta(days=1)
        page = opened(seen, f"&at={day}")
        expect(page.locator("#mx-save")).to_have_count(0)
        expect(page.locator(".mx")).to_have_attribute("aria-readonly", "true")
        page.locator(at(0)).click()
        page.keyboard.type("5")
        expect(page.locator(".mx__field")).to_have_count(0)
        seen.assert_clean()


def test_a_phone_edits_in_a_sheet(program: Browser, world: Room, origin: str, goods: list[Sku]) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), **PHONE) as seen:
        page = opened(seen)
        first = first_row(goods, page)
        seen.tap(page.locator(at(first)))
        expect(page.locator("#mx-sheet")).to_be_visible()
        page.locator("#mx-sheet-value").fill("1577元")
        seen.tap("#mx-sheet-ok")
        expect(page.locator(at(first))).to_contain_text("1,577.00")
        seen.tap("#mx-save")
        expect(page.locator("#mx-save")).to_have_text(NOTHING)
        assert seen.overflow() <= 0
        seen.assert_clean()
    assert amounts()[goods[0].code] == 157_700


@pytest.mark.parametrize(("screen", "theme", "language"), LOOKS)
def test_looks_right(
    program: Browser, world: Room, origin: str, goods: list[Sku], screen: dict[str, Any], theme: str, language: str
) -> None:
    with visit(program, origin, cookie=world.cookie("pricing"), color_scheme=theme, **screen) as seen:
        seen.context.add_cookies([{"name": "jm_language", "value": language, "url": origin}])
        page = opened(seen)
        look(seen, f"matrix {theme} {language}")
        page.locator("[data-open=mx-columns]").click()
        look(seen, f"columns {theme} {language}")

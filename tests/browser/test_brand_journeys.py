"""What the brand's staff do from one page to the next, on a phone and at a desk; every button is clicked twice."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from core.catalogue.models import Sku
from dms.notices.models import Notice
from tests.browser.test_buyer_journeys import SIZES, twice
from tests.chromium import DESK, Visit, visit
from tests.flows.world import Room
from tests.portals import XINGHE

pytestmark = pytest.mark.browser
DROP = """([name, bytes]) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const onto = document.querySelector("[data-drop]");
  for (const type of ["dragover", "drop"])
    onto.dispatchEvent(new DragEvent(type, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""
REFUSED = ".field__error, .refusal, .notice[data-tone=bad]"


@pytest.mark.parametrize("size", SIZES)
def test_a_notice_reaches_its_city_and_its_reader_is_told(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    title = f"济南停窖通知 {size['viewport']['width']}"
    with visit(program, origin, cookie=world.cookie("admin"), **size) as staff:
        page = staff.page
        page.goto("/console/notices/new/")
        page.locator("[name=title]").fill(title)
        page.locator("[name=body]").fill("下周停窖三天，请提前下单。")
        page.locator("[name=tiers][value=CITY]").check()
        page.locator("[name=needs_receipt]").check()
        page.locator("[name=region_codes]").fill("济南市")
        twice(page, "#notice-form button[type=submit]")
        page.wait_for_url("**/notices/**")
        twice(page, "button[name=act][value=publish]")
        expect(page.locator("a[href$='/receipts/']")).to_be_visible()
        told = page.url
        staff.assert_clean()
    with XINGHE.inside():
        assert Notice.objects.filter(title=title).count() == 1, "a second click writes no second notice"
    with visit(program, origin, cookie=world.cookie("buyer_c2"), **size) as other:
        other.page.goto("/notices/")
        assert title not in other.page.content()
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **size) as buyer:
        buyer.page.goto("/notices/")
        item = buyer.page.locator(".board__item", has_text=title)
        item.locator("button").dblclick()
        expect(item.locator("button")).to_have_count(0)
        buyer.assert_clean()
    with visit(program, origin, cookie=world.cookie("admin"), **size) as staff:
        staff.page.goto(told)
        staff.tap("a[href$='/receipts/']")
        expect(staff.page.locator("main")).to_contain_text(world.cast.seats["buyer_c1"].person_name)
        staff.assert_clean()


def picture(shade: str) -> bytes:
    """A small picture of one colour."""
    held = BytesIO()
    Image.new("RGB", (240, 240), shade).save(held, "PNG")
    return held.getvalue()


def test_pictures_are_dropped_and_dragged_and_one_of_40_mb_is_refused(
    program: Browser, world: Room, origin: str, tmp_path: Path
) -> None:
    code = world.cast.skus[1].code
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        page, shown = at.page, at.page.locator("[data-picture]")
        page.goto(f"/console/products/code/{code}/")
        for number, shade in enumerate(("red", "blue"), start=1):
            page.evaluate(DROP, [f"{shade}.png", list(picture(shade))])
            expect(shown).to_have_count(number)
        first = shown.nth(0).locator("[name=known]").input_value()
        shown.nth(1).locator("img").drag_to(shown.nth(0).locator("img"), target_position={"x": 2, "y": 10})
        expect(shown.nth(1).locator("[name=known]")).to_have_value(first)
        page.reload()
        expect(shown.nth(1).locator("[name=known]")).to_have_value(first)
        at.assert_clean()
        heavy = tmp_path / "heavy.png"
        heavy.write_bytes(picture("green") + bytes(40_000_000))
        again = tmp_path / "again.png"
        again.write_bytes(picture("red"))
        page.locator("[name=name_en]").fill("typed before")
        page.locator("#new-pictures").set_input_files([heavy, again])
        expect(page.locator("form[data-drop] [role=alert]")).to_have_count(2)
        expect(page.locator("form[data-drop]")).to_contain_text("heavy.png")
        expect(page.locator("[name=name_en]")).to_have_value("typed before")
        expect(shown).to_have_count(2)
        small = shown.nth(0).locator("img").evaluate("img => img.currentSrc")
        assert small.endswith(("/160/", "/320/", "/640/"))
        at.assert_clean()


@pytest.mark.parametrize("size", SIZES)
def test_the_portal_is_seen_before_its_look_is_saved(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    with visit(program, origin, cookie=world.cookie("admin"), **size) as at:
        at.page.goto("/console/settings/look/")
        frame = at.page.frame_locator(".frames iframe").first
        expect(frame.locator("body")).to_contain_text(world.brand.name)
        at.page.locator("form[data-look] [name=name]").fill("杏禾老窖试看")
        expect(frame.locator("body")).to_contain_text("杏禾老窖试看")
        at.page.locator("form[data-look] [name=name]").fill(world.brand.name)
        at.page.locator("form[data-look] [name=accent]").fill("#ffee00")
        twice(at.page, "form[data-look] button[type=submit]")
        expect(at.page.locator(".field__error").first).to_be_visible()
        assert at.overflow() <= 0
        at.assert_clean()


@pytest.fixture
def at_work(world: Room) -> Iterator[None]:
    """A worker does the jobs of this test."""
    world.product.start_worker()
    yield
    world.product.stop("worker")


def upload(at: Visit, name: str, content: bytes) -> None:
    """Upload a file of products."""
    at.page.goto("/console/import/products/")
    at.page.locator("input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    )
    twice(at.page, "main form[enctype] button[type=submit]")


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("size", SIZES)
def test_an_import_is_looked_at_left_found_again_and_written_once(
    program: Browser, world: Room, origin: str, size: dict[str, Any]
) -> None:
    code, name = world.cast.skus[3].code, f"光瓶新名 {size['viewport']['width']}"
    with visit(program, origin, cookie=world.cookie("admin"), **size) as at:
        upload(at, "商品.csv", f"编码,名称\n{code},{name}\n没有这个,\n".encode())
        at.page.wait_for_url("**/console/jobs/**")
        job = at.page.url
        at.page.goto("/console/jobs/")
        at.page.locator("main a[href*='/console/jobs/']").first.click()
        at.page.wait_for_url(job)
        confirm = at.page.locator("form[action$='/confirm/'] button")
        expect(confirm).to_be_visible()
        expect(at.page.locator("main")).to_contain_text(name)
        with XINGHE.inside():
            assert Sku.objects.get(code=code).name != name, "a preview writes nothing"
        confirm.dblclick()
        expect(at.page.locator("main .notice[data-tone=good]")).to_be_visible()
        assert at.overflow() <= 0
        with XINGHE.inside():
            assert Sku.objects.get(code=code).name == name
        at.assert_clean()


def test_a_text_that_calls_itself_xlsx_is_refused_beside_its_field(program: Browser, world: Room, origin: str) -> None:
    with visit(program, origin, cookie=world.cookie("admin"), **DESK) as at:
        upload(at, "商品.xlsx", "编码,名称\nA,B\n".encode())
        expect(at.page.locator(REFUSED).first).to_be_visible()
        assert "/console/import/" in at.page.url
        at.assert_clean()

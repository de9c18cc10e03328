"""The scan page: a camera that sees a case's barcode, and a phone without one."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

from tests.browser.test_pad import lying, open_pad, until_lying
from tests.chromium import ARGUMENTS, PHONE, PROGRAMS, visit
from tests.flows.world import Room

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_pads")]
NARROW, WIDE = 3, 8
_ITF = dict(
    zip(
        "0123456789",
        ["nnwwn", "wnnnw", "nwnnw", "wwnnn", "nnwnw", "wnwnn", "nwwnn", "nnnww", "wnnwn", "nwnwn"],
        strict=True,
    )
)


def bars(code: str) -> list[tuple[bool, int]]:
    """Interleaved 2 of 5 (ITF-14): whether it is black, how wide."""
    found = [(True, NARROW), (False, NARROW)] * 2
    for one, other in zip(code[::2], code[1::2], strict=True):
        for black, white in zip(_ITF[one], _ITF[other], strict=True):
            found += [(True, WIDE if black == "w" else NARROW), (False, WIDE if white == "w" else NARROW)]
    return [*found, (True, WIDE), (False, NARROW), (True, NARROW)]


def film(code: str, to: Path) -> Path:
    """A second of video that shows the barcode, as the browser's pretended camera takes it (Y4M)."""
    picture = Image.new("L", (640, 480), 235)
    draw, at = ImageDraw.Draw(picture), 0
    width = sum(wide for _is_black, wide in bars(code))
    for is_black, wide in bars(code):
        if is_black:
            left = (640 - width) // 2 + at
            draw.rectangle((left, 150, left + wide - 1, 330), fill=16)
        at += wide
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (320 * 240 * 2)
    to.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)
    return to


@pytest.fixture(scope="module")
def code(world: Room) -> str:
    """The barcode on a case that is sold by the case and by the bottle."""
    return str(world.cast.skus[3].gtin14)


@pytest.fixture(scope="module")
def seeing(program: Browser, world: Room, code: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera looks at that code."""
    video = film(code, tmp_path_factory.mktemp("camera") / "case.y4m")
    pretended = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    path = next(filter(None, map(which, PROGRAMS)))
    arguments = [*ARGUMENTS, *pretended, f"--use-file-for-fake-video-capture={video}"]
    started = program.browser_type.launch(executable_path=path, args=arguments)
    yield started
    started.close()


def test_a_code_in_sight_counts_once(seeing: Browser, world: Room, origin: str) -> None:
    product = world.cast.skus[3]
    with visit(seeing, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        buyer.context.grant_permissions(["camera"], origin=origin)
        open_pad(buyer)
        buyer.page.goto("/pad/scan/")
        expect(buyer.page.locator("[data-scan][data-state=on]")).to_be_visible()
        expect(buyer.page.locator("#scan-said [data-tone=good]")).to_contain_text("42度 500ml×12")
        until_lying(world, "buyer_c1", {product.code: 1})
        buyer.page.wait_for_timeout(1_500)
        assert lying(world, "buyer_c1") == {product.code: 1}, "it never left the picture"
        buyer.tap("[data-scan-stop]")
        expect(buyer.page.locator("[data-scan][data-state=off]")).to_be_visible()
        buyer.assert_clean()


def test_without_a_camera_the_code_is_typed(program: Browser, world: Room, origin: str, code: str) -> None:
    with visit(program, origin, cookie=world.cookie("buyer_c1"), **PHONE) as buyer:
        open_pad(buyer)
        buyer.page.goto("/pad/scan/")
        expect(buyer.page.locator(".scan-box__words")).not_to_be_empty()
        for wrong, right in ((code, True), ("6999999999997", False), (code, True)):
            buyer.page.locator("#scan-code").fill(wrong)
            buyer.page.keyboard.press("Enter")
            expect(buyer.page.locator(f"#scan-said [data-tone={'good' if right else 'bad'}]")).to_be_visible()
        until_lying(world, "buyer_c1", {world.cast.skus[3].code: 2})
        buyer.assert_clean()

"""What a screen shows, as a small picture for the documents: shared by the tour and the screens."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from tests.chromium import Visit

SCREENS = Path(__file__).resolve().parents[2] / "docs" / "screens"
MOST_BYTES = 150_000
COLOURS = (256, 128, 64, 48, 32)


def shot(found: Visit) -> Image.Image:
    """What the screen shows, once its pictures and fonts are there."""
    found.page.wait_for_load_state("networkidle")
    found.page.evaluate("document.fonts.ready")
    found.page.evaluate("document.querySelectorAll('.toast').forEach((toast) => toast.remove())")
    return Image.open(BytesIO(found.page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def keep(found: Visit, name: str) -> None:
    """Write one picture: a phone's at one and a half times its own points, a desk's at three quarters."""
    picture = shot(found)
    wide = picture.width >= 1440
    write(
        picture.resize(
            (1080, picture.height * 1080 // picture.width) if wide else (585, 1266), Image.Resampling.LANCZOS
        ),
        name,
    )


def write(picture: Image.Image, name: str) -> None:
    """As PNG with a palette, with as many colours as fit into the size a picture may have."""
    held = BytesIO()
    for colours in COLOURS:
        held = BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            held, "PNG", optimize=True
        )
        if held.tell() <= MOST_BYTES:
            break
    (SCREENS / f"{name}.png").write_bytes(held.getvalue())


def cover(desk: Image.Image, phone: Image.Image) -> None:
    """The desk with the phone before it, rounded, on a quiet ground."""
    ground = Image.new("RGB", (1280, 760), "#efece6")
    _place(ground, desk.resize((1040, 650), Image.Resampling.LANCZOS), (40, 50), 10)
    _place(ground, phone.resize((310, 671), Image.Resampling.LANCZOS), (930, 65), 28)
    write(ground, "cover")


def _place(ground: Image.Image, picture: Image.Image, at: tuple[int, int], radius: int) -> None:
    """Lay ``picture`` on ``ground`` with round corners and a soft shadow."""
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), radius, fill=255)
    shadow = Image.new("L", ground.size, 0)
    shadow.paste(mask.point(lambda value: value // 4), (at[0], at[1] + 8))
    ground.paste(Image.new("RGB", ground.size, "#20180f"), (0, 0), shadow.filter(ImageFilter.GaussianBlur(14)))
    ground.paste(picture, at, mask)

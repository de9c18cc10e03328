"""A logo from an upload: judged by its content, drawn anew at the size the pages need."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from core.files.errors import PictureTooLarge, Unreadable
from core.files.rules import Purpose, accepted_type, kept_name
from core.kernel.errors import Missing
from core.kernel.text import N_
from tenants.brands.errors import LogoShape, LogoTooHeavy

SQUARE, WIDE = "square", "wide"
SHAPES = (SQUARE, WIDE)
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
_SIZES = {SQUARE: (512, 512), WIDE: (640, 160)}
"""What is kept: a square exactly (icons of phones say their size), a wide one at most; twice what a page shows."""
_SHAPED = {
    SQUARE: N_("The picture measures %(width)s × %(height)s; a square of at least 128 × 128 is needed."),
    WIDE: N_(
        "The picture measures %(width)s × %(height)s; it must be at least 64 high and 1.5 to 8 times as wide as high."
    ),
}


def checked_shape(shape: str) -> str:
    """The shape itself. Raises ``Missing``."""
    if shape not in SHAPES:
        raise Missing
    return shape


def drawn_logo(upload: IO[bytes], *, name: str, shape: str) -> bytes:
    """PNG of the picture, inside the size of its place.

    Raises ``LogoTooHeavy``, ``LogoShape``, ``PictureTooLarge`` and what ``accepted_type`` raises.
    """
    checked_shape(shape)
    size = upload.seek(0, 2)
    if size > MOST_BYTES:
        raise LogoTooHeavy(field=shape, size_mb=f"{size / 1024 / 1024:.1f}", limit_mb=MOST_BYTES // 1024 // 1024)
    kind = accepted_type(upload, name=kept_name(name), purpose=Purpose.PICTURE)
    upload.seek(0)
    try:
        with Image.open(upload, formats=[kind.name]) as picture:
            _refuse_large(picture, shape)  # before anything of it is unpacked
            upright = ImageOps.exif_transpose(picture)  # as a phone held it
            _check_shape(upright, shape)
            drawn = upright.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable(field=shape) from error
    if shape == SQUARE:
        drawn = ImageOps.pad(drawn, _SIZES[SQUARE], Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    else:
        drawn.thumbnail(_SIZES[WIDE], Image.Resampling.LANCZOS)
    kept = BytesIO()
    drawn.save(kept, format="PNG", optimize=True)
    return kept.getvalue()


def _refuse_large(picture: Image.Image, shape: str) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise PictureTooLarge(field=shape, megapixels=width * height // 1_000_000, limit=MOST_PIXELS // 1_000_000)


def _check_shape(picture: Image.Image, shape: str) -> None:
    width, height = picture.size
    share = width / height
    fits = 0.95 <= share <= 1.05 and width >= 128 if shape == SQUARE else 1.5 <= share <= 8 and height >= 64
    if not fits:
        raise LogoShape(_SHAPED[shape], field=shape, width=width, height=height)

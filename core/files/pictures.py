"""Drawing pictures anew: upright, in the colours every screen means, without what cameras write beside them."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps

from core.files.errors import Unreadable
from core.files.rules import Type

SIDES = (160, 320, 640, 1280)
"""Longest sides, in pixels, of the sizes pages show: a thumb, a phone's card, a desk's card, a product's own page; each
for dense screens. ``docs/decisions/0017-pictures-in-sizes.md``."""
_QUALITY = 80
_WITHOUT_SHADES = {"1", "P", "PA"}
"""Modes in which Pillow makes a picture smaller by leaving pixels out."""


def opened_small(upload: IO[bytes], kind: Type, *, longest: int, least: int = 1) -> Image.Image:
    """The picture at most ``longest`` long, upright, RGB or (where something is transparent) RGBA, without metadata.

    It is unpacked once, at up to 40 million pixels; all else happens to the small one. Raises ``Unreadable``, and
    ``TooSmall`` when a side has fewer pixels than ``least``.
    """
    upload.seek(0)
    try:
        with Image.open(upload, formats=[kind.name]) as picture:
            if min(picture.size) < least:
                raise TooSmall(*picture.size)
            profile = picture.info.get("icc_profile")
            picture.draft("RGB", (longest, longest))  # a JPEG is unpacked at a half, a quarter or an eighth
            smooth = picture.convert(_whole_mode(picture)) if picture.mode in _WITHOUT_SHADES else picture
            smooth.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
            return _plain(ImageOps.exif_transpose(smooth), profile)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable from error


class TooSmall(Exception):
    """Fewer pixels than asked for: width and height."""


def in_sizes(kept: IO[bytes], kind: Type) -> list[tuple[int, bytes]]:
    """The picture as WebP in every one of ``SIDES``, the largest first; none is larger than the picture itself.

    Raises ``Unreadable``.
    """
    drawn = opened_small(kept, kind, longest=max(SIDES))
    made: list[tuple[int, bytes]] = []
    for side in sorted(SIDES, reverse=True):
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        made.append((side, encoded(drawn, "WEBP", quality=_QUALITY)))
    return made


def encoded(drawn: Image.Image, format_name: str, *, quality: int) -> bytes:
    """The bytes of a drawn picture, and nothing but the picture."""
    out = BytesIO()
    drawn.save(out, format=format_name, quality=quality, optimize=True, method=4)
    return out.getvalue()


def _plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB and on its own: a new picture carries neither profile nor EXIF into its file."""
    coloured = _in_srgb(picture, profile)
    plain = Image.new(_whole_mode(picture), picture.size)
    plain.paste(coloured.convert(plain.mode))
    if plain.mode == "RGBA" and coloured is not picture:
        plain.putalpha(picture.convert("RGBA").getchannel("A"))
    return plain


def _whole_mode(picture: Image.Image) -> str:
    return "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """What the picture's own profile means, said in sRGB; one that is broken or of other colours means nothing."""
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    inks = picture.convert("RGB") if picture.mode == "RGBA" else picture
    try:
        said = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(inks, said, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return picture if changed is None else changed

"""Tags of pictures and files. Which size of a picture is shown is the browser's choice, by the place and the screen."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.files.pictures import SIDES
from frontend.ui.drawing import bottle_view
from frontend.ui.rendered import component
from frontend.ui.shapes import Drawing

register = template.Library()

_PLACES = {
    "thumb": ("3rem", 48, 48),
    "thumb-lg": ("5rem", 72, 80),
    "card": ("(max-width: 47.99rem) 9.5rem, 18rem", 288, 184),
    "tile": ("10rem", 160, 144),
    "page": ("(max-width: 47.99rem) 92vw, 26rem", 416, 416),
}
"""How wide a picture stands in a place, as ``sizes`` says it, and the box kept for it until the style is there."""


@register.simple_tag
def picture_src(url: str, place: str = "card") -> SafeString:
    """The attributes of an ``img`` for a picture kept under ``url``, whose sizes lie below it; ``""`` means a card."""
    sizes, width, height = _PLACES[place or "card"]
    return format_html(
        'src="{}" srcset="{}" sizes="{}" width="{}" height="{}" decoding="async"',
        f"{url}{SIDES[0] if place == 'thumb' else SIDES[1]}/",
        ", ".join(f"{url}{side}/ {side}w" for side in SIDES),
        sizes,
        width,
        height,
    )


@register.simple_tag
def picture_at(url: str) -> str:
    """Where a picture lies in its largest size."""
    return f"{url}{SIDES[-1]}/"


@register.simple_tag
def upload_mb() -> int:
    """How many MB a file that is brought may have."""
    return int(settings.UPLOAD_MAX_BYTES) // 1024 // 1024


@register.inclusion_tag("ui/components/bottle.html")
def bottle(drawing: Drawing, size: str = "") -> dict[str, object]:
    """The drawn bottle of a product without a picture."""
    return {"view": bottle_view(drawing, size), "size": size}


@register.simple_tag
def product_picture(
    drawing: Drawing | None, picture_url: str = "", size: str = "", alt: str = "", url: str = ""
) -> SafeString:
    """A product's picture or drawn bottle on its plate: ``thumb`` in lists, the card's plate otherwise."""
    return component(
        "ui/components/product_picture.html",
        drawing=drawing,
        aroma_class=drawing.aroma_class.lower() if drawing else "gy",
        picture_url=picture_url,
        size=size,
        alt=str(alt),
        url=url,
    )

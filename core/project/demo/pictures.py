"""A few products of the demo have a picture, drawn here: a lit bottle before a wall, without words."""

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.catalogue import services as catalogue
from core.project.demo.world import World

SHOWN = 3
"""The first products of a brand: the others keep their drawn bottle."""
SIZE = (1200, 1500)
_GLASS = ("#8f2418", "#20594c", "#2c4a75")
_WALL = ("#efe6d8", "#e3e9e4", "#e4e6ee")


def hang_up(world: World) -> None:
    """Put a picture on the brand's first products."""
    for place, product in enumerate(world.assortment.products[:SHOWN]):
        upload = BytesIO()
        drawn(_GLASS[place % len(_GLASS)], _WALL[place % len(_WALL)]).save(upload, "JPEG", quality=92)
        name = f"{product.code}.jpg"
        catalogue.add_picture(actor=world.system, sku_code=product.code, upload=upload, name=name, alt=product.name)


def drawn(glass: str, wall: str) -> Image.Image:
    """A bottle of one colour with light from the left and its shadow on the ground."""
    width, height = SIZE
    light = Image.linear_gradient("L").resize(SIZE)
    picture = Image.composite(Image.new("RGB", SIZE, wall), Image.new("RGB", SIZE, "#ffffff"), light)
    shadow = Image.new("L", SIZE, 0)
    ImageDraw.Draw(shadow).ellipse((300, height - 190, 1000, height - 90), fill=150)
    picture.paste("#3a332c", mask=shadow.filter(ImageFilter.GaussianBlur(28)))
    bottle = _bottle()
    lit = Image.linear_gradient("L").rotate(90).resize((480, height)).point(lambda shade: 70 + shade * 150 // 255)
    shine = Image.new("L", SIZE, 120)
    shine.paste(lit, (360, 0))
    body = ImageChops.multiply(Image.new("RGB", SIZE, glass), Image.merge("RGB", (shine,) * 3))
    picture.paste(ImageChops.add(body, Image.new("RGB", SIZE, glass), scale=1.6), mask=bottle)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((400, 800, width - 400, 1180), 14, fill="#f6efdf", outline="#c9a455", width=6)
    pen.rounded_rectangle((545, 925, 655, 1035), 16, fill="#b3261e")
    pen.rounded_rectangle((515, 120, 685, 290), 26, fill="#c9a455")
    return picture


def _bottle() -> Image.Image:
    shape = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(shape)
    pen.rectangle((360, 690, 840, 1300), fill=255)
    pen.rounded_rectangle((360, 1100, 840, 1360), 60, fill=255)
    pen.rectangle((535, 260, 665, 520), fill=255)
    pen.polygon(((535, 470), (665, 470), (840, 690), (360, 690)), fill=255)
    return shape.filter(ImageFilter.GaussianBlur(2))

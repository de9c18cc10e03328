"""A shelf with pictures stays light: every place shows a size, none the whole picture."""

import re
from io import BytesIO

import pytest
from PIL import Image

from core.catalogue.models import Sku
from core.catalogue.services import add_picture
from core.files.models import StoredFile
from core.project.demo.pictures import drawn
from tests.cast import Cast

PAGES = ("/products/", "/", "/pad/", "/products/{code}/")
A_PAGE = 50
"""Cards of a shelf."""


@pytest.fixture
def photo() -> BytesIO:
    """Grainy like a phone's: 12 million pixels, some MB."""
    bottle = drawn("#8f2418", "#efe6d8").resize((3000, 4000))
    grain = Image.effect_noise(bottle.size, 25).convert("RGB")
    upload = BytesIO()
    Image.blend(bottle, grain, 0.12).save(upload, "JPEG", quality=93)
    assert upload.tell() > 1_500_000
    return upload


def test_a_shelf_with_pictures_is_light(cast: Cast, photo: BytesIO) -> None:
    for sku in Sku.objects.filter(status="ON"):
        photo.seek(0)
        add_picture(actor=cast.product, sku_code=sku.code, upload=photo, name="瓶.jpg")
    whole = StoredFile.objects.filter(source=None, purpose="picture").order_by("-size")[0]
    sizes = dict(StoredFile.objects.filter(source=whole).values_list("side", "size"))
    assert sizes[160] < 6_000
    assert A_PAGE * sizes[320] < 1_000_000, "fifty cards of a phone at three points a pixel"
    assert A_PAGE * sizes[640] < 4_000_000, "and of a desk at two"
    shop = cast.client(cast.buyer_c1)
    for path in PAGES:
        page = shop.get(path.format(code=cast.skus[1].code)).content.decode()
        shown = re.findall(r"<img [^>]*/files/[^>]*>", page)
        for one in shown:
            assert "srcset=" in one
            assert re.search(r'width="\d+" height="\d+"', one)
            assert not re.search(r'/files/[0-9a-f-]{36}/[ "]', one), "the whole picture"
            assert 'loading="lazy"' in one or 'fetchpriority="high"' in one
        assert shown or path not in ("/products/", "/products/{code}/")

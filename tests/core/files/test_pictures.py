"""Pictures are drawn anew in the sizes that pages show, whatever was brought; their door keeps the walls."""

import io
import resource
from uuid import uuid4

import pytest
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError
from django.http import FileResponse
from django.test import RequestFactory
from PIL import Image, ImageCms

from core.files import services
from core.files.errors import Unreadable
from core.files.models import StoredFile
from core.files.pictures import SIDES, TooSmall, encoded, in_sizes, opened_small
from core.files.rules import Purpose, Type
from core.files.selectors import place_of
from core.files.services import draw_sizes, drop, kept_bytes, store
from core.files.views import picture
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from tests.core.actors import an_actor
from tests.portals import TestPortal

ADMIN = an_actor("周海棠", "files.upload")
BUYER = an_actor("李敏", "files.upload", dealer_id=7)
ORIENTATION = 0x0112


def made(drawn: Image.Image, format_name: str = "PNG", **more: object) -> io.BytesIO:
    """The file of a picture."""
    out = io.BytesIO()
    drawn.save(out, format_name, **more)
    return out


def small(drawn: Image.Image, kind: Type, longest: int = 640, **more: object) -> Image.Image:
    """Brought and drawn anew."""
    return opened_small(made(drawn, kind.name, **more), kind, longest=longest)


def kept(actor: Actor = ADMIN, visibility: StoredFile.Visibility = StoredFile.Visibility.PRIVATE) -> StoredFile:
    """A photograph of 1600 × 1200."""
    upload = made(Image.effect_noise((1600, 1200), 60).convert("RGB"), "JPEG", quality=85)
    return store(actor=actor, upload=upload, name="瓶.jpg", purpose=Purpose.PICTURE, visibility=visibility)


def asked(stored: StoredFile, actor: Actor | None, side: int = 160) -> FileResponse:
    """What the door answers."""
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]  # set by the middleware in the running product
    return picture(request, stored.pk, side)


def body(answer: FileResponse) -> Image.Image:
    """The picture handed out."""
    return Image.open(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]  # never asynchronous here


def test_a_photo_of_forty_million_pixels_is_drawn_in_every_size_within_bounds() -> None:
    upload = made(Image.new("RGB", (8000, 5000), "#b3261e"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    drawn = opened_small(upload, Type.PNG, longest=1600)
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert drawn.size == (1600, 1000)
    assert grown_mb < 260, "unpacked once: 40 million pixels of four bytes, and the small one"
    sizes = in_sizes(made(drawn, "JPEG"), Type.JPEG)
    assert [(side, Image.open(io.BytesIO(one)).size) for side, one in sizes] == [
        (1280, (1280, 800)),
        (640, (640, 400)),
        (320, (320, 200)),
        (160, (160, 100)),
    ]


def test_a_tiny_picture_grows_in_no_size() -> None:
    sizes = in_sizes(made(Image.new("RGB", (200, 210), "white")), Type.PNG)
    assert [Image.open(io.BytesIO(one)).size for _, one in sizes][:2] == [(200, 210), (200, 210)]
    with pytest.raises(TooSmall) as caught:
        opened_small(made(Image.new("RGB", (30, 400))), Type.PNG, longest=640, least=200)
    assert caught.value.args == (30, 400)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stays_so(mode: str) -> None:
    glass = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    glass.paste((47, 111, 94, 255), (100, 0, 200, 300))
    drawn = small(glass.convert(mode), Type.PNG)
    assert drawn.mode == "RGBA"
    size = Image.open(io.BytesIO(in_sizes(made(drawn, "WEBP"), Type.WEBP)[-1][1])).convert("RGBA")
    assert (size.getpixel((8, 8))[3], size.getpixel((80, 80))[3]) == (0, 255)  # type: ignore[index]  # of four bands


def test_what_a_camera_writes_beside_it_is_obeyed_and_left_out() -> None:
    photo, exif = Image.new("RGB", (400, 300), "white"), Image.Exif()
    photo.paste("red", (0, 0, 400, 30))
    exif[ORIENTATION], exif[0x010F], exif.get_ifd(0x8825)[1] = 6, "Maker", "N"
    drawn = small(photo, Type.JPEG, exif=exif.tobytes())
    assert drawn.size == (300, 400)
    red, green, _ = drawn.getpixel((295, 200))  # type: ignore[misc]  # the upper edge stands at the right
    assert red > 200 > 60 > green
    for bare in (encoded(drawn, "JPEG", quality=85), in_sizes(made(drawn, "JPEG"), Type.JPEG)[0][1]):
        again = Image.open(io.BytesIO(bare))
        assert (dict(again.getexif()), again.info.get("icc_profile")) == ({}, None)


def test_colours_are_those_the_profile_means() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, profiled = Image.new("RGB", (300, 300), "#b3261e"), Image.new("RGBA", (300, 300), (179, 38, 30, 128))
    assert small(plain, Type.PNG, icc_profile=lab).getpixel((5, 5)) == (179, 38, 30)
    assert small(profiled, Type.PNG, icc_profile=lab).getpixel((5, 5)) == (179, 38, 30, 128)


@pytest.mark.parametrize("profile", [b"not a profile", b"\x00" * 128, None])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_a_wrong_profile_is_passed_over(mode: str, profile: bytes | None) -> None:
    drawn = small(Image.new(mode, (300, 300)), Type.JPEG, icc_profile=profile)
    assert (drawn.mode, drawn.size) == ("RGB", (300, 300))


def test_a_profile_of_other_colours_than_the_picture_s_is_passed_over() -> None:
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert small(Image.new("RGB", (300, 300), "#b3261e"), Type.PNG, icc_profile=grey).getpixel((5, 5)) == (179, 38, 30)


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P"])
def test_every_kind_of_png_is_drawn(mode: str) -> None:
    drawn = Image.new("L", (300, 300), 255)
    wide = Image.new("I;16", (300, 300), 65535) if mode == "I;16" else drawn.convert(mode)
    assert small(wide, Type.PNG).getpixel((5, 5)) == (255, 255, 255)


def test_what_is_torn_is_unreadable() -> None:
    torn = made(Image.effect_noise((400, 300), 80)).getvalue()[:2000]
    with pytest.raises(Unreadable):
        opened_small(io.BytesIO(torn), Type.PNG, longest=640)


def test_the_portal_sees_the_sizes_and_the_brand_s_people_the_picture(xinghe: TestPortal) -> None:
    stored = kept()
    with pytest.raises(Missing):
        asked(stored, BUYER)
    draw_sizes(stored, visibility=StoredFile.Visibility.PORTAL)
    answer = asked(stored, BUYER)
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/webp", "inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert body(answer).size == (160, 120)
    for nobody, side in ((None, 160), (BUYER, 161), (BUYER, 1600)):
        with pytest.raises(Missing):
            asked(stored, nobody, side)
    assert body(asked(stored, ADMIN, 1280)).size == (1280, 960)


def test_a_size_that_is_missing_is_drawn_on_the_first_ask_and_once(xinghe: TestPortal) -> None:
    stored = kept(visibility=StoredFile.Visibility.PORTAL)
    assert not stored.sizes.exists()
    assert body(asked(stored, BUYER, 320)).size == (320, 240)
    assert sorted(stored.sizes.values_list("side", "visibility")) == [(side, "PORTAL") for side in SIDES]
    stored.sizes.filter(side=640).delete()
    asked(stored, BUYER, 640)
    draw_sizes(stored)
    assert stored.sizes.count() == len(SIDES)


def test_what_is_private_stays_private_in_every_size(xinghe: TestPortal, chishui: TestPortal) -> None:
    stored = kept(BUYER)
    assert asked(stored, BUYER)["Cache-Control"] == "private, no-store"
    other = an_actor("王强", dealer_id=8)
    for stranger in (ADMIN, other):
        with pytest.raises(Missing):
            asked(stored, stranger)
    shown = kept(visibility=StoredFile.Visibility.PORTAL)
    with chishui.inside(), pytest.raises(Missing):
        asked(shown, BUYER)


def test_only_pictures_have_sizes(xinghe: TestPortal) -> None:
    upload = made(Image.new("RGB", (300, 300)))
    paper = store(actor=ADMIN, upload=upload, name="证.png", purpose=Purpose.LICENCE)
    size_of_none = StoredFile(pk=uuid4())
    for stored in (paper, size_of_none):
        with pytest.raises(Missing):
            asked(stored, an_actor("周海棠", "files.upload", "dealers.read"))
    picture_ = kept(visibility=StoredFile.Visibility.PORTAL)
    draw_sizes(picture_)
    size = picture_.sizes.first()
    assert size is not None
    with pytest.raises(Missing):
        asked(size, ADMIN)


def test_who_comes_second_keeps_nothing(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = kept()
    laid: list[str] = []
    draw_sizes(stored)
    save = FileSystemStorage.save

    def noted(storage: FileSystemStorage, name: str, content: "File[bytes]") -> str:
        laid.append(name)
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "save", noted)
    services._keep_size(stored, 160, b"x", StoredFile.Visibility.PORTAL)
    assert stored.sizes.count() == len(SIDES)
    assert [default_storage.exists(place) for place in laid] == [False]
    with (
        pytest.raises(IntegrityError),
        services._keeping(
            StoredFile(name="x", size=1, sha256="", content_type="", purpose="", created_at=stored.created_at, side=1),
            io.BytesIO(b"x"),
        ),
    ):
        pass


def test_sizes_go_with_their_picture_and_move_with_the_brand(xinghe: TestPortal) -> None:
    stored = kept()
    draw_sizes(stored)
    places = [place_of(one) for one in (stored, *stored.sizes.all())]
    assert {file_id for file_id, _ in kept_bytes()} >= {stored.pk, *stored.sizes.values_list("pk", flat=True)}
    assert all(default_storage.exists(place) for place in places)
    drop(stored)
    assert not any(default_storage.exists(place) for place in places)

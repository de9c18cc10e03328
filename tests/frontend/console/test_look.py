"""The portal's look: logo, colour, texts and the pictures of it before anything is saved."""

from io import BytesIO

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.db.acts import public
from frontend.ui.colour import LEAST_CONTRAST, contrast_checks, nearest_readable, refuse_pale
from tenants.brands.logos import drawn_logo
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.clients import HostClient, visitor

SQUARE, WIDE = "/console/settings/look/logo/square/", "/console/settings/look/logo/wide/"


def picture(width: int, height: int, name: str = "logo.png", kind: str = "PNG") -> SimpleUploadedFile:
    """An upload of that size."""
    kept = BytesIO()
    Image.new("RGB", (width, height), "#234f8e").save(kept, format=kind)
    return SimpleUploadedFile(name, kept.getvalue())


@pytest.fixture
def hosts_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens after the commit, which a test's transaction never reaches: no process believes the old facts."""
    monkeypatch.setattr(
        "tenants.brands.services.look.transaction.on_commit", lambda call, **_options: caches["shared"].clear()
    )


def brand() -> Brand:
    """As it stands in the register."""
    with public():
        return Brand.objects.get(slug="xinghe")


@pytest.mark.parametrize("accent", ["#ffee88", "#aaaaaa", "#ffffff", "#00ff88", "#767676"])
def test_the_nearest_colour_that_is_offered_can_be_read(accent: str) -> None:
    offered = nearest_readable(accent)
    refuse_pale(offered)
    assert all(check.ratio >= LEAST_CONTRAST for check in contrast_checks(offered))
    assert nearest_readable(offered) == offered


def test_a_pale_accent_is_refused_with_one_to_take(desk: HostClient) -> None:
    said = {"act": "look", "name": "杏禾酒业", "seal": "杏", "accent": "#ffee88", "version": "0"}
    answer = desk.post("/console/settings/look/", said)
    assert answer.status_code == 422
    assert f'data-take="{nearest_readable("#ffee88")}"' in answer.content.decode()
    assert brand().accent == ""


def test_a_phones_picture_stands_upright(cast: Cast) -> None:
    kept, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6  # held on its side: the rows of the file are the columns of the picture
    Image.new("RGB", (200, 900), "#234f8e").save(kept, format="JPEG", exif=exif)
    drawn = Image.open(BytesIO(drawn_logo(kept, name="logo.jpg", shape="wide")))
    assert drawn.size == (640, 142)


@pytest.mark.usefixtures("hosts_told")
def test_a_logo_is_drawn_anew_and_shown_to_everybody(cast: Cast, desk: HostClient) -> None:
    assert desk.post(SQUARE, {"picture": picture(300, 300, "me.jpg", "JPEG")}).status_code == 302
    assert desk.post(WIDE, {"picture": picture(900, 200)}).status_code == 302
    guest = visitor(cast.portal)
    page = guest.get("/sign-in/").content.decode()
    assert "/logo/wide.png?v=" in page
    answer = guest.get("/logo/square.png")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file answers in pieces
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert Image.open(BytesIO(content)).size == (512, 512)
    icons = guest.get("/manifest.webmanifest").json()["icons"]
    assert icons[0]["sizes"] == "512x512"
    assert icons[0]["src"].startswith("/logo/square.png?v=")
    desk.post(SQUARE, {"act": "drop"})
    assert guest.get("/logo/square.png").status_code == 404
    assert brand().logo_square is None


@pytest.mark.parametrize(
    ("path", "upload", "words"),
    [
        (SQUARE, picture(300, 200), "300 × 200"),
        (SQUARE, picture(64, 64), "64 × 64"),
        (WIDE, picture(200, 200), "200 × 200"),
        (SQUARE, picture(200, 200, "logo.xlsx"), "xlsx"),
        (SQUARE, SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>"), "jpg"),
        (SQUARE, SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000), "2.9 MB"),
    ],
)
def test_a_picture_that_does_not_fit_is_refused_with_a_word(
    desk: HostClient, path: str, upload: SimpleUploadedFile, words: str
) -> None:
    upload.seek(0)
    answer = desk.post(path, {"picture": upload})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (brand().logo_square, brand().logo_wide) == (None, None)


@pytest.mark.usefixtures("hosts_told")
def test_texts_appear_on_sign_in_and_at_the_foot_in_both_languages(cast: Cast, desk: HostClient) -> None:
    said = {"act": "texts", "tagline": "一瓶好酒", "tagline_en": "A good bottle", "contact": "热线 400", "version": "0"}
    assert desk.post("/console/settings/look/", said).status_code == 302
    guest = visitor(cast.portal)
    page = guest.get("/sign-in/").content.decode()
    assert "一瓶好酒" in page
    assert "热线 400" in page
    assert "热线 400" in cast.client(cast.buyer_c1).get("/").content.decode()
    guest.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "A good bottle" in guest.get("/sign-in/", headers={"Accept-Language": "en"}).content.decode()


def test_an_old_tab_is_told_and_too_long_a_text_by_its_field(desk: HostClient) -> None:
    path, said = "/console/settings/look/", {"act": "texts", "tagline": "甲", "version": "0"}
    assert desk.post(path, said).status_code == 302
    assert desk.post(path, {**said, "tagline": "乙"}).status_code == 422
    assert desk.post(path, {**said, "tagline": "字" * 61}).status_code == 422
    assert brand().tagline == "甲"


def test_the_preview_shows_what_is_typed_and_keeps_nothing(desk: HostClient) -> None:
    path = "/console/settings/look/preview/"
    for page in ("home", "sign_in"):
        asked = {"page": page, "theme": "dark", "name": "<b>新名", "seal": "新", "accent": "#234f8e", "tagline": "标语"}
        answer = desk.get(path, asked)
        text = answer.content.decode()
        assert (answer.status_code, answer["X-Frame-Options"]) == (200, "SAMEORIGIN")
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert 'data-theme="dark"' in text
        assert "&lt;b&gt;新名" in text
        assert "preview.css?accent=%23234f8e" in text
    assert "#234f8e" in desk.get(f"{path[:-1]}.css", {"accent": "#234f8e"}).content.decode()
    assert desk.get(f"{path[:-1]}.css", {"accent": "}body{"}).content == b""
    assert (brand().name, brand().look_version) == ("杏禾酒业", 0)
    assert "frame-ancestors 'none'" in desk.get("/console/settings/look/")["Content-Security-Policy"]


@pytest.mark.parametrize("who", ["product", "sales_admin", "buyer_c1"])
def test_others_change_nothing(cast: Cast, who: str) -> None:
    client = cast.client(cast.actor(who))
    for path in (SQUARE, "/console/settings/look/"):
        assert client.post(path, {"act": "drop"}).status_code in (403, 404)


def test_every_rule_of_the_house_is_on_one_page(desk: HostClient) -> None:
    text = desk.get("/console/settings/").content.decode()
    for name in ("minimum_amount", "approval_hours", "auto_approve_up_to", "tax_rate", "requires_licence"):
        assert f'name="{name}"' in text
    grace = {"act": "grace", "grace_days": "45", "version": "0"}
    assert desk.post("/console/settings/", grace).status_code == 302
    packs = {"act": "packs", "abv_tenths_min": "18", "abv_tenths_max": "68", "bottles_per_case_max": "24"}
    assert desk.post("/console/settings/", {**packs, "version": "0"}).status_code == 302
    assert desk.post("/console/settings/", {**packs, "version": "0"}).status_code == 422


def test_the_verdict_is_about_the_colour_being_typed(desk: HostClient) -> None:
    html = desk.get("/console/settings/look/", {"accent": "#ffff00"}).content.decode()
    part = html[html.index('id="look-checks"') :]
    assert "#ffff00" in part
    assert f'data-take="{nearest_readable("#ffff00")}"' in part
    assert "1.1 : 1" in part
    assert "“yellowish”" in desk.get("/console/settings/look/", {"accent": "yellowish"}).content.decode()


def test_the_preview_shows_the_colour_as_it_was_typed(desk: HostClient) -> None:
    for accent in ("#ffff00", "#ffffff", "#b3261e"):
        css = desk.get("/console/settings/look/preview.css", {"accent": accent}).content.decode()
        assert f"--c-accent:{accent};" in css

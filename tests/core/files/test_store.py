"""Keeping an upload: judged by its content, refused in clear words."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from core.files import rules
from core.files.errors import (
    BytesLost,
    Disguised,
    DocumentActive,
    DocumentLocked,
    FileEmpty,
    FileTooLarge,
    PictureMoves,
    PictureTooLarge,
    SpreadsheetTooLarge,
    TypeNotAllowed,
    Unreadable,
)
from core.files.models import StoredFile
from core.files.rules import Purpose, Type, kept_name, recognised
from core.files.selectors import open_file
from core.files.services import keep_produced, store
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, NotPermitted
from tests.core.actors import an_actor
from tests.core.files import samples
from tests.portals import TestPortal

ADMIN = an_actor("周海棠", "files.upload")
BUYER = an_actor("李敏", "files.upload", dealer_id=7)


def _store(content: bytes, name: str, purpose: Purpose, actor: Actor = ADMIN, **choice: object) -> StoredFile:
    return store(actor=actor, upload=io.BytesIO(content), name=name, purpose=purpose, **choice)  # type: ignore[arg-type]  # store's own names


@pytest.mark.parametrize(
    ("content", "name", "purpose", "content_type"),
    [
        (samples.workbook(), "商品.xlsx", Purpose.IMPORT, Type.XLSX),
        (samples.table(), "商品.csv", Purpose.IMPORT, Type.CSV),
        (samples.table("gb18030"), "商品.csv", Purpose.IMPORT, Type.CSV),
        (samples.table("utf-8-sig"), "goods.TXT", Purpose.IMPORT, Type.CSV),
        (samples.picture("PNG"), "瓶.png", Purpose.PICTURE, Type.PNG),
        (samples.picture("JPEG"), "瓶.JPEG", Purpose.LICENCE, Type.JPEG),
        (samples.picture("WEBP"), "瓶.webp", Purpose.EVIDENCE, Type.WEBP),
        (samples.pdf(), "营业执照.pdf", Purpose.LICENCE, Type.PDF),
    ],
)
def test_keeps_what_it_takes(
    xinghe: TestPortal, content: bytes, name: str, purpose: Purpose, content_type: Type
) -> None:
    stored = _store(content, name, purpose)
    assert (stored.name, stored.content_type, stored.size) == (name, content_type, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.dealer_id, stored.visibility) == (ADMIN.dealer_id, "PRIVATE")
    with open_file(StoredFile.objects.get()) as kept:
        assert kept.read() == content


def test_an_upload_of_a_form_is_taken_as_it_is(xinghe: TestPortal) -> None:
    upload = SimpleUploadedFile("商品.csv", samples.table(), content_type="image/png")
    assert store(actor=ADMIN, upload=upload, name=str(upload.name), purpose=Purpose.IMPORT).content_type == Type.CSV


def test_the_bytes_lie_under_the_schema(xinghe: TestPortal, chishui: TestPortal, tmp_path: Path) -> None:
    stored = _store(samples.table(), "a.csv", Purpose.IMPORT)
    assert (tmp_path / "t_xinghe" / str(stored.pk)).read_bytes() == samples.table()
    with chishui.inside(), pytest.raises(BytesLost):
        open_file(stored)


@pytest.mark.parametrize(
    ("content", "name", "purpose", "refusal"),
    [
        (b"", "a.csv", Purpose.IMPORT, FileEmpty),
        (samples.workbook(), "photo.png", Purpose.PICTURE, Disguised),
        (samples.picture(), "goods.xlsx", Purpose.IMPORT, Disguised),
        (samples.picture("PNG"), "a.jpg", Purpose.PICTURE, Disguised),
        (samples.pdf(), "a.pdf", Purpose.PICTURE, TypeNotAllowed),
        (samples.picture(), "a.png", Purpose.IMPORT, TypeNotAllowed),
        (samples.archive_of_other_things(), "a.xlsx", Purpose.IMPORT, TypeNotAllowed),
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200, "a.csv", Purpose.IMPORT, TypeNotAllowed),
        (b"a,b\x00,c\n", "a.csv", Purpose.IMPORT, TypeNotAllowed),
        (b"<html><script>alert(1)</script>", "a.csv", Purpose.IMPORT, TypeNotAllowed),
        (b'  <svg xmlns="http://www.w3.org/2000/svg">', "a.csv", Purpose.IMPORT, TypeNotAllowed),
        (b"GIF89a" + b"\x01" * 30, "a.png", Purpose.PICTURE, TypeNotAllowed),
        (b"a\xff\xfe,b\xff\xff", "a.csv", Purpose.IMPORT, TypeNotAllowed),
        (samples.picture()[:60], "a.png", Purpose.PICTURE, Unreadable),
        (samples.workbook()[:400], "a.xlsx", Purpose.IMPORT, Unreadable),
        (samples.pdf()[:20], "a.pdf", Purpose.LICENCE, Unreadable),
        (samples.torn_photo(), "a.jpg", Purpose.LICENCE, Unreadable),
        (samples.film(), "a.png", Purpose.LICENCE, TypeNotAllowed),
        (samples.film(format_name="WEBP"), "a.webp", Purpose.LICENCE, PictureMoves),
        (samples.pdf_with(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "a.pdf", Purpose.LICENCE, DocumentActive),
        (samples.pdf_with(b"/AA<</O<</S/Launch/F(calc.exe)>>>>"), "a.pdf", Purpose.LICENCE, DocumentActive),
        (samples.pdf_with(b"/Names<</EmbeddedFiles 4 0 R>>"), "a.pdf", Purpose.EVIDENCE, DocumentActive),
        (samples.pdf().replace(b"trailer<<", b"trailer<</Encrypt 5 0 R"), "a.pdf", Purpose.LICENCE, DocumentLocked),
    ],
)
def test_refuses_what_it_is_not(
    xinghe: TestPortal, content: bytes, name: str, purpose: Purpose, refusal: type[DomainError], tmp_path: Path
) -> None:
    with pytest.raises(refusal):
        _store(content, name, purpose)
    assert not StoredFile.objects.exists()
    assert list(tmp_path.rglob("*")) == []


def test_a_disguise_is_told_in_words(xinghe: TestPortal) -> None:
    with pytest.raises(Disguised) as refusal:
        _store(samples.workbook(), "照片.png", Purpose.PICTURE)
    assert refusal.value.fields == {"claimed": "png", "found": "XLSX"}


def test_refuses_more_bytes_than_the_limit(xinghe: TestPortal, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    with pytest.raises(FileTooLarge) as refusal:
        _store(b"a," * 600_000, "a.csv", Purpose.IMPORT)
    assert refusal.value.fields == {"limit_mb": 1}


def test_refuses_a_picture_of_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PIXELS", 1_000_000)
    with pytest.raises(PictureTooLarge) as refusal:
        recognised(io.BytesIO(samples.picture("PNG", (2000, 1000))))
    assert refusal.value.fields == {"megapixels": 2, "limit": 1}


@pytest.mark.parametrize("lies", [False, True])
def test_refuses_a_workbook_that_unpacks_without_end(monkeypatch: pytest.MonkeyPatch, lies: bool) -> None:
    monkeypatch.setattr(rules, "MOST_UNPACKED_BYTES", 3 * 1024 * 1024)
    with pytest.raises(SpreadsheetTooLarge):
        recognised(io.BytesIO(samples.bomb(4, lies=lies)))


def test_a_dealer_keeps_files_for_itself_only(xinghe: TestPortal) -> None:
    assert _store(samples.table(), "a.csv", Purpose.IMPORT, BUYER).dealer_id == 7
    for choice in ({"dealer_id": 8}, {"visibility": StoredFile.Visibility.PORTAL}):
        with pytest.raises(NotPermitted):
            _store(samples.table(), "a.csv", Purpose.IMPORT, BUYER, **choice)
    assert _store(samples.table(), "a.csv", Purpose.IMPORT, ADMIN, dealer_id=8).dealer_id == 8


def test_refuses_without_the_permission(xinghe: TestPortal) -> None:
    with pytest.raises(NotPermitted):
        _store(samples.table(), "a.csv", Purpose.IMPORT, an_actor("林"))


def test_a_row_that_cannot_be_written_leaves_no_bytes(
    xinghe: TestPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(StoredFile, "save", refuse)
    with pytest.raises(ConnectionError):
        _store(samples.table(), "a.csv", Purpose.IMPORT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_system_keeps_what_it_made(xinghe: TestPortal) -> None:
    stored = keep_produced(name="结果.csv", content=b"a,b", content_type=Type.CSV, dealer_id=7, seat_id=BUYER.seat_id)
    assert (stored.purpose, stored.dealer_id, stored.visibility) == ("result", 7, "PRIVATE")
    assert default_storage.exists(f"t_xinghe/{stored.pk}")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\li\\商品 表.xlsx", "商品 表.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "a Set-Cookie: x.csv"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_a_name_is_only_a_name(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_every_type_has_an_ending_and_a_purpose() -> None:
    taken = set().union(*rules.ACCEPTED.values())
    assert set(rules.ENDINGS) == set(Type) == taken
    assert set(rules.ACCEPTED) == set(Purpose)

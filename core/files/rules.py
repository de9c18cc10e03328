"""What a file really is, judged by its content alone, and what is accepted for which purpose."""

import codecs
import copy
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO

import filetype
from PIL import Image, UnidentifiedImageError

from core.files.errors import (
    Disguised,
    DocumentActive,
    DocumentLocked,
    PictureMoves,
    PictureTooLarge,
    SpreadsheetTooLarge,
    TypeNotAllowed,
    Unreadable,
)
from core.kernel.text import normalised

MOST_PIXELS = 40_000_000
MOST_UNPACKED_BYTES = 300 * 1024 * 1024
LONGEST_NAME = 200
_HEAD_BYTES = 8192
_CHUNK_BYTES = 256 * 1024
_TEXT_CONTROLS = {"\t", "\r", "\n", "\f", "\ufeff"}
_PDF_LOCKED = re.compile(rb"/Encrypt[\s<\d]")
_PDF_DOES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition)(?![A-Za-z0-9])")
"""Names that do something, long enough never to stand in a picture by chance."""
_PDF_MAY_DO = re.compile(rb"/(?:JS|XFA)(?![A-Za-z0-9])")
_PDF_WRITTEN_OTHERWISE = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A name may write any of its characters as two digits: ``/J#61vaScript``."""
_PDF_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
"""Pictures and fonts: by chance every second scan of 15 MB has ``/JS`` somewhere in them."""
_PDF_PARTS = re.compile(rb"(?P<begins>\bobj\b)|(?<!end)stream(?:\r\n|\n|\r)")
_PDF_OF_OBJECTS = re.compile(rb"/(?:ObjStm|First)(?![A-Za-z0-9])")
_PDF_FILTER = re.compile(rb"/Filter(?![A-Za-z0-9])\s*(\[[^\]]*\]|/[A-Za-z0-9]+)?")
_PDF_NAME = re.compile(rb"/([A-Za-z0-9]+)")
_PDF_REWRITTEN = re.compile(rb"/(?:Predictor|DecodeParms|DP|F)(?![A-Za-z0-9])")
MOST_PDF_OBJECTS_BYTES = 32 * 1024 * 1024
_MARKUP = ("<!--", "<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!")


class Type(StrEnum):
    """The types that exist here; the value is the media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"
    ZIP = "application/zip"


class Purpose(StrEnum):
    """What a file is for."""

    IMPORT = "import"
    PICTURE = "picture"
    LICENCE = "licence"
    EVIDENCE = "evidence"
    RESULT = "result"
    ARCHIVE = "archive"


ENDINGS: dict[Type, tuple[str, ...]] = {
    Type.JPEG: ("jpg", "jpeg"),
    Type.PNG: ("png",),
    Type.WEBP: ("webp",),
    Type.PDF: ("pdf",),
    Type.XLSX: ("xlsx",),
    Type.CSV: ("csv", "txt"),
    Type.ZIP: ("zip",),
}
PICTURES = frozenset({Type.JPEG, Type.PNG, Type.WEBP})
ACCEPTED: dict[Purpose, frozenset[Type]] = {
    Purpose.IMPORT: frozenset({Type.XLSX, Type.CSV}),
    Purpose.PICTURE: PICTURES,
    Purpose.LICENCE: PICTURES | {Type.PDF},
    Purpose.EVIDENCE: PICTURES | {Type.PDF},
    Purpose.RESULT: frozenset({Type.XLSX, Type.CSV, Type.PDF}),
    Purpose.ARCHIVE: frozenset({Type.ZIP}),
}


def accepted_type(stream: IO[bytes], *, name: str, purpose: Purpose) -> Type:
    """The type of the content, when ``purpose`` takes it and ``name`` does not lie about it.

    Raises ``TypeNotAllowed``, ``Disguised``, ``Unreadable``, ``PictureTooLarge`` or ``SpreadsheetTooLarge``.
    """
    accepted = ACCEPTED[purpose]
    words = ", ".join(sorted(ending for kind in accepted for ending in ENDINGS[kind]))
    found = recognised(stream)
    if found is None:
        raise TypeNotAllowed(accepted=words)
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    if ending not in ENDINGS[found]:
        raise Disguised(claimed=ending, found=found.name)
    if found not in accepted:
        raise TypeNotAllowed(accepted=words)
    return found


def recognised(stream: IO[bytes]) -> Type | None:
    """The type of the content, or None when it is none of ours. Raises what ``accepted_type`` does."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    guess = filetype.guess_mime(head)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(stream)
    if guess in PICTURES:
        _check_picture(stream, Type(guess))
        return Type(guess)
    if guess == Type.PDF:
        _check_pdf(stream)
        return Type.PDF
    if guess is None and _is_table_text(stream):
        return Type.CSV
    return None


def kept_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 200 characters, its ending kept."""
    path = PurePosixPath(normalised(name).replace("\\", "/").replace("\x00", ""))
    suffix = path.suffix[:10]
    stem = path.name.removesuffix(path.suffix)[: LONGEST_NAME - len(suffix)]
    return f"{stem}{suffix}"


def _check_picture(stream: IO[bytes], claimed: Type) -> None:
    stream.seek(0)
    try:
        # Opening reads the header only: the size is judged before anything is unpacked.
        with Image.open(stream, formats=[claimed.name]) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS:
                raise PictureTooLarge(megapixels=pixels // 1_000_000, limit=MOST_PIXELS // 1_000_000)
            _refuse_film(picture)
            picture.verify()
        if claimed is Type.JPEG:
            _check_jpeg_to_its_end(stream)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable from error


def _refuse_film(picture: Image.Image) -> None:
    """Every frame is a picture to unpack: a small file may hold a thousand of them."""
    if getattr(picture, "n_frames", 1) > 1:
        raise PictureMoves


def _check_jpeg_to_its_end(stream: IO[bytes]) -> None:
    """Pillow verifies no JPEG; unpacked at an eighth of its size, a torn one shows."""
    stream.seek(0)
    with Image.open(stream, formats=["JPEG"]) as picture:
        picture.draft("L", (picture.width // 8, picture.height // 8))
        picture.load()


def _check_pdf(stream: IO[bytes]) -> None:
    """Whole, to be read by anybody, and a document only: no script, no programme, no file inside."""
    stream.seek(0)
    content = stream.read()
    if b"%%EOF" not in content[-2048:]:
        raise Unreadable
    plain = _plainly(content)
    if _PDF_LOCKED.search(plain):
        raise DocumentLocked
    if _PDF_DOES.search(plain) or _PDF_MAY_DO.search(_PDF_STREAM.sub(b"", plain)):
        raise DocumentActive
    objects = _plainly(b"\n".join(_pdf_objects(content)))
    if _PDF_DOES.search(objects) or _PDF_MAY_DO.search(objects):
        raise DocumentActive


def _plainly(content: bytes) -> bytes:
    return _PDF_WRITTEN_OTHERWISE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _pdf_objects(content: bytes) -> list[bytes]:
    """What stands in streams of objects, unpacked: writers put most of a document there.

    Raises ``Unreadable`` for what cannot be looked into: another way of packing than the usual one, or too much of it.
    """
    unpacked: list[bytes] = []
    room, head_from = MOST_PDF_OBJECTS_BYTES, 0
    for part in _PDF_PARTS.finditer(content):
        head = _plainly(content[head_from : part.start()])
        head_from = part.end()
        if part["begins"] or not _PDF_OF_OBJECTS.search(head):
            continue
        unpacked.append(_unpacked(content, part.end(), head, room))
        room -= len(unpacked[-1])
    return unpacked


def _unpacked(content: bytes, start: int, head: bytes, room: int) -> bytes:
    end = content.find(b"endstream", start)
    filters = [_PDF_NAME.findall(named) for named in _PDF_FILTER.findall(head)]
    if end < 0 or end - start > room or filters not in ([], [[b"FlateDecode"]], [[b"Fl"]]):
        raise Unreadable
    if not filters:
        return content[start:end]
    packed = zlib.decompressobj()
    try:
        found = packed.decompress(content[start:end], room)
    except zlib.error as error:
        raise Unreadable from error
    if not packed.eof or _PDF_REWRITTEN.search(head):
        raise Unreadable
    return found


def _zipped(stream: IO[bytes]) -> Type | None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if {"manifest.json", "brand.json"} <= names:
                return Type.ZIP  # a brand's archive: its reader unpacks nothing it has not measured
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                return None
            _check_unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise Unreadable from error
    return Type.XLSX


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    """Unpack everything once without keeping it: what the directory says about sizes may be a lie."""
    unpacked = 0
    for entry in archive.infolist():
        told = copy.copy(entry)
        told.file_size = MOST_UNPACKED_BYTES + 1
        with archive.open(told) as content:
            while chunk := content.read(_CHUNK_BYTES):
                unpacked += len(chunk)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise SpreadsheetTooLarge(limit_mb=MOST_UNPACKED_BYTES // 1024 // 1024)


def _is_table_text(stream: IO[bytes]) -> bool:
    stream.seek(0)
    is_marked = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what Excel calls Unicode text
    encodings = ("utf-16",) if is_marked else ("utf-8-sig", "gb18030")
    return any(_reads_as(stream, encoding) for encoding in encodings)


def _reads_as(stream: IO[bytes], encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first = True
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            text = decoder.decode(chunk)
            if is_first and text.lstrip().lower().startswith(_MARKUP):
                return False
            if any((ch < " " and ch not in _TEXT_CONTROLS) or ch == "\x7f" for ch in text):
                return False
            is_first = False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not is_first

"""Small real files of every type, made here."""

import io
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image


def picture(format_name: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """A real picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#b3261e").save(out, format_name)
    return out.getvalue()


def workbook(rows: int = 3) -> bytes:
    """A real workbook."""
    book = Workbook()
    for number in range(rows):
        book.active.append([f"XH-{number}", "杏禾青花20", number])  # type: ignore[union-attr]  # a new book has a sheet
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(encoding: str = "utf-8") -> bytes:
    """A CSV table."""
    return "编码,名称,数量\r\nXH-1,杏禾青花20,12\r\n".encode(encoding)


def pdf() -> bytes:
    """A PDF without pages."""
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def bomb(unpacked_mb: int, *, lies: bool = False) -> bytes:
    """A workbook whose sheet unpacks to so many MB; ``lies``: its directory says it is tiny."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _megabyte in range(unpacked_mb):
                sheet.write(b" " * 1024 * 1024)
        if lies:
            for info in archive.filelist[2:]:
                info.file_size = 10
                info.CRC = zlib.crc32(b" " * 10)
    return out.getvalue()


def archive_of_other_things() -> bytes:
    """A zip that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("virus.exe", b"MZ")
    return out.getvalue()


def film(frames: int = 3, format_name: str = "PNG") -> bytes:
    """A picture that moves."""
    pictures = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in range(0, frames * 40, 40)]
    out = io.BytesIO()
    pictures[0].save(out, format_name, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def torn_photo() -> bytes:
    """A JPEG whose transfer broke off in the middle."""
    whole = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(whole, "JPEG", quality=95)
    return whole.getvalue()[: whole.tell() // 2]


def pdf_with(words: bytes) -> bytes:
    """A PDF that carries something in its catalogue."""
    return pdf().replace(b"/Type/Catalog", b"/Type/Catalog" + words)

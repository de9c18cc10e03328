"""Files that are more than they look: workbooks that ask for terabytes, names that climb, pictures that are pages."""

import contextlib
import csv
import io
import random
import resource
import zipfile
import zlib

import pytest

from core.files import rules
from core.files.errors import DocumentActive, DocumentLocked, HeadMissing, TableUnreadable, Unreadable
from core.files.services import keep_produced
from core.files.tables import TableRow, csv_table, find_head, harmless, read_table, without_guard, xlsx_table
from core.files.views import handed_out
from core.kernel.errors import DomainError
from tenants.brands.archive import Reader
from tenants.brands.errors import ArchiveUnreadable
from tests.core.files.samples import pdf, picture, table, workbook
from tests.portals import TestPortal

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sheet_of(cells: str, *, also: str = "", doctype: str = "") -> bytes:
    """A workbook by hand: ``cells`` as XML, ``also`` after them."""
    types = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{doctype}<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData>{also}'
        "</worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')
    return out.getvalue()


def cell(place: str, text: str) -> str:
    """One cell in a row of its own."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOMBS = {
    "corner to corner": sheet_of(cell("A1", "x") + cell("XFD1048576", "y")),
    "the far corner alone": sheet_of(cell("XFD1048576", "y")),
    "merged without end": sheet_of(
        cell("A1", "x") + cell("A50000", "y"),
        also="<mergeCells>" + '<mergeCell ref="A1:A50000"/>' * 20_000 + "</mergeCells>",
    ),
    "entities": sheet_of(cell("A1", "&c;"), doctype=LAUGHS),
    "a file of ours": sheet_of(cell("A1", "&a;"), doctype=OUTSIDE),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_asks_for_too_much_is_refused_and_ends_no_worker(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(BOMBS[name]) < 100_000
    with pytest.raises(TableUnreadable):
        read_table(io.BytesIO(BOMBS[name]))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024, (
        "kilobytes: nothing was laid out here"
    )


def test_a_workbook_by_hand_is_read() -> None:
    """What stands above is refused for what it asks, not for how it was made."""
    rows = read_table(io.BytesIO(sheet_of(cell("A1", "x") + cell("B2", "y"))))
    assert [row.cells for row in rows] == [("x", ""), ("", "y")]


def test_a_text_said_once_and_shown_in_every_cell_is_refused() -> None:
    words = "x" * 32_000
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet_of(""))) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            text = given.read(name).decode()
            rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_001))
            archive.writestr(name, text.replace("<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>"))
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_SHEET}"><si><t>{words}</t></si></sst>')
    with pytest.raises(TableUnreadable):
        read_table(io.BytesIO(out.getvalue()))


def test_a_heading_of_brackets_is_read_once() -> None:
    heading = "(" * 130_000  # looked at from every bracket to the end it would take half a minute a cell
    cells = tuple(heading for _ in range(200))
    with pytest.raises(HeadMissing):
        find_head([TableRow(number, cells) for number in range(1, 16)], {"code": ("货号",)}, needed=("code",))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a.jpg", picture("JPEG", (64, 48))),
        ("a.png", picture("PNG")),
        ("a.webp", picture("WEBP")),
        ("a.xlsx", workbook()),
    ],
)
def test_a_damaged_file_is_a_refusal_and_never_a_fault(name: str, made: bytes) -> None:
    chance = random.Random(7)
    for _ in range(150):
        damaged = bytearray(made)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(DomainError):
            rules.recognised(io.BytesIO(bytes(damaged[: chance.randrange(1, len(damaged) + 1)])))


def test_a_picture_bomb_is_refused_by_its_header() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big")
    words = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 50_000_000)) * 20
    for pixels, also in ((size, b""), ((100).to_bytes(4, "big"), words)):
        header = chunk(b"IHDR", pixels + pixels + b"\x08\x02\0\0\0")
        content = b"\x89PNG\r\n\x1a\n" + header + also + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
        with pytest.raises(DomainError):
            rules.accepted_type(io.BytesIO(content), name="a.png", purpose=rules.Purpose.PICTURE)


PAGES = [
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b"\xef\xbb\xbf \n<svg/>",
    b"<!-- x --><svg/>",
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"<?xml version='1.0'?><svg/>",
    b"<?php system($_GET[0]);",
    b"#!/bin/sh\n",
    b"GIF89a" + b"\0" * 40,
    b"%!PS-Adobe-3.0",
    b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://x/\"|ls\")'\npop graphic-context\x00",
    b"MZ\x90\0",
    b"\x7fELF",
    b"II*\0",
]


@pytest.mark.parametrize("content", PAGES)
@pytest.mark.parametrize("ending", ["svg", "png", "jpg", "html", "pdf", "csv", "xlsx"])
def test_a_page_or_a_programme_is_taken_under_no_name(content: bytes, ending: str) -> None:
    for purpose in rules.Purpose:
        with pytest.raises(DomainError):
            rules.accepted_type(io.BytesIO(content), name=f"a.{ending}", purpose=purpose)


@pytest.mark.parametrize("word", [b"/JavaScript", b"/J#61vaScript", b"/#4a#53", b"/Launch", b"/Embedded#46iles"])
def test_a_pdf_that_acts_is_refused_however_it_writes_it(word: bytes) -> None:
    content = pdf().replace(b"/Catalog", b"/Catalog" + word + b" 2 0 R")
    with pytest.raises(DocumentActive):
        rules.recognised(io.BytesIO(content))
    with pytest.raises(DocumentLocked):
        rules.recognised(io.BytesIO(pdf().replace(b"/Root", b"/Encr#79pt 3 0 R/Root")))


def test_a_pdf_s_pictures_say_nothing_of_what_it_does() -> None:
    scan = pdf().replace(b"endobj", b"endobj\n2 0 obj<</Length 8>>stream\n\x00/JS \xff\x01\nendstream endobj", 1)
    assert rules.recognised(io.BytesIO(scan)) is rules.Type.PDF


def _with_objects(inner: bytes, *, head: bytes = b"/Filter/FlateDecode", packed: bytes | None = None) -> bytes:
    """A PDF as today's programs write it: what it consists of stands packed in a stream."""
    body = zlib.compress(inner) if packed is None else packed
    stream = b"<</Type/ObjStm/N 1/First 4%s/Length %d>>stream\r\n%s\nendstream endobj" % (head, len(body), body)
    return pdf().replace(b"endobj", b"endobj\n7 0 obj" + stream, 1)


ACTION = b"2 0 <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"


@pytest.mark.parametrize(
    "content",
    [
        _with_objects(ACTION),
        _with_objects(ACTION.replace(b"/JavaScript", b"/J#61vaScript")),
        _with_objects(ACTION, head=b"/Filter [ /Fl ]"),
        _with_objects(ACTION, head=b"", packed=ACTION),
        _with_objects(ACTION).replace(b"/Type/ObjStm", b""),
        _with_objects(ACTION).replace(b"/ObjStm", b"/Obj#53tm").replace(b"/First", b"/Firs#74"),
        _with_objects(b"2 0 <</Names<</EmbeddedFiles 4 0 R>>>>"),
        _with_objects(b"2 0 <</AA<</O<</S/Rendition/JS 9 0 R>>>>>>"),
        pdf().replace(b"1 0 obj", b"%stream\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj\n%endstream\n1 0 obj"),
    ],
)
def test_what_a_pdf_does_is_found_where_it_is_hidden(content: bytes) -> None:
    with pytest.raises(DocumentActive):
        rules.recognised(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        _with_objects(ACTION, head=b"/Filter/LZWDecode"),
        _with_objects(ACTION, head=b"/Filter[/FlateDecode/FlateDecode]"),
        _with_objects(ACTION, head=b"/Filter 9 0 R"),
        _with_objects(ACTION, head=b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>"),
        _with_objects(ACTION, packed=b"not packed at all"),
        _with_objects(ACTION, packed=zlib.compress(ACTION)[:-9]),
        _with_objects(b" " * (rules.MOST_PDF_OBJECTS_BYTES + 1)),
        _with_objects(ACTION).replace(b"endstream", b""),
    ],
)
def test_a_pdf_that_cannot_be_looked_into_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        rules.recognised(io.BytesIO(content))


def test_a_pdf_of_objects_that_do_nothing_is_taken() -> None:
    content = _with_objects(b"2 0 <</Type/Outlines/First 5 0 R>> <</OpenAction[3 0 R/Fit]>>")
    assert rules.recognised(io.BytesIO(content)) is rules.Type.PDF


@pytest.mark.parametrize("content", [table(), pdf(), picture("PNG")])
def test_what_is_handed_out_is_saved_and_never_shown(xinghe: TestPortal, content: bytes) -> None:
    kind = rules.recognised(io.BytesIO(content))
    assert kind is not None
    name = f'a"\r\nX-Evil: 1; <b>{"人" * 30}.{rules.ENDINGS[kind][0]}'
    answer = handed_out(keep_produced(name=name, content=content, content_type=kind, dealer_id=1, seat_id=None))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\r" not in answer["Content-Disposition"] and "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    answer.close()


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    '=HYPERLINK("http://evil","x")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_table_we_write_calculates(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert without_guard(f"'{text}") == text
    written = csv.reader(io.StringIO(csv_table((text,), [(text,)]).decode("utf-8-sig"), newline=""))
    assert list(written) == [[f"'{text}"], [f"'{text}"]]
    with zipfile.ZipFile(io.BytesIO(xlsx_table((text,), [(text,)], title=text))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def _archive(parts: dict[str, str]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out


@pytest.mark.parametrize(
    "manifest", ["[]", "{}", "null", "1", '{"form": 1}', '{"form": 1, "x": 2}', "[" * 100_000, "\x00"]
)
def test_a_brand_s_archive_that_is_none_is_a_refusal(manifest: str) -> None:
    with pytest.raises(ArchiveUnreadable):
        Reader(_archive({"manifest.json": manifest, "brand.json": "{}"}))


@pytest.mark.parametrize(
    "name",
    [
        "files/../../../etc/cron.d/x",
        "/etc/passwd",
        "..\\..\\x",
        "tables/../x.csv",
        "files/------------------------------------",
        "tables/x.csv\n",
        "files/01a204a4-3721-7313-8ef6-a24d1c865f87/../x",
    ],
)
def test_a_brand_s_archive_whose_names_climb_is_a_refusal(name: str) -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    said = (
        '{"form": 1, "slug": "x", "fingerprint": "", "made_at": "", "vault_keys": [], "index_key": "", "members": {'
        f'"brand.json": [0, "{empty}"], {_quoted(name)}: [0, "{empty}"]}}}}'
    )
    with (
        Reader(_archive({"manifest.json": said, "brand.json": "", name: ""})) as archive,
        pytest.raises(ArchiveUnreadable),
    ):
        archive.verify()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n") + '"'

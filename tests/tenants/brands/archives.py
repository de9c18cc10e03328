"""An archive of 杏禾 in the hands of these tests: taken in, counted, and changed by somebody who means no good."""

import base64
import hashlib
import io
import json
import zipfile
from typing import Any

from django.db import connection

from core.db import rows
from tenants.brands.services import Imported, import_brand

NEW_KEYS = "n1:" + base64.b64encode(b"n" * 32).decode()
"""Of the second server's vault."""
USCC = "91350100M000100Y43"
PHONES = ("13800138001", "13800138002")


def figures() -> dict[str, int]:
    """Rows of every table of the brand."""
    return {table: rows.counted("t_xinghe", table) for table in rows.tables("t_xinghe")}


def contents() -> dict[str, str]:
    """A digest of every table's rows, whatever their order."""
    found = {}
    with connection.cursor() as cursor:
        for table in rows.tables("t_xinghe"):
            cursor.execute(f"SELECT md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM t_xinghe.{table} AS r")
            found[table] = cursor.fetchone()[0]
    return found


def take_in(archive: bytes) -> Imported:
    return import_brand(actor=None, source=io.BytesIO(archive))


def changed(archive: bytes, name: str, content: bytes, *, is_honest: bool = False) -> bytes:
    """The archive with another member; ``is_honest``: the manifest knows of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(target, "w") as after:
        for member in before.namelist():
            words = content if member == name else before.read(member)
            if is_honest and member == "manifest.json":
                said = json.loads(words)
                said["members"][name] = [len(content), hashlib.sha256(content).hexdigest()]
                words = json.dumps(said).encode()
            after.writestr(member, words)
        if name not in before.namelist():
            after.writestr(name, content)
    return target.getvalue()


def manifest_with(archive: bytes, **facts: object) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as before:
        said = json.loads(before.read("manifest.json"))
    return changed(archive, "manifest.json", json.dumps({**said, **facts}).encode())


def brand_json(archive: bytes) -> dict[str, Any]:
    """What it says of the brand's rows of the public schema."""
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said: dict[str, Any] = json.loads(whole.read("brand.json"))
    return said


def telling(archive: bytes, said: object) -> bytes:
    """The archive with another word on the brand, which its manifest knows of."""
    return changed(archive, "brand.json", json.dumps(said).encode(), is_honest=True)

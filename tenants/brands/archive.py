"""The form of a brand's archive: one zip whose manifest names every member with its digest.

``manifest.json`` · ``brand.json`` (its rows of the public schema) · ``tables/<table>.csv`` · ``files/<uuid>``.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from tenants.brands.errors import ArchiveUnreadable

FORM = 1
MANIFEST, BRAND, FILE_ROWS = "manifest.json", "brand.json", "tables/files_storedfile.csv"
CHUNK_BYTES = 256 * 1024
MOST_MANIFEST_BYTES = MOST_BRAND_BYTES = 32 * 1024 * 1024
"""Of what is read as a whole; everything else passes through in pieces."""
_MEMBER = re.compile(r"brand\.json|tables/[a-z0-9_]{1,63}\.csv|files/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TABLE = re.compile(r"[a-z0-9_]{1,63}")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a member may end in: torn, packed in an unknown way, or locked."""


@dataclass(slots=True)
class Manifest:
    """What an archive says of itself. ``rows`` and ``columns`` by table, ``members``: size and SHA-256 by name.

    ``vault_keys`` are the ids of the keys its sealed fields need, ``index_key`` tells whether blind indexes fit.
    """

    slug: str
    fingerprint: str
    made_at: str
    vault_keys: list[str]
    index_key: str
    form: int = FORM
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)


class Writer:
    """Writes an archive; the manifest comes last, so a file that broke off is no archive."""

    def __init__(self, target: IO[bytes], manifest: Manifest) -> None:
        self.manifest = manifest
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=4)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1))
        self._zip.close()

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one member."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        self.manifest.members[name] = (size, digest.hexdigest())


class Reader:
    """Reads an archive. Nothing of a member is believed before its digest was."""

    def __init__(self, source: IO[bytes] | Path) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
            words = self._manifest_words()
            self.manifest = _judged(json.loads(words))
        except (*_DAMAGED, KeyError, TypeError, ValueError, OSError, AttributeError) as error:
            raise ArchiveUnreadable(fault=type(error).__name__) from error
        self.digest = hashlib.sha256(words).hexdigest()
        """Of the manifest, which holds the digest of every member: another archive has another one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Read every member once and hold it against the manifest. Raises ``ArchiveUnreadable``."""
        there = set(self._zip.namelist()) - {MANIFEST}
        needed = {BRAND, *(f"tables/{table}.csv" for table in self.manifest.columns)}
        if there != set(self.manifest.members) or not needed <= there:
            raise ArchiveUnreadable(fault="members")
        if self._zip.getinfo(BRAND).file_size > MOST_BRAND_BYTES:
            raise ArchiveUnreadable(fault=BRAND)
        for name, (size, digest) in self.manifest.members.items():
            if not _MEMBER.fullmatch(name):
                raise ArchiveUnreadable(fault="name")
            if self._zip.getinfo(name).file_size != size or self._digest(name) != digest:
                raise ArchiveUnreadable(fault=name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member, in pieces."""
        with self._open(name) as member:
            while piece := member.read(CHUNK_BYTES):
                yield piece

    def lines(self, name: str) -> Iterator[bytes]:
        """A member, line by line (a quoted cell may go over several)."""
        with self._open(name) as member:
            yield from member

    def open(self, name: str) -> IO[bytes]:
        """A member, to be read and closed."""
        return self._open(name)

    def files(self) -> list[str]:
        """Ids of the files in it."""
        return sorted(name.partition("/")[2] for name in self.manifest.members if name.startswith("files/"))

    def lost_files(self) -> int:
        """How many files have their row in it and not their bytes."""
        with self._open(FILE_ROWS) as member:
            told = {row["id"] for row in csv.DictReader(io.TextIOWrapper(member, "utf-8", newline=""))}
        return len(told.difference(self.files()))

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except (*_DAMAGED, KeyError) as error:
            raise ArchiveUnreadable(fault=name) from error

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            for piece in self.pieces(name):
                digest.update(piece)
        except _DAMAGED as error:
            raise ArchiveUnreadable(fault=name) from error
        return digest.hexdigest()

    def _manifest_words(self) -> bytes:
        info = self._zip.getinfo(MANIFEST)
        if info.file_size > MOST_MANIFEST_BYTES:
            raise ValueError("the manifest is too large")
        return self._zip.read(info)


def _judged(said: Any) -> Manifest:
    """The manifest, when all it says is of the right shape. Raises ``ValueError`` or ``TypeError``."""
    if said.get("form") != FORM:
        raise ValueError("another form")
    found = Manifest(**said)
    texts = (found.slug, found.fingerprint, found.made_at, found.index_key)
    is_sound = (
        all(isinstance(one, str) for one in texts)
        and _are(found.vault_keys, str)
        and all(_TABLE.fullmatch(table) and _are(columns, str) for table, columns in found.columns.items())
        and found.rows.keys() == found.columns.keys()
        and all(_is_count(count) for count in found.rows.values())
        and all(_is_count(value) and type(is_called) is bool for value, is_called in found.sequences.values())
        and all(_is_count(size) and isinstance(digest, str) for size, digest in found.members.values())
    )
    if not is_sound:
        raise ValueError("another shape")
    return found


def _are(said: object, kind: type) -> bool:
    return isinstance(said, list) and all(isinstance(one, kind) for one in said)


def _is_count(said: object) -> bool:
    """A number PostgreSQL can hold."""
    return type(said) is int and 0 <= said < 2**63

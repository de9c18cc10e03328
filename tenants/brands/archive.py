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
MOST_MANIFEST_BYTES = MOST_BRAND_BYTES = 64 * 1024 * 1024
"""Of what is read as a whole; everything else passes through in pieces."""
_MEMBER = re.compile(r"brand\.json|tables/[a-z0-9_]{1,63}\.csv|files/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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
            self.manifest = self._read_manifest()
        except (*_DAMAGED, KeyError, TypeError, ValueError, OSError, AttributeError) as error:
            raise ArchiveUnreadable(fault=type(error).__name__) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Read every member once and hold it against the manifest. Raises ``ArchiveUnreadable``."""
        there = set(self._zip.namelist()) - {MANIFEST}
        if there != set(self.manifest.members) or BRAND not in there:
            raise ArchiveUnreadable(fault="members")
        for name, (size, digest) in self.manifest.members.items():
            if not _MEMBER.fullmatch(name):
                raise ArchiveUnreadable(fault="name")
            if self._zip.getinfo(name).file_size != size or self._digest(name) != digest:
                raise ArchiveUnreadable(fault=name)
        if self._zip.getinfo(BRAND).file_size > MOST_BRAND_BYTES:
            raise ArchiveUnreadable(fault=BRAND)

    def brand(self) -> dict[str, Any]:
        """The brand's rows of the public schema."""
        found: dict[str, Any] = json.loads(b"".join(self.pieces(BRAND)))
        return found

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

    def _read_manifest(self) -> Manifest:
        info = self._zip.getinfo(MANIFEST)
        if info.file_size > MOST_MANIFEST_BYTES:
            raise ValueError("the manifest is too large")
        said = json.loads(self._zip.read(info))
        if said.get("form") != FORM:
            raise ValueError("another form")
        return Manifest(**said)

"""Making a backup while everything runs on: one snapshot for the dump, the counts and the list of files."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from core.db import sql
from core.db.acts import PUBLIC, act, public
from core.db.programs import NoProgram, program, whereabouts
from core.db.replay import TEMPLATE, fingerprint
from core.kernel import clock
from core.project.backup import manifest
from core.project.backup.manifest import KeyProof, ListedFile, Manifest

_CHUNK_BYTES = 1024 * 1024
_HALF_BEGINS, _HALF_ENDS = ".", ".part"
_TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE (schemaname = 'public' OR schemaname LIKE 't\\_%%') AND NOT starts_with(schemaname, %(template)s)
ORDER BY schemaname, tablename
"""
_FLEETING = (
    "django_session",
    "people_addressclaim",
    "people_hostsession",
    "people_resetrequest",
    "people_ticket",
    "web_stalesession",
)
"""Tables of the public schema whose rows stay behind: who was signed out or locked since would be in again by them, and
whoever reads a backup would be in at once."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished backup; ``missing`` are files that the database knows and the storage has not, or not whole."""

    folder: Path
    tables: int
    files: int
    missing: list[str]


def write(parent: Path, *, with_files: bool) -> Written:
    """Write a backup into a new folder below ``parent``, which is made where it is not there yet.

    It bears its final name only when it is whole; of one that failed nothing stays behind. Files are never changed and
    never deleted before their rows, so those the snapshot knows are all there while they are copied. Raises
    ``NoProgram`` when the dump cannot be made, and ``OSError`` when the folder cannot be written.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_remains(parent)
    final = parent / f"jiumai-{clock.now():%Y%m%d-%H%M%S}"
    with _half(final) as folder:
        told, files, missing = _filled(folder, with_files=with_files)
        folder.rename(final)
    return Written(folder=final, tables=len(told.rows), files=len(files) - len(missing), missing=missing)


@contextmanager
def _half(final: Path) -> Iterator[Path]:
    """The folder of an unfinished backup, held for as long as somebody writes there, and gone after."""
    folder = final.with_name(f"{_HALF_BEGINS}{final.name}{_HALF_ENDS}")
    folder.mkdir(mode=0o700)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(held)
        shutil.rmtree(folder, ignore_errors=True)


def _clear_remains(parent: Path) -> None:
    """Remove what a killed backup left behind, half a dump of everything; one that is being written is held."""
    for folder in parent.glob(f"{_HALF_BEGINS}jiumai-*{_HALF_ENDS}"):
        with suppress(OSError):
            held = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(held)


def _filled(folder: Path, *, with_files: bool) -> tuple[Manifest, list[ListedFile], list[str]]:
    now = clock.now()
    rows, files, server = _database(folder)
    missing = _files(folder, files) if with_files else []
    manifest.write_list(folder, files)
    told = Manifest(
        format=manifest.FORMAT,
        made_at=now.isoformat(),
        fingerprint=fingerprint(),
        server=server,
        has_files=with_files,
        database_sha256=manifest.digest(folder / manifest.DATABASE),
        list_sha256=manifest.digest(folder / manifest.LIST),
        proof=KeyProof.of_present_keys(),
        rows=rows,
    )
    told.write(folder)
    return told, files, missing


def _database(folder: Path) -> tuple[dict[str, int], list[ListedFile], str]:
    with public(), act():
        sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", {})
        sql.execute("SET LOCAL idle_in_transaction_session_timeout = 0", {})  # the dump may take an hour
        told = sql.row("SELECT pg_export_snapshot(), current_setting('server_version')", {})
        snapshot, server = told or ("", "")
        tables = [(str(schema), str(table)) for schema, table in sql.rows(_TABLES, {"template": TEMPLATE})]
        kept = [(schema, table) for schema, table in tables if schema != PUBLIC or table not in _FLEETING]
        rows = {f"{schema}.{table}": count(schema, table) for schema, table in kept}
        files = [file for schema, table in tables if table == "files_storedfile" for file in _listed(schema)]
        _dump(folder / manifest.DATABASE, snapshot)
    return rows, files, server


def count(schema: str, table: str) -> int:
    """How many rows a table has."""
    found = sql.row(f'SELECT count(*) FROM "{schema}"."{table}"', {})
    return int(found[0]) if found else 0


def _listed(schema: str) -> list[ListedFile]:
    found = sql.rows(f'SELECT id, sha256, size FROM "{schema}".files_storedfile ORDER BY id', {})
    return [ListedFile(place=f"{schema}/{file_id}", sha256=sha256, bytes=size) for file_id, sha256, size in found]


def _dump(path: Path, snapshot: str) -> None:
    shape = ("--format", "custom", "--no-owner", "--no-privileges", "--exclude-schema", f"{TEMPLATE}*")
    left_out = [f"--exclude-table-data={PUBLIC}.{table}" for table in _FLEETING]
    command = [program("pg_dump"), *shape, *left_out, "--snapshot", snapshot, "--file", str(path)]
    done = subprocess.run(command, env=whereabouts(), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise NoProgram(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()[-400:]}")


def _files(folder: Path, files: list[ListedFile]) -> list[str]:
    return [file.place for file in files if not _copied(file, folder / manifest.FILES / file.place)]


def _copied(file: ListedFile, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(file.place, "rb") as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK_BYTES):
                copy.write(chunk)
    except FileNotFoundError:
        return False
    return manifest.digest(target) == file.sha256

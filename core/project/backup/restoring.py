"""Taking a backup back into an empty database and an empty storage, and proving that all of it arrived."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import caches
from django.core.files import File
from django.core.files.storage import default_storage

from core.db import sql
from core.db.acts import public
from core.db.programs import NoProgram, program, whereabouts
from core.project.backup import manifest
from core.project.backup.manifest import ListedFile, Manifest, NotRestorable
from core.project.backup.writing import count

_HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' OR schemaname LIKE 't\\_%%')"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    made_at: str
    tables: int
    rows: int
    files: int


def checked(folder: Path) -> Manifest:
    """The backup's manifest, after every byte of it was compared. Touches nothing.

    Raises ``NotRestorable`` when a part is missing or damaged, or the vault's keys are not those it was made with.
    """
    told = Manifest.read(folder)
    told.proof.check()
    for name, sha256 in ((manifest.DATABASE, told.database_sha256), (manifest.LIST, told.list_sha256)):
        if not (folder / name).is_file() or manifest.digest(folder / name) != sha256:
            raise NotRestorable(f"{name} is missing or damaged.")
    if told.has_files:
        damaged = [file.place for file in manifest.read_list(folder) if not _is_whole(folder, file)]
        if damaged:
            raise NotRestorable(f"{len(damaged)} files are missing or damaged, the first of them {damaged[0]}.")
    return told


def restore(folder: Path, *, jobs: int) -> Restored:
    """Check the backup, fill the present (empty) database and the storage from it, and count every table again.

    ``jobs``: connections used at once. Raises ``NotRestorable``, and ``NoProgram`` when pg_restore fails: then the
    database is to be made anew before the next try. Nobody is signed in afterwards: a backup holds no sessions.
    """
    told = checked(folder)
    with public():
        found = sql.row(_HAS_TABLES, {})
    if found and found[0]:
        raise NotRestorable("The database is not empty: name a new one in DATABASE_URL.")
    _fill(folder / manifest.DATABASE, jobs)
    files = _put_back(folder) if told.has_files else 0
    _compare(told)
    with public():
        sql.execute("ANALYZE", {})
    for cache in caches.all():  # what it remembers is of another past
        cache.clear()
    return Restored(made_at=told.made_at, tables=len(told.rows), rows=sum(told.rows.values()), files=files)


def _is_whole(folder: Path, file: ListedFile) -> bool:
    path = folder / manifest.FILES / file.place
    return path.is_file() and path.stat().st_size == file.bytes and manifest.digest(path) == file.sha256


def _fill(dump: Path, jobs: int) -> None:
    where = whereabouts()
    shape = ("--exit-on-error", "--no-owner", "--no-privileges", "--jobs", str(jobs))
    command = [program("pg_restore"), *shape, "--dbname", where["PGDATABASE"], str(dump)]
    done = subprocess.run(command, env=where, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise NoProgram(f"pg_restore failed: {done.stderr.decode(errors='replace').strip()[-400:]}")


def _put_back(folder: Path) -> int:
    put = 0
    for file in manifest.read_list(folder):
        if default_storage.exists(file.place):  # an earlier try came this far; places are never used twice
            default_storage.delete(file.place)
        with (folder / manifest.FILES / file.place).open("rb") as content:
            default_storage.save(file.place, File(content))
        put += 1
    return put


def _compare(told: Manifest) -> None:
    with public():
        wrong = [name for name, rows in told.rows.items() if count(*name.split(".", 1)) != rows]
    if wrong:
        raise NotRestorable(f"{len(wrong)} tables have other numbers of rows than before, the first is {wrong[0]}.")

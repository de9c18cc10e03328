"""A backup is made of the running product and comes back, to the row and to the byte, or is refused in words."""

import fcntl
import json
import os
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import settings as present
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from core.db.programs import NoProgram
from core.events.models import Event
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.selectors import open_file
from core.files.services import store
from core.kernel import clock
from core.project.backup import manifest, writing
from core.project.backup.writing import _FLEETING, Written, count, write
from core.web.sessions import SessionStore
from tenants.people.models import SignIn, User
from tenants.people.sign_ins import note_host, start_sign_in
from tests.cast import Cast
from tests.conftest import TODAY
from tests.database import connected_to, drop, test_database
from tests.factories.people import make_person
from tests.portals import CHISHUI, XINGHE

PAPER = b"sku,price\nXH-001,268.00\n"


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Written]:
    """A backup of a database in which both brands have a cast, and one of them a file."""
    name = f"{connection.settings_dict['TEST']['NAME']}_backup"
    home = tmp_path_factory.mktemp("backup")
    uploads = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(home / "files")}}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**present.STORAGES, "default": uploads}),
        test_database(name),
    ):
        person = make_person("周海棠", phone="13800138000")
        SessionStore().create()
        begun = start_sign_in(person_id=person.pk, user_agent="", address="192.0.2.1", has_second_factor=False)
        note_host(sign_in_id=begun.pk, session_key="k" * 32, host="jiumai.localhost")
        with CHISHUI.inside(), clock.at(TODAY):
            Cast.build(CHISHUI)
        with XINGHE.inside(), clock.at(TODAY):
            admin = Cast.build(XINGHE).actor("admin")
            store(actor=admin, upload=BytesIO(PAPER), name="prices.csv", purpose=Purpose.IMPORT)
        yield write(home / "made", with_files=True)


@pytest.fixture
def written(made: Written, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Path]:
    """A copy of the backup, to be damaged; the database it was made of is the connection's."""
    with django_db_blocker.unblock():
        yield Path(copytree(made.folder, tmp_path / "backup"))


@pytest.fixture
def empty(written: Path) -> Iterator[str]:
    """A database with nothing in it, which the connection uses."""
    name = f"{connection.settings_dict['TEST']['NAME']}_restored"
    drop(name)
    with connection._nodb_cursor() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    with connected_to(name):
        yield name
    drop(name)


def _restore(written: Path, *further: str) -> str:
    said = StringIO()
    call_command("restore", str(written), *further, stdout=said)
    return said.getvalue()


def test_everything_comes_back(made: Written, written: Path, empty: str, settings: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another storage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(elsewhere)},
        },
    }
    assert made.missing == []
    assert made.files == 1
    told = manifest.Manifest.read(written)
    assert told.rows["t_xinghe.files_storedfile"] == 1
    assert told.rows["public.people_user"] == 1
    assert "tables" in _restore(written)
    assert {name: count(*name.split(".", 1)) for name in told.rows} == told.rows
    assert User.objects.count() == told.rows["public.people_user"]
    with CHISHUI.inside():
        assert Event.objects.count() == told.rows["t_chishui.events_event"]
    with XINGHE.inside(), open_file(StoredFile.objects.get()) as content:
        assert content.read() == PAPER
    with pytest.raises(CommandError, match="not empty"):
        _restore(written)


def test_nobody_is_signed_in_by_a_backup(made: Written, written: Path, empty: str) -> None:
    """Who was signed out or locked since it was made is not in again, and a thief of it finds no session."""
    _restore(written)
    assert SignIn.objects.count() == 1
    for table in _FLEETING:
        assert count("public", table) == 0, table
        assert f"public.{table}" not in manifest.Manifest.read(written).rows


def test_the_present_and_the_running_database_are_not_touched(written: Path) -> None:
    with pytest.raises(CommandError, match="not empty"):
        _restore(written)
    assert "Whole" in _restore(written, "--check")


@pytest.mark.parametrize("part", [manifest.DATABASE, manifest.LIST])
def test_one_changed_byte_is_found(written: Path, part: str) -> None:
    path = written / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CommandError, match=part):
        _restore(written, "--check")


def test_a_lost_file_is_found(written: Path) -> None:
    next(path for path in (written / manifest.FILES).rglob("*") if path.is_file()).unlink()
    with pytest.raises(CommandError, match="1 files are missing or damaged"):
        _restore(written, "--check")


def test_without_its_manifest_it_is_no_backup(written: Path) -> None:
    (written / manifest.MANIFEST).unlink()
    with pytest.raises(CommandError, match="no whole backup"):
        _restore(written, "--check")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("VAULT_KEYS", "k9:" + "A" * 43 + "=", "lacks the keys d1"),
        ("VAULT_KEYS", "d1:" + "A" * 43 + "=", "another key under the same id"),
        ("VAULT_INDEX_KEY", "another index key altogether", "is another one"),
    ],
)
def test_it_is_refused_under_other_keys(written: Path, settings: Settings, name: str, value: str, words: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=words):
        _restore(written, "--check")


def test_the_manifest_holds_no_secret(written: Path, settings: Settings) -> None:
    text = (written / manifest.MANIFEST).read_text()
    assert json.loads(text)["proof"]["key_ids"] == ["d1"]
    for entry in settings.VAULT_KEYS.split(","):
        assert entry.partition(":")[2] not in text
    assert settings.VAULT_INDEX_KEY not in text


def _refuse_the_dump(path: Path, snapshot: str) -> None:
    path.write_bytes(b"half a dump")
    raise NoProgram("pg_dump failed: disk full")


def test_of_a_backup_that_fails_nothing_stays_behind(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_dump", _refuse_the_dump)
    with pytest.raises(CommandError, match="disk full"):
        call_command("backup", str(tmp_path / "not there yet" / "nor this"))
    assert list((tmp_path / "not there yet" / "nor this").iterdir()) == []


def test_what_a_killed_backup_left_is_cleared_and_one_under_way_is_not(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, under_way = tmp_path / ".jiumai-20260101-000000.part", tmp_path / ".jiumai-20260102-000000.part"
    for folder in (killed, under_way):
        folder.mkdir()
        (folder / manifest.DATABASE).write_bytes(b"half a dump")
    monkeypatch.setattr(writing, "_dump", _refuse_the_dump)
    held = os.open(under_way, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(CommandError):
            call_command("backup", str(tmp_path))
    finally:
        os.close(held)
    assert list(tmp_path.glob(".*")) == [under_way]


def test_a_folder_that_cannot_be_made_is_said(written: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", str(tmp_path / "taken"))

"""The role that ``owner.sql`` makes can do all the product does, and no more than that."""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from core.db.acts import public
from core.db.schemas import schema_exists
from core.project.backup.restoring import restore
from core.project.backup.writing import write
from core.project.checks import role_is_plain
from infra.dev.places import ROOT, Places
from infra.dev.postgres import Postgres
from tenants.brands.models import Brand

OWNER = "keeper"
SCRIPT = ROOT / "infra" / "container" / "postgres" / "owner.sql"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of its own, as the container's is after its first start."""
    folder = Path(tempfile.mkdtemp(prefix="jiumai-owner-"))
    folder.chmod(0o755)  # PostgreSQL's own user must be able to walk there when the tests run as root
    places = Places(folder / "var")
    places.make()
    postgres = Postgres(places)
    postgres.start()
    where = ("--host", str(postgres.sockets), "--username", "postgres", "--dbname", "postgres")
    words = ("--set", "ON_ERROR_STOP=1", "--set", f"owner={OWNER}", "--set", f"database={OWNER}")
    subprocess.run(
        [str(postgres.programs / "psql"), "--no-psqlrc", "--quiet", *where, *words, "--file", str(SCRIPT)],
        env={**os.environ, "POSTGRES_PASSWORD": "of-no-worth-elsewhere"},
        check=True,
    )
    yield postgres
    postgres.forget()
    shutil.rmtree(folder)


@contextmanager
def _connected(server: Postgres, *, role: str, database: str) -> Iterator[None]:
    elsewhere = {"HOST": str(server.sockets), "USER": role, "PASSWORD": "", "PORT": "5432", "NAME": database}
    before = {name: connection.settings_dict[name] for name in elsewhere}
    connection.close()
    connection.settings_dict.update(elsewhere)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def as_owner(server: Postgres, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), _connected(server, role=OWNER, database=OWNER):
        yield


def test_the_role_owns_its_database_and_nothing_else(server: Postgres) -> None:
    with psycopg.connect(server.url(role=OWNER, database=OWNER), autocommit=True) as connected:
        question = (
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert connected.execute(question).fetchone() == (False,) * 5
        assert connected.execute("SHOW search_path").fetchone() == ("public",)
        for refused in ("CREATE ROLE another", "CREATE DATABASE another", "COPY (SELECT 1) TO PROGRAM 'true'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected.execute(refused)
    with psycopg.connect(server.url(role="postgres", database="postgres")) as connected:
        assert connected.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'").fetchone() == (None,)
        known = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = %s"
        assert connected.execute(known, [OWNER]).fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url(role="jiumai", database=OWNER))


def test_the_check_speaks_of_a_role_that_may_more(
    server: Postgres, as_owner: None, django_db_blocker: DjangoDbBlocker
) -> None:
    assert role_is_plain(databases=["default"]) == []
    assert role_is_plain(databases=None) == []
    with _connected(server, role="postgres", database=OWNER):
        (warning,) = role_is_plain(databases=["default"])
    assert warning.id == "project.W002"
    assert "SUPERUSER" in warning.msg


def test_everything_the_product_does_is_done_by_it(
    server: Postgres, as_owner: None, settings: Settings, tmp_path: Path
) -> None:
    """Migrate, make a brand (its text too), hand it over and take it in, delete it, back up, restore."""
    settings.SCHEMA_TEXTS = tmp_path / "texts"
    settings.SCHEMA_TEXTS.mkdir()
    archive = tmp_path / "moved.zip"
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    call_command("provision_brand", "heshan", "禾山", stdout=io.StringIO())
    call_command("migrate_brands", "--here", stdout=io.StringIO())
    call_command("export_brand", "heshan", str(archive), stdout=io.StringIO())
    call_command("delete_brand", "heshan", "--reason", "搬走", "--yes", "heshan", stdout=io.StringIO())
    assert not schema_exists("t_heshan")
    call_command("import_brand", str(archive), stdout=io.StringIO())
    assert schema_exists("t_heshan")
    written = write(tmp_path, with_files=True)
    with psycopg.connect(server.url(role="postgres", database="postgres"), autocommit=True) as connected:
        connected.execute(f"CREATE DATABASE restored OWNER {OWNER}")
    with _connected(server, role=OWNER, database="restored"):
        assert restore(written.folder, jobs=2).tables == written.tables
        with public():
            assert Brand.objects.get(slug="heshan").state == Brand.State.ACTIVE

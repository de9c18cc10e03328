"""The test database: made once per state of the migrations as a template, then copied by the server.

A copy takes a fifth of a second, migrating two brands' schemas many; every xdist worker gets its own copy.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.backends.utils import CursorWrapper

from core.db import replay
from tenants.brands.models import Brand, Domain
from tenants.brands.services import ensure_tables
from tests.portals import CHISHUI, XINGHE, TestPortal

PREFIX = "jiumai_template_"
TRIES = 20
ONE_AT_A_TIME = 7_203_411
"""Key of the advisory lock under which templates are made and dropped."""


def fingerprint() -> str:
    """Changes whenever the schemas would come out differently."""
    digest = hashlib.sha256(repr((settings.SHARED_APPS, settings.TENANT_APPS)).encode())
    migrations = sorted(settings.BASE_DIR.glob("[a-z]*/*/migrations/*.py"))
    for path in (*migrations, settings.BASE_DIR / "requirements.lock", Path(__file__)):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def test_database(name: str) -> Iterator[None]:
    """Let the connection use a fresh copy called ``name`` inside the block; it is dropped after."""
    create(name)
    with connected_to(name):
        yield
    drop(name)


test_database.__test__ = False  # type: ignore[attr-defined]  # pytest would collect the name


def create(name: str) -> None:
    """Make the database ``name`` anew with the public schema, both brands and their schemas, and no rows else."""
    template = PREFIX + fingerprint()
    with connection._nodb_cursor() as server:
        server.execute("SET lock_timeout = 0")  # another run may be making the template: that takes its time
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not _exists(server, template):
            _build(server, template)
        _dropped(server, name)
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # Nobody cuts the power of a database that is dropped after: its commits need not wait for the disk.
        server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with connected_to(name):
        replay.text()  # tests make brands inside their own transaction, where it could not be made


def drop(name: str) -> None:
    """Remove a copy; who is still connected to it is cut off."""
    with connection._nodb_cursor() as server:
        _dropped(server, name)


def _dropped(server: CursorWrapper, name: str) -> None:
    for attempt in range(TRIES):
        try:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except ProgrammingError:  # the server's own housekeeping is at work there, which only it may end
            if attempt == TRIES - 1:
                raise
            time.sleep(0.5)


def _exists(server: CursorWrapper, name: str) -> bool:
    server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return server.fetchone() is not None


def _build(server: CursorWrapper, template: str) -> None:
    server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
    for (outdated,) in server.fetchall():
        _dropped(server, outdated)
    half = template + "_half"  # a run that is killed here leaves no template that looks whole
    server.execute(f'CREATE DATABASE "{half}"')
    with connected_to(half):
        _fill()
    server.execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')


def _fill() -> None:
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    for portal in (XINGHE, CHISHUI):
        _add_brand(portal)


def _add_brand(portal: TestPortal) -> None:
    brand = Brand.objects.create(
        schema_name=portal.schema,
        slug=portal.slug,
        name=portal.name,
        name_en=portal.name_en,
        seal=portal.seal,
        state=Brand.State.ACTIVE,
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    Domain.objects.create(tenant=brand, domain=portal.host, is_primary=True, verified_at=brand.created_at)
    ensure_tables(portal.schema)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before

"""Brands' schemas: which a sweep visits, and how one is built."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django_tenants.utils import get_tenant_model

from core.db import replay, sql
from core.db.acts import act, connection, public

IN_SERVICE = ("ACTIVE", "READ_ONLY")
"""States of a brand whose schema is complete and whose work goes on."""
WITH_PEOPLE = (*IN_SERVICE, "SUSPENDED")
"""States of a brand whose schema is complete, whether or not anybody is let in."""


def brand_schemas(states: Sequence[str] = IN_SERVICE) -> tuple[str, ...]:
    """Schema names of all brands in these states, sorted. One query in the public schema."""
    with public():
        brands = get_tenant_model().objects.filter(state__in=states)
        return tuple(brands.order_by("schema_name").values_list("schema_name", flat=True))


_NAME = re.compile(r"t_[a-z][a-z0-9_]{0,59}")
"""So that PostgreSQL reports the search path as it was set, unquoted."""


def build_schema(name: str) -> bool:
    """Create a brand's schema with all its tables by replaying the kept text; True when it was made now.

    One act: a schema is there whole or not at all. One that has tables already is left to ``migrate_schema``; two who
    build it at once wait for each other. Raises ``ValueError`` for a name that is not ``t_…`` of lower-case letters,
    digits and ``_``.
    """
    replay.text()  # made before the act begins, where it must be
    with public(), act():
        if not claim_empty(name):
            return False
        replay.replay(name)
    return True


def claim_empty(name: str) -> bool:
    """Create the schema where there is none, inside the caller's act, and say whether it has no tables yet."""
    checked_name(name)
    sql.row("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"schema:{name}"})
    sql.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"', {})
    found = sql.row("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = %(name)s)", {"name": name})
    return not (found and found[0])


def migrate_schema(name: str) -> None:
    """Bring the tables of a brand's schema up to date, one process at a time. Takes a second even for nothing."""
    checked_name(name)
    with public(), _alone(f"migrate:{name}"):
        call_command("migrate_schemas", tenant=True, schema_name=name, interactive=False, verbosity=0)


_WHEREABOUTS = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """Hold a lock on a connection of its own: migrating closes the usual one. It falls with the process."""
    wanted = connection.get_connection_params()
    about = {name: wanted[name] for name in _WHEREABOUTS if wanted.get(name)}
    with psycopg.connect(**about, autocommit=True) as own:
        own.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        yield


def drop_schema(name: str) -> None:
    """Remove a brand's schema with all its rows, inside the caller's act; nothing when there is none."""
    checked_name(name)
    sql.row("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"schema:{name}"})
    sql.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE', {})


def schema_exists(name: str) -> bool:
    """Whether the database has a schema of this name."""
    found = sql.row("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %(name)s)", {"name": name})
    return bool(found and found[0])


def checked_name(name: str) -> str:
    """The name itself, when it can be a brand's schema. Raises ``ValueError``."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a brand's schema")
    return name

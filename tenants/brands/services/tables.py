"""How far a brand's tables are: made, noted, brought up to date."""

import time
from typing import Any

from core.db import replay
from core.db.acts import act, public
from core.db.schemas import build_schema, migrate_schema
from core.events.rules import noted
from core.kernel import clock
from tenants.brands.models import SchemaState

_CURRENT, _RUNNING, _FAILED = SchemaState.Status.CURRENT, SchemaState.Status.RUNNING, SchemaState.Status.FAILED


def ensure_tables(schema_name: str) -> None:
    """Make the schema by replay where it has no tables; else migrate it unless its fingerprint says it is current."""
    if build_schema(schema_name):
        note_current(schema_name)
    elif not is_current(schema_name):
        bring_up_to_date(schema_name)


def is_current(schema_name: str) -> bool:
    """Whether the schema has all migrations there are. One query."""
    with public():
        return SchemaState.objects.filter(
            schema_name=schema_name, status=_CURRENT, fingerprint=replay.fingerprint()
        ).exists()


def note_current(schema_name: str, *, seconds: float | None = None) -> None:
    """Note that the schema has all migrations there are."""
    _note(schema_name, status=_CURRENT, fingerprint=replay.fingerprint(), error="", seconds=seconds)


def bring_up_to_date(schema_name: str) -> bool:
    """Migrate one schema and note how it went; False when it failed: it stays where its last migration left it.

    Nothing where another process has done it meanwhile. The fault is noted by kind and place, never by its words.
    """
    _note(schema_name, status=_RUNNING, started_at=clock.now(), finished_at=None, error="")
    began = time.monotonic()
    try:
        migrate_schema(schema_name)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this schema's, and the others go on
        _note(schema_name, status=_FAILED, error=noted(error)[:500], seconds=time.monotonic() - began)
        return False
    note_current(schema_name, seconds=time.monotonic() - began)
    return True


def forget(schema_name: str) -> None:
    """The schema is gone. Inside the caller's act."""
    SchemaState.objects.filter(schema_name=schema_name).delete()


def _note(schema_name: str, **facts: Any) -> None:
    facts = {"finished_at": clock.now(), **facts}
    with public(), act():
        SchemaState.objects.update_or_create(schema_name=schema_name, defaults=facts)

"""How far a demo brand has come, written as the comment of its schema, so that it lives and dies with it.

A seed that was killed leaves a half-made brand: the next one drops exactly that and begins it anew. A brand that the
demo never marked is somebody's own and is never touched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from core.db import sql
from core.db.acts import act, public
from tenants.brands.models import Brand
from tenants.brands.rules import schema_of


class Mark(StrEnum):
    """What the comment says."""

    NONE = ""
    HALF = "jiumai demo: being seeded"
    WHOLE = "jiumai demo: seeded"


class SomebodysOwn(Exception):
    """A brand of the demo's name exists that the demo has not made."""


_COMMENT = """
SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %(schema)s
"""


def is_seeded(slug: str) -> bool:
    """Whether the brand's demo world is complete. Raises ``SomebodysOwn``."""
    with public():
        comment = sql.row(_COMMENT, {"schema": schema_of(slug)})
        brand_exists = Brand.objects.filter(slug=slug).exists()
    mark = comment[0] if comment else Mark.NONE.value
    if brand_exists and mark not in (Mark.HALF, Mark.WHOLE):
        raise SomebodysOwn(slug)
    return brand_exists and mark == Mark.WHOLE


@contextmanager
def alone(slug: str) -> Iterator[None]:
    """One seed of a brand at a time. The lock is the connection's: it falls with the process."""
    key = {"key": f"demo.seed:{slug}"}
    sql.row("SELECT pg_advisory_lock(hashtextextended(%(key)s, 0))", key)
    try:
        yield
    finally:
        sql.row("SELECT pg_advisory_unlock(hashtextextended(%(key)s, 0))", key)


def is_half_made(slug: str) -> bool:
    """Whether a seed of the brand was begun and not finished."""
    with public():
        comment = sql.row(_COMMENT, {"schema": schema_of(slug)})
    return comment is not None and comment[0] == Mark.HALF


def forget_half_made(slug: str) -> bool:
    """Drop what a killed seed left of the brand; whether there was anything."""
    schema = schema_of(slug)
    if not is_half_made(slug):
        return False
    with public(), act():
        sql.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE', {})
        Brand.objects.filter(slug=slug).delete()
    return True


def begin(slug: str) -> None:
    """Make the empty schema and mark it as being seeded, in one transaction, before the brand itself is made."""
    schema = schema_of(slug)
    with public(), act():
        sql.execute(f'CREATE SCHEMA "{schema}"', {})
        sql.execute(_said(schema, Mark.HALF), {})


def finish(slug: str) -> None:
    """Mark the brand as complete: from now on the seed leaves it alone."""
    with public():
        sql.execute(_said(schema_of(slug), Mark.WHOLE), {})


def _said(schema: str, mark: Mark) -> str:
    # A comment takes no parameters; both words are our own.
    return f"COMMENT ON SCHEMA \"{schema}\" IS '{mark.value}'"

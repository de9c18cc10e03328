"""A brand's schema as a text that is replayed: migrating one takes seconds, replaying it a fraction of one.

The text is what ``pg_dump`` says of a schema that was migrated once, kept in ``settings.SCHEMA_TEXTS`` by ``key()``
and made anew when a migration changes. docs/decisions/0004.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django import get_version
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from core.db.acts import WallError, connection, public
from core.db.programs import schema_text

TEMPLATE = "t_0template_"
"""Begins the names of the schemas the text is taken from; no brand's short name begins with a digit."""
_KEPT_TEXTS = 5
_NOISE = re.compile(r"\\(?:un)?restrict\b|SET |SELECT pg_catalog\.set_config\(|CREATE SCHEMA |--")
"""Lines of a dump that speak of the session, not of the schema; none begins so inside a function's body of ours."""


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes whenever a brand's tables would come out differently: a digest of the T rooms' migrations."""
    digest = hashlib.sha256()
    for app in settings.TENANT_APPS:
        for path in _migrations(_folder(app)):
            digest.update(f"{app}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def key() -> str:
    """Names a text: the fingerprint, and every migration that a migrated schema says it has had."""
    digest = hashlib.sha256(f"{fingerprint()} {get_version()}".encode())
    for config in apps.get_app_configs():
        for path in _migrations(Path(config.path)):
            digest.update(f"{config.label}/{path.name}\n".encode())
    return digest.hexdigest()[:16]


def text() -> str:
    """The schema as SQL with ``NAME`` for its name; made first where there is none, which takes seconds.

    Raises ``NoProgram`` without ``pg_dump`` and ``WallError`` when it would have to be made inside a transaction.
    """
    place = settings.SCHEMA_TEXTS / f"{key()}.sql"
    try:
        return str(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    with _alone(settings.SCHEMA_TEXTS):
        if not place.exists():
            half = place.with_suffix(".half")
            half.write_text(_made(), encoding="utf-8")
            half.rename(place)
            _forget_old(settings.SCHEMA_TEXTS)
    return str(place.read_text(encoding="utf-8"))


NAME = TEMPLATE + "name"
"""Stands for the schema's name in the text."""


def replay(schema: str) -> None:
    """Fill the empty schema called ``schema``, which the caller has checked. One round trip, in the caller's act."""
    wanted = text().replace(NAME, schema)
    with connection.cursor() as cursor:
        # The dump names every schema; bodies of functions are looked up when they run.
        cursor.execute("SET LOCAL search_path TO ''; SET LOCAL check_function_bodies TO off")
        cursor.execute(wanted)


def _made() -> str:
    if connection.in_atomic_block:
        raise WallError("the text of a schema cannot be made inside a transaction")
    with public():
        _drop_templates()
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::bigint")
            (second,) = cursor.fetchone()
            template = f"{TEMPLATE}{second}_{secrets.token_hex(4)}"
            cursor.execute(f'CREATE SCHEMA "{template}"')
        try:
            call_command("migrate_schemas", tenant=True, schema_name=template, interactive=False, verbosity=0)
            dump = schema_text(template)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA "{template}" CASCADE')
    return "".join(_statements(dump)).replace(template, NAME)


def _statements(dump: str) -> Iterator[str]:
    """The dump without what it says of its session."""
    is_in_body = False
    for line in dump.splitlines(keepends=True):
        if is_in_body or not _NOISE.match(line):
            yield line
        if line.count("$") and len(re.findall(r"\$[a-z_]*\$", line)) % 2:
            is_in_body = not is_in_body


def _drop_templates() -> None:
    """What killed makers left; another machine's that is being made just now stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %(begin)s)"
            " AND to_timestamp(split_part(substr(nspname, length(%(begin)s) + 1), '_', 1)::bigint)"
            " < clock_timestamp() - interval '10 minutes'",
            {"begin": TEMPLATE},
        )
        for (left,) in cursor.fetchall():
            cursor.execute(f'DROP SCHEMA IF EXISTS "{left}" CASCADE')


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One maker on this machine; the kernel lets go of the lock after a kill."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "making.lock").open("a") as lock:
        flock(lock, LOCK_EX)
        yield


def _forget_old(folder: Path) -> None:
    texts = sorted(folder.glob("*.sql"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in texts[_KEPT_TEXTS:]:
        path.unlink(missing_ok=True)


def _folder(app: str) -> Path:
    spec = find_spec(app)
    if spec is None or spec.origin is None:
        raise LookupError(app)
    return Path(spec.origin).parent


def _migrations(folder: Path) -> list[Path]:
    return sorted((folder / "migrations").glob("[0-9]*.py"))

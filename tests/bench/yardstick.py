"""Runs the yardstick (``limit/*.sql``, unchanged) under pgbench on the same server as the product."""

import re
import subprocess
from pathlib import Path

from django.db import connection

from infra.dev.places import places
from infra.dev.postgres import Postgres
from tests.live import database_url

SQL = Path(__file__).parent / "limit"
DATABASE = "jiumai_bench_limit"


def orders_per_second(script: str, *, clients: int, seconds: int) -> float:
    """Transactions a second of ``script`` (``statements15.sql`` or ``oneshot.sql``), prepared, two threads."""
    programs = Postgres(places()).programs
    with connection._nodb_cursor() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{DATABASE}"')
    url = database_url(DATABASE)
    try:
        subprocess.run([programs / "psql", "-q", url, "-f", SQL / "schema.sql"], check=True, capture_output=True)
        arguments = ["-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds)]
        arguments += ["-f", str(SQL / script), url]
        done = subprocess.run([str(programs / "pgbench"), *arguments], check=True, capture_output=True, text=True)
    finally:
        with connection._nodb_cursor() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said no rate:\n{done.stdout}\n{done.stderr}")
    return float(found[1])

"""`make bench`: an order, fifty products and a pasted block beside the yardstick; tables in and out; pages on a phone;
the price matrix in a browser; prices and policies among a million entries; what three hundred brands cost.

``JIUMAI_BENCH_PART=requests``, ``brands``, ``imports``, ``pages``, ``matrix`` or ``prices`` measures that part alone.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("JIUMAI_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")

import django

SECONDS = int(os.environ.get("JIUMAI_BENCH_SECONDS", "12"))
PART = os.environ.get("JIUMAI_BENCH_PART", "")
DATABASE = "jiumai_bench"


def main() -> int:
    """Measure everything and print one table; 1 when a request was refused that should not have been."""
    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    from infra.dev import servers
    from tests.bench import matrix, pages, tables
    from tests.database import test_database

    status = 0
    with servers.running():
        if PART in ("", "requests"):
            with test_database(DATABASE), tempfile.TemporaryDirectory() as log:
                from tests.bench import run

                status = run.measure(Path(log), database=DATABASE, seconds=SECONDS)
        if PART in ("", "brands"):
            with test_database(DATABASE), tempfile.TemporaryDirectory() as log:
                from tests.bench import brands

                status = brands.measure(Path(log), database=DATABASE, seconds=SECONDS) or status
        if PART in ("", "imports"):
            with test_database(tables.DATABASE):
                status = tables.measure() or status
        if PART in ("", "pages"):
            with test_database(pages.DATABASE), tempfile.TemporaryDirectory() as log:
                status = pages.measure(Path(log)) or status
        if PART in ("", "matrix"):
            with test_database(matrix.DATABASE), tempfile.TemporaryDirectory() as log:
                status = matrix.measure(Path(log)) or status
        if PART in ("", "prices"):
            from tests.bench import prices

            with test_database(prices.DATABASE):
                status = prices.measure() or status
    return status


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: what an order, fifty products and a pasted block cost, beside the yardstick of the same run."""

import logging
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("JIUMAI_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")

import django

SECONDS = int(os.environ.get("JIUMAI_BENCH_SECONDS", "12"))
DATABASE = "jiumai_bench"


def main() -> int:
    """Measure everything and print one table; 1 when a request was refused that should not have been."""
    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    from infra.dev import servers
    from tests.database import test_database

    with servers.running(), test_database(DATABASE), tempfile.TemporaryDirectory() as log:
        from tests.bench import run

        return run.measure(Path(log), database=DATABASE, seconds=SECONDS)


if __name__ == "__main__":
    sys.exit(main())

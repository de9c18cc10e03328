"""``manage.py migrate_brands``: bring every brand's tables up to date that is behind; docs/decisions/0004."""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants.brands.selectors import SchemaRow, schema_states
from tenants.brands.services import bring_up_to_date

BATCH = 10
"""Schemas a process migrates before a fresh one comes: migrations leave much behind in memory."""


class Command(BaseCommand):
    """Takes what is not current, in fresh processes side by side, and goes on after a fault."""

    requires_system_checks: tuple[str, ...] = ()  # they load every page, which would be most of its time
    help = "Migrate the schemas of all brands that are behind. Exit code 1 when one failed; run it again to go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which brands, how many at once, or only what would be done."""
        parser.add_argument("slugs", nargs="*", help="only these brands")
        parser.add_argument("--processes", type=int, default=2, help="side by side (2)")
        parser.add_argument("--dry-run", action="store_true", help="only say which are behind")
        parser.add_argument("--here", action="store_true", help="in this process, one after the other")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then print the table of what was done."""
        rows = [row for row in schema_states() if row.has_tables]
        unknown = set(options["slugs"]) - {row.slug for row in rows}
        if unknown:
            raise CommandError(f"No such brand: {', '.join(sorted(unknown))}.")
        wanted = [row for row in rows if not options["slugs"] or row.slug in options["slugs"]]
        behind = [row for row in wanted if not row.is_current]
        if options["dry_run"]:
            self._print(behind)
        elif options["here"]:
            for row in behind:
                bring_up_to_date(row.schema_name)
        elif behind:
            self._migrate(behind, max(options["processes"], 1))
        if not options["here"]:
            self.stdout.write(f"{len(wanted)} brands: {len(wanted) - len(behind)} were current, {len(behind)} behind.")

    def _migrate(self, behind: Sequence[SchemaRow], processes: int) -> None:
        slugs = [row.slug for row in behind]
        batches = [slugs[start : start + BATCH] for start in range(0, len(slugs), BATCH)]
        with ThreadPoolExecutor(processes) as side_by_side:
            for fault in filter(None, side_by_side.map(_in_a_fresh_process, batches)):
                self.stderr.write(fault)
        done = [row for row in schema_states() if row.slug in set(slugs)]
        self._print(done)
        failed = [row.slug for row in done if not row.is_current]
        if failed:
            raise CommandError(f"{len(failed)} of {len(done)} brands are not current: {', '.join(failed)}.")

    def _print(self, rows: Sequence[SchemaRow]) -> None:
        for row in rows:
            seconds = f"{row.seconds:6.1f} s" if row.seconds is not None else " " * 8
            self.stdout.write(f"{row.slug:<32}{row.status:<9}{seconds}  {row.error}".rstrip())


def _in_a_fresh_process(slugs: Sequence[str]) -> str:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate_brands", "--here", *slugs]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()[-2000:]

"""``manage.py restore FOLDER``: a backup back into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.db.programs import NoProgram
from core.project.backup.manifest import NotRestorable
from core.project.backup.restoring import checked, restore


class Command(BaseCommand):
    """Checks a backup to the last byte, then takes it back."""

    help = "Restore a backup into the (empty) database of DATABASE_URL and the present storage. --check only reads it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup, and whether only to look."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="compare digests and keys, change nothing")
        parser.add_argument("--jobs", type=int, default=2, help="connections used at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what came back."""
        try:
            if options["check"]:
                told = checked(options["folder"])
                self.stdout.write(f"Whole: made at {told.made_at}, {len(told.rows)} tables.")
                return
            back = restore(options["folder"], jobs=options["jobs"])
        except (NotRestorable, NoProgram) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"Restored what was there at {back.made_at}: {back.tables} tables, {back.rows} rows, {back.files} files."
        )

"""``manage.py backup FOLDER``: database and files of the whole installation, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.db.programs import NoProgram
from core.project.backup.writing import write


class Command(BaseCommand):
    """Writes a backup and says where it is."""

    help = "Write a backup (database, files, manifest with digests) into a new folder below FOLDER. Nothing is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether with the files."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--no-files", action="store_true", help="the bucket has versions of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it; fails, after the backup is whole, when a file was not to be had."""
        try:
            written = write(options["folder"], with_files=not options["no_files"])
        except (NoProgram, OSError) as fault:
            raise CommandError(f"No backup was made: {fault}") from fault
        self.stdout.write(f"{written.folder}: {written.tables} tables, {written.files} files.")
        if written.missing:
            raise CommandError(f"{len(written.missing)} files are not in the storage, the first: {written.missing[0]}")

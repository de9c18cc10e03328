"""``manage.py import_brand xinghe.zip``: take in a brand that export_brand wrote; goes on where it broke off."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from tenants.brands.services import import_brand


class Command(BaseCommand):
    """Imports, and says what came in."""

    help = "Take in the archive of a brand from another server of the same version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the archive is."""
        parser.add_argument("archive", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in, or say why not."""
        try:
            with options["archive"].open("rb") as source:
                taken = import_brand(actor=None, source=source)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{taken.slug}: {sum(taken.rows.values())} rows of {len(taken.rows)} tables, {taken.files} files, "
            f"{taken.renamed} people or organisations known here by another id"
        )

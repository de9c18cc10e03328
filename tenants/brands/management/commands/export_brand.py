"""``manage.py export_brand xinghe /var/backups/xinghe.zip``: a whole brand as one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from tenants.brands.archive import Reader
from tenants.brands.services import export_brand


class Command(BaseCommand):
    """Exports, then reads the archive back against its own digests."""

    help = "Write a brand's tables, files and register rows into one archive that import_brand takes in elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which brand, and where the archive goes."""
        parser.add_argument("slug")
        parser.add_argument("archive", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it beside its place and move it there when it is whole."""
        place: Path = options["archive"]
        half = place.with_name(place.name + ".half")
        try:
            with half.open("w+b") as target:
                made = export_brand(actor=None, slug=options["slug"], target=target)
            with Reader(half) as archive:
                archive.verify()
        except DomainError as error:
            half.unlink(missing_ok=True)
            raise CommandError(str(error)) from None
        half.rename(place)
        self.stdout.write(f"{place}: {sum(made.rows.values())} rows of {len(made.rows)} tables, {made.files} files")

"""``manage.py index_products``: compute anew what products are found and sorted by, for every brand or those named."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.catalogue.services import write_documents
from core.db.acts import act, brand_schema
from tenants.brands.selectors import schema_states


class Command(BaseCommand):
    """After a release whose changes say so: products keep the words of the rules they were saved under."""

    help = "Compute the search words and sort keys of all products anew. Orders go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which brands."""
        parser.add_argument("slugs", nargs="*", help="only these brands")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each brand in an act of its own."""
        rows = [row for row in schema_states() if row.has_tables]
        unknown = set(options["slugs"]) - {row.slug for row in rows}
        if unknown:
            raise CommandError(f"No such brand: {', '.join(sorted(unknown))}.")
        for row in rows:
            if not options["slugs"] or row.slug in options["slugs"]:
                with brand_schema(row.schema_name), act():
                    count = write_documents()
                self.stdout.write(f"{row.slug}: {count} products.")

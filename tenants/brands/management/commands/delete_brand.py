"""``manage.py delete_brand xinghe --reason …``: export a brand, then remove all but its tombstone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from tenants.brands.services import begin_deletion
from tenants.brands.services.deletion import STEPS, archive_of, export_first
from tenants.brands.services.steps import take


class Command(BaseCommand):
    """The steps of the background job, here and now; asks for the slug twice."""

    help = "Delete a brand for good after its archive was made and checked. May be repeated until it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which brand, why, and its slug once more."""
        parser.add_argument("slug")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--yes", required=True, metavar="SLUG", help="the short name once more")
        parser.add_argument("--without-lost-files", action="store_true", help="although files are not in the storage")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete it, or say why not."""
        slug = options["slug"]
        if options["yes"] != slug:
            raise CommandError("--yes must repeat the short name.")
        try:
            begin_deletion(actor=None, slug=slug, reason=options["reason"])
            export_first(slug, None, may_lack_files=options["without_lost_files"])
            take(STEPS[1:], slug, None)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{slug}: deleted; its archive is file {archive_of(slug)} of the public schema")

"""``manage.py create_brand xinghe 杏禾酒业 --name-en "Xinghe Distillery"``: open a brand from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from tenants.brands.services import create_brand


class Command(BaseCommand):
    """Opens a brand with its host and schema."""

    help = "Open a brand: its row, its host <slug>.<base domain>, and its schema with all tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Slug and name; the rest has defaults."""
        parser.add_argument("slug")
        parser.add_argument("name")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--seal", default="", help="one character; the first of the name unless given")
        parser.add_argument("--currency", default="CNY")
        parser.add_argument("--language", default="zh-hans")
        parser.add_argument("--accent", default="", help="#rrggbb")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say why not."""
        names = ("slug", "name", "name_en", "seal", "currency", "language", "accent")
        try:
            brand = create_brand(**{name: options[name] for name in names})
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{brand.name}: schema {brand.schema_name}, host {brand.domains.get(is_primary=True).domain}")

"""``manage.py provision_brand xinghe 杏禾酒业``: open a brand with what it begins with; goes on where it broke off."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from tenants.brands.services import OpenBrand, open_brand
from tenants.brands.services.opening import STEPS
from tenants.brands.services.steps import take


class Command(BaseCommand):
    """The steps of the background job, here and now."""

    help = "Open a brand: its row and host, its tables, its first entries. May be repeated until it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Slug and name; the rest has defaults."""
        parser.add_argument("slug")
        parser.add_argument("name")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--currency", default="CNY")
        parser.add_argument("--language", default="zh-hans")
        parser.add_argument("--region", default="", help="GB/T 2260, six digits")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say why not."""
        command = OpenBrand(
            slug=options["slug"],
            name=options["name"],
            name_en=options["name_en"],
            currency=options["currency"],
            language=options["language"],
            region_code=options["region"],
        )
        try:
            brand = open_brand(actor=None, command=command)
            take(STEPS, brand.slug, None)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{brand.name}: schema {brand.schema_name}")

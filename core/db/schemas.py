"""Brands' schemas: which a sweep visits, and how one is built."""

import re

from django.core.management import call_command
from django_tenants.utils import get_tenant_model

from core.db.acts import connection, public

IN_SERVICE = ("ACTIVE", "READ_ONLY")
"""States of a brand whose schema is complete and whose work goes on."""


def brand_schemas() -> tuple[str, ...]:
    """Schema names of all brands in service, sorted. One query in the public schema."""
    with public():
        brands = get_tenant_model().objects.filter(state__in=IN_SERVICE)
        return tuple(brands.order_by("schema_name").values_list("schema_name", flat=True))


_NAME = re.compile(r"t_[a-z0-9_]{1,60}")
"""So that PostgreSQL reports the search path as it was set, unquoted."""


def build_schema(name: str) -> None:
    """Create a brand's schema where there is none and bring its tables up to date. Takes seconds; may be repeated.

    Raises ``ValueError`` for a name that is not ``t_…`` of lower-case letters, digits and ``_``.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a brand's schema")
    with public():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
        call_command("migrate_schemas", tenant=True, schema_name=name, interactive=False, verbosity=0)

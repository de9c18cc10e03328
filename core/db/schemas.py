"""Which brands' schemas a sweep visits."""

from django_tenants.utils import get_tenant_model

from core.db.acts import public

IN_SERVICE = ("ACTIVE", "READ_ONLY")
"""States of a brand whose schema is complete and whose work goes on."""


def brand_schemas() -> tuple[str, ...]:
    """Schema names of all brands in service, sorted. One query in the public schema."""
    with public():
        brands = get_tenant_model().objects.filter(state__in=IN_SERVICE)
        return tuple(brands.order_by("schema_name").values_list("schema_name", flat=True))

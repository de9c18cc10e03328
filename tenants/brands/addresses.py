"""Where a host is reached from outside: what stands in mails and on the platform's lists of portals."""

from django.conf import settings

from core.db.acts import public
from tenants.brands.models import Domain

_USUAL_PORTS = (80, 443)


def address_of(host: str) -> str:
    """``https://host``, with the port where the product answers on an unusual one (never behind a TLS proxy)."""
    is_usual = settings.SCHEME == "https" or settings.PORT in _USUAL_PORTS
    return f"{settings.SCHEME}://{host}" if is_usual else f"{settings.SCHEME}://{host}:{settings.PORT}"


def home_of(schema_name: str) -> str:
    """Address of the brand whose schema this is, by its primary host; empty when it has none. One query."""
    with public():
        hosts = Domain.objects.filter(tenant__schema_name=schema_name, is_primary=True)
        host = hosts.values_list("domain", flat=True).first()
    return address_of(host) if host else ""

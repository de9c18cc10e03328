"""The proxy's question before it orders a certificate for a host it has never served."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.access.desk import OPS_HOST
from tenants.access.middleware import PLATFORM_HOSTS
from tenants.brands.errors import BadHost
from tenants.brands.hosts import brand_at
from tenants.brands.rules import checked_host

_OURS = PLATFORM_HOSTS | {OPS_HOST}


@require_safe
def may_have_certificate(request: HttpRequest) -> HttpResponse:
    """200 for ``?domain=`` of the platform or a brand's verified host, else 404: strangers' names cost no certificate.

    Asked by the proxy itself over the inner network: what came through a proxy is answered 404.
    """
    is_from_outside = "X-Forwarded-For" in request.headers
    return HttpResponse(status=200 if not is_from_outside and _is_ours(request.GET.get("domain", "")) else 404)


def _is_ours(domain: str) -> bool:
    try:
        host = checked_host(domain)
    except BadHost:
        return False
    return host in _OURS or brand_at(host) is not None

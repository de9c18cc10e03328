"""The proxy's question before it orders a certificate for a host it has never served."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.access.middleware import PLATFORM_HOSTS
from tenants.brands.hosts import brand_at

_OURS = PLATFORM_HOSTS | {f"ops.{settings.BASE_DOMAIN}"}
_LONGEST = 253


@require_safe
def may_have_certificate(request: HttpRequest) -> HttpResponse:
    """200 for ``?domain=`` of the platform or a brand's verified host, else 404: strangers' names cost no certificate.

    Asked by the proxy itself over the inner network: what came through a proxy is answered 404.
    """
    domain = request.GET.get("domain", "")[: _LONGEST + 1].rstrip(".").lower()
    is_from_outside = "X-Forwarded-For" in request.headers
    is_known = bool(domain) and len(domain) <= _LONGEST and (domain in _OURS or brand_at(domain) is not None)
    return HttpResponse(status=200 if is_known and not is_from_outside else 404)

"""https and nothing else, said in a way that binds our own hosts for good and a customer's domain only as it stands."""

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from core.web import health
from core.web.middleware import Door
from core.web.replies import fault

_HSTS = "Strict-Transport-Security"


def https_only(get_response: Door) -> Door:
    """Send plain http to https, once the host is known to be one of ours; a form sent in the clear is refused.

    Probes come over the inner network and are answered as they come. A custom domain's promise leaves out its
    subdomains: they are the customer's, and may have no certificate.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not settings.IS_HTTPS_ONLY or request.path_info in health.PATHS:
            return get_response(request)
        if not request.is_secure():
            return _to_https(request)
        response = get_response(request)
        if settings.SECURE_HSTS_SECONDS and not _is_ours(request.get_host()):
            response.headers.setdefault(_HSTS, f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response

    return answer


def _to_https(request: HttpRequest) -> HttpResponseBase:
    if request.method in {"GET", "HEAD"}:
        # Without the port: it is plain http's, or somebody's invention.
        return HttpResponsePermanentRedirect(f"https://{_name(request.get_host())}{request.get_full_path()}")
    return fault(request, 403, "https.needed")


def _is_ours(host: str) -> bool:
    name = _name(host)
    return name == settings.BASE_DOMAIN or name.endswith(f".{settings.BASE_DOMAIN}")


def _name(host: str) -> str:
    return host.partition(":")[0].rstrip(".").lower()

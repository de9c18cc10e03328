"""The name of the address a request asked for. Paths hold document numbers and one-time words; names hold nothing."""

from django.conf import settings
from django.http import HttpRequest

PROBES = frozenset({"healthz", "readyz", "metrics", "certificate"})
"""Asked by machines every other second: what they ask would drown what people did."""


def route_of(request: HttpRequest) -> str:
    """The route's name, its pattern where it has none, ``static`` for files and ``none`` for what is no address."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
    return match.view_name or match.route or "/"

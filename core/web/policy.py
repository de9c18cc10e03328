"""Headers of every answer: the Content-Security-Policy put together once, and who may keep an answer."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OWN_WORDS = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")
"""What django-csp's decorators leave on an answer that wants a policy of its own."""


_ON_EVERY_ANSWER = {
    # Nothing here asks for any of these; what is brought in from elsewhere may not either.
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ContentPolicyMiddleware(CSPMiddleware):
    """As django-csp's; an answer without wishes of its own gets the settled policy as it was first put together."""

    settled = ""
    desk = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header, and those that never differ; the operator's desk has its own policy."""
        for name, value in _ON_EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        if _is_somebody_s(request):  # whatever forgot to say it: nobody's own page is kept by a proxy or a browser
            response.headers.setdefault("Cache-Control", "private, no-store")
        if getattr(request, "is_desk", False):
            self.desk = self.desk or build_policy(config=settings.DESK_POLICY["DIRECTIVES"])
            response[HEADER] = self.desk
            return response
        is_special = HEADER in response or getattr(request, "_csp_nonce", None) is not None
        if is_special or any(hasattr(response, name) for name in _OWN_WORDS):
            return super().process_response(request, response)
        if not self.settled:
            super().process_response(request, response)
            self.settled = response[HEADER]
        response[HEADER] = self.settled
        return response


def _is_somebody_s(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers

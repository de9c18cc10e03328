"""The Content-Security-Policy header: django-csp's words, put together once and not for every answer."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OWN_WORDS = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")
"""What django-csp's decorators leave on an answer that wants a policy of its own."""


class ContentPolicyMiddleware(CSPMiddleware):
    """As django-csp's; an answer without wishes of its own gets the settled policy as it was first put together."""

    settled = ""
    desk = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header; the operator's desk has its own policy."""
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

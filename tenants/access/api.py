"""Who calls, for programs."""

from django.conf import settings
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel.actor import Side
from core.web.api import actor_of
from core.web.openapi import FLAG, TEXT, UUID, described, list_of, shape, words


class SeatScheme(OpenApiAuthenticationExtension):
    """How ``SeatAuthentication`` stands in the OpenAPI document."""

    target_class = "tenants.access.authentication.SeatAuthentication"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        """A token of one seat, or the session of somebody signed in."""
        return [
            {"type": "http", "scheme": "bearer", "description": "A token of one seat: `jm_<key>_<secret>`."},
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        ]

    def get_security_requirement(self, auto_schema: object) -> list[dict[str, list[str]]]:
        """Either is enough."""
        return [{"token": []}, {"session": []}]


class Me(APIView):
    """The caller's seat."""

    @described(
        "Who calls and what the seat may do",
        answer=shape(
            {
                "seat": UUID,
                "person": TEXT,
                "side": words([side.value for side in Side]),
                "house": TEXT,
                "permissions": list_of(TEXT),
                "scope": shape({"regions": list_of(TEXT), "product_lines": list_of(TEXT)}),
                "is_token": FLAG,
                "is_read_only": FLAG,
            }
        ),
    )
    def get(self, request: Request) -> Response:
        """The seat, its house and its permissions; those of a token where one was sent."""
        actor = actor_of(request)
        return Response(
            {
                "seat": actor.seat_id,
                "person": actor.person_name,
                "side": actor.side.value,
                "house": actor.dealer_name,
                "permissions": sorted(actor.codes),
                "scope": {"regions": actor.scope.regions, "product_lines": actor.scope.product_lines},
                "is_token": actor.token_id is not None,
                "is_read_only": actor.is_read_only,
            }
        )


urlpatterns = [path("me", Me.as_view(), name="api_me")]

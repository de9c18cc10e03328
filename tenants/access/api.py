"""Who calls, for programs."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.actor import Side
from core.web.api import actor_of
from core.web.openapi import (
    AFTER,
    FLAG,
    LIMIT,
    TEXT,
    UUID,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
    words,
)
from core.web.paging import slice_of
from core.web.prints import instant
from core.web.queries import Query
from tenants.access import invitees, selectors, services
from tenants.access.models import Seat


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


_SEAT = shape(
    {
        "id": UUID,
        "person": TEXT,
        "side": words(Seat.Side.values),
        "house": TEXT,
        "roles": list_of(TEXT),
        "scope": shape({"regions": list_of(TEXT), "product_lines": list_of(TEXT)}),
        "status": words(Seat.Status.values),
        "since": TEXT,
    }
)
_SEAT_FIELDS = (
    *("id", "person_name", "side", "dealer_name", "roles", "scope_regions", "scope_product_lines", "status"),
    "created_at",
)
_OFFER = shape(
    {
        "id": UUID,
        "name": TEXT,
        "account": {**TEXT, "description": "Masked."},
        "side": words(Seat.Side.values),
        "house": TEXT,
        "roles": list_of(TEXT),
        "expires_at": TEXT,
    }
)
_TOKEN = shape(
    {
        "key": TEXT,
        "name": TEXT,
        "seat": UUID,
        "permissions": list_of(TEXT),
        "expires_at": TEXT,
        "last_used_at": maybe(TEXT),
        "is_revoked": FLAG,
    }
)


class Seats(APIView):
    """Who may enter."""

    @described(
        "Seats",
        answer=slice_of_items(_SEAT),
        refusals=(422,),
        parameters=[query("status", words(Seat.Status.values), "Status"), AFTER, LIMIT],
    )
    def get(self, request: Request) -> Response:
        """All seats for the brand's staff, those of the own house for others; with `access.read`."""
        asked = Query(request)
        status = asked.choice("status", Seat.Status.values)
        asked.finish("after", "limit")
        rows = selectors.seats_visible_to(actor_of(request)).order_by()
        rows = rows.filter(status=status) if status else rows
        found = slice_of(rows.values(*_SEAT_FIELDS), request._request, order=("id",))
        return Response({"items": [_seat(row) for row in found.rows], "next": found.next_cursor or None})


class SeatClosure(APIView):
    """The end of a seat."""

    @described("Close a seat", status=201, answer=_SEAT, needs_key=True, refusals=(404,))
    def post(self, request: Request, seat_id: uuid.UUID) -> Response:
        """Its next request is signed out, its tokens end, and what it lent, borrowed or invited; with `access.edit`."""
        actor = actor_of(request)

        def closed() -> dict[str, Any]:
            seat = services.close_seat(actor=actor, seat_id=seat_id)
            return _seat({name: getattr(seat, name) for name in _SEAT_FIELDS})

        return answered_once(request, closed, status=201)


class Invitations(APIView):
    """Seats offered. Inviting itself is done on the page: the link is for people, and shown once."""

    @described("Open invitations", answer=slice_of_items(_OFFER), refusals=(422,), parameters=[AFTER, LIMIT])
    def get(self, request: Request) -> Response:
        """What nobody has accepted or withdrawn yet; with `access.read`."""
        Query(request).finish("after", "limit")
        rows = selectors.invitations_visible_to(actor_of(request)).order_by()
        names = ("id", "name", "identifier_sealed", "side", "dealer_name", "roles", "expires_at")
        found = slice_of(rows.values(*names), request._request, order=("id",))
        return Response({"items": [_offer(row) for row in found.rows], "next": found.next_cursor or None})


class InvitationWithdrawal(APIView):
    """The end of an offer."""

    @described("Withdraw an invitation", status=201, answer=shape({"id": UUID}), needs_key=True, refusals=(404,))
    def post(self, request: Request, invitation_id: uuid.UUID) -> Response:
        """Its link opens nothing any more; with `access.edit`."""
        actor = actor_of(request)

        def withdrawn() -> dict[str, Any]:
            return {"id": str(services.withdraw_invitation(actor=actor, invitation_id=invitation_id).pk)}

        return answered_once(request, withdrawn, status=201)


class Tokens(APIView):
    """Access for programs. Secrets are shown on the page that makes them, and nowhere else."""

    @described("Tokens", answer=slice_of_items(_TOKEN), refusals=(422,), parameters=[AFTER, LIMIT])
    def get(self, request: Request) -> Response:
        """Those of the own seat; with `access.read` of every seat one may see."""
        Query(request).finish("after", "limit")
        rows = selectors.tokens_visible_to(actor_of(request)).select_related(None).order_by()
        names = ("key", "name", "seat_id", "codes", "expires_at", "last_used_at", "revoked_at")
        found = slice_of(rows.values(*names), request._request, order=("key",))
        return Response({"items": [_token(row) for row in found.rows], "next": found.next_cursor or None})


class TokenRevocation(APIView):
    """The end of a token."""

    @described("Revoke a token", status=201, answer=shape({"key": TEXT}), needs_key=True, refusals=(404,))
    def post(self, request: Request, key: str) -> Response:
        """It is refused from the next request on; the own seat's, or with `access.edit` those one may see."""
        actor = actor_of(request)
        return answered_once(request, lambda: {"key": services.revoke_token(actor=actor, key=key).key}, status=201)


def _seat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "person": row["person_name"],
        "side": row["side"],
        "house": row["dealer_name"],
        "roles": row["roles"],
        "scope": {"regions": row["scope_regions"], "product_lines": row["scope_product_lines"]},
        "status": row["status"],
        "since": instant(row["created_at"]),
    }


def _offer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "account": invitees.masked_account(row["identifier_sealed"]),
        "side": row["side"],
        "house": row["dealer_name"],
        "roles": row["roles"],
        "expires_at": instant(row["expires_at"]),
    }


def _token(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": row["key"],
        "name": row["name"],
        "seat": str(row["seat_id"]),
        "permissions": row["codes"],
        "expires_at": instant(row["expires_at"]),
        "last_used_at": instant(row["last_used_at"]),
        "is_revoked": row["revoked_at"] is not None,
    }


urlpatterns = [
    path("me", Me.as_view(), name="api_me"),
    path("seats", Seats.as_view(), name="api_seats"),
    path("seats/<uuid:seat_id>/closure", SeatClosure.as_view(), name="api_seat_closure"),
    path("invitations", Invitations.as_view(), name="api_invitations"),
    path(
        "invitations/<uuid:invitation_id>/withdrawal", InvitationWithdrawal.as_view(), name="api_invitation_withdrawal"
    ),
    path("tokens", Tokens.as_view(), name="api_tokens"),
    path("tokens/<slug:key>/revocation", TokenRevocation.as_view(), name="api_token_revocation"),
]

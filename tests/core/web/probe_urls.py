"""Doors that do one thing each, for the tests of what stands around every door."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel.actor import Side
from core.kernel.errors import Busy, DomainError, Kind, Missing, NotPermitted, Refusal, VersionConflict
from core.project.urls_common import common
from core.web.api import actor_of
from core.web.doors import page
from core.web.requests import SignedInRequest

REFUSALS: dict[str, DomainError] = {
    "invalid": DomainError("Only %(free)s left.", code="probe.invalid", free=7),
    "forbidden": NotPermitted(permission="orders.place"),
    "missing": Missing(),
    "conflict": VersionConflict(),
    "busy": Busy(),
    "several": Refusal(
        [
            DomainError("Only %(free)s left.", code="probe.invalid", line=1, field="quantity", free=7),
            DomainError(code="probe.other", kind=Kind.CONFLICT, line=3),
        ]
    ),
}


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise a refusal."""
    raise REFUSALS[kind]


def break_down(request: HttpRequest) -> HttpResponse:
    """A bug."""
    raise RuntimeError("a bug")


def store_too_much(request: HttpRequest) -> HttpResponse:
    """What the database cannot hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int4", [2**40])
    return HttpResponse()


def wait_for_lock(request: HttpRequest) -> HttpResponse:
    """A lock somebody else holds, outside any act."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '30ms'")
        cursor.execute("SELECT pg_advisory_xact_lock(4711)")
    return HttpResponse()


def schema(request: HttpRequest) -> HttpResponse:
    """The search path as the server knows it."""
    return HttpResponse(_search_path())


def streamed(request: HttpRequest) -> HttpResponseBase:
    """The search path, asked while the answer is already on its way."""

    def parts() -> Iterator[str]:
        for _ in range(3):
            yield _search_path() + "\n"

    return StreamingHttpResponse(parts())


def _search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


@page()
def me(request: SignedInRequest) -> HttpResponse:
    """Who sits here."""
    return HttpResponse(f"{request.actor.person_name}@{request.brand.slug}")


@page(permission="orders.approve")
def desk(request: SignedInRequest) -> HttpResponse:
    """Needs a permission."""
    return HttpResponse("desk")


@page(side=Side.BRAND, methods=("POST",))
def brand_only(request: SignedInRequest) -> HttpResponse:
    """Needs a side, answers POST only."""
    return HttpResponse("brand")


class LineForm(serializers.Serializer[dict[str, Any]]):
    """One line."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)


class OrderForm(serializers.Serializer[dict[str, Any]]):
    """A body with lines."""

    note = serializers.CharField(max_length=5, required=False)
    lines = LineForm(many=True)


class Echo(APIView):
    """Reads and answers JSON."""

    def get(self, request: Request) -> Response:
        """Who calls."""
        actor = actor_of(request)
        return Response({"seat": actor.seat_id, "codes": actor.codes, "token": actor.token_id})

    def post(self, request: Request) -> Response:
        """What was sent, checked."""
        form = OrderForm(data=request.data)
        form.is_valid(raise_exception=True)
        return Response({"body": form.validated_data, "bytes": len(request._request.body)})


class Refuse(APIView):
    """Raises a refusal."""

    def get(self, request: Request, kind: str) -> Response:
        """Raise it."""
        raise REFUSALS[kind]


def health_echo(request: HttpRequest) -> JsonResponse:
    """Nothing but an answer."""
    return JsonResponse({"ok": True})


urlpatterns = [
    *common,
    path("refuse/<slug:kind>/", refuse),
    path("bug/", break_down, name="bug"),
    path("too-much/", store_too_much),
    path("lock/", wait_for_lock),
    path("schema/", schema),
    path("streamed/", streamed),
    path("me/", me),
    path("desk/", desk),
    path("brand-only/", brand_only),
    path("api/v1/", include([path("echo", Echo.as_view()), path("refuse/<slug:kind>", Refuse.as_view())])),
    path("api/v1/bug", break_down),
    path("", health_echo),
]
handler400 = "core.web.views.bad_request"
handler403 = "core.web.views.forbidden"
handler404 = "core.web.views.not_found"
handler500 = "core.web.views.server_error"

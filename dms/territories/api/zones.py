"""Zones, for programs: ground the brand has drawn itself."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import TEXT, WHOLE, Schema, described, list_of, maybe, shape
from dms.territories import services
from dms.territories.selectors import ZoneLine, zone_of, zones_visible_to
from dms.territories.services import SaveZone

Print = dict[str, Any]
MOST_CODES = 3_500
_ZONE = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "regions": {**list_of(TEXT), "description": "Leaves of GB/T 2260."},
        "grants": {**WHOLE, "description": "In force or to come."},
        "since": {**maybe(TEXT), "description": "The day this ground holds from, where that is still to come."},
        "version": WHOLE,
    }
)
_SAID: dict[str, Schema] = {"name": TEXT, "regions": list_of(TEXT)}
_MORE: dict[str, Schema] = {"name_en": TEXT}


class Zones(APIView):
    """The zones the caller may see."""

    @described("Zones", answer=shape({"items": list_of(_ZONE)}))
    def get(self, request: Request) -> Response:
        """All that are offered today, by code."""
        found = zones_visible_to(actor_of(request), day=clock.business_day())
        return Response({"items": [_row(one) for one in found]})

    @described(
        "Draw a zone",
        status=201,
        answer=_ZONE,
        body=shape({"code": TEXT, **_SAID}, _MORE),
        refusals=(409,),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """A new one; divisions that are no leaves stand for the leaves inside them."""
        actor, body = actor_of(request), body_of(request)
        command = _command(body, body.text("code", most=20, default=None))
        body.finish()
        return answered_once(
            request,
            lambda: _saved(actor, command),
            status=201,
            location=lambda printed: f"{request.path}/{printed['code']}",
        )


class ZoneDoor(APIView):
    """One zone."""

    @described("One zone", answer=_ZONE, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        """As it is offered today."""
        return Response(_row(zone_of(actor_of(request), code, day=clock.business_day())))


class ZoneRedrawing(APIView):
    """Other ground for a zone."""

    @described(
        "Draw a zone anew",
        answer=_ZONE,
        body=shape({**_SAID, "version": WHOLE}, {**_MORE, "effective_on": TEXT}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """Grants that stand on it hold the new ground from the day on; what stands against that is refused."""
        actor, body = actor_of(request), body_of(request)
        command = _command(body, code, is_known=True)
        body.finish()
        return answered_once(request, lambda: _saved(actor, command))


class ZoneClosure(APIView):
    """The end of a zone."""

    @described("Close a zone", answer=shape({"code": TEXT}), body=shape({}), refusals=(404, 409), needs_key=True)
    def post(self, request: Request, code: str) -> Response:
        """It is offered no longer; refused while grants stand on it."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def close() -> Print:
            services.close_zone(actor=actor, code=code)
            return {"code": code}

        return answered_once(request, close)


def _command(body: Body, code: str, *, is_known: bool = False) -> SaveZone:
    return SaveZone(
        code=code,
        name=body.text("name", most=60, default=None),
        region_codes=body.texts("regions", most=MOST_CODES),
        version=body.whole("version") if is_known else None,
        effective_on=body.day("effective_on") if is_known else None,
        name_en=body.text("name_en", most=80),
    )


def _saved(actor: Actor, command: SaveZone) -> Print:
    row = services.save_zone(actor=actor, command=command)
    return _row(zone_of(actor, row.code, day=clock.business_day()))


def _row(zone: ZoneLine) -> Print:
    return {
        "code": zone.code,
        "name": zone.name,
        "name_en": zone.name_en,
        "regions": list(zone.leaves),
        "grants": zone.grants,
        "since": zone.since.isoformat() if zone.since else None,
        "version": zone.version,
    }


urlpatterns = [
    path("zones", Zones.as_view(), name="api_zones"),
    path("zones/<str:code>", ZoneDoor.as_view(), name="api_zone"),
    path("zones/<str:code>/redrawing", ZoneRedrawing.as_view(), name="api_zone_redrawing"),
    path("zones/<str:code>/closure", ZoneClosure.as_view(), name="api_zone_closure"),
]

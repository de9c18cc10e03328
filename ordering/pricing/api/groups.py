"""Groups of dealers that share prices (价格组), for programs: which there are, in which order they are asked."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted
from core.web.api import actor_of
from core.web.bodies import body_of
from core.web.openapi import TEXT, WHOLE, described, list_of, shape
from dms.dealers.permissions import Permission
from dms.dealers.selectors import price_groups
from dms.dealers.services import SavePriceGroup, order_price_groups, save_price_group

Print = dict[str, Any]
MOST_GROUPS = MOST_JOINING = 1_000
_GROUP = shape({"code": TEXT, "name": TEXT, "rank": {**WHOLE, "description": "The lower is asked first."}})
_GROUPS = shape({"items": list_of(_GROUP)})


class PriceGroups(APIView):
    """The groups of the house."""

    @described("Price groups", answer=_GROUPS)
    def get(self, request: Request) -> Response:
        """The one asked for prices first in front."""
        return Response(_printed(_staff(request)))

    @described("Order the price groups", answer=_GROUPS, body=shape({"codes": list_of(TEXT)}), refusals=(503,))
    def put(self, request: Request) -> Response:
        """All codes, the one to be asked first in front; in force at once."""
        actor, body = _staff(request), body_of(request)
        codes = body.texts("codes", most=MOST_GROUPS)
        body.finish()
        order_price_groups(actor=actor, codes=codes)
        return Response(_printed(actor))


class PriceGroupDoor(APIView):
    """One group."""

    @described(
        "Make or rename a price group",
        answer=_GROUP,
        body=shape({"name": TEXT}, {"dealers": {**list_of(TEXT), "description": "Codes of dealers that join it."}}),
        refusals=(404, 503),
    )
    def put(self, request: Request, code: str) -> Response:
        """A new one is the last in order."""
        actor, body = _staff(request), body_of(request)
        name = body.text("name", most=60, default=None)
        joining = body.texts("dealers", most=MOST_JOINING) if body.has("dealers") else ()
        body.finish()
        made = save_price_group(actor=actor, command=SavePriceGroup(code, name, joining))
        return Response({"code": made.code, "name": made.name, "rank": made.rank})


def _staff(request: Request) -> Actor:
    """The caller. Raises ``NotPermitted`` for a dealer's seat: how the house groups its dealers is its own affair."""
    actor = actor_of(request)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.READ)
    return actor


def _printed(actor: Actor) -> Print:
    return {"items": [{"code": one.code, "name": one.name, "rank": one.rank} for one in price_groups(actor)]}

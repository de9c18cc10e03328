"""Grants, for programs: who holds what where on a day, and the acts on one grant."""

from datetime import date
from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel import clock
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AFTER,
    LIMIT,
    TEXT,
    WHOLE,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
    words,
)
from core.web.paging import slice_of
from core.web.queries import Query
from dms.dealers.rules import Channel
from dms.territories import services
from dms.territories.models import Grant
from dms.territories.rules import EVERY_CHANNEL, Kind
from dms.territories.selectors import STATES, GrantFilter, grant_of, grant_rows, sku_codes
from dms.territories.services import ChangeGrant, GrantTerritory, RenewGrant

Print = dict[str, Any]
MOST_CHANNELS = 20
MOST_SKUS = 200
KINDS = [kind.value for kind in Kind]
CHANNELS = [EVERY_CHANNEL, *(one.value for one in Channel)]
_FIELDS = (
    *("id", "dealer__code", "dealer__name", "product_line__code", "sku_ids", "channels", "region_code", "zone__code"),
    *("kind", "priority", "valid_from", "valid_to", "contract_number", "carved_out_of_id", "follows_id", "version"),
)
_GRANT = shape(
    {
        "id": WHOLE,
        "dealer": TEXT,
        "dealer_name": TEXT,
        "product_line": {**maybe(TEXT), "description": "null with no skus: every product line."},
        "skus": list_of(TEXT),
        "channels": {**list_of(words(CHANNELS)), "description": "`*`: every channel."},
        "region": {**maybe(TEXT), "description": "`CN`: the whole country; null where the ground is a zone."},
        "zone": maybe(TEXT),
        "kind": words(KINDS),
        "priority": WHOLE,
        "valid_from": TEXT,
        "valid_to": {**maybe(TEXT), "description": "The first day it no longer holds."},
        "contract": TEXT,
        "carved_out_of": maybe(WHOLE),
        "follows": maybe(WHOLE),
        "version": WHOLE,
    }
)
_CHANGED = {
    "product_line": {**TEXT, "description": "Empty: every product line."},
    "skus": list_of(TEXT),
    "channels": list_of(words(CHANNELS)),
    "region": TEXT,
    "zone": TEXT,
    "kind": words(KINDS),
    "priority": WHOLE,
    "contract": TEXT,
}


class Grants(APIView):
    """The grants the caller may see."""

    @described(
        "Grants on a day",
        answer=slice_of_items(_GRANT),
        refusals=(422,),
        parameters=[
            query("on", TEXT, "The day asked for; today unless told"),
            query("state", words(STATES), "Seen from that day; in force unless told"),
            query("region", TEXT, "Division code of GB/T 2260: what holds it, and what lies inside"),
            query("dealer", TEXT, "Code of a dealer"),
            query("product_line", TEXT, "Code of a line: grants of this line by name"),
            query("channel", words(CHANNELS[1:]), "Channel: grants that hold it"),
            query("kind", words(KINDS), "Kind"),
            query("zone", TEXT, "Code of a zone"),
            AFTER,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        """A slice, by id."""
        actor, asked = actor_of(request), Query(request)
        wanted = GrantFilter(
            kind=asked.choice("kind", KINDS),
            channel=asked.choice("channel", CHANNELS[1:]),
            line_code=asked.text("product_line"),
            region_code=asked.text("region"),
            zone_code=asked.text("zone"),
            dealer_code=asked.text("dealer"),
            state=asked.choice("state", STATES),
            day=asked.day("on"),
        )
        asked.finish("after", "limit")
        rows = grant_rows(actor, wanted, today=clock.business_day())
        found = slice_of(rows.values(*_FIELDS), request._request, order=("id",))
        codes = _codes({sku_id for row in found.rows for sku_id in row["sku_ids"]})
        return Response({"items": [_row(row, codes) for row in found.rows], "next": found.next_cursor or None})

    @described(
        "Give a grant",
        status=201,
        answer=_GRANT,
        body=shape({"dealer": TEXT}, {**_CHANGED, "valid_from": TEXT, "valid_to": TEXT}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """Give ground to a dealer; a conflict names every grant in the way as far as the caller may see it."""
        actor, body = actor_of(request), body_of(request)
        command = GrantTerritory(
            dealer_code=body.text("dealer", most=20, default=None),
            region_code=body.text("region", most=6),
            zone_code=body.text("zone", most=20),
            line_code=body.text("product_line", most=40),
            sku_codes=body.texts("skus", most=MOST_SKUS),
            channels=body.texts("channels", most=MOST_CHANNELS) or (EVERY_CHANNEL,),
            kind=(body.choice("kind", Kind) or Kind.SHARED).value,
            priority=1 if (priority := _priority(body)) is None else priority,
            valid_from=body.day("valid_from"),
            valid_to=body.day("valid_to"),
            contract_number=body.text("contract", most=40),
        )
        body.finish()
        return answered_once(
            request,
            lambda: _printed(services.grant(actor=actor, command=command)),
            status=201,
            location=lambda printed: f"{request.path}/{printed['id']}",
        )


class GrantDoor(APIView):
    """One grant."""

    @described("One grant", answer=_GRANT, refusals=(404,))
    def get(self, request: Request, grant_id: int) -> Response:
        """As it is kept; ``follows`` names the slice of time before it."""
        return Response(_printed(grant_of(actor_of(request), grant_id)))


class GrantChange(APIView):
    """What a grant holds from a day on."""

    @described(
        "Change a grant from a day on",
        answer=_GRANT,
        body=shape({}, {**_CHANGED, "effective_on": TEXT, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, grant_id: int) -> Response:
        """The row that holds from then on; what was before stays readable on its own days."""
        actor, body = actor_of(request), body_of(request)
        command = _change(body, grant_id)
        body.finish()
        return answered_once(request, lambda: _printed(services.change_grant(actor=actor, command=command)))


class GrantEnd(APIView):
    """The end of a grant."""

    @described(
        "End a grant",
        answer=_GRANT,
        body=shape({"ends_on": TEXT}, {"reason": TEXT, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, grant_id: int) -> Response:
        """``ends_on`` is the first day it no longer holds."""
        actor, body = actor_of(request), body_of(request)
        ends_on = body.day("ends_on", is_needed=True) or date.max
        reason, version = body.text("reason", most=200), body.whole("version", is_needed=False)
        body.finish()

        def end() -> Print:
            ended = services.end_grant(actor=actor, grant_id=grant_id, ends_on=ends_on, reason=reason, version=version)
            return _printed(ended)

        return answered_once(request, end)


class GrantRenewal(APIView):
    """The same ground for another time."""

    @described(
        "Renew a grant",
        status=201,
        answer=_GRANT,
        body=shape({}, {"valid_to": TEXT, "contract": TEXT, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, grant_id: int) -> Response:
        """A new grant from where the old one ends, without ``valid_to`` for good."""
        actor, body = actor_of(request), body_of(request)
        command = RenewGrant(
            grant_id,
            body.day("valid_to"),
            body.text("contract", most=40),
            body.whole("version", is_needed=False),
        )
        body.finish()
        return answered_once(request, lambda: _printed(services.renew_grant(actor=actor, command=command)), status=201)


class GrantWithdrawal(APIView):
    """A grant that is not to be."""

    @described(
        "Withdraw a grant",
        answer=shape({"id": WHOLE}),
        body=shape({}, {"reason": TEXT, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, grant_id: int) -> Response:
        """Before it begins; a change withdrawn lets what was before go on."""
        actor, body = actor_of(request), body_of(request)
        reason, version = body.text("reason", most=200), body.whole("version", is_needed=False)
        body.finish()

        def withdraw() -> Print:
            services.withdraw_grant(actor=actor, grant_id=grant_id, reason=reason, version=version)
            return {"id": grant_id}

        return answered_once(request, withdraw)


def _change(body: Body, grant_id: int) -> ChangeGrant:
    """Only what was sent is changed."""
    kind = body.choice("kind", Kind)
    return ChangeGrant(
        grant_id,
        effective_on=body.day("effective_on"),
        line_code=body.text("product_line", most=40) if body.has("product_line") else None,
        sku_codes=body.texts("skus", most=MOST_SKUS) if body.has("skus") else None,
        channels=body.texts("channels", most=MOST_CHANNELS) if body.has("channels") else None,
        region_code=body.text("region", most=6) or None,
        zone_code=body.text("zone", most=20) or None,
        kind=kind.value if kind is not None else None,
        priority=_priority(body),
        contract_number=body.text("contract", most=40) if body.has("contract") else None,
        version=body.whole("version", is_needed=False),
    )


def _priority(body: Body) -> int | None:
    return body.whole("priority", is_needed=False)


def _codes(sku_ids: set[int]) -> dict[int, str]:
    return sku_codes(Grant.objects.filter(sku_ids__overlap=sorted(sku_ids))) if sku_ids else {}


def _printed(grant: Grant) -> Print:
    """A grant as the lists print it, read anew: a verb's own row may hold what was only asked for."""
    (row,) = Grant.objects.filter(pk=grant.pk).values(*_FIELDS)
    return _row(row, _codes(set(row["sku_ids"])))


def _row(row: Print, codes: dict[int, str]) -> Print:
    return {
        "id": row["id"],
        "dealer": row["dealer__code"],
        "dealer_name": row["dealer__name"],
        "product_line": row["product_line__code"],
        "skus": [codes[sku_id] for sku_id in row["sku_ids"] if sku_id in codes],
        "channels": row["channels"],
        "region": row["region_code"] or None,
        "zone": row["zone__code"],
        "kind": row["kind"],
        "priority": row["priority"],
        "valid_from": row["valid_from"].isoformat(),
        "valid_to": row["valid_to"].isoformat() if row["valid_to"] else None,
        "contract": row["contract_number"],
        "carved_out_of": row["carved_out_of_id"],
        "follows": row["follows_id"],
        "version": row["version"],
    }


urlpatterns = [
    path("grants", Grants.as_view(), name="api_grants"),
    path("grants/<int:grant_id>", GrantDoor.as_view(), name="api_grant"),
    path("grants/<int:grant_id>/change", GrantChange.as_view(), name="api_grant_change"),
    path("grants/<int:grant_id>/end", GrantEnd.as_view(), name="api_grant_end"),
    path("grants/<int:grant_id>/withdrawal", GrantWithdrawal.as_view(), name="api_grant_withdrawal"),
    path("grants/<int:grant_id>/renewal", GrantRenewal.as_view(), name="api_grant_renewal"),
]

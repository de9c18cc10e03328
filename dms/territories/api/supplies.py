"""Who supplies an outlet, for programs: what was, what is, what is to come."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import body_of
from core.web.openapi import FLAG, TEXT, WHOLE, described, list_of, maybe, shape
from dms.dealers.selectors import dealer
from dms.territories import services
from dms.territories.models import OutletSupply
from dms.territories.selectors import supplies_of
from dms.territories.services import ChangeSupply

Print = dict[str, Any]
_SUPPLY = shape(
    {
        "id": WHOLE,
        "outlet": TEXT,
        "supplier": TEXT,
        "supplier_name": TEXT,
        "product_line": {**maybe(TEXT), "description": "null: every line without a supplier of its own."},
        "valid_from": TEXT,
        "valid_to": {**maybe(TEXT), "description": "The first day it no longer holds."},
        "has_begun": {**FLAG, "description": "The supplier has taken over; before that it may be taken back."},
        "reason": TEXT,
    }
)


class Supplies(APIView):
    """The suppliers of one outlet."""

    @described("Who supplies an outlet", answer=shape({"items": list_of(_SUPPLY)}), refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        """Every slice of time, the newest first; none: whoever it was planted below."""
        actor = actor_of(request)
        rows = supplies_of(actor, dealer(actor, code).pk)
        return Response({"items": [_row(one) for one in rows.select_related("outlet", "supplier", "product_line")]})

    @described(
        "Change an outlet's supplier",
        status=201,
        answer=_SUPPLY,
        body=shape(
            {"supplier": TEXT},
            {
                "product_line": {**TEXT, "description": "Empty: every line without a supplier of its own."},
                "effective_on": {**TEXT, "description": "Tomorrow unless told; never earlier."},
                "reason": TEXT,
            },
        ),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """From a day on; both dealers and the outlet are told. Open orders stay where they were placed."""
        actor, body = actor_of(request), body_of(request)
        command = ChangeSupply(
            outlet_code=code,
            supplier_code=body.text("supplier", most=20, default=None),
            line_code=body.text("product_line", most=40),
            effective_on=body.day("effective_on"),
            reason=body.text("reason", most=200),
        )
        body.finish()
        return answered_once(request, lambda: _row(services.change_supply(actor=actor, command=command)), status=201)


class SupplyWithdrawal(APIView):
    """A change that is not to be."""

    @described(
        "Take back a change of supplier",
        answer=shape({"id": WHOLE}),
        body=shape({}, {"reason": TEXT}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, supply_id: int) -> Response:
        """Before its day; from then on it is refused and another change follows it."""
        actor, body = actor_of(request), body_of(request)
        reason = body.text("reason", most=200)
        body.finish()

        def withdraw() -> Print:
            services.withdraw_supply(actor=actor, supply_id=supply_id, reason=reason)
            return {"id": supply_id}

        return answered_once(request, withdraw)


def _row(row: OutletSupply) -> Print:
    return {
        "id": row.pk,
        "outlet": row.outlet.code,
        "supplier": row.supplier.code,
        "supplier_name": row.supplier.name,
        "product_line": row.product_line.code if row.product_line is not None else None,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "has_begun": row.begun_at is not None,
        "reason": row.reason,
    }


urlpatterns = [
    path("outlets/<str:code>/supplies", Supplies.as_view(), name="api_outlet_supplies"),
    path("supplies/<int:supply_id>/withdrawal", SupplyWithdrawal.as_view(), name="api_supply_withdrawal"),
]

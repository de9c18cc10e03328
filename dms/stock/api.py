"""Stock of the caller's own house, for programs. Quantities are bottles."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import FLAG, LIMIT, PAGE, TEXT, WHOLE, Schema, described, list_of, query, shape, words
from core.web.paging import MAX_PAGE
from core.web.queries import Query
from dms.stock.selectors import StockAlert, StockFilter, StockLine, Threshold, stock_alerts, stock_page, thresholds_of
from dms.stock.selectors.sums import ONLY
from dms.stock.services import (
    AdjustStock,
    Counted,
    CountStock,
    SetThresholds,
    StockDocument,
    ThresholdLine,
    TransferStock,
    adjust_stock,
    count_stock,
    set_thresholds,
    transfer_stock,
)

Print = dict[str, Any]
MOST_LINES = 5_000
LONGEST_REASON = 200

_DOCUMENT = shape({"number": TEXT, "changed": WHOLE, "is_repeated": FLAG})
_LINES = list_of(shape({"sku": TEXT, "bottles": WHOLE}, {"batch": TEXT}))
_REASON: dict[str, Schema] = {"reason": {**TEXT, "maxLength": LONGEST_REASON}}
_STOCK = shape(
    {
        "sku": TEXT,
        "name": TEXT,
        "bottles_per_case": WHOLE,
        "on_hand": WHOLE,
        "reserved": WHOLE,
        "free": WHOLE,
        "places": list_of(
            shape({"warehouse": TEXT, "batch": TEXT, "condition": TEXT, "on_hand": WHOLE, "reserved": WHOLE})
        ),
    }
)


_PLACE = {**TEXT, "description": "Code of a warehouse; empty: over all that sell."}
_THRESHOLD = shape({"sku": TEXT, "warehouse": _PLACE, "bottles": WHOLE, "is_low": FLAG})
_ALERTS = shape(
    {
        "low": {**WHOLE, "description": "How many have something left."},
        "out": {**WHOLE, "description": "How many have nothing left."},
        "items": list_of(shape({"sku": TEXT, "name": TEXT, "warehouse": _PLACE, "threshold": WHOLE, "free": WHOLE})),
    }
)


class StockDoor(APIView):
    """What the house has."""

    @described(
        "Stock by SKU, 50 a page",
        answer=shape({"items": list_of(_STOCK), "page": WHOLE, "has_next": FLAG}),
        refusals=(422,),
        parameters=[
            query("q", TEXT, "Words of name or code"),
            query("warehouse", TEXT, "Code of a warehouse"),
            query("only", words(ONLY), "Only what is short, low, under a threshold, or partly reserved"),
            PAGE,
        ],
    )
    def get(self, request: Request) -> Response:
        """One page."""
        actor, asked = actor_of(request), Query(request)
        wanted = StockFilter(
            text=asked.text("q"),
            warehouse_code=asked.text("warehouse"),
            only=asked.choice("only", ONLY),
        )
        page = min(max(asked.whole("page", default=1), 1), MAX_PAGE)
        asked.finish()
        found = stock_page(actor=actor, filters=wanted, page=page)
        return Response({"items": [_stock(line) for line in found.rows], "page": page, "has_next": found.has_next})


class Counts(APIView):
    """What somebody counted (盘点)."""

    @described(
        "Set stock to what was counted",
        status=201,
        answer=_DOCUMENT,
        body=shape(
            {"warehouse": TEXT, "lines": _LINES},
            {"number": {**TEXT, "description": "The count's own number; sent again it changes nothing."}, **_REASON},
        ),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request) -> Response:
        """Count; only the SKUs named change."""
        actor, body = actor_of(request), body_of(request)
        command = CountStock(
            warehouse_code=body.text("warehouse", most=40, default=None),
            lines=_counted(body),
            number=body.text("number", most=30),
            reason=body.text("reason", most=LONGEST_REASON),
        )
        body.finish()
        return answered_once(request, lambda: _document(count_stock(actor=actor, command=command)), status=201)


class Adjustments(APIView):
    """Corrections with a reason."""

    @described(
        "Correct stock by signed bottles",
        status=201,
        answer=_DOCUMENT,
        body=shape({"warehouse": TEXT, "lines": _LINES, **_REASON}),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request) -> Response:
        """Add or take away."""
        actor, body = actor_of(request), body_of(request)
        command = AdjustStock(
            warehouse_code=body.text("warehouse", most=40, default=None),
            lines=_counted(body),
            reason=body.text("reason", most=LONGEST_REASON, default=None),
        )
        body.finish()
        return answered_once(request, lambda: _document(adjust_stock(actor=actor, command=command)), status=201)


class Transfers(APIView):
    """Moves between two warehouses of the house."""

    @described(
        "Move stock to another warehouse",
        status=201,
        answer=_DOCUMENT,
        body=shape({"from": TEXT, "to": TEXT, "lines": _LINES}, _REASON),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request) -> Response:
        """Move free bottles."""
        actor, body = actor_of(request), body_of(request)
        command = TransferStock(
            from_code=body.text("from", most=40, default=None),
            to_code=body.text("to", most=40, default=None),
            lines=_counted(body),
            reason=body.text("reason", most=LONGEST_REASON),
        )
        body.finish()
        return answered_once(request, lambda: _document(transfer_stock(actor=actor, command=command)), status=201)


class Thresholds(APIView):
    """Below how many free bottles the house wants to hear (库存预警线)."""

    @described("Stock thresholds", answer=shape({"items": list_of(_THRESHOLD)}))
    def get(self, request: Request) -> Response:
        """Those of the caller's own house, by SKU."""
        return Response({"items": [_threshold(one) for one in thresholds_of(actor_of(request))]})

    @described(
        "Set stock thresholds",
        answer=shape({"lines": WHOLE}),
        body=shape({"lines": list_of(shape({"sku": TEXT, "bottles": WHOLE}))}, {"warehouse": TEXT}),
        refusals=(404,),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """0 bottles takes one away; without a warehouse over all that sell."""
        actor, body = actor_of(request), body_of(request)
        lines = []
        for one in body.objects("lines", most=MOST_LINES):
            lines.append(ThresholdLine(one.text("sku", most=48, default=None), one.number("bottles")))
            one.close()
        command = SetThresholds(tuple(lines), body.text("warehouse", most=40))
        body.finish()
        return answered_once(request, lambda: {"lines": set_thresholds(actor=actor, command=command)})


class Alerts(APIView):
    """What is under a threshold now."""

    @described("Stock alerts", answer=_ALERTS, parameters=[LIMIT], refusals=(422,))
    def get(self, request: Request) -> Response:
        """The emptiest first; `low` and `out` count them all. Nothing for a seat without `stock.read`."""
        actor, asked = actor_of(request), Query(request)
        limit = min(max(asked.whole("limit", default=50), 1), 200)
        asked.finish()
        found = stock_alerts(actor, limit=limit)
        return Response({"low": found.low, "out": found.out, "items": [_alert(one) for one in found.rows]})


def _threshold(one: Threshold) -> Print:
    return {"sku": one.sku_code, "warehouse": one.warehouse_code, "bottles": one.bottles, "is_low": one.is_low}


def _alert(one: StockAlert) -> Print:
    return {
        "sku": one.sku_code,
        "name": one.sku_name,
        "warehouse": one.warehouse_code,
        "threshold": one.threshold,
        "free": one.free,
    }


def _counted(body: Body) -> tuple[Counted, ...]:
    lines = []
    for one in body.objects("lines", most=MOST_LINES):
        lines.append(Counted(one.text("sku", most=48, default=None), one.number("bottles"), one.text("batch", most=40)))
        one.close()
    return tuple(lines)


def _document(made: StockDocument) -> Print:
    return {"number": made.number, "changed": made.changed, "is_repeated": made.is_repeated}


def _stock(line: StockLine) -> Print:
    return {
        "sku": line.sku_code,
        "name": line.sku_name,
        "bottles_per_case": line.bottles_per_case,
        "on_hand": line.on_hand,
        "reserved": line.reserved,
        "free": line.free,
        "places": [
            {
                "warehouse": place.warehouse_code,
                "batch": place.batch,
                "condition": place.condition,
                "on_hand": place.on_hand,
                "reserved": place.reserved,
            }
            for place in line.places
        ],
    }


urlpatterns = [
    path("stock", StockDoor.as_view(), name="api_stock"),
    path("stock/counts", Counts.as_view(), name="api_stock_counts"),
    path("stock/adjustments", Adjustments.as_view(), name="api_stock_adjustments"),
    path("stock/thresholds", Thresholds.as_view(), name="api_stock_thresholds"),
    path("stock/alerts", Alerts.as_view(), name="api_stock_alerts"),
    path("stock/transfers", Transfers.as_view(), name="api_stock_transfers"),
]

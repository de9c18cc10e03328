"""Trying policies on a dealer's cart, for programs. Nothing is written."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AMOUNT,
    FLAG,
    INSTANT,
    MONEY,
    TEXT,
    UNIT,
    WHOLE,
    described,
    list_of,
    maybe,
    shape,
    words,
)
from core.web.prints import instant, maybe_money, money
from core.web.refusals import words_of
from dms.dealers.selectors import brand_currency
from ordering.promotions.api.terms import TERMS, document_of
from ordering.promotions.rules.outcome import Because, EvaluatedLine
from ordering.promotions.selectors import Simulate, SimulatedLine, SimulatedOutcome, Simulation, simulate
from ordering.promotions.selectors.simulating import MOST_LINES

Print = dict[str, Any]
MOST_CODES = 200
_LINES = list_of(shape({"sku": TEXT, "quantity": WHOLE}, {"unit": UNIT}))
_STEP = shape({"stage": WHOLE, "policy": TEXT, "name": TEXT, "before": MONEY, "after": MONEY})
_LINE = shape(
    {
        "line": WHOLE,
        "sku": TEXT,
        "name": TEXT,
        "unit": UNIT,
        "quantity": WHOLE,
        "listed": MONEY,
        "payable": MONEY,
        "net": {**MONEY, "description": "One unit after discounts and gifts: what is held against the red line."},
        "floor": {**maybe(MONEY), "description": "Its red line a unit; null: it has none."},
        "steps": list_of(_STEP),
    }
)
_ANSWER = shape(
    {
        "at": INSTANT,
        "lines": list_of(_LINE),
        "gifts": list_of(shape({"policy": TEXT, "sku": TEXT, "unit": UNIT, "quantity": WHOLE, "list_value": MONEY})),
        "told": list_of(shape({"policy": TEXT, "because": words(tuple(Because)), "detail": TEXT})),
        "listed": MONEY,
        "discount": MONEY,
        "gift_value": MONEY,
        "rebate": MONEY,
        "payable": MONEY,
        "given_bp": {**WHOLE, "description": "Basis points given away by list value, gifts and pool included."},
        "breaks_floor": FLAG,
        "faults": {
            **list_of(shape({"code": TEXT, "detail": TEXT, "line": maybe(WHOLE), "field": maybe(TEXT)})),
            "description": "Lines without a price and coupons that open nothing; they count for nothing.",
        },
    }
)


class Simulations(APIView):
    """What a cart would cost."""

    @described(
        "Simulate promotion policies on a cart",
        answer=_ANSWER,
        body=shape(
            {"buyer": TEXT, "lines": _LINES},
            {
                "at": {**INSTANT, "description": "Left out: now, or when the draft begins."},
                "only": {**list_of(TEXT), "description": "Codes of the policies that count; left out: all."},
                "draft": {**TERMS, "description": "Terms to be tried beside them."},
                "draft_of": {**TEXT, "description": "The policy the draft stands in for."},
                "coupons": list_of(TEXT),
                "is_first_order": FLAG,
                "rebate": {**AMOUNT, "description": "What the pool shall pay; left out: all it may."},
            },
        ),
        refusals=(404,),
    )
    def post(self, request: Request) -> Response:
        """For one of the house's customers, at its own prices. Nothing is written."""
        actor, body = actor_of(request), body_of(request)
        currency = brand_currency()
        asked = Simulate(
            buyer_code=body.text("buyer", most=20, default=None),
            lines=_lines(body),
            at=body.instant("at"),
            only=body.texts("only", most=MOST_CODES) if body.has("only") else None,
            draft=document_of(request, "draft", currency) if body.has("draft") else None,
            draft_of=body.text("draft_of", most=30),
            coupons=body.texts("coupons", most=MOST_CODES),
            is_first_order=body.flag("is_first_order"),
            rebate_wanted=body.money("rebate", currency),
        )
        body.finish()
        return Response(_printed(simulate(actor, asked)))


def _lines(body: Body) -> tuple[SimulatedLine, ...]:
    lines = []
    for one in body.objects("lines", most=MOST_LINES):
        sku, quantity = one.text("sku", most=48, default=None), one.number("quantity")
        lines.append(SimulatedLine(sku, quantity, one.choice("unit", Unit)))
        one.close()
    return tuple(lines)


def _printed(found: Simulation) -> Print:
    evaluated = {line.line_no: line for line in found.evaluation.lines}
    return {
        "at": instant(found.at),
        "lines": [_line(line, evaluated[line.line_no], found.currency) for line in found.lines],
        "gifts": [
            {
                "policy": gift.policy,
                "sku": gift.sku,
                "unit": gift.unit.value,
                "quantity": gift.quantity,
                "list_value": money(gift.list_value, found.currency),
            }
            for gift in found.evaluation.gifts
        ],
        "told": [
            {"policy": one.policy, "because": one.because.value, "detail": one.detail} for one in found.evaluation.told
        ],
        "listed": money(found.listed, found.currency),
        "discount": money(found.discount, found.currency),
        "gift_value": money(found.gift_value, found.currency),
        "rebate": money(found.evaluation.rebate, found.currency),
        "payable": money(found.evaluation.total, found.currency),
        "given_bp": found.given_bp,
        "breaks_floor": bool(found.evaluation.floor_breaks),
        "faults": [
            {"code": fault.code, "detail": words_of(fault), "line": fault.line, "field": fault.field}
            for fault in found.faults
        ],
    }


def _line(line: SimulatedOutcome, evaluated: EvaluatedLine, currency: str) -> Print:
    return {
        "line": line.line_no,
        "sku": line.sku_code,
        "name": line.sku_name,
        "unit": line.unit.value,
        "quantity": line.quantity,
        "listed": money(line.listed, currency),
        "payable": money(line.payable, currency),
        "net": money(line.net, currency),
        "floor": maybe_money(line.floor, currency),
        "steps": [
            {
                "stage": int(step.stage),
                "policy": step.policy,
                "name": step.name,
                "before": money(step.before, currency),
                "after": money(step.after, currency),
            }
            for step in evaluated.steps
        ],
    }

"""Why a customer pays what it pays, for programs."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel import clock
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.web.api import actor_of
from core.web.bodies import NotWhole
from core.web.openapi import FLAG, MONEY, TEXT, UNIT, WHOLE, described, list_of, maybe, query, shape, words
from core.web.prints import instant, maybe_money, money
from core.web.queries import Query
from ordering.pricing.explaining import Verdict
from ordering.pricing.selectors.tracing import (
    PriceQuestion,
    TracedEntry,
    TracedList,
    TracedPrice,
    end_of,
    traced_price,
)

Print = dict[str, Any]
_ENTRY = shape(
    {
        "list": TEXT,
        "unit": UNIT,
        "from": WHOLE,
        "price": maybe(MONEY),
        "valid_from": TEXT,
        "set_at": TEXT,
        "set_by": {**TEXT, "description": "Empty where nobody knows any more."},
    }
)
_TRACE = shape(
    {
        "dealer": TEXT,
        "sku": TEXT,
        "unit": UNIT,
        "quantity": WHOLE,
        "at": TEXT,
        "price": {**maybe(MONEY), "description": "Of one unit; null: not to be had, `refusal` says why."},
        "from": {**WHOLE, "description": "The quantity the price begins at."},
        "refusal": {**maybe(TEXT), "description": "A stable code."},
        "entry": {**maybe(_ENTRY), "description": "Where the price comes from; null where the caller may not see it."},
        "made": list_of(
            shape({"list": TEXT, "before": MONEY, "after": MONEY, "factor_ppm": WHOLE, "divided_by": WHOLE})
        ),
        "chain": {
            **list_of(
                shape(
                    {
                        "list": TEXT,
                        "verdict": words([one.value for one in Verdict]),
                        "price": {**maybe(MONEY), "description": "What this list asks."},
                        "version": WHOLE,
                        "since": {**maybe(TEXT), "description": "Since when it is silent, or from when on it speaks."},
                    }
                )
            ),
            "description": "The lists in the order they are asked.",
        },
        "history": list_of(_ENTRY),
        "course": list_of(shape({"at": TEXT, "price": maybe(MONEY), "is_planned": FLAG})),
    }
)


class PriceTrace(APIView):
    """One price with everything that leads there."""

    @described(
        "Trace a customer's price",
        answer=_TRACE,
        refusals=(404, 422),
        parameters=[
            query("unit", UNIT, "Without it the unit the SKU is sold in"),
            query("quantity", WHOLE, "Without it one"),
            query("day", TEXT, "A day past or to come, at its end; without it now"),
        ],
    )
    def get(self, request: Request, code: str, sku: str) -> Response:
        """By the dealer, tier, groups and factors of today, and the prices of the instant."""
        actor, asked = actor_of(request), Query(request)
        unit = asked.choice("unit", [*Unit])
        quantity, day = asked.whole("quantity", default=1), asked.day("day")
        asked.finish()
        if not 1 <= quantity <= MAX_BOTTLES:
            raise NotWhole(field="quantity")
        at = end_of(day) if day else clock.now()
        question = PriceQuestion(code, sku, at, Unit(unit) if unit else None, quantity)
        return Response(_printed(traced_price(actor, question)))


def _printed(found: TracedPrice) -> Print:
    price, currency, now = found.price, found.currency, clock.now()
    return {
        "dealer": found.buyer.code,
        "sku": found.sku.code,
        "unit": found.question.unit.value,
        "quantity": found.question.quantity,
        "at": instant(found.at),
        "price": maybe_money(price.amount if price else None, currency),
        "from": found.explained.min_quantity,
        "refusal": found.refusal.code if found.refusal else None,
        "entry": _entry(found.source, currency) if found.source else None,
        "made": [
            {
                "list": one.list_code,
                "before": money(one.before, currency),
                "after": money(one.after, currency),
                "factor_ppm": one.derivation.factor_ppm if one.derivation else 0,
                "divided_by": one.bottles,
            }
            for one in (price.made if price and found.source else ())
        ],
        "chain": [_list(one, currency) for one in found.chain],
        "history": [_entry(one, currency) for one in found.history],
        "course": [
            {"at": instant(at), "price": maybe_money(amount, currency), "is_planned": at > now}
            for at, amount in found.course
        ],
    }


def _list(one: TracedList, currency: str) -> Print:
    step = one.asked.step
    return {
        "list": one.asked.list.code,
        "verdict": one.asked.verdict.value,
        "price": maybe_money(step[1].amount if step else None, currency),
        "version": one.version,
        "since": instant(one.asked.at),
    }


def _entry(one: TracedEntry, currency: str) -> Print:
    return {
        "list": one.list_code,
        "unit": one.entry.unit,
        "from": one.entry.min_quantity,
        "price": maybe_money(one.entry.amount, currency),
        "valid_from": instant(one.entry.valid_from),
        "set_at": instant(one.entry.created_at),
        "set_by": one.person_name,
    }

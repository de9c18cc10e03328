"""A seller's own price lists: the brand's for its staff, a dealer's own for the dealer."""

from datetime import datetime
from math import ceil
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AMOUNT,
    FLAG,
    INSTANT,
    MONEY,
    PAGE,
    TEXT,
    UNIT,
    WHOLE,
    described,
    list_of,
    maybe,
    query,
    shape,
    words,
)
from core.web.paging import MAX_PAGE
from core.web.prints import instant, maybe_money
from core.web.queries import Query
from ordering.pricing.models import PriceList
from ordering.pricing.selectors.lists import lists_visible_to
from ordering.pricing.selectors.matrix import (
    MatrixCell,
    MatrixList,
    MatrixRow,
    RowFilter,
    matrix_block,
    matrix_lists,
)
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from ordering.pricing.services.entries import MOST_CHANGES

Print = dict[str, Any]
ROWS_A_PAGE = 100

_LIST = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "scope": words(PriceList.Scope.values),
        "tier": TEXT,
        "region": TEXT,
        "currency": TEXT,
        "is_active": FLAG,
        "version": WHOLE,
    }
)
_PRICE = shape(
    {
        "unit": UNIT,
        "from": WHOLE,
        "price": maybe(MONEY),
        "valid_from": maybe(INSTANT),
        "next_price": maybe(MONEY),
        "next_from": maybe(INSTANT),
        "is_derived": {**FLAG, "description": "By the price of the list this one is derived from, or of the case."},
    }
)
_ENTRIES = shape(
    {
        "list": _LIST,
        "items": list_of(shape({"sku": TEXT, "name": TEXT, "prices": list_of(_PRICE)})),
        "total": WHOLE,
        "page": WHOLE,
        "pages": WHOLE,
    }
)
_CHANGE = shape(
    {"sku": TEXT, "unit": UNIT, "amount": {**maybe(AMOUNT), "description": "Null ends the price."}},
    {
        "from": {**WHOLE, "default": 1},
        "valid_from": {**maybe(INSTANT), "description": "Null: now."},
        "is_meant": {
            **FLAG,
            "default": False,
            "description": "Take the price although its ladder rises, or it at least doubles or halves.",
        },
    },
)


class PriceEntries(APIView):
    """What one list says."""

    @described(
        "Prices of one list, 100 SKUs a page",
        answer=_ENTRIES,
        refusals=(404, 422),
        parameters=[query("q", TEXT, "Words of the goods"), PAGE],
    )
    def get(self, request: Request, code: str) -> Response:
        """Prices as of now and what is scheduled next."""
        actor, asked = actor_of(request), Query(request)
        text, page = asked.text("q"), min(max(asked.whole("page", default=1), 1), MAX_PAGE)
        asked.finish()
        found = next((one for one in matrix_lists(actor, with_inactive=True) if one.code == code), None)
        if found is None:
            raise Missing(list=code)
        first = (page - 1) * ROWS_A_PAGE
        block = matrix_block(actor=actor, lists=[found], asked=RowFilter(text), offset=first, limit=ROWS_A_PAGE)
        return Response(
            {
                "list": _facts(found),
                "items": [_goods(row, found) for row in block.rows],
                "total": block.total,
                "page": page,
                "pages": max(1, ceil(block.total / ROWS_A_PAGE)),
            }
        )

    @described(
        "Change prices of one list",
        answer=shape({"written": WHOLE, "version": WHOLE}),
        body=shape({"changes": list_of(_CHANGE)}, {"version": maybe(WHOLE)}),
        refusals=(404, 409, 503),
    )
    def put(self, request: Request, code: str) -> Response:
        """Put these prices; those that are so already are not written again, so repeating is harmless.

        A price that looks like a slip is refused until it is sent as meant.
        """
        actor = actor_of(request)
        command = _command(actor, body_of(request), code)
        done = set_prices(actor=actor, command=command)
        return Response({"written": done.written, "version": done.version})


def _command(actor: Actor, body: Body, code: str) -> SetPrices:
    currency = lists_visible_to(actor).filter(code=code).values_list("currency", flat=True).first()
    if currency is None:
        raise Missing(list=code)
    changes = []
    for one in body.objects("changes", most=MOST_CHANGES):
        changes.append(_change(one, currency))
        one.close()
    command = SetPrices(code, tuple(changes), body.whole("version", is_needed=False))
    body.finish()
    return command


def _change(one: Body, currency: str) -> PriceChange:
    valid_from: datetime | None = one.instant("valid_from")
    step = one.whole("from", is_needed=False)
    return PriceChange(
        sku_code=one.text("sku", most=48, default=None),
        unit=one.choice("unit", Unit, is_needed=True) or Unit.CASE,
        amount=one.money("amount", currency),
        min_quantity=1 if step is None else step,
        valid_from=valid_from,
        is_meant=one.flag("is_meant"),
    )


def _facts(found: MatrixList) -> Print:
    return {
        "code": found.code,
        "name": found.name,
        "scope": found.scope,
        "tier": found.tier,
        "region": found.region_code,
        "currency": found.currency,
        "is_active": found.is_active,
        "version": found.version,
    }


def _goods(row: MatrixRow, found: MatrixList) -> Print:
    cells = row.cells.get(found.id, ())
    return {"sku": row.sku_code, "name": row.sku_name, "prices": [_cell(cell, found.currency) for cell in cells]}


def _cell(cell: MatrixCell, currency: str) -> Print:
    return {
        "unit": cell.unit,
        "from": cell.min_quantity,
        "price": maybe_money(cell.amount, currency),
        "valid_from": instant(cell.valid_from),
        "next_price": maybe_money(cell.next_amount, currency),
        "next_from": instant(cell.next_from),
        "is_derived": cell.is_derived,
    }

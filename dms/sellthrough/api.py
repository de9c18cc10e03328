"""Market quotes, for the brand's programs: what was heard, what is quoted now, and writing it down."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import MINOR_DIGITS
from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, NotAChoice, body_of
from core.web.openapi import (
    AFTER,
    AMOUNT,
    FLAG,
    LIMIT,
    MONEY,
    TEXT,
    UNIT,
    WHOLE,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
)
from core.web.paging import slice_of
from core.web.prints import day, instant, maybe_money, money
from core.web.queries import Query
from dms.dealers.selectors import brand_currency
from dms.sellthrough import services
from dms.sellthrough.rules import MOST_SOURCE, Heard
from dms.sellthrough.selectors import LatestQuote, QuoteFilter, latest_quotes, quote_rows

Print = dict[str, Any]
MOST_POSTED = 500
_FIELDS = (
    *("id", "sku__code", "region_code", "quoted_on", "source", "unit", "amount", "currency", "entered_by_name"),
    *("entered_at", "was_corrected"),
)
_SEEN = {
    "id": WHOLE,
    "sku": TEXT,
    "region": {**TEXT, "description": "A division of GB/T 2260, or `CN`."},
    "day": TEXT,
    "source": TEXT,
    "unit": UNIT,
}
_QUOTE = shape(
    {
        **_SEEN,
        "amount": {**maybe(MONEY), "description": "Of one unit, tax inside; null: taken back."},
        "is_corrected": {**FLAG, "description": "A later row of the same SKU, region, day and source stands instead."},
        "entered_by": TEXT,
        "entered_at": TEXT,
    }
)
_LATEST = shape(
    {
        **_SEEN,
        "asked_region": TEXT,
        "amount": MONEY,
        "bottle": {**MONEY, "description": "What it comes to a bottle, rounded half-up."},
    }
)
_ROW = shape(
    {
        "sku": TEXT,
        "region": TEXT,
        "day": TEXT,
        "unit": UNIT,
        "amount": {**maybe(AMOUNT), "description": "Null takes the quote back."},
    },
    {"source": TEXT, "currency": TEXT},
)


class MarketQuotes(APIView):
    """What was heard."""

    @described(
        "Market quotes",
        answer=slice_of_items(_QUOTE),
        refusals=(404, 422),
        parameters=[
            query("sku", TEXT, "A SKU code"),
            query("region", TEXT, "A division and all inside it"),
            query("source", TEXT, "Where it was heard"),
            query("since", TEXT, "From this day on"),
            query("until", TEXT, "Up to this day, included"),
            query("corrected", FLAG, "Also rows that a later one has corrected, and those taken back"),
            AFTER,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        """A slice, the row entered last first; the brand's staff alone."""
        actor, asked = actor_of(request), Query(request)
        wanted = QuoteFilter(
            sku_code=asked.text("sku"),
            region_code=asked.text("region"),
            source=asked.text("source"),
            since=asked.day("since"),
            until=asked.day("until"),
            with_corrected=asked.flag("corrected"),
        )
        asked.finish("after", "limit")
        found = slice_of(quote_rows(actor, wanted).values(*_FIELDS), request._request, order=("-id",))
        return Response({"items": [_row(row) for row in found.rows], "next": found.next_cursor or None})

    @described(
        "Record market quotes",
        status=201,
        answer=shape({"written": WHOLE, "same": {**WHOLE, "description": "Rows that said what stood already."}}),
        body=shape({"quotes": list_of(_ROW)}),
        refusals=(404,),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """All of them, or none; a row of a SKU, region, day and source that has one corrects it."""
        actor, body = actor_of(request), body_of(request)
        usual = brand_currency()
        rows = [_heard(one, usual) for one in body.objects("quotes", most=MOST_POSTED)]
        body.finish()
        return answered_once(request, lambda: _recorded(actor, rows), status=201)


class MarketQuoteWithdrawal(APIView):
    """Take a quote back."""

    @described(
        "Take a market quote back",
        answer=shape({"id": WHOLE}),
        body=shape({}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, quote_id: int) -> Response:
        """By a later row; what was written stays on record."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def take_back() -> Print:
            services.withdraw_quote(actor=actor, quote_id=quote_id)
            return {"id": quote_id}

        return answered_once(request, take_back)


class LatestMarketQuotes(APIView):
    """What goods fetch now."""

    @described(
        "Latest market quotes",
        answer=shape({"items": list_of(_LATEST)}),
        refusals=(404, 422),
        parameters=[
            query("sku", TEXT, "A SKU code, may be repeated", is_repeated=True),
            query("region", TEXT, "A division, may be repeated", is_repeated=True),
            query("day", TEXT, "As of this day; without it today"),
        ],
    )
    def get(self, request: Request) -> Response:
        """By SKU and division; one without a quote of its own takes that of the nearest region holding it."""
        actor, asked = actor_of(request), Query(request)
        codes, regions, on = asked.texts("sku"), asked.texts("region"), asked.day("day")
        asked.finish()
        found = latest_quotes(actor, region_codes=regions, sku_codes=codes, day=on or clock.business_day())
        return Response({"items": [_latest(one) for one in found.values()]})


def _heard(body: Body, usual: str) -> Heard:
    currency = body.text("currency", most=3) or usual
    if currency not in MINOR_DIGITS:
        body.note(NotAChoice(field="currency", known=", ".join(MINOR_DIGITS)))
        currency = usual
    heard = Heard(
        sku_code=body.text("sku", most=48, default=None),
        region_code=body.text("region", most=6, default=None),
        quoted_on=body.day("day", is_needed=True) or clock.business_day(),
        unit=body.choice("unit", Unit, is_needed=True) or Unit.BOTTLE,
        amount=body.money("amount", currency),
        source=body.text("source", most=MOST_SOURCE),
        currency=currency,
    )
    body.close()
    return heard


def _recorded(actor: Actor, rows: list[Heard]) -> Print:
    done = services.record_quotes(actor=actor, rows=rows)
    return {"written": done.written, "same": done.same}


def _row(row: Print) -> Print:
    return {
        "id": row["id"],
        "sku": row["sku__code"],
        "region": row["region_code"],
        "day": day(row["quoted_on"]),
        "source": row["source"],
        "unit": row["unit"],
        "amount": maybe_money(row["amount"], row["currency"]),
        "is_corrected": row["was_corrected"],
        "entered_by": row["entered_by_name"],
        "entered_at": instant(row["entered_at"]),
    }


def _latest(one: LatestQuote) -> Print:
    return {
        "id": one.quote_id,
        "sku": one.sku_code,
        "region": one.region_code,
        "day": day(one.quoted_on),
        "source": one.source,
        "unit": one.unit,
        "asked_region": one.asked_region,
        "amount": money(one.amount, one.currency),
        "bottle": money(one.bottle_amount, one.currency),
    }


urlpatterns = [
    path("market-quotes", MarketQuotes.as_view(), name="api_market_quotes"),
    path("market-quotes/latest", LatestMarketQuotes.as_view(), name="api_latest_market_quotes"),
    path(
        "market-quotes/<int:quote_id>/withdrawal", MarketQuoteWithdrawal.as_view(), name="api_market_quote_withdrawal"
    ),
]

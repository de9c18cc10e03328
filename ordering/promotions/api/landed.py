"""What goods really cost (到手价), and where the market has fallen below it (价格倒挂), for programs."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.catalogue.selectors import sku_by_code
from core.kernel.errors import NotPermitted
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.regions import COUNTRY
from core.web.api import actor_of
from core.web.bodies import NotWhole
from core.web.openapi import FLAG, MONEY, TEXT, UNIT, WHOLE, described, list_of, maybe, query, shape, words
from core.web.prints import money
from core.web.queries import Query
from dms.dealers.selectors import brand_currency
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Stage
from ordering.promotions.selectors.inversions import (
    SHOWN,
    USUAL_CASES,
    Inversion,
    InversionFilter,
    market_inversions,
)
from ordering.promotions.selectors.waterfall import TIERS, NetAnswer, NetPrice, NetStep, squeezed, waterfalls

Print = dict[str, Any]
_STEP = shape(
    {
        "stage": words([one.name for one in Stage]),
        "policy": TEXT,
        "name": TEXT,
        "off": {**MONEY, "description": "Taken off, or what is given is worth by list."},
        "given_bottles": WHOLE,
        "given_sku": TEXT,
    }
)
_NET = {
    "price_list": TEXT,
    "unit": UNIT,
    "quantity": WHOLE,
    "listed": {**MONEY, "description": "All of it by list."},
    "payable": {**MONEY, "description": "What is paid for all of it."},
    "given_bottles": {**WHOLE, "description": "Of the same SKU."},
    "given_value": {**MONEY, "description": "Of other goods, by list."},
    "landed": {**MONEY, "description": "One unit really costs."},
    "landed_bottle": {**MONEY, "description": "One bottle really costs."},
    "steps": list_of(_STEP),
}
_LANDED = shape(
    {
        "tier": words(TIERS),
        "buyer": {**TEXT, "description": "Name of the dealer asked for; empty for a tier."},
        "net": {**maybe(shape(_NET)), "description": "Null: it cannot be bought, `refusal` says why."},
        "refusal": {**maybe(TEXT), "description": "A stable code."},
        "no_margin_over": {
            **maybe(words(TIERS)),
            "description": "The tier beneath that pays no more for a bottle: selling on to it earns nothing.",
        },
    }
)
_INVERSION = shape(
    {
        "sku": TEXT,
        "region": TEXT,
        "quoted_on": TEXT,
        "source": TEXT,
        "quote_bottle": {**MONEY, "description": "What a bottle fetches."},
        "landed_bottle": {**MONEY, "description": "What a bottle really costs the tier."},
        "ratio_permille": {**WHOLE, "description": "Quote ÷ landed price in thousandths, rounded down."},
        "is_inverted": FLAG,
    }
)


class LandedPrices(APIView):
    """One SKU on its way to what it really costs."""

    @described(
        "Landed prices of a SKU",
        answer=shape({"sku": TEXT, "items": list_of(_LANDED)}),
        refusals=(404, 422),
        parameters=[
            query("quantity", WHOLE, f"Without it {USUAL_CASES}"),
            query("unit", UNIT, "Without it the unit the SKU is sold in"),
            query("region", TEXT, "Division code of GB/T 2260; without it the whole country"),
            query("dealer", TEXT, "Code of one dealer; without it every tier"),
        ],
    )
    def get(self, request: Request, sku: str) -> Response:
        """Of every tier in a division, or of one dealer; gifts and rebate counted in."""
        actor, asked = actor_of(request), Query(request)
        if not actor.is_brand_staff:
            raise NotPermitted(permission=Permission.READ)
        quantity, unit = asked.whole("quantity", default=USUAL_CASES), asked.choice("unit", [*Unit])
        region, dealer = asked.text("region"), asked.text("dealer")
        asked.finish()
        if not 1 <= quantity <= MAX_BOTTLES:
            raise NotWhole(field="quantity")
        found = waterfalls(
            actor,
            sku_code=sku_by_code(actor, sku).code,
            quantity=quantity,
            unit=Unit(unit) if unit else None,
            region_code=region or (actor.scope.regions[0] if actor.scope.limits_regions else COUNTRY),
            dealer_code=dealer,
        )
        beneath = {} if dealer else {one.upper: one.lower for one in squeezed(found)}
        return Response({"sku": sku, "items": [_landed(one, beneath.get(one.tier)) for one in found]})


class Inversions(APIView):
    """The market against landed prices."""

    @described(
        "Market quotes against landed prices",
        answer=shape({"items": list_of(_INVERSION)}),
        refusals=(404, 422),
        parameters=[
            query("tier", words(TIERS), "Whose landed price; without it CITY"),
            query("cases", WHOLE, f"How many cases it orders; without it {USUAL_CASES}"),
            query("region", TEXT, "A division and all inside it"),
            query("show", words(SHOWN), "Without it what is inverted alone"),
        ],
    )
    def get(self, request: Request) -> Response:
        """The newest quote of every SKU and division, the lowest ratio first."""
        actor, asked = actor_of(request), Query(request)
        if not actor.is_brand_staff:
            raise NotPermitted(permission=Permission.READ)
        cases = asked.whole("cases", default=USUAL_CASES)
        wanted = InversionFilter(
            tier=asked.choice("tier", TIERS) or "CITY",
            cases=cases,
            region_code=asked.text("region"),
            shown=asked.choice("show", SHOWN) or "inverted",
        )
        asked.finish()
        if not 1 <= cases <= MAX_BOTTLES:
            raise NotWhole(field="cases")
        currency = brand_currency()
        return Response({"items": [_inversion(one, currency) for one in market_inversions(actor, wanted)]})


def _landed(one: NetAnswer, no_margin_over: str | None) -> Print:
    return {
        "tier": one.tier,
        "buyer": one.buyer_name,
        "net": None if one.net is None else _net(one.net),
        "refusal": one.refusal.code if one.refusal else None,
        "no_margin_over": no_margin_over,
    }


def _net(net: NetPrice) -> Print:
    return {
        "price_list": net.list_code,
        "unit": net.unit.value,
        "quantity": net.quantity,
        "listed": money(net.listed, net.currency),
        "payable": money(net.payable, net.currency),
        "given_bottles": net.given_bottles,
        "given_value": money(net.given_value, net.currency),
        "landed": money(net.landed_amount, net.currency),
        "landed_bottle": money(net.bottle_amount, net.currency),
        "steps": [_step(one, net.currency) for one in net.steps],
    }


def _step(one: NetStep, currency: str) -> Print:
    return {
        "stage": one.stage.name,
        "policy": one.policy,
        "name": one.name,
        "off": money(one.off, currency),
        "given_bottles": one.bottles,
        "given_sku": one.sku,
    }


def _inversion(one: Inversion, currency: str) -> Print:
    return {
        "sku": one.quote.sku_code,
        "region": one.quote.region_code,
        "quoted_on": one.quote.quoted_on.isoformat(),
        "source": one.quote.source,
        "quote_bottle": money(one.quote.bottle_amount, currency),
        "landed_bottle": money(one.net.bottle_amount, currency),
        "ratio_permille": one.ratio_permille,
        "is_inverted": one.is_inverted,
    }

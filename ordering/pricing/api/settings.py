"""What price lists are, and the brand's rules for prices, for programs."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.errors import NotPermitted
from core.kernel.regions import COUNTRY
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import FLAG, TEXT, WHOLE, described, list_of, maybe, shape, words
from ordering.pricing.models import PriceList, PricingSettings
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to, pricing_settings
from ordering.pricing.services import (
    ChangeList,
    ChangePricingSettings,
    CreateList,
    change_list,
    change_pricing_settings,
    create_list,
)

Print = dict[str, Any]
_DERIVED = {
    "channel": {**TEXT, "description": "Empty: for every channel."},
    "parent": {**TEXT, "description": "The list its prices come from where it has none of its own; empty: none."},
    "factor_ppm": {**WHOLE, "description": "Millionths of the parent's price: 950000 is 95 %."},
    "round_to": {**WHOLE, "enum": [1, 10, 100, 1000], "description": "Minor units."},
    "round_mode": words(PriceList.RoundMode.values),
    "divides_cases": {**FLAG, "description": "A bottle may be sold at the case's price ÷ bottles."},
}
_LIST = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "kind": words(PriceList.Kind.values),
        "scope": words(PriceList.Scope.values),
        "tier": TEXT,
        "region": TEXT,
        "dealer": maybe(TEXT),
        "price_group": maybe(TEXT),
        "currency": TEXT,
        "is_active": FLAG,
        "version": WHOLE,
        **_DERIVED,
    }
)
_CHANGEABLE = {
    "choice": words(PricingSettings.Choice.values),
    "changes_need_approval": FLAG,
    "floor_includes_rebate": FLAG,
}
_SETTINGS = shape({**_CHANGEABLE, "version": WHOLE})


class PriceLists(APIView):
    """The lists of the caller's house."""

    @described("The house's own price lists", answer=shape({"items": list_of(_LIST)}))
    def get(self, request: Request) -> Response:
        """All of them, by scope and code."""
        rows = lists_visible_to(actor_of(request)).select_related("parent", "dealer", "price_group")
        return Response({"items": [_print(row) for row in rows.order_by("scope", "code")]})

    @described(
        "Open a price list",
        status=201,
        answer=_LIST,
        body=shape(
            {"code": TEXT, "name": TEXT, "scope": words(PriceList.Scope.values)},
            {
                "name_en": TEXT,
                "kind": {**words(PriceList.Kind.values), "default": "SALE"},
                "currency": {**TEXT, "default": "CNY"},
                "region": {**TEXT, "default": "CN"},
                "tier": TEXT,
                "price_group": TEXT,
                "dealer": TEXT,
                **_DERIVED,
            },
        ),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """An empty one; a derived list prices at once what its parent prices."""
        actor, command = actor_of(request), _new_list(body_of(request))
        return answered_once(request, lambda: _print(create_list(actor=actor, command=command)), status=201)


class PriceListDoor(APIView):
    """One list."""

    @described(
        "Change what a price list is",
        answer=_LIST,
        body=shape({}, {"name": TEXT, "name_en": TEXT, "is_active": FLAG, "version": maybe(WHOLE), **_DERIVED}),
        refusals=(404, 409, 503),
    )
    def put(self, request: Request, code: str) -> Response:
        """What is left out stays; in force at once."""
        command = _changed_list(body_of(request), code)
        return Response(_print(change_list(actor=actor_of(request), command=command)))


class PriceSettings(APIView):
    """The brand's rules for prices."""

    @described("Rules for prices", answer=_SETTINGS)
    def get(self, request: Request) -> Response:
        """Which list prices a product, and who may change prices; the brand's own affair."""
        actor = actor_of(request)
        actor.require(Permission.READ, writes=False)
        if not actor.is_brand_staff:
            raise NotPermitted(permission=Permission.READ)
        return Response(_settings(pricing_settings()))

    @described(
        "Change the rules for prices",
        answer=_SETTINGS,
        body=shape({}, {**_CHANGEABLE, "version": maybe(WHOLE)}),
        refusals=(409, 503),
    )
    def put(self, request: Request) -> Response:
        """What is left out stays; in force at once. Orders placed keep what they were priced by."""
        body = body_of(request)
        command = ChangePricingSettings(
            choice=_text(body, "choice", 20),
            changes_need_approval=_flag(body, "changes_need_approval"),
            floor_includes_rebate=_flag(body, "floor_includes_rebate"),
            version=body.whole("version", is_needed=False),
        )
        body.finish()
        return Response(_settings(change_pricing_settings(actor=actor_of(request), command=command)))


def _flag(body: Body, name: str) -> bool | None:
    return body.flag(name) if body.has(name) else None


def _text(body: Body, name: str, most: int) -> str | None:
    return body.text(name, most=most) if body.has(name) else None


def _whole(body: Body, name: str, usual: int) -> int:
    said = body.whole(name, is_needed=False)
    return usual if said is None else said


def _new_list(body: Body) -> CreateList:
    command = CreateList(
        code=body.text("code", most=30, default=None),
        name=body.text("name", most=80, default=None),
        scope=body.text("scope", most=10, default=None),
        name_en=body.text("name_en", most=80),
        kind=body.text("kind", most=10) or PriceList.Kind.SALE.value,
        currency=body.text("currency", most=3) or "CNY",
        region_code=body.text("region", most=6) or COUNTRY,
        tier=body.text("tier", most=10),
        price_group_code=body.text("price_group", most=20),
        dealer_code=body.text("dealer", most=20),
        channel=body.text("channel", most=12),
        parent_code=body.text("parent", most=30),
        factor_ppm=_whole(body, "factor_ppm", 1_000_000),
        round_to=_whole(body, "round_to", 1),
        round_mode=body.text("round_mode", most=10) or PriceList.RoundMode.HALF_UP.value,
        divides_cases=body.flag("divides_cases"),
    )
    body.finish()
    return command


def _changed_list(body: Body, code: str) -> ChangeList:
    command = ChangeList(
        code,
        name=_text(body, "name", 80),
        name_en=_text(body, "name_en", 80),
        channel=_text(body, "channel", 12),
        parent_code=_text(body, "parent", 30),
        factor_ppm=body.whole("factor_ppm", is_needed=False),
        round_to=body.whole("round_to", is_needed=False),
        round_mode=_text(body, "round_mode", 10),
        divides_cases=_flag(body, "divides_cases"),
        is_active=_flag(body, "is_active"),
        version=body.whole("version", is_needed=False),
    )
    body.finish()
    return command


def _settings(row: PricingSettings) -> Print:
    return {name: getattr(row, name) for name in (*_CHANGEABLE, "version")}


def _print(row: PriceList) -> Print:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "scope": row.scope,
        "tier": row.tier,
        "region": row.region_code,
        "dealer": row.dealer.code if row.dealer else None,
        "price_group": row.price_group.code if row.price_group else None,
        "currency": row.currency,
        "is_active": row.is_active,
        "version": row.version,
        "channel": row.channel,
        "parent": row.parent.code if row.parent else "",
        "factor_ppm": row.factor_ppm,
        "round_to": row.round_to,
        "round_mode": row.round_mode,
        "divides_cases": row.divides_cases,
    }

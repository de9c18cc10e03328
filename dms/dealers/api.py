"""The channel tree, for programs."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.ledger.api import DAYS, STATEMENT, days_asked, printed_statement
from core.idempotency.doors import answered_once
from core.kernel.actor import Actor
from core.kernel.money import MINOR_DIGITS
from core.vault.services import masked_phone, unseal
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AFTER,
    AMOUNT,
    FLAG,
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
from dms.dealers.models import Credential, Dealer
from dms.dealers.rules import Channel, Delivery
from dms.dealers.selectors import (
    DealerFilter,
    ShipTo,
    dealer,
    dealer_rows,
    own_addresses,
    papers,
    ship_to,
    with_group_codes,
)
from dms.dealers.services import (
    CreateDealer,
    SaveAddress,
    create_dealer,
    delete_address,
    registered,
    save_address,
)

Print = dict[str, Any]
MOST_ADDRESSES = 20
TIERS = [tier for tier in Dealer.Tier.values if tier != "BRAND"]
_FIELDS = (
    *("id", "code", "name", "short_name", "tier", "status", "region_code", "channel", "parent__code"),
    *("supplier__code", "price_group_codes", "labels", "version"),
)
_ROW = {
    "code": TEXT,
    "name": TEXT,
    "short_name": TEXT,
    "tier": words(Dealer.Tier.values),
    "status": words(Dealer.Status.values),
    "region": TEXT,
    "channel": TEXT,
    "parent": maybe(TEXT),
    "supplier": maybe(TEXT),
    "price_groups": {**list_of(TEXT), "description": "Codes, the one asked for prices first in front."},
    "labels": list_of(TEXT),
    "version": WHOLE,
}
_ADDRESS = shape(
    {"id": WHOLE, "label": TEXT, "recipient": TEXT, "phone": TEXT, "region": TEXT, "line": TEXT, "is_default": FLAG}
)
_WHOLE = shape(
    {
        **_ROW,
        "uscc": TEXT,
        "contact": shape({"name": TEXT, "phone": {**TEXT, "description": "Masked."}}),
        "licences": list_of(
            shape(
                {
                    "type": words(Credential.Type.values),
                    "number": TEXT,
                    "valid_from": TEXT,
                    "valid_to": maybe(TEXT),
                    "is_accepted": {**FLAG, "description": "Counts for orders on the days it is valid."},
                    "check": words(Credential.CheckStatus.values),
                }
            )
        ),
        "addresses": list_of(_ADDRESS),
    }
)
_NEW_ADDRESS = shape(
    {"recipient": TEXT, "phone": TEXT, "region": TEXT, "line": TEXT}, {"label": TEXT, "is_default": FLAG}
)


class Dealers(APIView):
    """The dealers the caller may see."""

    @described(
        "Dealers",
        answer=slice_of_items(shape(_ROW)),
        refusals=(422,),
        parameters=[
            query("q", TEXT, "Words of name or code"),
            query("tier", words(TIERS), "Tier"),
            query("status", words(Dealer.Status.values), "Status"),
            query("region", TEXT, "Division code of GB/T 2260; everything inside it"),
            query("below", TEXT, "Code of a dealer: its whole subtree"),
            AFTER,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        """A slice, by code."""
        actor, asked = actor_of(request), Query(request)
        wanted = DealerFilter(
            text=asked.text("q"),
            tier=asked.choice("tier", TIERS),
            status=asked.choice("status", Dealer.Status.values),
            region_code=asked.text("region"),
            below_code=asked.text("below"),
        )
        asked.finish("after", "limit")
        found = slice_of(
            with_group_codes(dealer_rows(actor, wanted)).values(*_FIELDS), request._request, order=("code",)
        )
        return Response({"items": [_row(row) for row in found.rows], "next": found.next_cursor or None})

    @described(
        "Create a dealer",
        status=201,
        answer=_WHOLE,
        body=shape(
            {"code": TEXT, "name": TEXT, "tier": words(TIERS)},
            {
                "region": TEXT,
                "parent": {**TEXT, "description": "Left out: below the brand."},
                "supplier": {**TEXT, "description": "Left out: a terminal buys from its parent, others of the brand."},
                "channel": words([one.value for one in Channel]),
                "price_groups": list_of(TEXT),
                "labels": list_of(TEXT),
                "short_name": TEXT,
                "uscc": TEXT,
                "contact_name": TEXT,
                "contact_phone": TEXT,
                "credit_limit": AMOUNT,
                "terms_days": WHOLE,
                "currency": TEXT,
                "addresses": list_of(_NEW_ADDRESS),
            },
        ),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """Create one, as a draft: licences make it active."""
        actor = actor_of(request)
        command = registered(actor=actor, command=_command(body_of(request)))
        return answered_once(
            request,
            lambda: _create(actor, command),
            status=201,
            location=lambda body: f"{request.path}/{body['code']}",
        )


def _create(actor: Actor, command: CreateDealer) -> Print:
    made = create_dealer(actor=actor, command=command)
    return _whole(actor, made.code)


class DealerDoor(APIView):
    """One dealer."""

    @described("One dealer", answer=_WHOLE, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        """With licences and addresses; phones are masked."""
        return Response(_whole(actor_of(request), code))


class DealerStatement(APIView):
    """What happened on a dealer's account with whoever supplies it."""

    @described("Statement of a dealer's account", answer=STATEMENT, refusals=(404, 422), parameters=DAYS)
    def get(self, request: Request, code: str) -> Response:
        """Both days included, by day of booking; with `dealers.read` and `ledger.read`."""
        actor = actor_of(request)
        since, until = days_asked(Query(request))
        return Response(printed_statement(actor, dealer(actor, code).pk, since, until))


class OwnAddresses(APIView):
    """Where the caller's own house takes goods in: what `address_id` of an order may name."""

    @described("Own addresses", answer=shape({"items": list_of(_ADDRESS)}))
    def get(self, request: Request) -> Response:
        """All of them, the default first; phones are masked. The brand's own house has none."""
        return Response({"items": [_address(one) for one in own_addresses(actor_of(request))]})


class Addresses(APIView):
    """A dealer's addresses."""

    @described("Add an address", status=201, answer=_ADDRESS, body=_NEW_ADDRESS, refusals=(404,), needs_key=True)
    def post(self, request: Request, code: str) -> Response:
        """The brand for any dealer, a dealer's administrator for its own; the first one is the default."""
        actor, command = actor_of(request), SaveAddress(code, _one_address(body_of(request)))
        return answered_once(request, lambda: _saved(actor, command), status=201)


class AddressDoor(APIView):
    """One address."""

    @described("Change an address", answer=_ADDRESS, body=_NEW_ADDRESS, refusals=(404, 409, 503))
    def put(self, request: Request, code: str, address_id: int) -> Response:
        """All of it anew; orders placed before keep where they were sent to."""
        actor, command = actor_of(request), SaveAddress(code, _one_address(body_of(request)), address_id)
        return Response(_saved(actor, command))


class AddressRemoval(APIView):
    """An address taken away."""

    @described(
        "Remove an address",
        answer=shape({"default": {**maybe(WHOLE), "description": "Id of the address used unless told, if any."}}),
        body=shape({}),
        refusals=(404,),
        needs_key=True,
    )
    def post(self, request: Request, code: str, address_id: int) -> Response:
        """Where it was the default, the oldest of the others takes its place."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def remove() -> Print:
            heir = delete_address(actor=actor, dealer_code=code, address_id=address_id)
            return {"default": heir.pk if heir is not None else None}

        return answered_once(request, remove)


def _saved(actor: Actor, command: SaveAddress) -> Print:
    return _address(ship_to(save_address(actor=actor, command=command)))


def _address(one: ShipTo) -> Print:
    return {
        "id": one.id,
        "label": one.label,
        "recipient": one.recipient,
        "phone": masked_phone(unseal(one.phone_sealed)),
        "region": one.region_code,
        "line": one.line,
        "is_default": one.is_default,
    }


def _command(body: Body) -> CreateDealer:
    currency = body.text("currency", most=3)
    terms = body.whole("terms_days", is_needed=False)
    channel = body.choice("channel", Channel)
    command = CreateDealer(
        code=body.text("code", most=20, default=None),
        name=body.text("name", most=160, default=None),
        tier=body.text("tier", most=12, default=None),
        region_code=body.text("region", most=6),
        parent_code=body.text("parent", most=20),
        supplier_code=body.text("supplier", most=20),
        channel=(channel or Channel.TRADITIONAL).value,
        price_groups=body.texts("price_groups", most=20),
        labels=body.texts("labels", most=40),
        short_name=body.text("short_name", most=40),
        uscc=body.text("uscc", most=18),
        contact_name=body.text("contact_name", most=60),
        contact_phone=body.text("contact_phone", most=40),
        credit_limit=body.money("credit_limit", currency if currency in MINOR_DIGITS else "CNY") or 0,
        terms_days=terms or 0,
        currency=currency,
        addresses=_addresses(body),
    )
    body.finish()
    return command


def _addresses(body: Body) -> tuple[Delivery, ...]:
    addresses = []
    for one in body.objects("addresses", most=MOST_ADDRESSES, is_needed=False):
        addresses.append(_delivery(one))
        one.close()
    return tuple(addresses)


def _one_address(body: Body) -> Delivery:
    delivery = _delivery(body)
    body.finish()
    return delivery


def _delivery(body: Body) -> Delivery:
    return Delivery(
        label=body.text("label", most=40),
        recipient=body.text("recipient", most=60, default=None),
        phone=body.text("phone", most=40, default=None),
        region_code=body.text("region", most=6, default=None),
        line=body.text("line", most=200, default=None),
        is_default=body.flag("is_default"),
    )


def _row(row: Print) -> Print:
    return {
        "code": row["code"],
        "name": row["name"],
        "short_name": row["short_name"],
        "tier": row["tier"],
        "status": row["status"],
        "region": row["region_code"],
        "channel": row["channel"],
        "parent": row["parent__code"],
        "supplier": row["supplier__code"],
        "price_groups": row["price_group_codes"],
        "labels": row["labels"],
        "version": row["version"],
    }


def _whole(actor: Actor, code: str) -> Print:
    found, filed = dealer(actor, code), papers(actor, code)
    return {
        "code": found.code,
        "name": found.name,
        "short_name": found.short_name,
        "tier": found.tier,
        "status": found.status,
        "region": found.region_code,
        "channel": found.channel,
        "parent": found.parent.code if found.parent else None,
        "supplier": found.supplier.code if found.supplier else None,
        "price_groups": [group.code for group in found.price_groups.order_by("rank", "code")],
        "labels": found.labels,
        "version": found.version,
        "uscc": found.uscc,
        "contact": {"name": found.contact_name, "phone": filed.contact_phone},
        "licences": [
            {
                "type": one.type,
                "number": one.number,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "is_accepted": one.is_accepted,
                "check": one.check_status,
            }
            for one in filed.licences
        ],
        "addresses": [_address(ship_to(one)) for one, _phone in filed.addresses],
    }


urlpatterns = [
    path("dealers", Dealers.as_view(), name="api_dealers"),
    path("dealers/<str:code>", DealerDoor.as_view(), name="api_dealer"),
    path("dealers/<str:code>/addresses", Addresses.as_view(), name="api_dealer_addresses"),
    path("dealers/<str:code>/addresses/<int:address_id>", AddressDoor.as_view(), name="api_dealer_address"),
    path(
        "dealers/<str:code>/addresses/<int:address_id>/removal",
        AddressRemoval.as_view(),
        name="api_dealer_address_removal",
    ),
    path("addresses", OwnAddresses.as_view(), name="api_addresses"),
    path("dealers/<str:code>/statement", DealerStatement.as_view(), name="api_dealer_statement"),
]

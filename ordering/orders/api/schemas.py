"""What the doors of this room take and answer, for the OpenAPI document."""

from core.web.openapi import (
    AFTER,
    AMOUNT,
    DAY,
    FLAG,
    INSTANT,
    LIMIT,
    MONEY,
    TEXT,
    UNIT,
    WHOLE,
    Schema,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
    words,
)
from ordering.orders.models import Order

UNLESS_HIDDEN: Schema = {**maybe(MONEY), "description": "Null: the house keeps its purchase prices from this seat."}
PARTY = shape({"code": TEXT, "name": TEXT})
STATUSES: dict[str, Schema] = {
    "status": words([one for one in Order.Status.values if one != "DRAFT"]),
    "payment_status": words(Order.Payment.values),
    "fulfilment_status": words(Order.Fulfilment.values),
    "invoice_status": words(Order.Invoice.values),
    "settlement_status": words(Order.Settlement.values),
}
ASKED_LINE = shape({"sku": TEXT, "quantity": WHOLE}, {"unit": maybe(UNIT)})
_LINE: dict[str, Schema] = {
    "line": WHOLE,
    "sku": TEXT,
    "name": TEXT,
    "unit": UNIT,
    "quantity": WHOLE,
    "bottles": WHOLE,
    "unit_price": maybe(MONEY),
    "amount": maybe(MONEY),
    "tax": maybe(MONEY),
    "listed_amount": maybe(MONEY),
    "discount": maybe(MONEY),
    "rebate": {**maybe(MONEY), "description": "What the buyer's rebate pool pays."},
    "is_gift": FLAG,
    "gift_of": {**TEXT, "description": "Code of the policy that gives the line; a gift costs nothing."},
    "price_list": maybe(TEXT),
}
_GIVEN: dict[str, Schema] = {"policy": TEXT, "version": WHOLE, "name": TEXT, "before": MONEY, "after": MONEY}
_PLACED = shape(
    {
        "number": TEXT,
        **STATUSES,
        "total": UNLESS_HIDDEN,
        "tax": UNLESS_HIDDEN,
        "discount": UNLESS_HIDDEN,
        "rebate": UNLESS_HIDDEN,
        "bottles": WHOLE,
        "approve_by": maybe(INSTANT),
        "version": WHOLE,
        "lines": list_of(shape(_LINE)),
    }
)
_ROW: dict[str, Schema] = {
    "number": TEXT,
    "seller": PARTY,
    "buyer": PARTY,
    **STATUSES,
    "total": UNLESS_HIDDEN,
    "tax": UNLESS_HIDDEN,
    "line_count": WHOLE,
    "bottles": WHOLE,
    "reference": TEXT,
    "placed_by": TEXT,
    "submitted_at": maybe(INSTANT),
    "approve_by": maybe(INSTANT),
    "version": WHOLE,
}
_WHOLE = shape(
    {
        **_ROW,
        "listed_total": UNLESS_HIDDEN,
        "discount": UNLESS_HIDDEN,
        "rebate": UNLESS_HIDDEN,
        "price_choice": TEXT,
        "coupons": list_of(TEXT),
        "note": TEXT,
        "source": words(Order.Source.values),
        "wished_on": maybe(DAY),
        "decided_by": TEXT,
        "decided_at": maybe(INSTANT),
        "decision_reason": TEXT,
        "closed_at": maybe(INSTANT),
        "ship_to": shape({"recipient": TEXT, "region": TEXT, "line": TEXT}),
        "lines": list_of(
            shape(
                {
                    **_LINE,
                    "policies": list_of(shape(_GIVEN)),
                    "bottles_per_case": WHOLE,
                    "manual_price_reason": TEXT,
                    "shipped_bottles": WHOLE,
                    "received_bottles": WHOLE,
                }
            )
        ),
        "happened": list_of(shape({"kind": TEXT, "at": INSTANT, "version": WHOLE})),
    }
)
STATE_FIELDS: dict[str, Schema] = {
    "number": TEXT,
    "status": STATUSES["status"],
    "payment_status": STATUSES["payment_status"],
    "fulfilment_status": STATUSES["fulfilment_status"],
    "version": WHOLE,
}
STATE = shape(STATE_FIELDS)
_FAULT = shape({"code": TEXT, "detail": TEXT, "fields": {"type": "object"}}, {"field": maybe(TEXT)})
_CHECKED_LINE = shape(
    {
        **_LINE,
        "free_bottles": maybe(WHOLE),
        "is_good": FLAG,
        "faults": list_of(_FAULT),
        "ways_out": list_of(shape({"way": words(["set", "remove"])}, {"unit": UNIT, "quantity": WHOLE})),
    },
    {"pasted_line": WHOLE, "text": TEXT},
)
_UNREAD = shape(
    {
        "pasted_line": WHOLE,
        "text": TEXT,
        "code": TEXT,
        "detail": TEXT,
        "candidates": list_of(shape({"sku": TEXT, "name": TEXT})),
    }
)
_CHECKED = shape(
    {
        "is_good": FLAG,
        "total": UNLESS_HIDDEN,
        "tax": UNLESS_HIDDEN,
        "discount": UNLESS_HIDDEN,
        "rebate": UNLESS_HIDDEN,
        "bottles": WHOLE,
        "available": maybe(MONEY),
        "approval_hours": WHOLE,
        "faults": list_of(_FAULT),
        "lines": list_of(_CHECKED_LINE),
        "gifts": list_of(_CHECKED_LINE),
    },
    {"unread": list_of(_UNREAD)},
)
_CART = shape(
    {
        "version": WHOLE,
        "note": TEXT,
        "lines": list_of(
            shape(
                {
                    "line": WHOLE,
                    "sku": TEXT,
                    "name": TEXT,
                    "unit": UNIT,
                    "quantity": WHOLE,
                    "bottles_per_case": WHOLE,
                    "bottles": WHOLE,
                }
            )
        ),
    }
)
_LINES = list_of(ASKED_LINE)
_WISHES: dict[str, Schema] = {
    "coupons": {**list_of(TEXT), "description": "Codes that open policies."},
    "rebate": {
        **maybe(shape({"amount": AMOUNT, "currency": TEXT})),
        "description": "How much the rebate pool shall pay; null: all that policies let it.",
    },
    "without_gifts": {**FLAG, "description": "Nothing is given beside what is ordered."},
}
_VERSION: dict[str, Schema] = {"version": maybe(WHOLE)}
_REASON: dict[str, Schema] = {"reason": {**TEXT, "maxLength": 200}}

LIST = described(
    "Orders the caller's house buys or sells",
    answer=slice_of_items(shape(_ROW)),
    refusals=(422,),
    parameters=[
        query("status", STATUSES["status"], "Order status, may be repeated", is_repeated=True),
        query("fulfilment", STATUSES["fulfilment_status"], "Fulfilment status, may be repeated", is_repeated=True),
        query("role", words(["sales", "purchases"]), "Only what the house sells, or buys"),
        query("buyer", TEXT, "Code of the buyer"),
        query("q", TEXT, "Beginning of a number, part of a buyer's name or reference"),
        query("since", DAY, "Placed on this day or later"),
        query("until", DAY, "Placed on this day or before"),
        AFTER,
        LIMIT,
    ],
)
PLACE = described(
    "Place an order",
    status=201,
    answer=_PLACED,
    body=shape(
        {},
        {
            "lines": {**maybe(_LINES), "description": "Left out or null: what lies in the cart becomes the order."},
            "buyer": {**maybe(TEXT), "description": "Brand staff: code of the dealer that buys."},
            "seller": {
                **maybe(TEXT),
                "description": "An outlet: code of the dealer that supplies these lines; null: its usual supplier.",
            },
            "address_id": {**maybe(WHOLE), "description": "Null: the default address."},
            "wished_on": maybe(DAY),
            "note": {**TEXT, "maxLength": 500},
            "reference": {**TEXT, "maxLength": 60, "description": "The buyer's own number."},
            "expected_total": {
                **maybe(shape({"amount": AMOUNT, "currency": TEXT})),
                "description": "What the buyer saw; another total is refused, not charged.",
            },
            **_WISHES,
        },
    ),
    needs_key=True,
    refusals=(404,),
)
READ = described("One order", answer=_WHOLE, refusals=(404,))
CHECK = described(
    "What an order would cost and what stands in its way",
    answer=_CHECKED,
    body=shape(
        {},
        {
            "lines": _LINES,
            "text": {**TEXT, "description": "Instead of lines: a block as copied from a table or a chat."},
            "buyer": maybe(TEXT),
            "seller": {
                **maybe(TEXT),
                "description": "With lines, an outlet: code of the dealer that supplies them; null: its usual one.",
            },
            "address_id": maybe(WHOLE),
            **_WISHES,
        },
    ),
    refusals=(404,),
)
_CHANGE: Schema = shape({"sku": TEXT, "unit": UNIT, "before": WHOLE, "after": WHOLE})
AMEND = described(
    "Change an order before it is approved",
    answer=shape({**STATE_FIELDS, "changes": list_of(_CHANGE)}),
    body=shape(
        {"lines": {**_LINES, "description": "All lines as they shall be."}, "version": WHOLE},
        {
            "reason": {**TEXT, "maxLength": 200, "description": "The seller's side says why."},
            "address_id": {**maybe(WHOLE), "description": "Null: the goods go where they go."},
            "wished_on": maybe(DAY),
            "note": {**TEXT, "maxLength": 500},
            "reference": {**TEXT, "maxLength": 60},
            "expected_total": {
                **maybe(shape({"amount": AMOUNT, "currency": TEXT})),
                "description": "The new total that was agreed to; left out, only the old one is.",
            },
            **_WISHES,
            "rebate": {
                **_WISHES["rebate"],
                "description": "How much the pool shall pay, at most all it may; left out or null: as it was wished.",
            },
        },
    ),
    needs_key=True,
    refusals=(404,),
)
APPROVE = described("Approve an order", answer=STATE, body=shape({}, _VERSION), needs_key=True, refusals=(404,))
REJECT = described("Reject an order", answer=STATE, body=shape(_REASON, _VERSION), needs_key=True, refusals=(404,))
CANCEL = described(
    "Cancel an order", answer=STATE, body=shape({}, {**_REASON, **_VERSION}), needs_key=True, refusals=(404,)
)
READ_CART = described("The cart", answer=_CART)
SAVE_CART = described(
    "Replace the cart",
    answer=_CART,
    body=shape({"lines": _LINES}, {"note": {**TEXT, "maxLength": 500}, **_VERSION}),
    refusals=(409, 503),
)
ADD_TO_CART = described("Add lines to the cart", answer=_CART, body=shape({"lines": _LINES}), needs_key=True)

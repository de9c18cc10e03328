"""How orders, checks and carts print."""

from collections.abc import Mapping
from typing import Any

from core.web.prints import day, instant, maybe_money, money
from core.web.refusals import words_of
from ordering.orders.models import Order
from ordering.orders.rules.checks import CheckedLine, WayOut
from ordering.orders.selectors import Cart, CheckedCart, CheckedText, OrderDetail, OrderLineFacts
from ordering.orders.services import AmendedOrder, OrderState, PlacedOrder

Print = dict[str, Any]
ROW_FIELDS = (
    "id",
    "buyer_id",
    "number",
    "seller__code",
    "seller__name",
    "buyer__code",
    "buyer__name",
    "status",
    "payment_status",
    "fulfilment_status",
    "invoice_status",
    "settlement_status",
    "submitted_at",
    "approve_by",
    "line_count",
    "bottles",
    "total",
    "tax",
    "currency",
    "buyer_reference",
    "placed_by_name",
    "version",
)
STATUSES = ("status", "payment_status", "fulfilment_status", "invoice_status", "settlement_status")


def placed(order: PlacedOrder, *, is_priced: bool) -> Print:
    """An order that was just placed, lines as frozen; ``is_priced``: the caller may see the amounts."""
    currency = order.currency
    return {
        "number": order.number,
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": Order.Fulfilment.NONE.value,
        "invoice_status": Order.Invoice.NONE.value,
        "settlement_status": Order.Settlement.OPEN.value,
        "total": money(order.total, currency) if is_priced else None,
        "tax": money(order.tax, currency) if is_priced else None,
        "discount": money(order.discount, currency) if is_priced else None,
        "rebate": money(order.rebate, currency) if is_priced else None,
        "bottles": order.bottles,
        "approve_by": instant(order.approve_by),
        "version": order.version,
        "lines": [_placed_line(line, currency, is_priced=is_priced) for line in order.lines],
    }


def _placed_line(line: CheckedLine, currency: str, *, is_priced: bool) -> Print:
    priced = line.priced if is_priced else None
    return {
        "line": line.line_no,
        "sku": line.sku_code,
        "name": line.offer.sku_name if line.offer else "",
        "unit": line.unit.value,
        "quantity": line.quantity,
        "bottles": line.bottles,
        "unit_price": money(priced.unit_price, currency) if priced else None,
        "amount": money(priced.amount, currency) if priced else None,
        "tax": money(priced.tax, currency) if priced else None,
        "listed_amount": money(line.listed, currency) if priced else None,
        "discount": money(line.discount, currency) if priced else None,
        "rebate": money(line.rebate, currency) if priced else None,
        "is_gift": line.is_gift,
        "gift_of": line.gift_of,
        "price_list": priced.trace["list"] if priced else None,
    }


def row(order: Mapping[str, Any], *, is_priced: bool) -> Print:
    """One order of a list; ``is_priced``: the caller may see the amounts."""
    return {
        "number": order["number"],
        "seller": {"code": order["seller__code"], "name": order["seller__name"]},
        "buyer": {"code": order["buyer__code"], "name": order["buyer__name"]},
        **{name: order[name] for name in STATUSES},
        "total": money(order["total"], order["currency"]) if is_priced else None,
        "tax": money(order["tax"], order["currency"]) if is_priced else None,
        "line_count": order["line_count"],
        "bottles": order["bottles"],
        "reference": order["buyer_reference"],
        "placed_by": order["placed_by_name"],
        "submitted_at": instant(order["submitted_at"]),
        "approve_by": instant(order["approve_by"]),
        "version": order["version"],
    }


def whole(detail: OrderDetail) -> Print:
    """An order in full. Of people only the names that stand on its papers."""
    order = detail.order
    currency = order.currency
    return {
        "number": order.number,
        "seller": {"code": order.seller.code, "name": order.seller.name},
        "buyer": {"code": order.buyer.code, "name": order.buyer.name},
        **{name: getattr(order, name) for name in STATUSES},
        "total": maybe_money(order.total, currency),
        "tax": maybe_money(order.tax, currency),
        "listed_total": maybe_money(order.listed_total, currency),
        "discount": maybe_money(order.discount, currency),
        "rebate": maybe_money(order.rebate, currency),
        "price_choice": order.price_choice,
        "coupons": list(order.coupon_codes or ()),
        "line_count": order.line_count,
        "bottles": order.bottles,
        "reference": order.buyer_reference,
        "note": order.note,
        "source": order.source,
        "placed_by": order.placed_by_name,
        "submitted_at": instant(order.submitted_at),
        "approve_by": instant(order.approve_by),
        "wished_on": day(order.wished_on),
        "decided_by": order.decided_by_name,
        "decided_at": instant(order.decided_at),
        "decision_reason": order.decision_reason,
        "closed_at": instant(order.closed_at),
        "ship_to": {"recipient": order.ship_to_name, "region": order.ship_to_region, "line": order.ship_to_line},
        "version": order.version,
        "lines": [_line(line, currency, is_seller=detail.is_seller) for line in detail.lines],
        "happened": [{"kind": item.kind, "at": instant(item.at), "version": item.version} for item in detail.timeline],
    }


def _line(line: OrderLineFacts, currency: str, *, is_seller: bool) -> Print:
    return {
        "line": line.line_no,
        "sku": line.sku_code,
        "name": line.sku_name,
        "unit": line.unit,
        "quantity": line.quantity,
        "bottles_per_case": line.bottles_per_case,
        "bottles": line.bottles,
        "unit_price": maybe_money(line.unit_price, currency),
        "amount": maybe_money(line.amount, currency),
        "tax": maybe_money(line.tax, currency),
        "listed_amount": maybe_money(line.listed_amount, currency),
        "discount": maybe_money(line.discount, currency),
        "rebate": maybe_money(line.rebate, currency),
        "is_gift": line.is_gift,
        "gift_of": line.gift_of,
        "price_list": line.price_trace.get("list"),
        "policies": _policies(line, currency),
        "manual_price_reason": line.manual_price_reason if is_seller else "",
        "shipped_bottles": line.shipped_bottles,
        "received_bottles": line.received_bottles,
    }


def _policies(line: OrderLineFacts, currency: str) -> list[Print]:
    """The policies that made the line what it costs, in their order; none where amounts are not to be seen."""
    return [
        {
            "policy": step["policy"],
            "version": step["version"],
            "name": step["name"],
            "before": money(step["before"], currency),
            "after": money(step["after"], currency),
        }
        for step in line.price_trace.get("steps", ())
        if step["step"] == "policy"
    ]


def state(order: OrderState) -> Print:
    """Where an order stands after a decision."""
    return {
        "number": order.number,
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "version": order.version,
    }


def amended(order: AmendedOrder) -> Print:
    """Where an order stands after a change, and the lines that changed. No amounts: the order itself has them."""
    changes = [
        {"sku": one.sku_code, "unit": one.unit.value, "before": one.before, "after": one.after} for one in order.changes
    ]
    return {**state(order.state), "changes": changes}


def checked(cart: CheckedCart) -> Print:
    """What an order of these lines would cost, and everything in its way."""
    currency = cart.priced.currency or "CNY"
    return {
        "is_good": cart.is_good,
        "total": money(cart.priced.total, currency) if cart.is_priced else None,
        "tax": money(cart.priced.tax, currency) if cart.is_priced else None,
        "discount": money(cart.evaluated.discount, currency) if cart.is_priced else None,
        "rebate": money(cart.evaluated.rebate, currency) if cart.is_priced else None,
        "bottles": cart.bottles,
        "available": maybe_money(cart.available, currency),
        "approval_hours": cart.approval_hours,
        "faults": [{"code": fault.code, "detail": words_of(fault), "fields": fault.fields} for fault in cart.faults],
        "lines": [_checked_line(line, currency, is_priced=cart.is_priced) for line in cart.lines],
        "gifts": [_checked_line(line, currency, is_priced=cart.is_priced) for line in cart.gifts],
    }


def checked_text(found: CheckedText) -> Print:
    """The check of a pasted block: each line with the text it was read from, and what could not be read."""
    printed = checked(found.checked)
    for line, pasted in zip(printed["lines"], found.read, strict=True):
        line["pasted_line"], line["text"] = pasted.number, pasted.raw
    printed["is_good"] = printed["is_good"] and not found.unread
    printed["unread"] = [
        {
            "pasted_line": one.pasted.number,
            "text": one.pasted.raw,
            "code": one.fault.code,
            "detail": words_of(one.fault),
            "candidates": [{"sku": sku.code, "name": sku.name} for sku in one.candidates],
        }
        for one in found.unread
    ]
    return printed


def _checked_line(line: CheckedLine, currency: str, *, is_priced: bool) -> Print:
    printed = _placed_line(line, currency, is_priced=is_priced)
    printed["free_bottles"] = line.free_bottles
    printed["is_good"] = line.is_good
    printed["faults"] = [
        {"code": fault.code, "field": fault.field, "detail": words_of(fault), "fields": fault.fields}
        for fault in line.faults
    ]
    printed["ways_out"] = [_way(way) for way in line.ways]
    return printed


def _way(way: WayOut) -> Print:
    if way.unit is None:
        return {"way": way.way.value}
    return {"way": way.way.value, "unit": way.unit.value, "quantity": way.quantity}


def cart(found: Cart) -> Print:
    """What lies in the cart; it promises no price."""
    return {
        "version": found.version,
        "note": found.note,
        "lines": [
            {
                "line": item.line_no,
                "sku": item.sku_code,
                "name": item.sku_name,
                "unit": item.unit.value,
                "quantity": item.quantity,
                "bottles_per_case": item.bottles_per_case,
                "bottles": item.bottles,
            }
            for item in found.items
        ],
    }

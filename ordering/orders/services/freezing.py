"""A checked order written down: header and frozen lines in one statement, then its event in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson

from billing.ledger.services import HoldFacts
from core.db import sql
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import Field
from core.kernel.text import normalised
from ordering.orders.events import AGGREGATE, ORDER_PLACED, TradeFacts, line_of, told
from ordering.orders.rules.checks import CheckedLine
from ordering.orders.selectors.evaluating import Evaluated
from ordering.orders.selectors.gate import Gate
from ordering.pricing.rules import PricedCart

BY_THE_RULES = ""
"""``decided_by_name`` of an order nobody had to approve; faces say so in words."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the buyer wrote on the order, and through which door it came."""

    source: str
    note: str = ""
    buyer_reference: str = ""
    wished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """A checked order about to be written. ``lines``: gifts last. ``cart_id``: the draft that becomes it."""

    gate: Gate
    number: str
    lines: tuple[CheckedLine, ...]
    found: Evaluated
    priced: PricedCart
    status: str
    payment_status: str
    cart_id: int | None

    @property
    def is_confirmed(self) -> bool:
        """Whether nobody has to approve it any more."""
        return self.status == "CONFIRMED"

    @property
    def bottles(self) -> int:
        """Bottles of all lines."""
        return sum(line.bottles for line in self.lines)

    @property
    def approve_by(self) -> datetime | None:
        """When it expires unless approved."""
        return None if self.is_confirmed else self.gate.at + timedelta(hours=self.gate.settings.approval_hours)

    def facts(self) -> TradeFacts:
        """What every event of it tells."""
        buyer = self.gate.buyer
        return TradeFacts(
            self.gate.seller_id,
            buyer.id,
            self.priced.currency,
            buyer.channel,
            self.gate.region_code,
            self.priced.total,
            self.priced.tax,
            self.bottles,
        )


PROMOTED = (
    *("listed_total", "discount", "rebate", "is_promoted", "breaks_floor", "price_choice"),
    *("coupon_codes", "rebate_wanted", "wants_no_gifts"),
)
"""Columns of the header that tell what came of policies, and what the buyer wished."""
_HEADER = (
    *("number", "seller_id", "buyer_id", "currency", "status", "payment_status", "fulfilment_status"),
    *("invoice_status", "settlement_status", "source", "channel", "seat_id", "placed_by_id", "placed_by_name"),
    *("ship_to_region", "ship_to_name", "ship_to_phone_sealed", "ship_to_line", "wished_on", "note"),
    *("buyer_reference", "bottles", "line_count", "total", "tax", "hold_id", "updated_at", "submitted_at"),
    *("approve_by", "decided_at", "decided_by_name", "decision_reason"),
    *PROMOTED,
)
WRITE_LINES = """
    INSERT INTO orders_orderline
        (order_id, line_no, sku_id, sku_code, sku_name, unit, quantity, bottles_per_case, bottles, unit_price, amount,
         tax_rate_bp, tax, price_list_id, price_entry_id, price_trace, manual_price_reason, listed_amount, discount,
         rebate, is_gift, gift_of, floor_price, net_price, shipped_bottles, shipped_amount, shipped_tax,
         received_bottles)
    SELECT written.id, line_no, sku_id, sku_code, sku_name, unit, quantity, bottles_per_case, bottles, unit_price,
           amount, %(tax_rate_bp)s, tax, price_list_id, price_entry_id, price_trace::jsonb, reason,
           amount + discount + rebate, discount, rebate, gift_of <> '', gift_of, floor_price, net_price, 0, 0, 0, 0
    FROM written, unnest(
        %(line_nos)s::int[], %(skus)s::bigint[], %(codes)s::text[], %(names)s::text[], %(units)s::text[],
        %(quantities)s::int[], %(packs)s::int[], %(line_bottles)s::bigint[], %(prices)s::bigint[],
        %(amounts)s::bigint[], %(taxes)s::bigint[], %(lists)s::bigint[], %(entries)s::bigint[], %(traces)s::text[],
        %(reasons)s::text[], %(discounts)s::bigint[], %(rebates)s::bigint[], %(gifts_of)s::text[],
        %(floors)s::bigint[], %(nets)s::bigint[]
    ) AS line (line_no, sku_id, sku_code, sku_name, unit, quantity, bottles_per_case, bottles, unit_price, amount, tax,
               price_list_id, price_entry_id, price_trace, reason, discount, rebate, gift_of, floor_price, net_price)
    ORDER BY line_no
"""
"""Writes the lines of the order that the CTE ``written`` names."""
_WRITE_NEW = f"""
WITH written AS (
    INSERT INTO orders_order (version, created_at, {", ".join(_HEADER)})
    VALUES (1, %(updated_at)s, {", ".join(f"%({column})s" for column in _HEADER)})
    RETURNING id, version
), lines AS ({WRITE_LINES})
SELECT version FROM written
"""
_WRITE_CART = f"""
WITH written AS (
    UPDATE orders_order SET version = version + 1, {", ".join(f"{column} = %({column})s" for column in _HEADER)}
    WHERE id = %(cart)s
    RETURNING id, version
), lines AS ({WRITE_LINES})
SELECT version FROM written
"""
"""Two statements, each of which is planned once."""


def write(*, actor: Actor, words: Words, deal: Deal, held: HoldFacts) -> int:
    """Write header and frozen lines in one statement, a cart's row reused; the order's version."""
    row = sql.row(
        _WRITE_NEW if deal.cart_id is None else _WRITE_CART,
        {
            "cart": deal.cart_id,
            **_header(actor, words, deal, held),
            **line_columns(deal.lines, deal.gate.settings.tax_rate_bp),
        },
    )
    if row is None:
        raise RuntimeError("an order was not written")
    return int(row[0])


def _header(actor: Actor, words: Words, deal: Deal, held: HoldFacts) -> dict[str, object]:
    at_gate, address, buyer = deal.gate, deal.gate.address, deal.gate.buyer
    return {
        "number": deal.number,
        "seller_id": at_gate.seller_id,
        "buyer_id": buyer.id,
        "currency": deal.priced.currency,
        "status": deal.status,
        "payment_status": deal.payment_status,
        "fulfilment_status": "NONE",
        "invoice_status": "NONE",
        "settlement_status": "OPEN",
        "source": words.source,
        "channel": buyer.channel,
        "seat_id": actor.seat_id,
        "placed_by_id": actor.person_id,
        "placed_by_name": actor.person_name[:60],
        "ship_to_region": at_gate.region_code,
        "ship_to_name": address.recipient if address else buyer.name[:60],
        "ship_to_phone_sealed": address.phone_sealed if address else "",
        "ship_to_line": address.line if address else "",
        "wished_on": words.wished_on,
        "note": normalised(words.note)[:500],
        "buyer_reference": normalised(words.buyer_reference)[:60],
        "bottles": deal.bottles,
        "line_count": len(deal.lines),
        "total": deal.priced.total,
        "tax": deal.priced.tax,
        "hold_id": held.id,
        "updated_at": at_gate.at,
        "submitted_at": at_gate.at,
        "approve_by": deal.approve_by,
        "decided_at": at_gate.at if deal.is_confirmed else None,
        "decided_by_name": BY_THE_RULES,
        "decision_reason": "",
        **promoted_columns(deal.found),
    }


def promoted_columns(found: Evaluated) -> dict[str, object]:
    """What came of policies, for the columns ``PROMOTED``."""
    wishes = found.wishes
    return {
        "listed_total": found.listed_total,
        "discount": found.discount,
        "rebate": found.rebate,
        "is_promoted": found.is_promoted,
        "breaks_floor": found.breaks_floor,
        "price_choice": found.price_choice,
        "coupon_codes": list(wishes.coupons) or None,
        "rebate_wanted": wishes.rebate,
        "wants_no_gifts": wishes.without_gifts,
    }


_LINE_ARRAYS = (
    *("line_nos", "skus", "codes", "names", "units", "quantities", "packs", "line_bottles"),
    *("prices", "amounts", "taxes", "lists", "entries", "traces", "reasons"),
    *("discounts", "rebates", "gifts_of", "floors", "nets"),
)


def line_columns(lines: Sequence[CheckedLine], tax_rate_bp: int) -> dict[str, object]:
    """The lines as arrays, one a column, for ``WRITE_LINES``."""
    pairs = [(line, line.offer, line.priced) for line in lines]
    rows = [
        (
            line.line_no,
            offer.sku_id,
            offer.sku_code,
            offer.sku_name,
            line.unit.value,
            line.quantity,
            offer.bottles_per_case,
            line.bottles,
            priced.unit_price,
            priced.amount,
            priced.tax,
            priced.list_id,
            priced.entry_id,
            orjson.dumps(priced.trace).decode(),
            priced.manual_reason[:120],
            line.discount,
            line.rebate,
            line.gift_of,
            line.shortfall.floor if line.shortfall else None,
            line.shortfall.net if line.shortfall else None,
        )
        for line, offer, priced in pairs
        if offer is not None and priced is not None
    ]
    columns = zip(_LINE_ARRAYS, zip(*rows, strict=True), strict=True)
    return {**{name: list(column) for name, column in columns}, "tax_rate_bp": tax_rate_bp}


def record_placed(*, actor: Actor, words: Words, deal: Deal, version: int) -> None:
    """Record ``ORDER_PLACED`` with the lines; one statement."""
    manual_lines = sum(1 for line in deal.priced.lines if line.manual_reason)
    more: dict[str, Field] = {
        "source": words.source,
        "is_auto_approved": deal.is_confirmed,
        "manual_line_count": manual_lines,
        "approve_by": deal.approve_by.isoformat() if deal.approve_by else None,
        "listed_total": deal.found.listed_total,
        "discount": deal.found.discount,
        "rebate": deal.found.rebate,
        "breaks_floor": deal.found.breaks_floor,
    }
    events.record(
        kind=ORDER_PLACED,
        aggregate_type=AGGREGATE,
        aggregate_id=deal.number,
        version=version,
        actor=actor,
        payload=told(
            number=deal.number, status=deal.status, facts=deal.facts(), lines=told_lines(deal.lines), more=more
        ),
        seller_id=deal.gate.seller_id,
        buyer_id=deal.gate.buyer.id,
    )


def told_lines(lines: Sequence[CheckedLine]) -> list[dict[str, Field]]:
    """Frozen lines as events tell them."""
    return [
        line_of(
            line_no=line.line_no,
            sku=line.sku_code,
            product_line=line.offer.product_line_code,
            unit=line.unit.value,
            quantity=line.quantity,
            bottles=line.bottles,
            amount=line.priced.amount,
            tax=line.priced.tax,
            is_gift=line.is_gift,
        )
        for line in lines
        if line.offer is not None and line.priced is not None
    ]

"""Whether a brand's rooms agree with each other: asked after a seed or a replay, inside the brand's schema."""

from billing.ledger.selectors import check_books
from core.db import sql
from dms.dealers.selectors import check_tree
from dms.stock.selectors import check_stock

_CHECKS = {
    "header is not the sum of its lines": """
        SELECT placed.number FROM orders_order AS placed
        JOIN (SELECT order_id, sum(amount) AS total, sum(tax) AS tax, sum(bottles) AS bottles, count(*) AS lines,
                     sum(listed_amount) AS listed, sum(discount) AS discount, sum(rebate) AS rebate
              FROM orders_orderline GROUP BY order_id) AS sums ON sums.order_id = placed.id
        WHERE placed.status <> 'DRAFT'
          AND (placed.total, placed.tax, placed.bottles, placed.line_count, placed.listed_total, placed.discount,
               placed.rebate)
              IS DISTINCT FROM (sums.total, sums.tax, sums.bottles, sums.lines, sums.listed, sums.discount, sums.rebate)
        """,
    "placed without a line": """
        SELECT number FROM orders_order AS placed WHERE status <> 'DRAFT'
        AND NOT EXISTS (SELECT FROM orders_orderline AS line WHERE line.order_id = placed.id)
        """,
    "line is not what was shipped of it": """
        SELECT placed.number FROM orders_orderline AS line JOIN orders_order AS placed ON placed.id = line.order_id
        LEFT JOIN (SELECT order_line_id, sum(bottles) AS bottles, sum(amount) AS amount, sum(tax) AS tax,
                          sum(rebate) AS rebate, sum(coalesce(received_bottles, 0)) AS received
                   FROM fulfilment_shipmentline GROUP BY order_line_id) AS sent ON sent.order_line_id = line.id
        WHERE (line.shipped_bottles, line.shipped_amount, line.shipped_tax, line.shipped_rebate, line.received_bottles)
              IS DISTINCT FROM (coalesce(sent.bottles, 0), coalesce(sent.amount, 0), coalesce(sent.tax, 0),
                                coalesce(sent.rebate, 0), coalesce(sent.received, 0))
        """,
    "all shipped, but not for the agreed amount": """
        SELECT placed.number FROM orders_orderline AS line JOIN orders_order AS placed ON placed.id = line.order_id
        WHERE line.shipped_bottles = line.bottles
          AND (line.shipped_amount, line.shipped_rebate) <> (line.amount, line.rebate)
        """,
    "shipment is not the sum of its lines": """
        SELECT shipment.number FROM fulfilment_shipment AS shipment
        JOIN (SELECT shipment_id, sum(bottles) AS bottles, sum(amount) AS amount, sum(tax) AS tax, sum(rebate) AS rebate
              FROM fulfilment_shipmentline GROUP BY shipment_id) AS sums ON sums.shipment_id = shipment.id
        WHERE (shipment.bottles, shipment.amount, shipment.tax, shipment.rebate)
              IS DISTINCT FROM (sums.bottles, sums.amount, sums.tax, sums.rebate)
        """,
    "what is reserved is not what is open": """
        SELECT placed.number FROM orders_order AS placed
        JOIN (SELECT order_id, sum(bottles - shipped_bottles) AS bottles FROM orders_orderline GROUP BY order_id)
          AS open ON open.order_id = placed.id
        LEFT JOIN (SELECT document_number, sum(bottles - shipped - released) AS bottles FROM stock_reservation
                   WHERE document_type = 'ORDER' GROUP BY document_number) AS kept
          ON kept.document_number = placed.number
        WHERE placed.status <> 'DRAFT' AND coalesce(kept.bottles, 0) <> CASE
              WHEN placed.status IN ('SUBMITTED', 'APPROVING', 'APPROVED', 'CONFIRMED') THEN open.bottles ELSE 0 END
        """,
    "what is held is not the total": """
        SELECT placed.number FROM orders_order AS placed LEFT JOIN ledger_hold AS hold ON hold.id = placed.hold_id
        WHERE placed.status NOT IN ('DRAFT', 'CLOSED_SHORT') AND (
            (hold.prepay_part + hold.credit_part, hold.rebate_part) IS DISTINCT FROM (placed.total, placed.rebate)
            OR (hold.status = 'VOIDED') IS DISTINCT FROM (placed.status IN ('CANCELLED', 'REJECTED', 'EXPIRED')))
        """,
    "what is captured is not what was signed for": """
        SELECT placed.number FROM orders_order AS placed JOIN ledger_hold AS hold ON hold.id = placed.hold_id
        LEFT JOIN (SELECT order_id, sum(amount) AS amount, sum(rebate) AS rebate FROM fulfilment_shipment
                   WHERE status IN ('SIGNED', 'SIGNED_WITH_CLAIM') GROUP BY order_id) AS signed
          ON signed.order_id = placed.id
        WHERE (hold.captured_prepay + hold.captured_credit, hold.captured_rebate)
              <> (coalesce(signed.amount, 0), coalesce(signed.rebate, 0))
        """,
    "policies count something else than they gave": """
        SELECT policy.code FROM promotions_policyquota AS quota
        JOIN promotions_promotionpolicy AS policy ON policy.id = quota.policy_id
        LEFT JOIN LATERAL (
            SELECT sum(use.amount) AS amount, sum(use.bottles) AS bottles FROM promotions_policyuse AS use
            WHERE use.policy_id = quota.policy_id AND use.given_back_at IS NULL
              AND (quota.dealer_id IS NULL OR use.buyer_id = quota.dealer_id)) AS given ON true
        WHERE (quota.used_amount, quota.used_bottles) <> (coalesce(given.amount, 0), coalesce(given.bottles, 0))
        """,
    "policies still count an order that was lost": """
        SELECT DISTINCT placed.number FROM promotions_policyuse AS use
        JOIN orders_order AS placed ON placed.number = use.order_number
        WHERE use.given_back_at IS NULL AND placed.status IN ('CANCELLED', 'REJECTED', 'EXPIRED')
        """,
}


def faults() -> list[str]:
    """Every contradiction found in the books, the stock, the channel tree and the orders; empty when all is sound."""
    return [*check_books(), *check_stock(), *check_tree(), *check_orders()]


def check_orders() -> list[str]:
    """Every order or shipment that contradicts its lines, its reservations or its money, in words."""
    return [f"{number}: {fault}" for fault, statement in _CHECKS.items() for (number,) in sql.rows(statement, {})]

"""What tests of ordering look at: the statements of an act, and whether a refusal left a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test.utils import CaptureQueriesContext

from core.db import sql
from core.db.acts import connection
from core.kernel.errors import DomainError

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET")
BY_THE_CLOCK = "web_stalesession"
"""A process looks here every few seconds, whichever request comes: no statement of the page that is counted."""
TABLES = (
    "orders_order",
    "orders_orderline",
    "pricing_pricelist",
    "pricing_priceentry",
    "stock_stock",
    "stock_reservation",
    "stock_movement",
    "ledger_tradingaccount",
    "ledger_hold",
    "ledger_journal",
    "events_event",
    "events_delivery",
    "idempotency_answer",
)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reached PostgreSQL inside the block, transaction control and the clock's apart."""
    seen: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield seen
    texts = (query["sql"].strip() for query in captured.captured_queries)
    seen += [text for text in texts if not text.startswith(CONTROL) and BY_THE_CLOCK not in text]


def world() -> dict[str, str]:
    """A digest of every row an order could touch, by table."""
    return {table: _digest(table) for table in TABLES}


def _digest(table: str) -> str:
    row = sql.row(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} AS t", {})
    assert row is not None
    return str(row[0])


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The block is refused with exactly these codes (in any order), and nothing has happened."""
    before = world()
    with pytest.raises(DomainError) as caught:
        yield
    assert sorted(fault.code for fault in caught.value.problems()) == sorted(codes)
    assert world() == before


@contextmanager
def refused_by_line(expected: dict[int | None, set[str]]) -> Iterator[None]:
    """The block is refused with these codes by line (None: the order), and nothing has happened."""
    before = world()
    with pytest.raises(DomainError) as caught:
        yield
    found: dict[int | None, set[str]] = {}
    for fault in caught.value.problems():
        found.setdefault(fault.line, set()).add(fault.code)
    assert found == expected
    assert world() == before

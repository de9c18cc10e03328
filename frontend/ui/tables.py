"""Columns of tables out of the house that both faces print alike, and codes in words for their cells."""

from collections.abc import Callable
from datetime import date, timedelta

from billing.ledger.errors import AccountMissing
from billing.ledger.selectors import statement
from core.jobs.exports import Asked, Column, Found, amount, day, instant, text, words
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import N_
from frontend.ui.vocabulary import term as term_of
from frontend.ui.words import status_word
from ordering.orders.selectors.sight import may_see_price

USUAL_DAYS = 90
"""What a statement tells of when nobody says since when."""


def status(kind: str) -> Callable[[str], str]:
    """The word of a status of ``kind``; one without a word reads as itself."""

    def word(code: str) -> str:
        try:
            return status_word(kind, code)
        except KeyError:
            return code

    return word


def term(kind: str) -> Callable[[str], str]:
    """The word of a code of ``kind``."""
    return lambda code: term_of(kind, code)


def sees_own_prices(actor: Actor) -> bool:
    """Whether what the own house pays is the seat's to see."""
    return may_see_price(actor, actor.dealer_id)


def sees_whole_orders(actor: Actor) -> bool:
    """Whether an order's amounts are the seat's to take out: of goods outside its product lines it is told nothing."""
    return not actor.scope.product_lines


def order_columns(*, is_open: Callable[[Actor], bool] = lambda _actor: True) -> tuple[Column, ...]:
    """An order as both sides print it; its amounts only where they ``is_open``."""
    return (
        text("number", N_("Order number")),
        text("buyer__code", N_("Dealer code")),
        text("buyer__name", N_("Dealer name")),
        words("status", N_("State of the order"), status("order")),
        words("payment_status", N_("Payment"), status("payment")),
        words("fulfilment_status", N_("Goods"), status("fulfilment")),
        words("invoice_status", N_("Invoice"), status("invoice")),
        words("settlement_status", N_("Settlement"), status("settlement")),
        instant("submitted_at", N_("Placed")),
        text("placed_by_name", N_("Placed by")),
        words("source", N_("Placed through"), term("source")),
        text("buyer_reference", N_("Buyer's reference")),
        day("wished_on", N_("Wished for")),
        text("line_count", N_("Number of lines")),
        text("bottles", N_("Number of bottles")),
        amount("listed_total", N_("By price list"), is_open=is_open),
        amount("discount", N_("Promotions"), is_open=is_open),
        amount("rebate", N_("Paid by rebate"), is_open=is_open),
        amount("total", N_("Payable"), is_open=is_open),
        amount("tax", N_("Tax in it"), is_open=is_open),
        text("currency", N_("Currency")),
        text("note", N_("Note")),
    )


def statement_columns() -> tuple[Column, ...]:
    """A statement (对账单), for both sides."""
    return (
        day("booked_on", N_("Day")),
        words("kind", N_("What"), term("journal")),
        text("document_number", N_("Document")),
        text("memo", N_("Memo")),
        amount("prepay_change", N_("Prepayment")),
        amount("receivable_change", N_("Receivable")),
        amount("prepay_after", N_("Prepayment after it")),
        amount("receivable_after", N_("Receivable after it")),
        amount("rebate_change", N_("Rebate pool")),
        amount("rebate_after", N_("Rebate pool after it")),
        text("currency", N_("Currency")),
    )


def statement_of(actor: Actor, asked: Asked, buyer_id: int) -> Found:
    """The statement of a period (``since``, ``until``: both included), the oldest first."""
    today = clock.business_day()
    since, until = day_asked(asked, "since", today - timedelta(days=USUAL_DAYS)), day_asked(asked, "until", today)
    try:
        told = statement(actor, buyer_dealer_id=buyer_id, since=since, until=until)
    except AccountMissing:
        raise Missing from None
    names = [column.sources[0] for column in statement_columns()]
    rows = ([getattr(row, name, told.line.currency) for name in names] for row in told.rows)
    return Found(names, rows, len(told.rows))


def day_asked(asked: Asked, name: str, usual: date) -> date:
    try:
        return clock.read_day(asked.get(name, ""))
    except ValueError:
        return usual

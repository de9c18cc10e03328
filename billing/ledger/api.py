"""Accounts between houses, for programs."""

from datetime import date, timedelta
from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.ledger.errors import BuyerAmbiguous
from billing.ledger.selectors import AccountLine, StatementRow, account_lines, statement
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.web.api import actor_of
from core.web.openapi import DAY, FLAG, INSTANT, MONEY, TEXT, WHOLE, described, list_of, query, shape
from core.web.prints import day, instant, money
from core.web.queries import Query

Print = dict[str, Any]
DEFAULT_DAYS = 30

_ACCOUNT = shape(
    {
        "seller": TEXT,
        "buyer": TEXT,
        "available": MONEY,
        "prepay_balance": MONEY,
        "prepay_held": MONEY,
        "credit_limit": MONEY,
        "credit_held": MONEY,
        "receivable": MONEY,
        "rebate_balance": MONEY,
        "rebate_held": MONEY,
        "terms_days": WHOLE,
        "is_blocked": FLAG,
    }
)
_ROW = shape(
    {
        "booked_on": DAY,
        "at": INSTANT,
        "kind": TEXT,
        "document": shape({"type": TEXT, "number": TEXT}),
        "memo": TEXT,
        "prepay_change": MONEY,
        "receivable_change": MONEY,
        "rebate_change": MONEY,
        "prepay_after": MONEY,
        "receivable_after": MONEY,
        "rebate_after": MONEY,
    }
)
STATEMENT = shape(
    {
        "account": _ACCOUNT,
        "since": DAY,
        "until": DAY,
        "prepay_opening": MONEY,
        "receivable_opening": MONEY,
        "rebate_opening": MONEY,
        "prepay_closing": MONEY,
        "receivable_closing": MONEY,
        "rebate_closing": MONEY,
        "rows": list_of(_ROW),
    }
)


DAYS = (
    query("since", DAY, "First day; default 30 days ago"),
    query("until", DAY, "Last day; default today"),
)


class Accounts(APIView):
    """The accounts on which the caller's house buys or sells."""

    @described("The house's accounts", answer=shape({"items": list_of(_ACCOUNT)}))
    def get(self, request: Request) -> Response:
        """A dealer's own account with whoever supplies it, and those of its customers."""
        return Response({"items": [_account(line) for line in account_lines(actor_of(request))]})


class Statements(APIView):
    """What happened on one account."""

    @described(
        "Statement of an account",
        answer=STATEMENT,
        refusals=(404, 422),
        parameters=[
            query("buyer", TEXT, "Name of the one customer called so; left out: the house's own account"),
            *DAYS,
        ],
    )
    def get(self, request: Request) -> Response:
        """Both days included, by day of booking."""
        actor, asked = actor_of(request), Query(request)
        buyer = asked.text("buyer")
        since, until = days_asked(asked)
        return Response(printed_statement(actor, _buyer_id(actor, buyer), since, until))


def days_asked(asked: Query) -> tuple[date, date]:
    """First and last day of ``DAYS``, the end of what is asked."""
    until = asked.day("until") or clock.business_day()
    since = asked.day("since") or until - timedelta(days=DEFAULT_DAYS)
    asked.finish()
    return since, until


def printed_statement(actor: Actor, buyer_dealer_id: int, since: date, until: date) -> Print:
    """The statement of a buyer's account as every door prints it. Raises ``AccountMissing``."""
    said = statement(actor, buyer_dealer_id=buyer_dealer_id, since=since, until=until)
    currency = said.line.currency
    return {
        "account": _account(said.line),
        "since": day(said.since),
        "until": day(said.until),
        "prepay_opening": money(said.prepay_opening, currency),
        "receivable_opening": money(said.receivable_opening, currency),
        "rebate_opening": money(said.rebate_opening, currency),
        "prepay_closing": money(said.prepay_closing, currency),
        "receivable_closing": money(said.receivable_closing, currency),
        "rebate_closing": money(said.rebate_closing, currency),
        "rows": [_row(row, currency) for row in said.rows],
    }


def _buyer_id(actor: Actor, name: str) -> int:
    if not name:
        return actor.dealer_id
    found = {line.buyer_dealer_id for line in account_lines(actor) if line.buyer_name == name}
    if len(found) > 1:
        raise BuyerAmbiguous(field="buyer", name=name)
    if not found:
        raise Missing
    return found.pop()


def _account(line: AccountLine) -> Print:
    currency = line.currency
    return {
        "seller": line.seller_name,
        "buyer": line.buyer_name,
        "available": money(line.available, currency),
        "prepay_balance": money(line.prepay_balance, currency),
        "prepay_held": money(line.prepay_held, currency),
        "credit_limit": money(line.credit_limit, currency),
        "credit_held": money(line.credit_held, currency),
        "receivable": money(line.receivable, currency),
        "rebate_balance": money(line.rebate_balance, currency),
        "rebate_held": money(line.rebate_held, currency),
        "terms_days": line.terms_days,
        "is_blocked": line.is_blocked,
    }


def _row(row: StatementRow, currency: str) -> Print:
    return {
        "booked_on": day(row.booked_on),
        "at": instant(row.at),
        "kind": row.kind,
        "document": {"type": row.document_type, "number": row.document_number},
        "memo": row.memo,
        "prepay_change": money(row.prepay_change, currency),
        "receivable_change": money(row.receivable_change, currency),
        "rebate_change": money(row.rebate_change, currency),
        "prepay_after": money(row.prepay_after, currency),
        "receivable_after": money(row.receivable_after, currency),
        "rebate_after": money(row.rebate_after, currency),
    }


urlpatterns = [
    path("account", Accounts.as_view(), name="api_account"),
    path("account/statement", Statements.as_view(), name="api_account_statement"),
]

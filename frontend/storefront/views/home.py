"""The first page: what the account covers, the last order again, what waits, the usual goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.ledger.errors import AccountMissing
from billing.ledger.selectors import AccountLine, account_line
from core.files.permissions import Permission as FilePermission
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.ids import uuid7
from core.kernel.quantity import Unit
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.rules import MissingPaper
from dms.dealers.selectors import TradingDealer, trading_dealer
from dms.stock.selectors import stock_alerts
from frontend.storefront.badges import badges_of
from frontend.storefront.board import board
from frontend.storefront.cards import Card, cards_of
from frontend.storefront.shell import shown
from frontend.storefront.views.promotions import for_home
from frontend.storefront.views.usual import MOST_USUAL
from ordering.fulfilment.selectors import ShipmentCard, shipments_to_sign
from ordering.lists.selectors import lists_visible_to
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import (
    Cart,
    OrderFilters,
    OrderLineFacts,
    OrderPage,
    OrderRow,
    cart_of,
    check_lines,
    order_detail,
    order_page,
)
from ordering.orders.selectors.runs_low import runs_low
from ordering.orders.selectors.settings import ordering_settings
from ordering.orders.selectors.usual import UsualGoods, usual_goods
from ordering.pricing.selectors import shelf_cards

_SHOWN_AGAIN = 3
_SHOWN_ALERTS = 5
_SHOWN_NOTICES = 3
_SHOWN_USUAL = 8
_SHOWN_LISTS = 4
_WAITING = ("SUBMITTED", "APPROVING")
_FALLEN = ("REJECTED", "CANCELLED", "EXPIRED")


@dataclass(frozen=True, slots=True)
class Again:
    """The last order, to be ordered again: its first lines, how many more, today's total (None: not to see)."""

    order: OrderRow
    lines: tuple[tuple[OrderLineFacts, Card | None], ...]
    more: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """The usual order that is due: its first goods, how many more, every how many days the first of them."""

    goods: tuple[tuple[UsualGoods, Card], ...]
    more: int
    rhythm_days: int


class Coded(Protocol):
    """What names a product."""

    @property
    def sku_code(self) -> str: ...


G = TypeVar("G", bound=Coded)


@page()
def home(request: SignedInRequest) -> HttpResponse:
    """Dealers stay, the brand's own people go to their desk."""
    actor = request.actor
    if actor.is_brand_staff:
        return redirect("/console/")
    now = clock.now()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    cart = cart_of(actor) if actor.can(Permission.PLACE) else Cart()
    bought = order_page(actor=actor, filters=OrderFilters(role="purchases")) if actor.can(Permission.READ) else None
    told = board(actor, only_unread=True)
    closed = _what_closes(buyer) if actor.can(Permission.PLACE) else ()
    usual = usual_goods(actor, most=MOST_USUAL) if actor.can("prices.read") else ()
    low = runs_low(actor) if actor.can("prices.read") and actor.can("stock.read") else ()
    last = _last_lines(actor, bought)
    codes = {one.sku_code for goods in (last, usual, low) for one in goods}
    cards = _cards(actor, sorted(codes), cart, buyer) if actor.can("prices.read") and codes else {}
    return shown(
        request,
        "storefront/home.html",
        {
            "greeting": _greeting(timezone.localtime(now).hour, actor.person_name),
            "buyer": buyer,
            "account": _account(actor),
            "closed": closed,
            "may_send": actor.can(FilePermission.UPLOAD),
            "again": None if closed else _again(actor, bought, last, cards),
            "shipments": _to_sign(actor),
            "waiting": _waiting(bought),
            "usual": _known(usual, cards)[:_SHOWN_USUAL],
            "due": _due(usual, cards, now) if actor.can(Permission.PLACE) and not closed else None,
            "low": [(goods, card) for goods, card in _known(low, cards) if card.shelf.is_sellable],
            "alerts": stock_alerts(actor, limit=_SHOWN_ALERTS),
            "key": uuid7().hex,
            "lists": lists_visible_to(actor)[:_SHOWN_LISTS] if actor.can(Permission.PLACE) else (),
            "deals": for_home(actor),
            "board": told[:_SHOWN_NOTICES],
            "board_count": len(told),
            "cart": cart,
            "cart_count": len(cart.items),
        },
        at="home",
    )


def _what_closes(buyer: TradingDealer) -> tuple[MissingPaper, ...]:
    """The papers without which the house may order nothing today; empty where its seller asks for none."""
    if not buyer.missing_papers or not ordering_settings().requires_licence:
        return ()
    return buyer.missing_papers


def _greeting(hour: int, name: str) -> str:
    if hour < 6:
        return _("%(name)s, working late") % {"name": name}
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")) % {"name": name}


def _account(actor: Actor) -> AccountLine | None:
    if not actor.can("ledger.read"):
        return None
    try:
        return account_line(actor, buyer_dealer_id=actor.dealer_id)
    except AccountMissing:
        return None


def _to_sign(actor: Actor) -> tuple[ShipmentCard, ...]:
    return shipments_to_sign(actor, most=5) if actor.can("fulfilment.read") else ()


def _last_lines(actor: Actor, bought: OrderPage | None) -> tuple[OrderLineFacts, ...]:
    if bought is None or not bought.rows or not actor.can(Permission.PLACE):
        return ()
    return order_detail(actor=actor, number=_last(bought).number).bought


def _last(bought: OrderPage) -> OrderRow:
    """The newest order that stood; the newest at all when none did."""
    stood = (row for row in bought.rows if row.status not in _FALLEN)
    return next(stood, bought.rows[0])


def _cards(actor: Actor, codes: Sequence[str], cart: Cart, buyer: TradingDealer) -> dict[str, Card]:
    found = shelf_cards(actor=actor, sku_codes=codes, buyer=buyer)
    return {card.shelf.sku_code: card for card in cards_of(found, cart, badges_of(actor, found, buyer=buyer))}


def _again(
    actor: Actor, bought: OrderPage | None, lines: tuple[OrderLineFacts, ...], cards: dict[str, Card]
) -> Again | None:
    if bought is None or not lines:
        return None
    asked = [
        AskedLine(number, line.sku_code, line.quantity, Unit(line.unit)) for number, line in enumerate(lines, start=1)
    ]
    checked = check_lines(actor=actor, lines=asked)
    today = checked.priced
    first = tuple((line, cards.get(line.sku_code)) for line in lines[:_SHOWN_AGAIN])
    return Again(
        _last(bought), first, len(lines) - len(first), today.total if today.lines and checked.is_priced else None
    )


def _waiting(bought: OrderPage | None) -> list[OrderRow]:
    return [row for row in bought.rows if row.status in _WAITING][:5] if bought else []


def _known(goods: Sequence[G], cards: dict[str, Card]) -> list[tuple[G, Card]]:
    """Those that still stand on the shelf, each with its card."""
    return [(one, cards[one.sku_code]) for one in goods if one.sku_code in cards]


def _due(usual: Sequence[UsualGoods], cards: dict[str, Card], now: datetime) -> Due | None:
    """What is due and may be ordered, the most frequent first."""
    due = tuple((one, card) for one, card in _known(usual, cards) if one.is_due(now) and card.shelf.is_sellable)
    return Due(due[:_SHOWN_AGAIN], len(due) - len(due[:_SHOWN_AGAIN]), due[0][0].rhythm_days) if due else None

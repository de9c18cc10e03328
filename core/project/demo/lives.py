"""The life of one demo order, from the buyer's seat to the signed receipt, step by step through the verbs.

A life is a generator: it acts, then says at which instant it goes on. What lies after now has not happened yet, so that
recent orders stand wherever their time has brought them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from billing.ledger import services as ledger
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.project.demo.baskets import Basket
from core.project.demo.seasons import office_time
from core.project.demo.world import World
from dms.stock.selectors import open_reservations
from ordering.fulfilment import services as fulfilment
from ordering.fulfilment.models import ShipmentLine
from ordering.orders import services as orders

Life = Iterator[datetime]
CARRIERS = ("顺丰速运", "德邦物流", "京东物流", "中通快运", "安能物流")
REJECTIONS = ("区域配额已满，请下月再订", "账款逾期未清", "价格异常，请与业务员核对")
CANCELLATIONS = ("收货计划有变", "重复下单", "改订其他规格")
NOTES = ("", "", "", "", "请用整托发货", "婚宴用酒，务必准时", "到货前电话联系", "中秋备货", "门店急用，优先安排")
TRIES = 4


class Fate(StrEnum):
    """How an order's life goes."""

    RECEIVED = "received"
    IN_PARTS = "in parts"
    HALF_WAY = "half way"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"


WEIGHTS = {
    Fate.RECEIVED: 66,
    Fate.IN_PARTS: 17,
    Fate.HALF_WAY: 3,
    Fate.REJECTED: 4,
    Fate.CANCELLED: 5,
    Fate.EXPIRED: 3,
    Fate.UNSIGNED: 2,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what for one order."""

    buyer: Actor
    approver: Actor
    warehouse: Actor
    cashier: Actor
    warehouse_codes: dict[int, str]


def live(world: World, cast: Cast, basket: Basket, fate: Fate, dice: Random) -> Life:
    """Place the basket and follow it. An order nobody can place (nothing left on the shelf) has no life."""
    placed = place(cast, basket, dice)
    if placed is None:
        return
    if placed.approve_by is not None:
        yield from _decision(cast, placed.number, placed.approve_by, fate, dice)
        if fate in (Fate.REJECTED, Fate.EXPIRED):
            return
    if fate is Fate.CANCELLED:
        yield office_time(_later(dice, 1, 8), dice)
        reason = dice.choice(CANCELLATIONS)
        orders.cancel(actor=cast.buyer, command=orders.Cancel(placed.number, reason))
        return
    yield from _delivery(cast, placed.number, fate, dice)


def place(cast: Cast, basket: Basket, dice: Random) -> orders.PlacedOrder | None:
    """Order as a buyer does: leave away what is sold out, remit money when the account does not cover the rest."""
    lines = list(basket.lines)
    for _try in range(TRIES):
        if not lines:
            return None
        command = orders.PlaceOrder(
            lines=tuple(lines), note=dice.choice(NOTES), source=basket.source, buyer_reference=basket.reference
        )
        try:
            return orders.place_order(actor=cast.buyer, command=command)
        except DomainError as refusal:
            faults = refusal.problems()
        bad = {fault.line for fault in faults if fault.line}
        lines = [line for number, line in enumerate(lines, start=1) if number not in bad]
        short = [fault for fault in faults if fault.code == "ledger.credit_exhausted"]
        if short and not _remit(cast, short[0], dice):
            return None
        if not bad and not short:
            return None
    return None


def _remit(cast: Cast, fault: DomainError, dice: Random) -> bool:
    """A transfer that covers this order and some of the next; False when the account can take none."""
    missing = int(fault.fields.get("wanted") or 0) - int(fault.fields.get("available") or 0)
    if missing <= 0:
        return False
    remit(cast, missing + missing * dice.randrange(20, 200) // 100)
    return True


def remit(cast: Cast, amount: int) -> None:
    """A bank transfer of about ``amount`` fen (whole 10,000 yuan) to the seller."""
    rounded = -(-amount // 1_000_000) * 1_000_000
    at = clock.now()
    reference = f"HK{at:%y%m%d%H%M%S}{cast.buyer.dealer_id:04d}"
    ledger.pay_in(
        actor=cast.cashier,
        command=ledger.PayIn(cast.buyer.dealer_id, rounded, reference, memo="货款"),
    )


def _decision(cast: Cast, number: str, approve_by: datetime, fate: Fate, dice: Random) -> Life:
    if fate is Fate.EXPIRED:
        yield approve_by + timedelta(minutes=dice.randrange(1, 6))
        orders.expire_due()
        return
    wanted = office_time(_later(dice, 1, 20), dice)
    yield min(wanted, approve_by - timedelta(hours=1))
    if fate is Fate.REJECTED:
        orders.reject(actor=cast.approver, command=orders.Reject(number, dice.choice(REJECTIONS)))
    else:
        orders.approve(actor=cast.approver, command=orders.Approve(number))


def _delivery(cast: Cast, number: str, fate: Fate, dice: Random) -> Life:
    yield office_time(_later(dice, 1, 14), dice)
    fulfilment.allocate(actor=cast.warehouse, command=fulfilment.Allocate(number))
    shares = (0.55, 1.0) if fate in (Fate.IN_PARTS, Fate.HALF_WAY) else (1.0,)
    under_way: list[tuple[datetime, str]] = []
    for share in shares:
        yield office_time(_later(dice, 4, 40), dice)
        under_way += [(_later(dice, 30, 130), sent) for sent in _send(cast, number, share, dice)]
        if fate is Fate.HALF_WAY:
            break
    if fate is Fate.UNSIGNED and under_way:
        under_way.pop()
    for instant, sent in sorted(under_way):
        yield office_time(max(instant, clock.now()), dice)
        _sign(cast, sent, dice)


def _send(cast: Cast, number: str, share: float, dice: Random) -> list[str]:
    """A share of what is kept, from every warehouse that keeps some; the shipments' numbers."""
    kept: dict[int, dict[int, int]] = {}
    for one in open_reservations(document_type="ORDER", document_number=number):
        by_line = kept.setdefault(one.warehouse_id, {})
        by_line[one.line_no] = by_line.get(one.line_no, 0) + one.bottles
    sent = []
    for warehouse_id, lines in sorted(kept.items()):
        leaving = {line_no: int(bottles * share) for line_no, bottles in lines.items()}
        wishes = tuple(fulfilment.Wish(line_no, bottles) for line_no, bottles in leaving.items() if bottles)
        if wishes:
            command = fulfilment.Ship(
                number,
                cast.warehouse_codes[warehouse_id],
                wishes,
                dice.choice(CARRIERS),
                f"{dice.choice(('SF', 'DPK', 'JDV', 'ZT'))}{dice.randrange(10**11, 10**12)}",
            )
            sent.append(fulfilment.ship(actor=cast.warehouse, command=command).number)
    return sent


def _sign(cast: Cast, shipment: str, dice: Random) -> None:
    """Most arrives whole; now and then a bottle is broken."""
    command = fulfilment.Receive(shipment)
    if dice.random() < 0.03:
        line_no, bottles = _first_line(shipment)
        if bottles > 1:
            command = replace(command, lines=(fulfilment.Wish(line_no, bottles - 1),), note="破损1瓶，已拍照")
    fulfilment.receive(actor=cast.buyer, command=command)


def _first_line(shipment: str) -> tuple[int, int]:
    part = ShipmentLine.objects.filter(shipment__number=shipment).select_related("order_line").order_by("id").first()
    if part is None:
        raise LookupError(shipment)
    return part.order_line.line_no, part.bottles


def _later(dice: Random, least_hours: int, most_hours: int) -> datetime:
    return clock.now() + timedelta(minutes=dice.randrange(least_hours * 60, most_hours * 60))

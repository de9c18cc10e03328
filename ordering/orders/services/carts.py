"""Filling the cart: the DRAFT order of a seat with the dealer that supplies it. Drafts may be deleted.

No event is recorded: a cart is a wish, the order it becomes is what happened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, VersionConflict, refuse_all
from core.kernel.quantity import MAX_BOTTLES, Unit, to_bottles
from core.kernel.text import normalised
from dms.dealers.selectors import trading_dealer
from ordering.orders.errors import LineChanged, QuantityInvalid, SkuUnknown, TooManyLines
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import MOST_LINES
from ordering.orders.selectors.carts import Cart, cart_of


@dataclass(frozen=True, slots=True)
class CartLine:
    """``quantity`` of ``unit`` (None: the SKU's own unit)."""

    sku_code: str
    quantity: int
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class SaveCart:
    """All the lines of the cart. ``version``: the cart as the buyer saw it (0: empty), None for any."""

    lines: tuple[CartLine, ...]
    note: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddToCart:
    """Lines on top of what lies in the cart; the same SKU in the same unit adds up."""

    lines: tuple[CartLine, ...]


@dataclass(frozen=True, slots=True)
class PutInCart:
    """Lines, each with its unit, that hold just this much afterwards; what else lies in the cart stays."""

    lines: tuple[CartLine, ...]


@dataclass(frozen=True, slots=True)
class SetInCart:
    """One line's new quantity, 0 takes it out; ``new_unit`` switches the line from cases to bottles or back.

    ``was``: the quantity the buyer saw there. Another one by now is refused: two windows may edit one cart.
    """

    sku_code: str
    unit: Unit | None
    quantity: int
    new_unit: Unit | None = None
    was: int | None = None


@dataclass(frozen=True, slots=True)
class _Goods:
    sku_id: int
    code: str
    name: str
    bottles_per_case: int
    own_unit: Unit


Key = tuple[str, Unit]
"""What makes two lines of a cart the same: the SKU's code, the unit."""
Changed = list[tuple[str, str, int, int, int]]
"""Lines of the cart an act changed: code, unit, quantity before and after, place in the cart."""
Draft = tuple[int, int, str]

_LOCK = """
SELECT id, version, note FROM orders_order
WHERE seat_id = %(seat)s AND buyer_id = %(buyer)s AND status = 'DRAFT'
  AND seller_id = (SELECT supplier_id FROM dealers_dealer WHERE id = %(buyer)s)
FOR UPDATE
"""
_LINES = "SELECT sku_code, unit, quantity FROM orders_orderline WHERE order_id = %(order)s ORDER BY line_no"
_GOODS = f"""
SELECT sku.id, sku.code, sku.name, bottles_per_case, CASE sells_in WHEN 'BOTTLE' THEN 'BOTTLE' ELSE 'CASE' END
FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE sku.code = ANY(%(codes)s::text[]) AND (status <> 'DRAFT' OR %(is_brand)s)
"""
_UPSERT = """
INSERT INTO orders_order
    (seller_id, buyer_id, currency, status, payment_status, fulfilment_status, invoice_status, settlement_status,
     source, channel, seat_id, placed_by_id, placed_by_name, ship_to_region, ship_to_name, ship_to_phone_sealed,
     ship_to_line, note, buyer_reference, bottles, line_count, total, tax, version, created_at, updated_at,
     decided_by_name, decision_reason)
VALUES (%(seller)s, %(buyer)s, %(currency)s, 'DRAFT', 'UNPAID', 'NONE', 'NONE', 'OPEN', 'PAGE', %(channel)s, %(seat)s,
        %(person)s, %(person_name)s, '', '', '', '', %(note)s, '', %(bottles)s, %(count)s, 0, 0, 1, %(now)s, %(now)s,
        '', '')
ON CONFLICT (seat_id, seller_id) WHERE status = 'DRAFT' DO UPDATE
SET note = excluded.note, bottles = excluded.bottles, line_count = excluded.line_count, currency = excluded.currency,
    version = orders_order.version + 1, updated_at = excluded.updated_at
RETURNING id
"""
_EMPTY = "DELETE FROM orders_orderline WHERE order_id = %(order)s"
_FILL = """
INSERT INTO orders_orderline
    (order_id, line_no, sku_id, sku_code, sku_name, unit, quantity, bottles_per_case, bottles, unit_price, amount,
     tax_rate_bp, tax, price_trace, manual_price_reason, shipped_bottles, shipped_amount, shipped_tax, received_bottles)
SELECT %(order)s, line_no, sku_id, sku_code, sku_name, unit, quantity, per_case, bottles, 0, 0, 0, 0, '{}'::jsonb, '',
       0, 0, 0, 0
FROM unnest(%(skus)s::bigint[], %(codes)s::text[], %(names)s::text[], %(units)s::text[], %(quantities)s::int[],
            %(packs)s::int[], %(bottles)s::bigint[]) WITH ORDINALITY
     AS line (sku_id, sku_code, sku_name, unit, quantity, per_case, bottles, line_no)
"""


def save_cart(*, actor: Actor, command: SaveCart) -> Cart:
    """Let the cart hold exactly these lines; none empties it. Constant statements.

    Raises SkuUnknown and QuantityInvalid by line, TooManyLines, VersionConflict.
    """
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        seen = draft[1] if draft else 0
        if command.version is not None and command.version != seen:
            raise VersionConflict(version=seen)
        store(actor, draft, command.lines, command.note)
    return cart_of(actor)


def add_to_cart(*, actor: Actor, command: AddToCart) -> Cart:
    """Add lines to what lies in the cart. Refuses as ``save_cart`` does."""
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        store(actor, draft, (*command.lines, *lying_in(draft)), draft[2] if draft else "", first=len(command.lines))
    return cart_of(actor)


def put_in_cart(*, actor: Actor, command: PutInCart) -> Cart:
    """Let lines hold these quantities, at the end of the cart: twice is as good as once. Refuses as ``save_cart``."""
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        put = {(line.sku_code, line.unit) for line in command.lines}
        rest = [line for line in lying_in(draft) if (line.sku_code, line.unit) not in put]
        store(actor, draft, (*command.lines, *rest), draft[2] if draft else "", first=len(command.lines))
    return cart_of(actor)


def set_in_cart(*, actor: Actor, command: SetInCart) -> Cart:
    """Set one line; a line that does not lie there yet goes to the end.

    Refuses as ``save_cart`` does, and with ``LineChanged`` what holds neither ``was`` nor the wanted quantity.
    """
    actor.require(Permission.PLACE)
    with act():
        set_line(actor, command)
    return cart_of(actor)


def set_line(actor: Actor, command: SetInCart) -> Changed:
    """Set one line, locking the cart; what it held before and holds now. Inside an act; refuses as ``set_in_cart``."""
    draft = locked_draft(actor)
    lying = lying_in(draft)
    lines = [*lying]
    fits = (at for at, line in enumerate(lines) if line.sku_code == command.sku_code and _is_unit(line, command))
    place = next(fits, len(lines))
    _refuse_if_changed(command, lines[place].quantity if place < len(lines) else 0)
    wanted = CartLine(command.sku_code, command.quantity, command.new_unit or command.unit)
    lines[place : place + 1] = [wanted] if command.quantity != 0 else []
    after = store(actor, draft, lines, draft[2] if draft else "")
    before = {(line.sku_code, line.unit): line.quantity for line in lying if line.unit}
    places = {key: at for at, key in [*enumerate(after), *enumerate(before)]}
    return [
        (code, unit.value, before.get((code, unit), 0), after.get((code, unit), 0), places[code, unit])
        for code, unit in dict.fromkeys((*before, *after))
        if before.get((code, unit), 0) != after.get((code, unit), 0)
    ]


def clear_cart(*, actor: Actor) -> None:
    """Delete the draft and its lines; nothing when there is none."""
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        if draft is not None:
            _delete(draft[0])


def _refuse_if_changed(command: SetInCart, now: int) -> None:
    if command.was is not None and now not in {command.was, command.quantity}:
        raise LineChanged(sku=command.sku_code, now=now, wanted=command.quantity)


def _is_unit(line: CartLine, command: SetInCart) -> bool:
    return command.unit is None or line.unit is command.unit


def locked_draft(actor: Actor) -> Draft | None:
    """Id, version and note of the seat's cart, locked until the act ends; None where nothing lies in it."""
    note_rank(Rank.ORDER)
    row = sql.row(_LOCK, {"seat": actor.seat_id, "buyer": actor.dealer_id})
    return (row[0], row[1], row[2]) if row else None


def lying_in(draft: Draft | None) -> list[CartLine]:
    """Its lines in their order."""
    rows = sql.rows(_LINES, {"order": draft[0]}) if draft else []
    return [CartLine(code, quantity, Unit(unit)) for code, unit, quantity in rows]


def store(
    actor: Actor,
    draft: Draft | None,
    lines: Sequence[CartLine],
    note: str,
    *,
    first: int | None = None,
) -> dict[Key, int]:
    """Replace the cart's lines; what lies there then. ``first``: how many of ``lines`` are new, and go to the end.

    Inside an act, the draft locked. Raises as ``save_cart`` does.
    """
    codes = sorted({line.sku_code for line in lines})
    asked = {"codes": codes, "is_brand": actor.is_brand_staff, **scopes.parameters(actor)}
    found = sql.rows(_GOODS, asked) if codes else []
    goods = {code: _Goods(sku_id, code, name, per_case, Unit(unit)) for sku_id, code, name, per_case, unit in found}
    refuse_all(_faults(lines, goods))
    kept = _added_up((*lines[first:], *lines[:first]) if first is not None else lines, goods)
    if len(kept) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    if not kept:
        if draft is not None:
            _delete(draft[0])
        return kept
    _write(actor, kept, goods, note)
    return kept


def _faults(lines: Iterable[CartLine], goods: dict[str, _Goods]) -> list[DomainError]:
    faults: list[DomainError] = []
    for number, line in enumerate(lines, start=1):
        known = goods.get(line.sku_code)
        if known is None:
            faults.append(SkuUnknown(line=number, field="sku", sku=line.sku_code[:48]))
        elif not 0 < to_bottles(line.quantity, line.unit or known.own_unit, known.bottles_per_case) <= MAX_BOTTLES:
            faults.append(QuantityInvalid(line=number, field="quantity", quantity=line.quantity))
    return faults


def _added_up(lines: Iterable[CartLine], goods: dict[str, _Goods]) -> dict[Key, int]:
    """Quantities by SKU and unit, in the order they first appear."""
    summed: dict[Key, int] = {}
    for line in lines:
        key = (line.sku_code, line.unit or goods[line.sku_code].own_unit)
        summed[key] = min(summed.get(key, 0) + line.quantity, MAX_BOTTLES)
    return summed


def _write(actor: Actor, kept: dict[Key, int], goods: dict[str, _Goods], note: str) -> None:
    now = clock.now()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day(now))
    rows = [
        (known.sku_id, known.code, known.name, unit.value, quantity, known.bottles_per_case)
        for (code, unit), quantity in kept.items()
        for known in (goods[code],)
    ]
    bottles = [to_bottles(quantity, Unit(unit), per_case) for _, _, _, unit, quantity, per_case in rows]
    header = sql.row(
        _UPSERT,
        {
            "seller": buyer.supplier_id,
            "buyer": buyer.id,
            "currency": buyer.currency or "CNY",
            "channel": buyer.channel,
            "seat": actor.seat_id,
            "person": actor.person_id,
            "person_name": actor.person_name[:60],
            "note": normalised(note)[:500],
            "bottles": sum(bottles),
            "count": len(rows),
            "now": now,
        },
    )
    if header is None:
        raise RuntimeError("a cart was not written")
    sql.execute(_EMPTY, {"order": header[0]})
    names = ("skus", "codes", "names", "units", "quantities", "packs")
    arrays = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    sql.execute(_FILL, {"order": header[0], **arrays, "bottles": bottles})


_FOLLOW = """
UPDATE orders_order AS cart
SET seller_id = %(seller)s, version = cart.version + 1, updated_at = %(now)s,
    currency = coalesce((SELECT account.currency FROM ledger_tradingaccount AS account
                         JOIN ledger_book AS book ON book.id = account.book_id
                         JOIN dealers_dealer AS seller ON seller.party_id = book.seller_id
                         JOIN dealers_dealer AS buyer ON buyer.party_id = account.buyer_id
                         WHERE seller.id = %(seller)s AND buyer.id = %(buyer)s
                         ORDER BY account.id LIMIT 1), cart.currency)
WHERE cart.buyer_id = %(buyer)s AND cart.status = 'DRAFT' AND cart.seller_id <> %(seller)s
  AND EXISTS (SELECT FROM dealers_dealer WHERE id = %(buyer)s AND supplier_id = %(seller)s)
  AND NOT EXISTS (SELECT FROM orders_order AS other WHERE other.status = 'DRAFT'
                  AND other.seat_id = cart.seat_id AND other.seller_id = %(seller)s)
"""


def follow_supplier(*, buyer_id: int, seller_id: int) -> int:
    """Move the carts of a house to its new supplier; how many went. They promise no price: nothing else changes.

    Inside the hearer's act. A seat that has a cart there already keeps that one. Repeated, or overtaken by a later
    change, it moves nothing.
    """
    note_rank(Rank.ORDER)
    return sql.execute(_FOLLOW, {"buyer": buyer_id, "seller": seller_id, "now": clock.now()})


def _delete(order_id: int) -> None:
    sql.execute(_EMPTY, {"order": order_id})
    sql.execute("DELETE FROM orders_order WHERE id = %(order)s", {"order": order_id})

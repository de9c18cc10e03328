"""The order pad of a seat: its cart, the lines kept beside it, and the last change that can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors import FoundSku
from core.catalogue.selectors.found import COLUMNS, may_see
from core.db import sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.models import PadUndo
from ordering.orders.permissions import Permission
from ordering.orders.selectors.carts import Cart, CartItem

UNDO_FOR = timedelta(minutes=15)
"""How long a change of the pad can be taken back, unless the seat sends an order before that."""


@dataclass(frozen=True, slots=True)
class Aside:
    """One line kept beside the cart. ``quantity`` None and ``unit`` empty: not said.

    ``problem`` is a msgid, ``value`` its place; ``name`` is the product's where the line was set aside out of the cart.
    """

    id: int
    raw: str
    term: str
    quantity: int | None = None
    unit: str = ""
    problem: str = ""
    value: str = ""
    name: str = ""

    @property
    def asked_unit(self) -> Unit | None:
        """The unit the line named."""
        return Unit(self.unit) if self.unit else None


@dataclass(frozen=True, slots=True)
class LastChange:
    """What the last change did: ``deed`` as ``PadUndo`` names it, to ``count`` lines, until when it can be undone.

    ``was`` and ``now`` of a quantity that was set, by unit, and the SKU ``codes``; empty for other deeds.
    """

    deed: str
    count: int
    until: datetime
    was: tuple[tuple[int, Unit], ...] = ()
    now: tuple[tuple[int, Unit], ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can still be taken back."""
        return clock.now() < self.until


@dataclass(frozen=True, slots=True)
class Grown:
    """A line that had a quantity when the last paste added to it: quantities in ``unit`` before and after."""

    sku_code: str
    unit: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PadState:
    """Everything kept for one seat's pad; ``known`` are the products of the cart that the seat may see, by code."""

    cart: Cart
    known: dict[str, FoundSku]
    asides: tuple[Aside, ...]
    last: LastChange | None
    grown: tuple[Grown, ...]


_PAD = f"""
WITH beside(id, words, quantity, at, lines) AS (
    SELECT id, ARRAY[raw, term, unit, problem, value, name], quantity, NULL::timestamptz, NULL::jsonb
    FROM orders_asideline WHERE seat_id = %(seat)s AND buyer_id = %(buyer)s
    UNION ALL
    (SELECT DISTINCT ON (deed = 'PASTE') -id, ARRAY[deed], count, at, lines FROM orders_padundo AS last
    WHERE seat_id = %(seat)s AND NOT EXISTS (
        SELECT FROM orders_order WHERE buyer_id = %(buyer)s AND seat_id = last.seat_id AND submitted_at > last.at)
    ORDER BY deed = 'PASTE', id DESC)
), cart AS (
    SELECT draft.id AS order_id, draft.version, draft.note, line.line_no, line.sku_code, line.sku_name, line.unit,
           line.quantity, line.bottles_per_case, line.bottles, row_number() OVER (ORDER BY line.line_no) AS place
    FROM orders_order AS draft JOIN orders_orderline AS line ON line.order_id = draft.id
    WHERE draft.seat_id = %(seat)s AND draft.buyer_id = %(buyer)s AND draft.status = 'DRAFT'
      AND draft.seller_id = (SELECT supplier_id FROM dealers_dealer WHERE id = %(buyer)s)
)
SELECT CASE WHEN coalesce(cart.place, 1) = 1 THEN kept.rows END, cart.order_id, cart.version, cart.note,
       cart.line_no, cart.sku_code, cart.sku_name, cart.unit, cart.quantity, cart.bottles_per_case, cart.bottles,
       {COLUMNS}
FROM (SELECT json_agg(json_build_array(id, words, quantity, at, lines) ORDER BY id) AS rows FROM beside) AS kept
LEFT JOIN cart ON true
LEFT JOIN (catalogue_sku AS sku
           JOIN catalogue_productline AS line ON line.id = sku.product_line_id
           JOIN catalogue_spu AS spu ON spu.id = sku.spu_id)
       ON sku.code = cart.sku_code AND %(reads)s AND (%(any_status)s OR sku.status = 'ON')
      AND (%(line_codes)s::text[] IS NULL OR line.code = ANY(%(line_codes)s::text[]))
ORDER BY cart.place
"""
"""What lies beside the cart stands in the first row, which is there without a cart too. The last paste and the last
other change have the negatives of their ids: the one that is taken back first comes first.
"""


def pad_of(actor: Actor) -> PadState:
    """The pad of the actor's seat; one query."""
    actor.require(Permission.PLACE, writes=False)
    any_status, line_codes = may_see(actor)
    parameters = {
        "seat": actor.seat_id,
        "buyer": actor.dealer_id,
        "reads": actor.can(CataloguePermission.READ),
        "any_status": any_status,
        "line_codes": list(line_codes) or None,
    }
    rows = sql.rows(_PAD, parameters)
    lying = [row[1:] for row in rows if row[1] is not None]
    order_id, version, note = lying[0][:3] if lying else (0, 0, "")
    items = (CartItem(no, code, name, Unit(unit), *figures) for no, code, name, unit, *figures in _lines(lying))
    known = {row[5]: FoundSku(*row[11:]) for row in rows if row[11] is not None}
    asides, last, grown = _beside(rows[0][0] or ())
    return PadState(Cart(tuple(items), version, note, order_id), known, asides, last, grown)


def _lines(lying: Iterable[sql.Row]) -> Iterable[sql.Row]:
    return (row[3:10] for row in lying)


def _beside(rows: Iterable[sql.Row]) -> tuple[tuple[Aside, ...], LastChange | None, tuple[Grown, ...]]:
    asides: list[Aside] = []
    last: LastChange | None = None
    grown: tuple[Grown, ...] = ()
    for number, words, quantity, at, lines in rows:
        if number > 0:
            raw, term, *said = words
            asides.append(Aside(number, raw, term, quantity, *said))
            continue
        last = last or _last(words[0], quantity, datetime.fromisoformat(at) + UNDO_FOR, lines)
        if words[0] == PadUndo.Deed.PASTE:
            grown = tuple(_grown(lines))
    return tuple(asides), last, grown


def _last(deed: str, count: int, until: datetime, lines: Any) -> LastChange:
    set_to = lines if deed == PadUndo.Deed.SET else ()
    was = tuple((before, Unit(unit)) for _code, unit, before, _after, _place in set_to if before)
    now = tuple((after, Unit(unit)) for _code, unit, _before, after, _place in set_to if after)
    codes = tuple(dict.fromkeys(line[0] for line in set_to))
    return LastChange(deed, count, until, was, now, codes)


def _grown(lines: Any) -> Iterable[Grown]:
    for code, unit, before, after, _place in lines:
        if 0 < before < after:
            yield Grown(code, unit, before, after)

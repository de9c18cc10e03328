"""Questions about what moved. Quantities are bottles, signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.db.scopes import lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.stock.models import Movement
from dms.stock.permissions import Permission


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """What a list of movements is narrowed to; empty is not at all. ``until`` is the last day shown."""

    sku_code: str = ""
    warehouse_code: str = ""
    kind: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "MovementFilter":
        """Read ``?sku= &warehouse= &kind= &q= &since= &until=``; the unknown is left aside."""
        kind = params.get("kind", "")
        return cls(
            normalised(params.get("sku", ""))[:48],
            normalised(params.get("warehouse", ""))[:20],
            kind if kind in Movement.Kind.values else "",
            normalised(params.get("q", ""))[:64],
            _day(params.get("since", "")),
            _day(params.get("until", "")),
        )


def _day(text: str) -> date | None:
    try:
        return clock.read_day(text)
    except ValueError:
        return None


def movements_of(actor: Actor, asked: MovementFilter, *, zone: str = "Asia/Shanghai") -> QuerySet[Movement]:
    """What moved in the actor's own house, of the seat's lines, in no order; days are those of ``zone``.

    Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    rows = Movement.objects.filter(
        lines_within(actor, "stock__sku__product_line__code"), stock__owner_id=actor.dealer_id
    )
    if asked.sku_code:
        rows = rows.filter(stock__sku__code=asked.sku_code)
    if asked.warehouse_code:
        rows = rows.filter(stock__warehouse__code=asked.warehouse_code)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.text:
        rows = rows.filter(Q(stock__sku__code=asked.text) | Q(document_number=asked.text) | Q(stock__batch=asked.text))
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since, zone))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1), zone))
    return rows


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class MovementSlice:
    """Movements from one place on; ``older_than`` leads on (newer ones when turned), None at the end."""

    rows: list[Movement]
    older_than: int | None


def movement_slice(
    actor: Actor,
    asked: MovementFilter,
    *,
    older_than: int | None = None,
    size: int = 50,
    zone: str = "Asia/Shanghai",
    is_oldest_first: bool = False,
) -> MovementSlice:
    """A slice by key, so that leafing on costs the same at any depth. One query. Raises ``NotPermitted``."""
    rows = movements_of(actor, asked, zone=zone)
    if older_than is not None:
        rows = rows.filter(pk__gt=older_than) if is_oldest_first else rows.filter(pk__lt=older_than)
    order = "pk" if is_oldest_first else "-pk"
    found = list(rows.select_related("stock__sku", "stock__warehouse").order_by(order)[: size + 1])
    return MovementSlice(found[:size], found[size - 1].pk if len(found) > size else None)

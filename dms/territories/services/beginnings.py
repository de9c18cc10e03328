"""Supplies on their day: the dealer that takes an outlet over sells to it from then on; and supplies taken back."""

import logging
from datetime import date

from django.db import DatabaseError

from core.db.acts import act
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, OutOfScope
from core.kernel.text import prose
from dms.dealers.models import Dealer
from dms.dealers.services import lock_tree, take_over, zone_day
from dms.territories import errors
from dms.territories.events import OUTLET, SUPPLY_WITHDRAWN
from dms.territories.models import OutletSupply
from dms.territories.services.drafting import require_map

log = logging.getLogger(__name__)
SUPPLIER_CLOSED = "supplier_closed"
"""Reason of a supply that was taken back on its day."""


def begin_supplies() -> int:
    """Let every supply whose day has come begin; how many did. Called again it finds nothing.

    The dealer takes the outlet over (``dealers.take_over``); one that was closed meanwhile does not, and its row is
    taken back. Each outlet is an act of its own: one that cannot go over is written to the log and tried again at the
    next call, and holds up nobody else. See docs/algorithms/territories.md.
    """
    today, done = zone_day(), 0
    due = OutletSupply.objects.filter(begun_at__isnull=True, valid_from__lte=today)
    for outlet_id in list(due.order_by("outlet_id").values_list("outlet_id", flat=True).distinct()):
        try:
            done += _begin_at(outlet_id, today)
        except (DomainError, DatabaseError, RuntimeError):
            log.exception("supply not begun", extra={"outlet": outlet_id})
    return done


def _begin_at(outlet_id: int, today: date) -> int:
    with act():
        lock_tree()
        rows = list(
            OutletSupply.objects.filter(outlet_id=outlet_id, begun_at__isnull=True, valid_from__lte=today)
            .select_related("outlet", "supplier", "product_line")
            .order_by("valid_from", "pk")
        )
        for row in rows:
            row.outlet = rows[0].outlet  # one object: it may have several rows
            if row.supplier.status == Dealer.Status.CLOSED:
                _take_back(row, actor=None, reason=SUPPLIER_CLOSED)
                continue
            is_over = row.valid_to is not None and row.valid_to <= today
            take_over(dealer=row.outlet, supplier=row.supplier, is_usual=row.product_line_id is None and not is_over)
            row.begun_at = clock.now()
            row.save(update_fields=["begun_at"])
        return len(rows)


def withdraw_supply(*, actor: Actor, supply_id: int, reason: str = "") -> None:
    """Take back a change of supplier before its day; the supply before it holds on. Those concerned are told.

    Raises ``Missing``, ``OutOfScope``, ``SupplyBegun`` from its day on and ``SupplyFollowed`` when another change of
    the same outlet and line comes after it.
    """
    require_map(actor)
    today = clock.business_day()
    with act():
        lock_tree()
        inside = OutletSupply.objects.filter(dealers_within(actor, "outlet__", own="outlet_id"), pk=supply_id)
        row = inside.select_related("outlet", "supplier", "product_line").first()
        if row is None:
            raise Missing
        if not actor.scope.covers_line(row.product_line.code if row.product_line is not None else ""):
            raise OutOfScope
        if row.begun_at is not None or row.valid_from <= today:
            raise errors.SupplyBegun(day=row.valid_from.isoformat())
        later = OutletSupply.objects.filter(
            outlet_id=row.outlet_id, product_line_id=row.product_line_id, valid_from__gt=row.valid_from
        )
        if later.exists():
            raise errors.SupplyFollowed
        _take_back(row, actor=actor, reason=prose(reason)[:200])


def _take_back(row: OutletSupply, *, actor: Actor | None, reason: str) -> None:
    """The row goes, and the one that ended for it goes on until this one would have ended."""
    supply_id, former_id = row.pk, row.outlet.supplier_id
    former = OutletSupply.objects.filter(
        outlet_id=row.outlet_id, product_line_id=row.product_line_id, valid_to=row.valid_from
    ).first()
    row.delete()
    if former is not None:
        former_id, former.valid_to = former.supplier_id, row.valid_to
        former.save(update_fields=["valid_to"])
    record(
        kind=SUPPLY_WITHDRAWN,
        aggregate_type=OUTLET,
        aggregate_id=row.outlet.code,
        version=supply_id,
        actor=actor,
        payload={
            "outlet_id": row.outlet_id,
            "line": row.product_line.code if row.product_line is not None else None,
            "supplier_id": row.supplier_id,
            "former_id": former_id if former_id != row.supplier_id else None,
            "valid_from": row.valid_from,
            "reason": reason,
        },
        seller_id=row.supplier_id,
        buyer_id=row.outlet_id,
    )

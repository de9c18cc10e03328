"""Who supplies an outlet, changed from a day on; and the brand's rules for ground."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.catalogue.models import ProductLine
from core.db.acts import act
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, OutOfScope, VersionConflict
from core.kernel.text import normalised, prose
from dms.dealers.models import Dealer
from dms.dealers.services import lock_tree
from dms.territories import errors
from dms.territories.events import OUTLET, SUPPLY_CHANGED, TERRITORIES, TERRITORY_RULES_CHANGED
from dms.territories.models import OutletSupply, TerritorySettings
from dms.territories.permissions import Permission
from dms.territories.selectors.supplies import claims_on, supply_row
from dms.territories.services.drafting import day_beyond, require_map

LONGEST_GRACE = 3_650


@dataclass(frozen=True, slots=True)
class ChangeSupply:
    """Let another dealer supply an outlet from ``effective_on`` (None: tomorrow) on.

    ``line_code`` empty: with every line that has no row of its own. ``supplier_code`` may be the brand's.
    """

    outlet_code: str
    supplier_code: str
    line_code: str = ""
    effective_on: date | None = None
    reason: str = ""


def change_supply(*, actor: Actor, command: ChangeSupply) -> OutletSupply:
    """End the present supply on the day and begin the new one; both dealers and the outlet are told.

    The new supplier holds a grant for the outlet on that day, or is the brand. Raises ``Missing``, ``NotAnOutlet``,
    ``SupplierInvalid``, ``LineUnknown``, ``OutOfScope``, ``SameSupplier``, ``SupplyTooEarly``, ``DayBeyond`` or
    ``NotEntitled``.
    """
    require_map(actor)
    with act():
        lock_tree()
        tomorrow = clock.business_day() + timedelta(days=1)
        day = command.effective_on or tomorrow
        outlet, supplier = _houses(actor, command)
        line = _line(actor, command.line_code)
        last = OutletSupply.objects.filter(outlet=outlet, product_line=line).order_by("-valid_from").first()
        earliest = max(tomorrow, last.valid_from + timedelta(days=1)) if last is not None else tomorrow
        if day.year > clock.LAST_YEAR:
            raise day_beyond("effective_on", day)
        if day < earliest:
            raise errors.SupplyTooEarly(field="effective_on", day=earliest.isoformat())
        former_id = _former(outlet, line, day)
        if former_id == supplier.pk and (line is None or last is not None):
            raise errors.SameSupplier(field="supplier_code", dealer=supplier.name)
        _refuse_strangers(outlet, supplier, line, day)
        if last is not None and (last.valid_to is None or last.valid_to > day):
            last.valid_to = day
            last.save(update_fields=["valid_to"])
        if last is None and line is None:
            _write_down_the_past(outlet, day)
        row = OutletSupply.objects.create(
            outlet=outlet,
            product_line=line,
            supplier=supplier,
            valid_from=day,
            reason=prose(command.reason)[:200],
            created_at=clock.now(),
        )
        _tell(row, former_id, actor)
        return row


def _houses(actor: Actor, command: ChangeSupply) -> tuple[Dealer, Dealer]:
    inside = Dealer.objects.filter(dealers_within(actor, own="pk"))
    codes = normalised(command.outlet_code), normalised(command.supplier_code)
    found = {one.code: one for one in inside.filter(code__in=codes)}
    outlet, supplier = found.get(codes[0]), found.get(codes[1])
    if outlet is None:
        raise Missing
    if outlet.tier != Dealer.Tier.TERMINAL:
        raise errors.NotAnOutlet(field="outlet_code", value=outlet.name)
    if supplier is None:
        raise errors.DealerUnknown(field="supplier_code", value=codes[1][:40])
    if supplier.tier == Dealer.Tier.TERMINAL or supplier.status not in (Dealer.Status.ACTIVE, Dealer.Status.SUSPENDED):
        raise errors.SupplierInvalid(field="supplier_code")
    return outlet, supplier


def _line(actor: Actor, code: str) -> ProductLine | None:
    if not actor.scope.covers_line(normalised(code)):
        raise OutOfScope(field="line_code")
    if not code:
        return None
    found = ProductLine.objects.filter(code=normalised(code)).first()
    if found is None:
        raise errors.LineUnknown(field="line_code", value=code[:40])
    return found


def _write_down_the_past(outlet: Dealer, day: date) -> None:
    """Whoever it was planted below supplied it until the day: said once the first change would hide it."""
    if outlet.supplier_id is None:
        raise RuntimeError("an outlet without a supplier")
    since = min(clock.business_day(outlet.created_at), day - timedelta(days=1))
    OutletSupply.objects.create(
        outlet=outlet,
        supplier_id=outlet.supplier_id,
        valid_from=since,
        valid_to=day,
        begun_at=outlet.created_at,
        created_at=clock.now(),
    )


def _former(outlet: Dealer, line: ProductLine | None, day: date) -> int | None:
    """Whoever would supply on the day without the change."""
    row = supply_row(outlet.pk, line.pk if line is not None else None, day)
    return row.supplier_id if row is not None else outlet.supplier_id


def _refuse_strangers(outlet: Dealer, supplier: Dealer, line: ProductLine | None, day: date) -> None:
    """The brand may supply everybody; a dealer where it holds the ground, as deep as that may be."""
    if supplier.parent_id is None:
        return
    claims = claims_on(outlet, line_id=line.pk if line is not None else None, day=day)
    if not any(claim.dealer_id == supplier.pk for claim in claims):
        raise errors.NotEntitled(field="supplier_code", dealer=supplier.name, day=day.isoformat())


def _tell(row: OutletSupply, former_id: int | None, actor: Actor) -> None:
    record(
        kind=SUPPLY_CHANGED,
        aggregate_type=OUTLET,
        aggregate_id=row.outlet.code,
        version=row.pk,
        actor=actor,
        payload={
            "outlet_id": row.outlet_id,
            "line": row.product_line.code if row.product_line is not None else None,
            "supplier_id": row.supplier_id,
            "former_id": former_id if former_id != row.supplier_id else None,
            "valid_from": row.valid_from,
            "reason": row.reason,
        },
        seller_id=row.supplier_id,
        buyer_id=row.outlet_id,
    )


@dataclass(frozen=True, slots=True)
class ChangeTerritoryRules:
    """``grace_days``: how long goods of an ended grant may lie on its ground. ``version``: as the form was opened."""

    grace_days: int
    version: int | None = None


def change_territory_rules(*, actor: Actor, command: ChangeTerritoryRules) -> TerritorySettings:
    """Write the one settings row; in force at once. Raises ``GraceInvalid`` and ``VersionConflict``."""
    actor.require(Permission.SETTINGS)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS)
    actor.require_unlimited()  # one rule for the whole house
    if not 0 <= command.grace_days <= LONGEST_GRACE:
        raise errors.GraceInvalid(field="grace_days")
    with act():
        row = TerritorySettings.objects.select_for_update().first() or TerritorySettings(version=0)
        if command.version is not None and command.version != row.version:
            raise VersionConflict
        row.grace_days, row.version = command.grace_days, row.version + 1
        row.save()
        record(
            kind=TERRITORY_RULES_CHANGED,
            aggregate_type=TERRITORIES,
            aggregate_id="1",
            version=row.version,
            actor=actor,
            payload={"grace_days": row.grace_days},
            seller_id=actor.dealer_id,
        )
        return row

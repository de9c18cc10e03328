"""Grants given and ended."""

from dataclasses import dataclass
from datetime import date

from core.catalogue.models import ProductLine
from core.db.acts import act
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, OutOfScope
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.dealers.rules import Channel
from dms.dealers.services import lock_tree
from dms.territories import errors, rules
from dms.territories.events import GRANT, GRANT_ENDED, TERRITORY_GRANTED
from dms.territories.models import Grant
from dms.territories.permissions import Permission
from dms.territories.rules import Ground, Kind


@dataclass(frozen=True, slots=True)
class GrantTerritory:
    """Ground for a dealer. ``line_code`` empty: every product line; ``channel`` ``*``: every channel; ``region_code``
    ``CN``: the whole country; ``valid_from`` None: today; ``valid_to`` is the first day it no longer holds.
    """

    dealer_code: str
    region_code: str
    line_code: str = ""
    channel: str = rules.EVERY_CHANNEL
    kind: str = Kind.SHARED
    valid_from: date | None = None
    valid_to: date | None = None
    contract_number: str = ""


def grant(*, actor: Actor, command: GrantTerritory) -> Grant:
    """Give a dealer ground, both within the seat's limits.

    Raises ``DealerUnknown``, ``LineUnknown``, ``ChannelUnknown``, ``KindInvalid``, ``RangeInvalid``, ``UnknownRegion``,
    ``NationwideChannel``, ``OutOfScope``, ``OutsideParent`` or ``Conflicts``.
    """
    _require(actor)
    _check(command)
    _refuse_out_of_scope(actor, command.line_code, command.region_code)
    with act():
        lock_tree()
        inside = Dealer.objects.select_related("parent").filter(dealers_within(actor, own="pk"))
        dealer = inside.filter(code=normalised(command.dealer_code)).first()
        if dealer is None:
            raise errors.DealerUnknown(field="dealer_code", value=command.dealer_code[:40])
        line = _line(command.line_code)
        row = Grant(
            dealer=dealer,
            product_line=line,
            channel=command.channel,
            region_code=command.region_code,
            kind=command.kind,
            valid_from=command.valid_from or clock.business_day(),
            valid_to=command.valid_to,
            contract_number=normalised(command.contract_number)[:40],
            created_at=clock.now(),
        )
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            raise errors.RangeInvalid(field="valid_to")
        _refuse_outside(row, dealer)
        _refuse_conflicts(row, actor)
        row.save(force_insert=True)
        _tell(TERRITORY_GRANTED, row, actor)
        return row


def _require(actor: Actor) -> None:
    """Only the brand draws the map."""
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)


def _check(command: GrantTerritory) -> None:
    if command.channel != rules.EVERY_CHANNEL and command.channel not in set(Channel):
        raise errors.ChannelUnknown(field="channel", value=command.channel[:40])
    if command.kind not in set(Kind):
        raise errors.KindInvalid(field="kind")
    if command.region_code != regions.COUNTRY:
        regions.region(command.region_code)
        if command.channel in rules.NATIONWIDE_CHANNELS:
            raise errors.NationwideChannel(field="region_code", region=regions.full_name(command.region_code))


def _refuse_out_of_scope(actor: Actor, line_code: str, region_code: str) -> None:
    """Ground for every line, or beyond the seat's regions, is not the seat's to give or take."""
    if not actor.scope.covers_region(region_code):
        raise OutOfScope(field="region_code")
    if not actor.scope.covers_line(normalised(line_code)):
        raise OutOfScope(field="line_code")


def _line(code: str) -> ProductLine | None:
    if not code:
        return None
    line = ProductLine.objects.filter(code=normalised(code)).first()
    if line is None:
        raise errors.LineUnknown(field="line_code", value=code[:40])
    return line


def _ground(row: Grant) -> Ground:
    return Ground(
        row.dealer_id,
        row.dealer.path,
        row.product_line_id,
        row.channel,
        row.region_code,
        row.kind,
        row.valid_from,
        row.valid_to,
    )


def _region_name(code: str) -> str:
    return code if code == regions.COUNTRY else regions.full_name(code)


def _refuse_outside(row: Grant, dealer: Dealer) -> None:
    """Reserved ground is the brand's; a dealer below another gets no more than that one holds."""
    if row.kind == Kind.RESERVED and dealer.parent_id is not None:
        raise errors.KindInvalid(field="kind")
    above = dealer.parent
    if above is None or above.parent_id is None:
        return
    held = [_ground(one) for one in Grant.objects.filter(dealer=above).select_related("dealer")]
    if not rules.is_within(_ground(row), held):
        raise errors.OutsideParent(field="region_code", parent=above.name, region=_region_name(row.region_code))


def _refuse_conflicts(row: Grant, actor: Actor) -> None:
    if row.kind != Kind.EXCLUSIVE:
        return
    ground = _ground(row)
    for other in Grant.objects.filter(kind=Kind.EXCLUSIVE).select_related("dealer"):
        if rules.conflict(ground, _ground(other)):
            holder = other.dealer
            if not actor.scope.covers_dealer(path=holder.path, region_code=holder.region_code):
                raise errors.ConflictsOutside(field="region_code", region=_region_name(other.region_code))
            raise errors.Conflicts(field="region_code", dealer=holder.name, region=_region_name(other.region_code))


def end_grant(*, actor: Actor, grant_id: int, ends_on: date) -> Grant:
    """Let a grant end: ``ends_on`` is the first day it no longer holds.

    Raises ``Missing``, ``OutOfScope``, ``RangeInvalid``, ``GrantEnded``, ``HeldBelow``.
    """
    _require(actor)
    with act():
        lock_tree()
        inside = Grant.objects.select_related("dealer", "product_line").filter(
            dealers_within(actor, "dealer__", own="dealer_id")
        )
        row = inside.filter(pk=grant_id).first()
        if row is None:
            raise Missing
        _refuse_out_of_scope(actor, row.product_line.code if row.product_line else "", row.region_code)
        if ends_on <= row.valid_from:
            raise errors.RangeInvalid(field="ends_on")
        if row.valid_to is not None and row.valid_to <= ends_on:
            raise errors.GrantEnded(day=row.valid_to.isoformat())
        row.valid_to = ends_on
        _refuse_resting(row)
        row.save(update_fields=["valid_to"])
        _tell(GRANT_ENDED, row, actor)
        return row


def _refuse_resting(row: Grant) -> None:
    """Nobody below may be left with ground their own parent no longer holds. The brand's children rest on nothing."""
    if row.dealer.parent_id is None:
        return
    kept = Grant.objects.filter(dealer=row.dealer).exclude(pk=row.pk).select_related("dealer")
    held = [_ground(row), *(_ground(one) for one in kept)]
    for below in Grant.objects.filter(dealer__parent=row.dealer).select_related("dealer"):
        if (below.valid_to is None or below.valid_to > clock.business_day()) and not rules.is_within(
            _ground(below), held
        ):
            raise errors.HeldBelow(dealer=below.dealer.name)


def _tell(kind: str, row: Grant, actor: Actor) -> None:
    record(
        kind=kind,
        aggregate_type=GRANT,
        aggregate_id=row.dealer.code,
        version=row.pk,
        actor=actor,
        payload={
            "grant_id": row.pk,
            "dealer_id": row.dealer_id,
            "line": row.product_line.code if row.product_line is not None else None,
            "channel": row.channel,
            "region": row.region_code,
            "kind": row.kind,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        },
        seller_id=row.dealer.supplier_id or row.dealer_id,
        buyer_id=row.dealer_id,
    )

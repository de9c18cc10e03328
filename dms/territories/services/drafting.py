"""A grant as it is asked for, read into a row: what it names is looked up, what is wrong with it collected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.catalogue.models import ProductLine, Sku
from core.db.naming import called
from core.db.scopes import dealers_within
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, NotPermitted, OutOfScope
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.dealers.rules import Channel
from dms.territories import errors, rules
from dms.territories.models import Grant, Zone
from dms.territories.permissions import Permission
from dms.territories.rules import EVERY_CHANNEL, Kind
from dms.territories.selectors.grounds import zone_leaves

MOST_SKUS = 200
LAST_PRIORITY = 99


@dataclass(frozen=True, slots=True)
class GrantTerritory:
    """Ground for a dealer.

    Goods: ``sku_codes``, else ``line_code``, else every product line. ``channels``: codes, ``*`` for every one.
    Ground: ``zone_code``, else ``region_code``, ``CN`` for the whole country. ``valid_from`` None: today; ``valid_to``
    is the first day it no longer holds. ``priority`` orders shared grants, 1 first.
    """

    dealer_code: str
    region_code: str = ""
    line_code: str = ""
    channels: Sequence[str] = (EVERY_CHANNEL,)
    kind: str = Kind.SHARED
    valid_from: date | None = None
    valid_to: date | None = None
    contract_number: str = ""
    zone_code: str = ""
    sku_codes: Sequence[str] = ()
    priority: int = 1


@dataclass(slots=True)
class Draft:
    """A row that may be judged, or what is wrong before anybody looks at other rows."""

    row: Grant | None
    faults: list[DomainError]


def require_map(actor: Actor) -> None:
    """Only the brand draws the map. Raises ``NotPermitted``."""
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)


class Register:
    """What the commands name, read once for all of them: dealers inside the limits, lines, SKUs, zones. Six queries."""

    def __init__(self, actor: Actor, commands: Sequence[GrantTerritory]) -> None:
        inside = Dealer.objects.select_related("parent").filter(dealers_within(actor, own="pk"))
        self.actor = actor
        self.dealers = {d.code: d for d in inside.filter(code__in={normalised(c.dealer_code) for c in commands})}
        line_codes = {normalised(c.line_code) for c in commands} - {""}
        self.lines = {x.code: x for x in ProductLine.objects.filter(code__in=line_codes)} if line_codes else {}
        sku_codes = {normalised(code) for c in commands for code in c.sku_codes}
        skus = Sku.objects.select_related("product_line").filter(code__in=sku_codes) if sku_codes else ()
        self.skus = {one.code: one for one in skus}
        zone_codes = {normalised(c.zone_code) for c in commands} - {""}
        self.zones = zone_versions(zone_codes)
        self.leaves = zone_leaves(one.pk for versions in self.zones.values() for one in versions)

    def draft(self, command: GrantTerritory, *, today: date, now: datetime) -> Draft:
        """The command as a row, with everything that is wrong with the command itself."""
        faults = [*_faults_of(command)]
        dealer = self.dealers.get(normalised(command.dealer_code))
        if dealer is None:
            faults.append(errors.DealerUnknown(field="dealer_code", value=command.dealer_code[:40]))
        valid_from = command.valid_from or today
        faults += self._faults_of_goods(command)
        faults += self._faults_of_ground(command, valid_from)
        faults += faults_of_days(valid_from, command.valid_to)
        if dealer is not None and command.kind == Kind.RESERVED and dealer.parent_id is not None:
            faults.append(errors.KindInvalid(field="kind"))
        if faults or dealer is None:
            return Draft(None, faults)
        return Draft(self._row(command, dealer, valid_from, now), [])

    def _row(self, command: GrantTerritory, dealer: Dealer, valid_from: date, now: datetime) -> Grant:
        zone, _next = version_on(self.zones.get(normalised(command.zone_code), ()), valid_from)
        return Grant(
            dealer=dealer,
            product_line=self.lines.get(normalised(command.line_code)),
            sku_ids=sorted({self.skus[normalised(code)].pk for code in command.sku_codes}),
            channels=channels_of(command.channels),
            region_code="" if zone is not None else command.region_code,
            zone=zone,
            kind=command.kind,
            priority=command.priority,
            valid_from=valid_from,
            valid_to=command.valid_to,
            contract_number=normalised(command.contract_number)[:40],
            created_at=now,
        )

    def _faults_of_goods(self, command: GrantTerritory) -> Iterable[DomainError]:
        if command.line_code and command.sku_codes:
            yield errors.LineOrSkus(field="sku_codes")
        if command.line_code and normalised(command.line_code) not in self.lines:
            yield errors.LineUnknown(field="line_code", value=command.line_code[:40])
        elif not command.sku_codes and not self.actor.scope.covers_line(normalised(command.line_code)):
            yield OutOfScope(field="line_code")
        for code in command.sku_codes:
            sku = self.skus.get(normalised(code))
            if sku is None:
                yield errors.SkuUnknown(field="sku_codes", value=code[:48])
            elif not self.actor.scope.covers_line(sku.product_line.code):
                yield OutOfScope(field="sku_codes")
        if len(command.sku_codes) > MOST_SKUS:
            yield errors.SkuUnknown(field="sku_codes", value=f"… {len(command.sku_codes)}")

    def _faults_of_ground(self, command: GrantTerritory, valid_from: date) -> Iterable[DomainError]:
        if bool(command.region_code) == bool(command.zone_code):
            yield errors.RegionOrZone(field="region_code")
            return
        zone, redrawn_on = version_on(self.zones.get(normalised(command.zone_code), ()), valid_from)
        if command.zone_code and zone is None:
            yield errors.ZoneUnknown(field="zone_code", value=command.zone_code[:20])
            return
        if redrawn_on is not None and (command.valid_to is None or command.valid_to > redrawn_on):
            yield errors.ZoneRedrawn(field="zone_code", day=redrawn_on.isoformat())
        codes = self.leaves[zone.pk] if zone is not None else (command.region_code,)
        try:
            yield from _faults_of_region(command, codes, zone)
        except regions.UnknownRegion as fault:
            fault.field = "region_code"
            yield fault
            return
        if not all(self.actor.scope.covers_region(code) for code in codes):
            yield OutOfScope(field="zone_code" if zone is not None else "region_code")


def _faults_of_region(command: GrantTerritory, codes: Sequence[str], zone: Zone | None) -> Iterable[DomainError]:
    if regions.COUNTRY in codes:
        return
    for code in codes:
        regions.region(code)
    if rules.NATIONWIDE_CHANNELS.intersection(command.channels):
        name = called(zone) if zone is not None else regions.full_name(codes[0])
        yield errors.NationwideChannel(field="region_code", region=name)


def _faults_of(command: GrantTerritory) -> Iterable[DomainError]:
    known = {EVERY_CHANNEL, *(one.value for one in Channel)}
    if not command.channels:
        yield errors.ChannelUnknown(field="channels", value="")
    for channel in command.channels:
        if channel not in known:
            yield errors.ChannelUnknown(field="channels", value=channel[:40])
    if command.kind not in set(Kind):
        yield errors.KindInvalid(field="kind")
    if not 1 <= command.priority <= LAST_PRIORITY:
        yield errors.PriorityInvalid(field="priority")


def faults_of_days(valid_from: date, valid_to: date | None) -> Iterable[DomainError]:
    """What is wrong with a slice of days: sums with days near the calendar's ends overflow."""
    days = ((field, day) for field, day in (("valid_from", valid_from), ("valid_to", valid_to)) if day is not None)
    beyond = [day_beyond(field, day) for field, day in days if not clock.FIRST_YEAR <= day.year <= clock.LAST_YEAR]
    if not beyond and valid_to is not None and valid_to <= valid_from:
        return [errors.RangeInvalid(field="valid_to")]
    return beyond


def day_beyond(field: str, day: date) -> DomainError:
    """What to say of a day near the calendar's ends."""
    return errors.DayBeyond(field=field, day=day.isoformat(), last=f"{clock.LAST_YEAR}-12-31")


def zone_versions(codes: Iterable[str]) -> dict[str, list[Zone]]:
    """The versions of every zone among ``codes`` that is offered, the newest first; one query, none for no codes."""
    wanted = set(codes)
    found: dict[str, list[Zone]] = {}
    if wanted:
        for one in Zone.objects.filter(code__in=wanted).order_by("-pk"):
            if one.code in found or one.closed_at is None:
                found.setdefault(one.code, []).append(one)
    return found


def version_on(versions: Sequence[Zone], day: date) -> tuple[Zone | None, date | None]:
    """The version a grant that begins on ``day`` stands on, and the day the next one takes over, if any."""
    redrawn_on = None
    for one in versions:
        if one.valid_from is None or one.valid_from <= day:
            return one, redrawn_on
        redrawn_on = one.valid_from
    return None, redrawn_on


def line_codes(row: Grant) -> tuple[str, ...]:
    """Codes of the lines of a grant's goods; ``("",)`` for every line."""
    if row.product_line is not None:
        return (row.product_line.code,)
    if not row.sku_ids:
        return ("",)
    return tuple(ProductLine.objects.filter(skus__in=row.sku_ids).distinct().values_list("code", flat=True))


def channels_of(channels: Iterable[str]) -> list[str]:
    """Each once and in order; ``*`` makes the others needless."""
    given = set(channels)
    return [EVERY_CHANNEL] if EVERY_CHANNEL in given else sorted(given)


def refuse_out_of_scope(actor: Actor, grant: Grant, leaves: Sequence[str], line_codes: Iterable[str]) -> None:
    """Ground, or goods, beyond the seat's limits are not the seat's to give or take. Raises ``OutOfScope``.

    ``line_codes``: of the grant's line or SKUs; ``("",)`` for every line.
    """
    if not all(actor.scope.covers_region(code) for code in leaves):
        raise OutOfScope(field="region_code")
    if not all(actor.scope.covers_line(code) for code in line_codes):
        raise OutOfScope(field="line_code")

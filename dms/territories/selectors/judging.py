"""What stands against an act on the map: read in a handful of statements, judged by the rules, nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from django.db.models import Q

from core.db.naming import called
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from dms.territories import errors, rules
from dms.territories.models import Grant, ZoneRegion
from dms.territories.rules import Ground, Kind
from dms.territories.selectors.grounds import grounds_of

MOST_CODES = 1_500
"""More codes than this are no filter any more: reading all exclusive grants is quicker."""
SHOWN_CONFLICTS = 10
ENOUGH = 500
"""So many grants in the way say it all."""
_DEALER = ("name", "code", "path", "region_code", "parent_id")
_READ = (
    *("sku_ids", "channels", "region_code", "kind", "priority", "valid_from", "valid_to", "carved_out_of_id"),
    *(f"dealer__{name}" for name in _DEALER),
    *("product_line__code", "product_line__name", "zone__code", "zone__name"),
)
"""What judging needs of a grant: thousands may be read."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A grant that is to end on ``day``; one that has not begun by then falls away."""

    grant: Grant
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do: rows that begin, and rows that end earlier."""

    new: tuple[Grant, ...] = ()
    cuts: tuple[Cut, ...] = ()


@dataclass(slots=True)
class Verdict:
    """What stands against one new row, and what it is to its dealer's own tree.

    ``wide`` is the exclusive grant it is carved out of, ``carved`` are those that become pieces of it.
    ``is_held_already``: the very same row is there.
    """

    faults: list[DomainError] = field(default_factory=list)
    wide: Grant | None = None
    carved: list[Grant] = field(default_factory=list)
    is_held_already: bool = False


@dataclass(slots=True)
class Judgement:
    """The verdict on every new row, and what the cuts would leave hanging."""

    verdicts: list[Verdict]
    resting: list[DomainError]

    def faults(self) -> list[DomainError]:
        """Everything that is wrong."""
        return [*(fault for verdict in self.verdicts for fault in verdict.faults), *self.resting]


Placed = tuple[Grant, Ground]


class Neighbourhood:
    """The grants that matter for a plan, with their grounds: by code for conflicts, by dealer for what rests."""

    def __init__(self, placed: Iterable[Placed]) -> None:
        self.by_dealer: dict[int, list[Placed]] = {}
        self._exclusive: dict[str, dict[int, Placed]] = {}
        self._serial = 0
        for grant, ground in placed:
            self.add(grant, ground)

    def add(self, grant: Grant, ground: Ground) -> None:
        """One more grant; the next row of the plan sees it."""
        self.by_dealer.setdefault(grant.dealer_id, []).append((grant, ground))
        if ground.kind == Kind.EXCLUSIVE:
            self._serial += 1
            for code in ground.region_codes:
                self._exclusive.setdefault(code, {})[self._serial] = (grant, ground)

    def below(self, dealer_id: int) -> list[Placed]:
        """The grants of the dealers directly below one."""
        return [one for many in self.by_dealer.values() for one in many if one[0].dealer.parent_id == dealer_id]

    def exclusive_around(self, ground: Ground) -> list[Placed]:
        """Exclusive grants on divisions that have some ground in common with it."""
        meeting = ground.extent.meeting
        codes: Iterable[str] = self._exclusive if len(meeting) > len(self._exclusive) else meeting
        found: dict[int, Placed] = {}
        for code in codes:
            found.update(self._exclusive.get(code, {}))
        return [placed for _serial, placed in sorted(found.items(), key=lambda item: item[0])]


def judge(plan: Plan, actor: Actor, *, today: date) -> Judgement:
    """Everything the rules say against the plan. Six statements at most, however many rows it has."""
    grounds = grounds_of(plan.new)
    around = _neighbourhood(plan, grounds)
    verdicts = []
    for grant, ground in zip(plan.new, grounds, strict=True):
        verdict = _verdict(grant, ground, around, actor)
        verdicts.append(verdict)
        if not verdict.faults:
            around.add(grant, ground)
    return Judgement(verdicts, list(_left_hanging(plan, around, today)))


def _neighbourhood(plan: Plan, grounds: Sequence[Ground]) -> Neighbourhood:
    cut_on = {cut.grant.pk: cut.day for cut in plan.cuts}
    rows = _rows_that_matter(plan, grounds)
    placed = []
    for grant, ground in zip(rows, grounds_of(rows), strict=True):
        day = cut_on.get(grant.pk)
        if day is not None and day <= ground.valid_from:
            continue
        placed.append((grant, replace(ground, valid_to=day) if day is not None else ground))
    return Neighbourhood(placed)


def _rows_that_matter(plan: Plan, grounds: Sequence[Ground]) -> list[Grant]:
    """Grants of the dealers themselves, of those above and below, and the exclusive ones that may be in the way."""
    dealers = [grant.dealer for grant in plan.new] + [cut.grant.dealer for cut in plan.cuts]
    houses = {dealer.pk for dealer in dealers} | {dealer.parent_id for dealer in dealers if dealer.parent_id}
    near = Q(dealer_id__in=houses)
    below = {cut.grant.dealer_id for cut in plan.cuts if cut.grant.dealer.parent_id is not None}
    if below:
        near |= Q(dealer__parent_id__in=below)
    first = min([*(ground.valid_from for ground in grounds), *(cut.day for cut in plan.cuts)], default=None)
    if first is None:
        return []
    rows = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    rows = rows.select_related("dealer", "product_line", "zone").only(*_READ).order_by("pk")
    asking = [ground for ground in grounds if ground.kind == Kind.EXCLUSIVE]
    if not asking:
        return list(rows.filter(near))
    exclusive = Q(kind=Kind.EXCLUSIVE) & _meeting(asking) & _of_lines(asking)
    if len(asking) > 1:
        return list(rows.filter(near | exclusive))
    kin = _of_tree(asking[0])
    found = list(rows.filter(near | (exclusive & kin)))
    known = {grant.pk for grant in found}
    strangers = rows.filter(exclusive & _in_channels(asking[0])).exclude(kin)[:ENOUGH]
    return found + [grant for grant in strangers if grant.pk not in known]


def _of_tree(ground: Ground) -> Q:
    """Dealers above and below: only between them there are carve-outs, so of all others a few in the way are enough."""
    above = [int(dealer_id) for dealer_id in ground.dealer_path.strip("/").split("/") if dealer_id]
    return Q(dealer_id__in=above) | Q(dealer__path__startswith=ground.dealer_path)


def _in_channels(ground: Ground) -> Q:
    if rules.EVERY_CHANNEL in ground.channels:
        return Q()
    return Q(channels__overlap=[*sorted(ground.channels), rules.EVERY_CHANNEL])


def _of_lines(grounds: Sequence[Ground]) -> Q:
    """Grants that may have goods in common, where all of the new ones name lines."""
    lines = {ground.line_id for ground in grounds}
    if None in lines:
        return Q()
    return Q(product_line_id__in=lines) | Q(product_line=None)


def _meeting(grounds: Sequence[Ground]) -> Q:
    codes = frozenset[str]().union(*(ground.extent.meeting for ground in grounds))
    if len(codes) > MOST_CODES:
        return Q()
    zones = ZoneRegion.objects.filter(region_code__in=codes).values("zone_id")
    return Q(region_code__in=codes) | Q(zone_id__in=zones)


def _verdict(grant: Grant, ground: Ground, around: Neighbourhood, actor: Actor) -> Verdict:
    verdict = Verdict()
    own = around.by_dealer.get(grant.dealer_id, ())
    twice = next((held for held, other in own if held is not grant and rules.same(ground, other)), None)
    if twice is not None:
        verdict.is_held_already = True
        since = twice.valid_from.isoformat()
        verdict.faults.append(errors.HeldAlready(dealer=grant.dealer.name, since=since, grant_id=twice.pk))
    above = grant.dealer.parent
    if above is not None and above.parent_id is not None:
        held = [other for _grant, other in around.by_dealer.get(above.pk, ())]
        if not rules.is_within(ground, held):
            verdict.faults.append(
                errors.OutsideParent(field="region_code", parent=above.name, region=ground_name(grant))
            )
    if ground.kind == Kind.EXCLUSIVE:
        _judge_exclusive(verdict, ground, around.exclusive_around(ground), actor)
    return verdict


def _judge_exclusive(verdict: Verdict, ground: Ground, others: Sequence[Placed], actor: Actor) -> None:
    in_the_way: list[Grant] = []
    wide: list[Placed] = []
    for other, its in others:
        if len(in_the_way) > ENOUGH:
            break
        if other.dealer_id == ground.dealer_id or not rules.overlap(ground, its):
            continue
        if rules.carved_from(ground, its):
            wide.append((other, its))
        elif rules.carved_from(its, ground):
            verdict.carved.append(other)
        else:
            in_the_way.append(other)
    verdict.faults += _conflicts(in_the_way, actor)
    if wide:
        verdict.wide = min(wide, key=lambda placed: (len(placed[1].extent.leaves), placed[0].pk or 0))[0]


def _conflicts(others: Sequence[Grant], actor: Actor) -> list[DomainError]:
    """The conflicting grants as far as the seat may see them; of those outside only that there are some."""
    seen = (one for one in others if may_see(actor, one))
    faults: list[DomainError] = [_conflict(one) for one in islice(seen, SHOWN_CONFLICTS)]
    hidden = next((one for one in others if not may_see(actor, one)), None)
    if hidden is not None:
        faults.append(errors.ConflictsOutside(field="region_code", region=ground_name(hidden)))
    return faults


def may_see(actor: Actor, grant: Grant) -> bool:
    """Whether the dealer lies inside the seat's limits."""
    dealer = grant.dealer
    return dealer.pk == actor.dealer_id or actor.scope.covers_dealer(path=dealer.path, region_code=dealer.region_code)


def _conflict(other: Grant) -> errors.Conflicts:
    return errors.Conflicts(
        field="region_code",
        grant_id=other.pk,
        dealer=other.dealer.name,
        dealer_code=other.dealer.code,
        region=ground_name(other),
        since=other.valid_from.isoformat(),
        until=other.valid_to.isoformat() if other.valid_to else None,
        product_line=other.product_line.code if other.product_line is not None else None,
        channels=", ".join(other.channels),
    )


def ground_name(grant: Grant) -> str:
    """The ground as an address writes it; a zone by its name, the country by its code."""
    if grant.zone is not None:
        return called(grant.zone)
    return grant.region_code if grant.region_code == regions.COUNTRY else regions.full_name(grant.region_code)


def _left_hanging(plan: Plan, around: Neighbourhood, today: date) -> Iterable[DomainError]:
    """Grants of dealers below that rested on what is cut. The brand's children rest on nothing."""
    told: set[int] = set()
    for cut, whole in zip(plan.cuts, grounds_of([cut.grant for cut in plan.cuts]), strict=True):
        if cut.grant.dealer.parent_id is None:
            continue
        lost = replace(whole, valid_from=max(cut.day, whole.valid_from))
        held = [ground for _grant, ground in around.by_dealer.get(whole.dealer_id, ())]
        for grant, ground in around.below(whole.dealer_id):
            is_over = grant.valid_to is not None and grant.valid_to <= today
            if grant.dealer_id in told or is_over or not rules.overlap(ground, lost):
                continue
            if not rules.is_within(ground, held):
                told.add(grant.dealer_id)
                yield errors.HeldBelow(dealer=grant.dealer.name, dealer_code=grant.dealer.code, grant_id=grant.pk)

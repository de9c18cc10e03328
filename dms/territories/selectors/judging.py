"""What stands against an act on the map: read in a handful of statements, judged by the rules, nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q, QuerySet

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
    """Everything the rules say against the plan. Five statements at most, however many rows it has."""
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
    rows = list(_rows_that_matter(plan, grounds))
    placed = []
    for grant, ground in zip(rows, grounds_of(rows), strict=True):
        day = cut_on.get(grant.pk)
        if day is not None and day <= ground.valid_from:
            continue
        placed.append((grant, replace(ground, valid_to=day) if day is not None else ground))
    return Neighbourhood(placed)


def _rows_that_matter(plan: Plan, grounds: Sequence[Ground]) -> QuerySet[Grant]:
    dealers = [grant.dealer for grant in plan.new] + [cut.grant.dealer for cut in plan.cuts]
    houses = {dealer.pk for dealer in dealers} | {dealer.parent_id for dealer in dealers if dealer.parent_id}
    wanted = Q(dealer_id__in=houses)
    below = {cut.grant.dealer_id for cut in plan.cuts if cut.grant.dealer.parent_id is not None}
    if below:
        wanted |= Q(dealer__parent_id__in=below)
    if any(ground.kind == Kind.EXCLUSIVE for ground in grounds):
        wanted |= Q(kind=Kind.EXCLUSIVE) & _meeting(grounds)
    rows = Grant.objects.filter(wanted).select_related("dealer", "product_line", "zone").order_by("pk")
    first = min([*(ground.valid_from for ground in grounds), *(cut.day for cut in plan.cuts)], default=None)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first)) if first else rows.none()


def _meeting(grounds: Sequence[Ground]) -> Q:
    exclusive = [ground for ground in grounds if ground.kind == Kind.EXCLUSIVE]
    codes = frozenset[str]().union(*(ground.extent.meeting for ground in exclusive))
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
    seen = [one for one in others if may_see(actor, one)]
    faults: list[DomainError] = [_conflict(one) for one in seen[:SHOWN_CONFLICTS]]
    hidden = next((one for one in others if one not in seen), None)
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
        return grant.zone.name
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
